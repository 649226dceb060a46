"""The registry from the imports: facilities, what was joined, what is asked, the accounts."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence

from wayhome.programs.facilities.registry.decisions import Decisions, printed
from wayhome.programs.facilities.registry.facility import (
    Facility,
    Match,
    Registry,
    SetAside,
    SourceAccount,
)
from wayhome.programs.facilities.registry.field_values import newest_name, values_of
from wayhome.programs.facilities.registry.ids import codes_of, former_ids, ids_of
from wayhome.programs.facilities.registry.joining import Candidate, candidates, join
from wayhome.programs.facilities.registry.source_rows import Source, read_sources
from wayhome.programs.facilities.registry.units import Unit, units_of
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.import_folder import Imported

# Of a workbook, `rows.csv` of its import tells every row that is no facility; of a daily file or a
# list, `set_aside.csv` does.
NOT_READ = ("rows.csv", "set_aside.csv")


def build_registry(
    detention_stats: Sequence[Imported],
    population: Imported | None = None,
    decisions: Decisions | None = None,
) -> Registry:
    """One registry of all facilities that the imports name.

    `detention_stats` are folders of `wayhome import detention-stats`, `population` one of
    `wayhome import population`; `decisions` what a person said of pairs (decisions.py).

    Raises ReleaseProblem, a sentence, where the imports hold no facility.
    """
    sources = read_sources(detention_stats, population)
    if not any(source.rows for source in sources):
        raise ReleaseProblem("The imports hold no facility: give a folder that holds some.")
    units = units_of(sources)
    found = candidates(units)
    joined = join(units, found, decisions or {})
    undecided = join(units, found, {}) if joined.decided else joined
    made = sorted(_facilities(joined.groups, undecided.groups), key=lambda facility: facility.id)
    aside = tuple(_set_aside(sources, [*detention_stats, *filter(None, (population,))]))
    return Registry(
        facilities=tuple(made),
        decided=joined.decided,
        joined=tuple(map(_match, joined.certain)),
        questions=tuple(map(_match, joined.questions)),
        set_aside=aside,
        accounts=tuple(_accounts(sources, made, aside)),
    )


def _facilities(
    groups: Sequence[tuple[Unit, ...]], undecided: Sequence[tuple[Unit, ...]]
) -> Iterator[Facility]:
    """A facility of each group; `undecided`: the groups without what persons decided."""
    for id, before, group in zip(
        ids_of(groups), former_ids(groups, undecided), groups, strict=True
    ):
        rows = [row for unit in group for row in unit.rows]
        yield Facility(
            id=id,
            name=newest_name(rows) or id.upper(),
            codes=codes_of(group),
            fields=values_of(rows),
            records=tuple(row.record for row in rows),
            former_ids=before,
        )


def _match(candidate: Candidate) -> Match:
    one, other = candidate.one, candidate.other
    return Match(
        one=one.rows[0].record,
        one_place=one.place,
        other=other.rows[0].record,
        other_place=other.place,
        score=candidate.evidence.score,
        because=candidate.evidence.because(),
        one_side=printed(one),
        other_side=printed(other),
    )


def _set_aside(sources: Sequence[Source], imports: Sequence[Imported]) -> Iterator[SetAside]:
    """The rows that the imports did not take for facilities, of the sheets that hold some."""
    wanted = {(source.file, source.sheet or "") for source in sources}
    seen: set[SetAside] = set()
    for imported in imports:
        for row in _not_read(imported):
            sheet = row.get("sheet") or ""
            if (row["file"], sheet) not in wanted or row.get("outcome") == "read":
                continue
            reason = ": ".join(filter(None, (row.get("outcome"), row.get("reason"))))
            aside = SetAside(row["file"], sheet or None, int(row["row"]), 1, reason)
            if aside not in seen:
                seen.add(aside)
                yield aside


def _not_read(imported: Imported) -> Iterator[Mapping[str, str]]:
    for name in NOT_READ:
        path = imported.path / name
        if path.exists():
            with path.open(encoding="utf-8", newline="") as stream:
                yield from csv.DictReader(stream)


def _accounts(
    sources: Sequence[Source], facilities: Sequence[Facility], aside: Sequence[SetAside]
) -> Iterator[SourceAccount]:
    for source in sources:
        place = (source.file, source.sheet)
        held = [
            (facility, record)
            for facility in facilities
            for record in facility.records
            if (record.source, record.sheet) == place
        ]
        left = sum(row.rows for row in aside if (row.source, row.sheet) == place)
        people = [record.people or 0.0 for _, record in held]
        yield SourceAccount(
            source=source.file,
            sha256=source.sha256,
            sheet=source.sheet,
            on=source.on,
            rows=sum(row.record.rows for row in source.rows) + left,
            in_facilities=sum(record.rows for _, record in held),
            set_aside=left,
            facilities=len({facility.id for facility, _ in held}),
            people_before=source.people,
            people_after=None if source.people is None else math.fsum(people),
        )
