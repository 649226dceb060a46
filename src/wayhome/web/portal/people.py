"""Reading who needs help and how to reach them from a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wayhome.web.portal.places import ZONES

PERSON_FIELDS = ("name", "other_names", "a_number", "where")
CHANNELS = ("call", "whatsapp", "signal", "sms", "email", "none")
BY_NUMBER = ("call", "whatsapp", "signal", "sms")
LONGEST = 200
# Begins the names of the fields about the person whom another types for.
THEIRS = "their_"


def read_person(sent: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The person's fields, each may be empty, and the keys of what is wrong."""
    fields = {name: _line(sent.get(name, "")) for name in PERSON_FIELDS}
    number = "".join(c for c in fields["a_number"] if c.isalnum()).upper().removeprefix("A")
    is_right = not number or (number.isdecimal() and 7 <= len(number) <= 9)
    if number and is_right:
        fields["a_number"] = f"A{number:0>9}"
    return fields, [] if is_right else ["person.a_number_wrong"]


def read_reach(sent: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The contact's fields, and the keys of what is missing. Nothing is guessed."""
    channel, code_word = sent.get("channel", ""), _line(sent.get("code_word", ""))
    if channel == "none":
        return {"channel": channel, "address": "", "code_word": code_word}, []
    address, zone, message = (sent.get(name, "") for name in ("address", "time_zone", "message"))
    start, end = (_hour(sent.get(name, "")) for name in ("from_hour", "to_hour"))
    faults = [
        ("reach.say_address", channel in CHANNELS and bool(address.strip())),
        ("reach.say_zone", zone in ZONES),
        ("reach.say_hours", start is not None and end is not None and start % 24 != end % 24),
        ("reach.say_message", message in {"yes", "no"}),
    ]
    fields = {
        "channel": channel,
        "address": _line(address),
        "time_zone": zone,
        "from_hour": start,
        "to_hour": end,
        "code_word": code_word,
        "may_leave_message": message == "yes",
    }
    return fields, [key for key, is_right in faults if not is_right]


def read_theirs(sent: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The contact of the person whom another types for; it may be left out."""
    theirs = {
        name.removeprefix(THEIRS): text for name, text in sent.items() if name.startswith(THEIRS)
    }
    if not theirs.get("channel"):
        is_begun = any(theirs.get(name, "").strip() for name in ("address", "message"))
        return {}, ["reach.say_theirs"] if is_begun else []
    fields, faults = read_reach(theirs)
    return fields, ["reach.say_theirs"] if faults else []


def _line(text: str) -> str:
    return " ".join(text.split())[:LONGEST]


def _hour(text: str) -> int | None:
    return int(text) if text.isdecimal() and int(text) <= 24 else None
