"""A list of signatories, pasted from anywhere: what was read, what is asked, what is taken in.

Nothing of it is kept until a person has decided: the page sends the text back with the decisions.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django_scopes import scope

from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.letters.around_the_list import (
    is_of_mail,
    is_sign_off,
    may_have_signed_mail,
    plea_before,
    why_no_name,
    why_not_yet,
)
from wayhome.sources.letters.contact import is_reachable_by, without_contact
from wayhome.sources.letters.one_line import Signatory, signatory_of
from wayhome.sources.letters.same_organization import (
    Pair,
    Verdict,
    duplicates,
    in_both,
    organization_key,
)
from wayhome.sources.letters.signatory_list import (
    LineIs,
    SignatoryList,
    may_be_two,
    signatories_in,
)
from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, check_may
from wayhome.web.audit.chain import Actor, record
from wayhome.web.campaign.choices import Came, Kind, SignatureState
from wayhome.web.campaign.letters import CannotBe, check_takes_names, current_version
from wayhome.web.campaign.likeness import decide, decided_of, signatories_of
from wayhome.web.campaign.models import LONGEST_NAME, Letter, Signature
from wayhome.web.campaign.place_in_name import without_place
from wayhome.web.campaign.plain_text import one_line, plain
from wayhome.web.campaign.signing import check_name

MOST_SIGNATORIES = 2_000
MOST_LETTERS = 300_000
# So many lines can be corrected on the page; a longer list is corrected once it is in.
MOST_CORRECTED = 200
# "Lakes Coalition", "she/her" and a telephone number, below the name under an e-mail.
LINES_BELOW_A_NAME = 3
Corrections = Mapping[int, tuple[str, str]]
Kinds = Mapping[int, str]
Decisions = Mapping[tuple[str, str], bool]


@dataclass(frozen=True)
class Row:
    """A line of the pasted text, for the page: what it was taken for, and what is asked of it.

    `again`: the line of the same list, or the name on the letter, that it repeats for certain.
    `corrected`: name and place as a person has written them in its place. `signs_mail`: it may be
    who wrote the e-mail, below "Best," or "Thanks!". `not_yet_above`: what a heading like
    "Pending:" says of the lines below it.
    """

    number: int
    text: str
    is_a: LineIs
    signatories: tuple[Signatory, ...] = ()
    again: str = ""
    corrected: tuple[str, str] | None = None
    signs_mail: bool = False
    not_yet_above: str = ""

    @property
    def is_person(self) -> bool:
        return any(one.person for one in self.signatories)

    @property
    def is_of_mail(self) -> bool:
        """Whether it looks like a line of the e-mail around the list."""
        if not self.signatories or self.plea:
            return False
        if self.corrected is not None:
            return is_of_mail(self.corrected[0])
        return self.signs_mail or is_of_mail(self.text)

    @property
    def no_name(self) -> str:
        """What it is, where it cannot be an organization: an address, a number, a formula."""
        if not self.signatories:
            return ""
        return why_no_name(self.corrected[0] if self.corrected else self.text)

    @property
    def plea(self) -> str:
        """The words before the name that ask for it to be added: "Please also add us:"."""
        if not self.signatories:
            return ""
        return plea_before(self.corrected[0] if self.corrected else self.text)

    @property
    def not_yet(self) -> str:
        """The words by which it does not sign yet: "pending", "TBC"."""
        if not self.signatories:
            return ""
        return why_not_yet(self.corrected[0] if self.corrected else self.text) or self.not_yet_above

    @property
    def kind(self) -> str:
        """The kind that comes in; empty where none is told, or one that a signature has not."""
        kind = self.signatories[0].kind if self.signatories else None
        return kind if kind in Kind else ""

    @property
    def taken_off(self) -> str:
        """The telephone number or address that stood behind a name and does not come in."""
        cells = self.text.split("\t") if self.signatories else []
        named = (without_contact(cell) for cell in cells)
        return ", ".join(taken for name, taken in named if name and taken)

    @property
    def may_be_two(self) -> bool:
        """Whether two names may stand in it, though it was read as one."""
        text = self.corrected[0] if self.corrected else self._printed
        return len(self.signatories) == 1 and may_be_two(text)

    @property
    def _printed(self) -> str:
        return self.signatories[0].printed if self.signatories else ""

    @property
    def alone(self) -> tuple[str, str] | None:
        """Name and place as they would come in, where the line holds one organization."""
        if self.corrected is not None or len(self.signatories) != 1:
            return self.corrected
        one = self.signatories[0]
        return without_place(one), one.place or ""

    @property
    def stays_out(self) -> bool:
        """Whether it is left out unless somebody says otherwise."""
        is_none = self.is_person or self.is_of_mail or self.may_be_two
        return bool(self.again or self.no_name or self.not_yet or self.plea) or is_none


@dataclass(frozen=True)
class Preview:
    """A list as it was read. `questions`: names that may be one; a person decides. `same`: lines of
    it that are one for certain, or by what was decided; `on_letter`: likewise a name of the letter
    and a line. `emptied`: lines of which a person has taken the place away.
    """

    read: SignatoryList
    rows: tuple[Row, ...]
    questions: tuple[Pair, ...]
    same: tuple[Pair, ...]
    on_letter: tuple[Pair, ...]
    emptied: frozenset[int]

    @property
    def corrections(self) -> dict[int, tuple[str, str]]:
        """Name and place of each line that was really corrected."""
        return {row.number: row.corrected for row in self.rows if row.corrected is not None}

    def names(self, lines: Collection[int]) -> list[str]:
        """The names that stand in some of its lines, each as it is printed there."""
        return [one.printed for one in self.read.signatories if one.line in lines]

    def repeated(self, lines: Collection[int]) -> list[str]:
        """The names in some of its lines that repeat another of it, or one on the letter."""
        others = {id(pair.other) for pair in (*self.same, *self.on_letter)}
        names = self.read.signatories
        return [one.printed for one in names if one.line in lines and id(one) in others]

    @property
    def aside(self) -> int:
        return sum(row.is_a is not LineIs.SIGNATORY for row in self.rows)


def preview(
    letter: Letter, text: str, lines: tuple[int, int] | None = None,
    corrections: Corrections | None = None, kinds: Kinds | None = None,
) -> Preview:  # fmt: skip
    """Reads a pasted list beside what the letter has, corrected lines as they are corrected, each
    of the kind that somebody chose for it.

    Raises CannotBe, with a sentence.
    """
    check_takes_names(letter)
    if len(text) > MOST_LETTERS:
        raise CannotBe("That is longer than any list of signatories: paste the list alone.")
    numbered = [(n, plain(line)) for n, line in enumerate(text.splitlines(), start=1)]
    try:
        read = signatories_in(numbered, file="The text", lines=lines)
    except ReleaseProblem as problem:
        raise CannotBe(str(problem)) from problem
    if len(read.signatories) > MOST_SIGNATORIES:
        raise CannotBe(f"It has more than {MOST_SIGNATORIES:,} lines: take it in in parts.")
    told = _corrected(read, corrections or {})
    with_place = {one.line for one in read.signatories if one.place}
    emptied = frozenset(line for line, (_, place) in told.items() if not place) & with_place
    signatories = (_of_kind(_as_told(one, told), kinds or {}) for one in read.signatories)
    read = replace(read, signatories=tuple(signatories))
    decided = decided_of(letter.organization)
    own = duplicates(read.signatories, decided)
    beside = in_both(signatories_of(letter), read.signatories, decided)
    asked = [pair for pair in (*own, *beside) if pair.likeness.verdict is Verdict.ASK]
    rows = (replace(row, corrected=told.get(row.number)) for row in _rows(read, own, beside))
    return Preview(read, tuple(rows), tuple(asked), _same(own), _same(beside), emptied)


def _same(pairs: tuple[Pair, ...]) -> tuple[Pair, ...]:
    return tuple(pair for pair in pairs if pair.likeness.verdict is Verdict.SAME)


def news(before: Preview, after: Preview, out: Collection[int]) -> set[int]:
    """Lines of which corrections say what was not shown before them: that one repeats another, may
    be one with it, or is no name. Lines that are left out have none.
    """
    was = {row.number: row for row in before.rows}
    lines = {
        row.number
        for row in after.rows
        if row.stays_out and (not was[row.number].stays_out or row.again != was[row.number].again)
    }
    asked = {(pair.one.printed, pair.other.printed) for pair in before.questions}
    lines |= {
        pair.other.line
        for pair in after.questions
        if (pair.one.printed, pair.other.printed) not in asked
    }
    return lines - set(out)


def repeats_since(found: Preview, known: Collection[int] | None, out: Collection[int]) -> set[int]:
    """Lines that repeat a name by now and did not (`known`) when the page was shown: the form was
    sent twice, or somebody else took names in. Lines that are left out have none.
    """
    if known is None:
        return set()
    return {row.number for row in found.rows if row.again} - set(known) - set(out)


def _corrected(read: SignatoryList, corrections: Corrections) -> dict[int, tuple[str, str]]:
    """What was really corrected: lines of one organization that are not as they were read."""
    found = {}
    for row in _rows(read, (), ()):
        if row.alone is None or row.number not in corrections:
            continue
        name, place = (one_line(text) for text in corrections[row.number])
        if (name, place) != row.alone:
            found[row.number] = name[:LONGEST_NAME], place[:120]
    return found


def _as_told(one: Signatory, told: Corrections) -> Signatory:
    """A signatory as it was corrected, to be compared with all others as one that was read."""
    if one.line not in told:
        return one
    name, place = told[one.line]
    read = signatory_of(one.line, name, kind=one.kind)
    return replace(read, printed=name, place=place or read.place)


def _of_kind(one: Signatory, kinds: Kinds) -> Signatory:
    """A signatory with the kind that was chosen for its line, none where that is empty; as it was
    read where nothing was changed: "state and local" is no kind to choose.
    """
    chosen = kinds.get(one.line)
    is_as_read = chosen == (one.kind if one.kind in Kind else "")
    if chosen is None or is_as_read or (chosen and chosen not in Kind):
        return one
    return replace(one, kind=chosen or None)


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
    not_yet = ""
    for line in read.lines:
        if line.is_a is LineIs.HEADING:
            not_yet = why_not_yet(line.text)
        found = tuple(of_line.get(line.number, ()))
        repeats = next((again[id(one)] for one in found if id(one) in again), "")
        row = Row(line.number, line.text, line.is_a, found, repeats, not_yet_above=not_yet)
        rows.append(row)
    return [replace(row, signs_mail=_signs_mail(rows, place)) for place, row in enumerate(rows)]


def _signs_mail(rows: list[Row], place: int) -> bool:
    """Whether a line is a name below a sign-off that ends the text, or stands above more mail."""
    if not place or not (
        is_sign_off(rows[place - 1].text) and may_have_signed_mail(rows[place].text)
    ):
        return False
    below = rows[place + 1 : place + 2 + LINES_BELOW_A_NAME]
    return len(below) <= LINES_BELOW_A_NAME or is_of_mail(below[0].text)


@dataclass(frozen=True)
class TakenIn:
    """What became of a list: how many names came in, how many were left out (together all that were
    read), and those of the left out that repeat another.
    """

    came: int
    left_out: int
    repeated: list[str]


def take_in(
    actor: Actor, member: Membership, letter: Letter, text: str, now: datetime, *,
    leave_out: Collection[int], decisions: Decisions, how_known: str,
    lines: tuple[int, int] | None = None, corrections: Corrections | None = None,
    known: Collection[int] | None = None, kinds: Kinds | None = None,
) -> TakenIn:  # fmt: skip
    """Takes a list in, as confirmed by `how_known`, without the lines that are left out. `known`:
    lines of which a page has shown that they repeat a name.

    What was decided of like names is remembered first; the second line of two that are one by it
    stays out too, and the first has its place where it has none of its own. Raises CannotBe.
    """
    check_may(member, Deed.RUN_LETTERS)
    if not how_known.strip():
        raise CannotBe("Say how you know that these organizations sign.")
    with scope(organization=member.organization), transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter.pk)  # it may be closed by now
        for (one, other), is_same in decisions.items():
            decide(actor, member, one, other, is_same=is_same, now=now)
        found = preview(letter, text, lines, corrections, kinds)
        out = set(leave_out) | _now_the_same(found, decisions)
        if repeats_since(found, known, out):
            raise CannotBe("Names of this list came in a moment ago: look at it once more.")
        taken = _taken(letter, found, out)
        left = found.names(out)
        last = letter.signatures.aggregate(last=Max("number"))["last"] or 0
        version = current_version(letter)
        Signature.objects.bulk_create(
            Signature(
                letter=letter, name=name[:LONGEST_NAME],
                name_key=organization_key(one.name)[:LONGEST_NAME], place=place[:120],
                kind=one.kind if one.kind in Kind else "",
                state=SignatureState.CONFIRMED, came=Came.LIST, number=number, version=version,
                asked_at=now, confirmed_at=now, state_since=now,
                how_known=one_line(how_known)[:300],
            )
            for number, (one, name, place) in enumerate(taken, start=last + 1)
        )  # fmt: skip
        details = {"letter": str(letter.pk), "taken": len(taken), "left_out": len(left)}
        record(actor, "took in a list of signatories", details=details, at=now)
        return TakenIn(len(taken), len(left), found.repeated(out))


def _taken(
    letter: Letter, found: Preview, out: Collection[int]
) -> list[tuple[Signatory, str, str]]:
    """Lines that come in, each with its name and place. A letter that was sent stays as it is
    printed, unless a line was corrected.
    """
    of_line = {row.number: row for row in found.rows}
    places = {} if letter.was_sent_before else _places_of_repetitions(found, out)
    taken = []
    for one in found.read.signatories:
        if one.line in out:
            continue
        row = of_line[one.line]
        name, place = row.alone or (without_place(one), one.place or "")
        place = place or places.get(one.line, "")
        _check_nobody_is_reached(one.line, name, place)
        if row.corrected is not None:
            try:
                check_name(name)
            except CannotBe:
                raise CannotBe(f"Line {one.line}: “{name}” is no name.") from None
        elif letter.was_sent_before:
            name = one.printed
        taken.append((one, one_line(name), one_line(place)))
    return taken


def _places_of_repetitions(found: Preview, out: Collection[int]) -> dict[int, str]:
    """By the line of the first of two that are one, the place of the second, which is left out. Not
    where a person has taken the place of the first away.
    """
    places: dict[int, str] = {}
    for pair in found.same:
        is_left_out = pair.other.line in out and pair.one.line not in found.emptied
        if is_left_out and pair.other.place:
            places.setdefault(pair.one.line, pair.other.place)
    return places


def _check_nobody_is_reached(line: int, *published: str) -> None:
    """Raises CannotBe, whatever was ticked: who can be called or written to is never published."""
    if any(map(is_reachable_by, published)):
        raise CannotBe(
            f"Line {line} holds a telephone number or an address of mail, and would be public: "
            "leave the line out, or take that out of its name and place."
        )


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
