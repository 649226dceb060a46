"""What the courts' codes mean, as tables for the SQL steps, from the CSV files of this folder.

`decisions.csv` speaks of descriptions, not codes: which code has which description in which type
of case is told by the release's own `tblLookupCourtDecision`, and else by the pairs that Wayhome
ships.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from importlib import resources

import pyarrow as pa

from wayhome.sources.eoir.codes import (
    circuit_by_state,
    court_decisions,
    courts,
    hearing_locations,
    iso_by_nationality,
)
from wayhome.sources.eoir.meaning.charges import effect_mask
from wayhome.sources.eoir.reading.lines import CONTROL
from wayhome.sources.eoir.release import Release

DECISION_LOOKUP = "tbllookupcourtdecision.csv"
DECISION_COLUMNS = ("strcasetype", "strdeccode", "strdectype", "strdecdescription")
HEARING_LOCATION_LOOKUP = "tbllookuphloc.csv"
HEARING_LOCATION_COLUMNS = ("hearing_loc_code", "hearing_loc_state")

TRUTHS = {"yes": True, "no": False, "": None}


@dataclass(frozen=True)
class Decision:
    """A decision code (type C: on the merits, O: administrative) with its description."""

    case_type: str
    type: str
    code: str
    description: str


def meaning_tables(release: Release, charges: Collection[str]) -> dict[str, pa.Table]:
    """Every table of meanings by the name that the steps give it.

    `charges` are the distinct values of CHARGE in the release.
    """
    return {
        "decision_meanings": _decision_meanings(_decisions_of(release)),
        "case_type_meanings": _table("case_types.csv", case_type=str, proceeding_type=str),
        "appeal_meanings": _table(
            "appeal_types.csv", appeal_type=str, is_appeal=_marked, of_the_order=_marked
        ),
        "bia_meanings": _table("bia_decisions.csv", code=str, order_stands=TRUTHS.__getitem__),
        "bond_meanings": _table("bond_decisions.csv", code=str, denied=TRUTHS.__getitem__),
        "application_meanings": _application_meanings(),
        "application_results": _table("application_decisions.csv", code=str, result=str),
        "juvenile_meanings": _juvenile_meanings(),
        "nationality_meanings": _of_rows(("code", "iso"), list(iso_by_nationality().items())),
        "court_meanings": _court_meanings(),
        "hearing_location_meanings": _hearing_location_meanings(release),
        "charge_meanings": pa.table(
            {
                "charge": pa.array(["", *charges], pa.string()),
                "effects": pa.array([effect_mask(c) for c in ("", *charges)], pa.int64()),
            }
        ),
    }


def unknown_descriptions(release: Release) -> tuple[str, ...]:
    """Descriptions of the release's decisions that `decisions.csv` does not speak of."""
    known = {row["description"].casefold() for row in _rows("decisions.csv")}
    theirs = {decision.description for decision in _decisions_of(release)}
    return tuple(sorted(text for text in theirs if text.casefold() not in known))


def _decisions_of(release: Release) -> list[Decision]:
    """The shipped pairs, each overruled by the release's own where it has one."""
    pairs = {(d.case_type, d.type, d.code): d.description for d in court_decisions()}
    for row in _lookup_rows(release, DECISION_LOOKUP, DECISION_COLUMNS):
        case_type, code, kind, description = row
        if case_type and code and kind in ("C", "O") and description:
            pairs[case_type, kind, code] = description
    return [Decision(*pair, description) for pair, description in sorted(pairs.items())]


def _decision_meanings(decisions: list[Decision]) -> pa.Table:
    rows = _rows("decisions.csv")
    flags = ("makes_order", "grants_protection", "finds_fear", "no_outcome")
    found = []
    for decision in decisions:
        for row in rows:
            if row["description"].casefold() != decision.description.casefold():
                continue
            if row["case_types"] and decision.case_type not in row["case_types"].split():
                continue
            truths = [TRUTHS[row[name]] for name in ("order", "protection", "fear", "no_outcome")]
            key = (decision.case_type, decision.type, decision.code)
            found.append((*key, row["outcome"] or None, *truths))
            break
    columns = ("case_type", "type", "code", "outcome", *flags)
    return _of_rows(columns, found, dict.fromkeys(flags, pa.bool_()))


def _application_meanings() -> pa.Table:
    kinds = ("asylum", "withholding", "fear", "relief")
    rows = [
        (row["code"], *(kind in row["kinds"].split() for kind in kinds))
        for row in _rows("applications.csv")
    ]
    return _of_rows(("code", *(f"is_{kind}" for kind in kinds)), rows)


def _juvenile_meanings() -> pa.Table:
    rows = [(row["code"], TRUTHS[row["juvenile"]]) for row in _rows("juveniles.csv")]
    return _of_rows(("code", "is_juvenile"), rows)


def _court_meanings() -> pa.Table:
    rows = [(court.base_city, court.circuit or None) for court in courts().values()]
    return _of_rows(("base_city", "circuit"), rows)


def _hearing_location_meanings(release: Release) -> pa.Table:
    """The circuit of each place of hearing: by its state where the release tells it."""
    circuits = {place.code: place.circuit for place in hearing_locations().values()}
    by_state = circuit_by_state()
    for code, state in _lookup_rows(release, HEARING_LOCATION_LOOKUP, HEARING_LOCATION_COLUMNS):
        if state in by_state:
            circuits[code] = by_state[state]
    rows = [(code, circuit or None) for code, circuit in circuits.items()]
    return _of_rows(("code", "circuit"), rows)


def _lookup_rows(
    release: Release, file_name: str, columns: tuple[str, ...]
) -> list[tuple[str, ...]]:
    """The named columns of a code table of the release; no rows where it lacks one of them."""
    file = release.files.get(file_name)
    if file is None:
        return []
    with release.open(file) as stream:
        text = CONTROL.sub(b"", stream.read(file.size + 1)).decode("utf-8", "replace")
    lines = [line.split("\t") for line in text.splitlines()]
    header = [name.strip().lower() for name in lines[0]] if lines else []
    if not set(columns) <= set(header):
        return []
    places = [header.index(name) for name in columns]
    return [tuple(line[p].strip() for p in places) for line in lines[1:] if len(line) > max(places)]


def _marked(cell: str) -> bool:
    """Whether a cell says yes: in these columns an empty one says no."""
    return cell == "yes"


def _table(file_name: str, **columns: Callable[[str], object]) -> pa.Table:
    rows = [tuple(read(row[name]) for name, read in columns.items()) for row in _rows(file_name)]
    return _of_rows(tuple(columns), rows)


def _of_rows(
    names: tuple[str, ...],
    rows: Sequence[tuple[object, ...]],
    types: dict[str, pa.DataType] | None = None,
) -> pa.Table:
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pa.table(
        {
            name: pa.array(column, (types or {}).get(name))
            for name, column in zip(names, cells, strict=True)
        }
    )


def _rows(file_name: str) -> list[dict[str, str]]:
    text = resources.files(__package__).joinpath(file_name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
