"""The code tables of the courts' release that ship with Wayhome.

A release brings its own code tables in `Lookup/`, and those come first. These are for reading a
release that lacks one, for codes that have no table in the release, and for what a release does
not say at all: the ISO code of a nationality and the federal judicial circuit of a court. Every
table is a CSV file of `figures/`; its README names source and date.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Court:
    """An immigration court. `circuit` is empty where the court does not tell it."""

    base_city: str
    place: str
    state: str
    circuit: str


@dataclass(frozen=True)
class HearingLocation:
    """A place of hearing. `base_city`, `state` and `circuit` are empty where not known."""

    code: str
    name: str
    base_city: str
    state: str
    circuit: str


@dataclass(frozen=True)
class CourtDecision:
    """The meaning of a decision code in one type of case.

    `type` is C for DEC_CODE (on the merits) and O for OTHER_COMP (administrative). `basis` says
    where the pair comes from: `listed` in the combined code list, `docket` where the release's
    documentation states it, `inferred` where the code is known and its pair is not.
    """

    case_type: str
    code: str
    type: str
    description: str
    basis: str


@cache
def codes_of(lookup: str) -> dict[str, str] | None:
    """The codes of a table and their descriptions; None where Wayhome ships no such table."""
    return _code_tables().get(lookup)


@cache
def iso_by_nationality() -> dict[str, str]:
    """ISO 3166-1 alpha-2 by EOIR's nationality code; codes of no single country are left out."""
    return {row["code"]: row["iso"] for row in _rows("nationalities.csv") if row["iso"]}


@cache
def circuit_by_state() -> dict[str, str]:
    """The federal judicial circuit (1 to 11, DC) by state or territory (28 USC 41)."""
    return {row["state"]: row["circuit"] for row in _rows("circuits.csv")}


@cache
def courts() -> dict[str, Court]:
    """Every immigration court by its base city code."""
    rows = _rows("courts.csv")
    return {
        row["base_city"]: Court(row["base_city"], row["place"], row["state"], row["circuit"])
        for row in rows
    }


@cache
def hearing_locations() -> dict[str, HearingLocation]:
    """Every hearing location by its code."""
    return {
        row["hearing_location"]: HearingLocation(
            row["hearing_location"], row["name"], row["base_city"], row["state"], row["circuit"]
        )
        for row in _rows("hearing_locations.csv")
    }


@cache
def court_decisions() -> tuple[CourtDecision, ...]:
    """Every decision code by case type."""
    return tuple(CourtDecision(**row) for row in _rows("court_decisions.csv"))


@cache
def _code_tables() -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = {}
    for row in _rows("codes.csv"):
        tables.setdefault(row["lookup"], {})[row["code"]] = row["description"]
    for row in _rows("nationalities.csv"):
        tables.setdefault("tblLookupAlienNat", {})[row["code"]] = row["description"]
    tables["tblLookupBaseCity"] = {court.base_city: court.place for court in courts().values()}
    tables["tblLookupHloc"] = {place.code: place.name for place in hearing_locations().values()}
    tables["tblLookupCourtDecision"] = {d.code: d.description for d in court_decisions()}
    return tables


def _rows(file_name: str) -> list[dict[str, str]]:
    text = resources.files(__package__).joinpath("figures", file_name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
