"""A list of signatories, pasted from anywhere: what was read, what is asked, what is taken in.

Nothing of it is kept until a person has decided: the page sends the text back with the decisions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django_scopes import scope

from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.letters.one_line import Signatory, signatory_of
from wayhome.sources.letters.same_organization import (
    Pair,
    Verdict,
    duplicates,
    in_both,
    organization_key,
)
from wayhome.sources.letters.signatory_list import LineIs, SignatoryList, signatories_in
from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.chain import Actor, record
from wayhome.web.campaign.choices import Came, Kind, SignatureState
from wayhome.web.campaign.letters import CannotBe, current_version
from wayhome.web.campaign.likeness import decide, decided_of, signatories_of
from wayhome.web.campaign.models import LONGEST_NAME, Letter, Signature
from wayhome.web.campaign.plain_text import one_line, plain
from wayhome.web.campaign.signing import check_name

MOST_SIGNATORIES = 2_000
MOST_LETTERS = 300_000
# How lines of an e-mail around a list begin.
_OF_MAIL = re.compile(
    r"(hi|hello|hey|hola|dear|thanks|thank you|gracias|best|best wishes|regards|warmly|cheers|"
    r"in solidarity|sent from|from|to|cc|subject|date|re|fwd?)\b"
    r"\s*([:,!.]|all\b|everyone\b|my\b|$)",
    re.IGNORECASE,
)
# What is no organization though it stands on a line of its own.
_NO_NAMES = (
    ("an address of mail", re.compile(r"\S+@\S+\.\S+|<?mailto:\S+")),
    ("an address of the web", re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)),
    (
        "a telephone number",
        re.compile(r"((tel|phone|fax|cell)\w*[.:]?\s*)?[+(]?[\d\s().+/x-]{7,}", re.I),
    ),
    (
        "a formula of a spreadsheet",
        re.compile(r"=.*|[+@-]\s*[A-Za-z]+\(.*|#(REF|N/A|NAME|VALUE).*"),
    ),
)
# So many lines can be corrected on the page; a longer list is corrected once it is in.
MOST_CORRECTED = 200
Corrections = Mapping[int, tuple[str, str]]
Decisions = Mapping[tuple[str, str], bool]


@dataclass(frozen=True)
class Row:
    """A line of the pasted text, for the page: what it was taken for, and what is asked of it.

    `again`: the line of the same list, or the name on the letter, that it repeats for certain.
    """

    number: int
    text: str
    is_a: LineIs
    signatories: tuple[Signatory, ...] = ()
    again: str = ""

    @property
    def is_person(self) -> bool:
        return any(one.person for one in self.signatories)

    @property
    def is_of_mail(self) -> bool:
        """Whether it looks like a line of the e-mail around the list."""
        return bool(self.signatories) and _OF_MAIL.match(self.text.strip(" >")) is not None

    @property
    def no_name(self) -> str:
        """What it is, where it cannot be an organization: an address, a number, a formula."""
        text = self.text.strip(" \t>•*;,")
        return next((said for said, form in _NO_NAMES if form.fullmatch(text)), "")

    @property
    def alone(self) -> tuple[str, str] | None:
        """Name and place as they would come in, where the line holds one organization."""
        if len(self.signatories) != 1:
            return None
        one = self.signatories[0]
        return without_place(one), one.place or ""

    @property
    def stays_out(self) -> bool:
        """Whether it is left out unless somebody says otherwise."""
        return bool(self.again or self.no_name) or self.is_person or self.is_of_mail


@dataclass(frozen=True)
class Preview:
    """A list as it was read. `questions`: names that may be one; a person decides."""

    read: SignatoryList
    rows: tuple[Row, ...]
    questions: tuple[Pair, ...]

    @property
    def aside(self) -> int:
        return sum(row.is_a is not LineIs.SIGNATORY for row in self.rows)


def without_place(one: Signatory) -> str:
    """A name as printed, without the city and state behind it: they are kept as its place."""
    place = one.place or ""
    for end in (place, f"({place})"):
        if "," in place and one.printed.endswith(end):
            return one.printed[: -len(end)].rstrip(" ,-–") or one.printed
    return one.printed


def preview(letter: Letter, text: str, lines: tuple[int, int] | None = None) -> Preview:
    """Reads a pasted list beside what the letter has. Raises CannotBe, with a sentence."""
    if len(text) > MOST_LETTERS:
        raise CannotBe("That is longer than any list of signatories: paste the list alone.")
    numbered = [(n, plain(line)) for n, line in enumerate(text.splitlines(), start=1)]
    try:
        read = signatories_in(numbered, file="The text", lines=lines)
    except ReleaseProblem as problem:
        raise CannotBe(str(problem)) from problem
    if len(read.signatories) > MOST_SIGNATORIES:
        raise CannotBe(f"It has more than {MOST_SIGNATORIES:,} lines: take it in in parts.")
    decided = decided_of(letter.organization)
    own = duplicates(read.signatories, decided)
    beside = in_both(signatories_of(letter), read.signatories, decided)
    asked = [pair for pair in (*own, *beside) if pair.likeness.verdict is Verdict.ASK]
    return Preview(read, tuple(_rows(read, own, beside)), tuple(asked))


def _rows(read: SignatoryList, own: tuple[Pair, ...], beside: tuple[Pair, ...]) -> list[Row]:
    again = {
        id(pair.other): f"line {pair.one.line}"
        for pair in own
        if pair.likeness.verdict is Verdict.SAME
    } | {
        id(pair.other): f"“{pair.one.printed}”, which is on the letter"
        for pair in beside
        if pair.likeness.verdict is Verdict.SAME
    }
    of_line: dict[int, list[Signatory]] = {}
    for one in read.signatories:
        of_line.setdefault(one.line, []).append(one)
    rows = []
    for line in read.lines:
        found = tuple(of_line.get(line.number, ()))
        repeats = next((again[id(one)] for one in found if id(one) in again), "")
        rows.append(Row(line.number, line.text, line.is_a, found, repeats))
    return rows


def take_in(
    actor: Actor, member: Membership, letter: Letter, text: str, now: datetime, *,
    leave_out: Collection[int], decisions: Decisions, how_known: str,
    lines: tuple[int, int] | None = None, corrections: Corrections | None = None,
) -> int:  # fmt: skip
    """Takes a list in, as confirmed by `how_known`, without the lines that are left out.

    What was decided of like names is remembered first; the second line of two that are one by it
    stays out too. Says how many came in. Raises CannotBe.
    """
    check_may(member, Deed.RUN_LETTERS)
    if not how_known.strip():
        raise CannotBe("Say how you know that these organizations sign.")
    with scope(organization=member.organization), transaction.atomic():
        for (one, other), is_same in decisions.items():
            decide(actor, member, one, other, is_same=is_same, now=now)
        found = preview(letter, text, lines)
        out = set(leave_out) | _now_the_same(found, decisions)
        taken = _taken(letter, found, out, corrections or {})
        last = letter.signatures.aggregate(last=Max("number"))["last"] or 0
        version = current_version(letter)
        Signature.objects.bulk_create(
            Signature(
                letter=letter, name=name[:LONGEST_NAME], name_key=key[:LONGEST_NAME],
                place=place[:120], kind=one.kind if one.kind in Kind else "",
                state=SignatureState.CONFIRMED, came=Came.LIST, number=number, version=version,
                asked_at=now, confirmed_at=now, state_since=now,
                how_known=one_line(how_known)[:300],
            )
            for number, (one, name, key, place) in enumerate(taken, start=last + 1)
        )  # fmt: skip
        details = {"letter": str(letter.pk), "taken": len(taken), "left_out": len(out)}
        record(actor, "took in a list of signatories", details=details, at=now)
        return len(taken)


def _taken(
    letter: Letter, found: Preview, out: Collection[int], corrections: Corrections
) -> list[tuple[Signatory, str, str, str]]:
    """Lines that come in, each with its name, what it is found by and its place. A letter that was
    sent stays as it is printed, unless a line was corrected.
    """
    alone = {row.number: row.alone for row in found.rows}
    taken = []
    for one in found.read.signatories:
        if one.line in out:
            continue
        shown = alone[one.line] or (without_place(one), one.place or "")
        told = corrections.get(one.line, shown) if alone[one.line] else shown
        name, place = (one_line(text) for text in told)
        key = organization_key(one.name)
        if (name, place) != shown:
            try:
                check_name(name)
            except CannotBe:
                raise CannotBe(f"Line {one.line}: “{name}” is no name.") from None
            key = organization_key(signatory_of(one.line, name).name)
        elif letter.was_sent_before:
            name = one.printed
        taken.append((one, name, key, place))
    return taken


def _now_the_same(found: Preview, decisions: Decisions) -> set[int]:
    """Lines that a decision of this very page made a repetition."""
    keys = {
        frozenset((organization_key(one), organization_key(other)))
        for (one, other), is_same in decisions.items()
        if is_same
    }
    return {
        one.line
        for row in found.rows
        if row.again
        for one in row.signatories
        if any(organization_key(one.name) in pair for pair in keys)
    }
