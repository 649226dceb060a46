"""Safe contact: of whoever types, and where they type for another, of that person too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django_scopes import scope

from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.chain import Actor, record
from wayhome.web.cases.actions import changing
from wayhome.web.cases.models import Case, Contact, Source
from wayhome.web.portal.actions import contact_of, keep_contact, source_of
from wayhome.web.portal.call_backs import ask_for_call
from wayhome.web.portal.calling_codes import with_code
from wayhome.web.portal.people import BY_NUMBER, CHANNELS, THEIRS, read_reach, read_theirs
from wayhome.web.portal.places import zones

# What the contact of the person who needs help is called, where another types for them.
THEMSELVES = "the person themselves"
# A number stays one, from left to right, in a sentence of Arabic.
_LEFT_TO_RIGHT, _END = "\u2066", "\u2069"


def keep_reach(
    actor: Actor,
    case: Case,
    sent: Mapping[str, str],
    now: datetime,
    *,
    member: Membership | None = None,
) -> list[str]:
    """Keeps what the form of safe contact says, or gives the keys of what is wrong with it."""
    reach, faults = read_reach(sent)
    theirs, faults_of_theirs = read_theirs(sent) if _is_by_proxy(case) else ({}, [])
    if faults or faults_of_theirs:
        return faults + faults_of_theirs
    if not sent.get("code_asked") and _numbers_with_code(sent):
        return ["reach.say_code"]
    contact = keep_contact(actor, case, reach, now, member=member)
    if theirs:
        keep_their_contact(actor, case, theirs, now, member=member)
    if sent.get("call_me") and contact.channel != "none":
        ask_for_call(actor, case, contact, now, member=member)
    return []


def keep_their_contact(
    actor: Actor,
    case: Case,
    reach: Mapping[str, Any],
    now: datetime,
    *,
    member: Membership | None = None,
) -> Contact:
    """Keeps how to reach the person who needs help, apart from whoever types for them."""
    if member is not None:
        check_may(member, Deed.CHANGE_CASE)
    with changing(case):
        record(actor, "kept contact", case=case.pk, at=now)
        contact = their_contact_of(case) or Contact(case=case, is_first=False, relation=THEMSELVES)
        for name, value in reach.items():
            setattr(contact, name, value)
        contact.save()
    return contact


def their_contact_of(case: Case) -> Contact | None:
    """The contact of the person who needs help, where another types for them and gave one."""
    with scope(organization=case.organization_id):
        others = Contact.objects.filter(case=case, is_first=False).order_by("pk")
        return next((one for one in others if one.relation == THEMSELVES), None)


def reach_shown(case: Case, sent: Mapping[str, str], language: str) -> dict[str, Any]:
    """What the form of safe contact shows: what was sent just now, else what is held."""
    theirs = _held(their_contact_of(case))
    held = _held(contact_of(case)) | {f"{THEIRS}{name}": text for name, text in theirs.items()}
    numbers = {} if sent.get("code_asked") else _numbers_with_code(sent)
    typed = {**dict(sent.items()), **numbers} if sent else held
    return {
        "typed": typed,
        "number_asked": f"{_LEFT_TO_RIGHT}{', '.join(numbers.values())}{_END}",
        "code_asked": bool(numbers or sent.get("code_asked")),
        "is_by_proxy": _is_by_proxy(case),
        "has_theirs": bool(typed.get("their_channel") or typed.get("their_address")),
        "channels": CHANNELS,
        "zones": zones(language),
        "from_hours": range(24),
        "to_hours": range(1, 25),
    }


def _numbers_with_code(sent: Mapping[str, str]) -> dict[str, str]:
    """The fields with a number that lacks the code of its country, each with the code before it."""
    found = {
        f"{who}address": with_code(sent.get(f"{who}address", ""), sent.get(f"{who}time_zone", ""))
        for who in ("", THEIRS)
        if sent.get(f"{who}channel") in BY_NUMBER
    }
    return {name: number for name, number in found.items() if number}


def zone_of(case: Case) -> str:
    """The time zone of whoever types; UTC where they gave none."""
    contact = contact_of(case)
    return contact.time_zone if contact and contact.channel != "none" else "UTC"


def _is_by_proxy(case: Case) -> bool:
    return source_of(case) is Source.FAMILY


def _held(contact: Contact | None) -> dict[str, Any]:
    """What the form held that gave a contact."""
    if contact is None:
        return {}
    if contact.channel == "none":
        return {"channel": contact.channel, "code_word": contact.code_word}
    return {
        "channel": contact.channel,
        "address": contact.address,
        "time_zone": contact.time_zone,
        "from_hour": str(contact.from_hour),
        "to_hour": str(contact.to_hour),
        "code_word": contact.code_word,
        "message": "yes" if contact.may_leave_message else "no",
    }
