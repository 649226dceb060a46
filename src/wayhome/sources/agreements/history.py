"""What became of every agreement from each list to the next.

A change lies between the days of two lists. When in between is not known, but for the day of
signing where the list tells it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import pairwise

from wayhome.sources.agreements.agreement_list import Agreement, AgreementList
from wayhome.sources.agreements.same_agency import Agency, HeldTogether


class Event(StrEnum):
    """What became of an agreement, or of its agency's name."""

    NEW = "new"
    ENDED = "ended"
    CHANGED_MODEL = "changed model"
    OTHER_DAY = "other day of signing"
    RENAMED = "renamed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Change:
    """One thing between two lists, `after` the one and at the latest `by` the other.

    `model_before`, `name_before` and `signed_before` are None where nothing was different.
    `agency_held_other`: of a new agreement, whether its agency was in the list before.
    `after_row` and `by_row` are the rows that tell it, None in a list that has none.
    `is_open`: a question about this agency is not decided, and may make this another event.
    `listed_under`: of an ended or new agreement whose document stands under another agency in the
    other list, the id of that agency: the agreement moved.
    """

    event: Event
    agency: Agency
    model: str
    after: date
    by: date
    name: str
    signed: date | None
    after_file: str
    after_row: int | None
    by_file: str
    by_row: int | None
    model_before: str | None = None
    name_before: str | None = None
    signed_before: date | None = None
    agency_held_other: bool = False
    is_open: bool = False
    listed_under: str | None = None


Held = dict[str, dict[str, Agreement]]


def history_of(lists: Sequence[AgreementList], held: HeldTogether) -> tuple[Change, ...]:
    """Every change from list to list; the lists in the order of their publication."""
    open_agencies = {
        held.agency_of[name].id for question in held.questions for name in question.names
    }
    changes: list[Change] = []
    agencies = {agency.id: agency for agency in held.agency_of.values()}
    for before, after in pairwise(lists):
        here, there = _by_agency(before, held), _by_agency(after, held)
        for id in sorted({*here, *there}):
            between = _Between(agencies[id], before, after, id in open_agencies)
            changes += between.changes(here.get(id, {}), there.get(id, {}))
    return _with_moves(changes, lists)


Document = tuple[str, str, str]


def _with_moves(changes: Sequence[Change], lists: Sequence[AgreementList]) -> tuple[Change, ...]:
    """Say of an agreement that ended here and is new there, with its document, that it moved."""
    document: dict[tuple[str, int | None, str], Document] = {
        (published.file, found.row, found.model): (published.file, found.model, found.memorandum)
        for published in lists
        for found in published.agreements
        if found.memorandum
    }
    ended: dict[Document, Change] = {}
    came: dict[Document, Change] = {}
    for change in changes:
        here = document.get((change.after_file, change.after_row, change.model))
        there = document.get((change.by_file, change.by_row, change.model))
        if change.event is Event.ENDED and here:
            ended[change.by_file, *here[1:]] = change
        elif change.event is Event.NEW and there:
            came[there] = change
    other = {id(ended[key]): came[key].agency.id for key in ended.keys() & came.keys()}
    other |= {id(came[key]): ended[key].agency.id for key in ended.keys() & came.keys()}
    return tuple(replace(change, listed_under=other.get(id(change))) for change in changes)


def _by_agency(published: AgreementList, held: HeldTogether) -> Held:
    found: Held = defaultdict(dict)
    for agreement in published.agreements:
        found[held.agency_of[agreement.key].id][agreement.model] = agreement
    return found


@dataclass(frozen=True)
class _Between:
    """One agency between two lists."""

    agency: Agency
    before: AgreementList
    after: AgreementList
    is_open: bool

    def changes(
        self, before: dict[str, Agreement], after: dict[str, Agreement]
    ) -> Iterator[Change]:
        """By the models that the agency held in the one list and in the other."""
        lost, gained = sorted({*before} - {*after}), sorted({*after} - {*before})
        if len(lost) == len(gained) == 1:
            was, now = before[lost[0]], after[gained[0]]
            yield self._change(Event.CHANGED_MODEL, was, now, model_before=was.model)
        else:
            yield from (self._change(Event.ENDED, before[model], None) for model in lost)
            for model in gained:
                yield self._change(Event.NEW, None, after[model], agency_held_other=bool(before))
        for model in sorted({*before} & {*after}):
            was, now = before[model], after[model]
            if was.signed == now.signed:
                yield self._change(Event.UNCHANGED, was, now)
            else:
                yield self._change(Event.OTHER_DAY, was, now, signed_before=was.signed)
        yield from self._renamed(before, after)

    def _renamed(
        self, before: dict[str, Agreement], after: dict[str, Agreement]
    ) -> Iterator[Change]:
        """A name that no agreement of the agency has any more, and one that none had."""
        here = {agreement.key: agreement for agreement in before.values()}
        there = {agreement.key: agreement for agreement in after.values()}
        gone, came = sorted({*here} - {*there}), sorted({*there} - {*here})
        for old, new in zip(gone, came, strict=False):
            name = here[old].agency
            yield self._change(Event.RENAMED, here[old], there[new], name_before=name)

    def _change(
        self,
        event: Event,
        was: Agreement | None,
        now: Agreement | None,
        *,
        model_before: str | None = None,
        name_before: str | None = None,
        signed_before: date | None = None,
        agency_held_other: bool = False,
    ) -> Change:
        told = now or was
        assert told is not None
        may_be_another = event in (Event.NEW, Event.ENDED, Event.CHANGED_MODEL)
        return Change(
            event=event,
            agency=self.agency,
            model=told.model,
            after=self.before.published,
            by=self.after.published,
            name=told.agency,
            signed=told.signed,
            after_file=self.before.file,
            after_row=was.row if was else None,
            by_file=self.after.file,
            by_row=now.row if now else None,
            model_before=model_before,
            name_before=name_before,
            signed_before=signed_before,
            agency_held_other=agency_held_other,
            is_open=self.is_open and may_be_another,
        )
