"""Facilities of the record as the pages show them: found by name, place or code, on a map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import pyarrow.compute as pc
from rapidfuzz import fuzz, process

from wayhome.public_record.record import PublicRecord
from wayhome.sources.agreements.meanings import state_name as name_without_outline
from wayhome.web.observatory.counties_asked import counties_asked, has_no_word, plain_words
from wayhome.web.observatory.counting import way_of
from wayhome.web.observatory.county_doubt import Doubt, doubts
from wayhome.web.observatory.maps.places import (
    County,
    counties,
    county_named,
    county_of_zip,
    spot_of_zip,
    states,
)
from wayhome.web.observatory.minimums import Minimum, minimums

# As the record names them; empty there is "unknown" here.
CONTRACTS = ("private", "state or local", "federal", "other")
UNKNOWN = "unknown"
# A figure so much older than the newest one tells nothing of who is held now.
STALE = timedelta(days=180)
HALF = 0.5  # a person: below, most nights had nobody
# Words of a question that say only that a facility is meant; nobody is turned away for them.
_SAY_NOTHING = frozenset(
    {
        *("the", "of", "in", "and", "a", "county", "parish", "jail", "prison", "detention", "ice"),
        *("center", "centre", "facility", "correctional", "corrections", "processing"),
        *("condado", "carcel", "prision", "centro", "de", "la", "el", "del", "en", "y"),
    }
)
_NEAR_ENOUGH, _MOST_NEAR = 75, 8
_LONG_ENOUGH = 4  # letters: a shorter word is nearly like too many others


@dataclass(frozen=True)
class Place:
    """Where a number stands: source, sheet, row (or rows up to the last), column."""

    source: str
    sheet: str | None
    row: int | None
    last_row: int | None
    column: str | None
    way: str = ""


_PLACE = ("source", "sheet", "row", "last_row", "column")


@dataclass(frozen=True)
class FacilityRow:
    """A facility of the list. `county` is that of the sources, or, where `county_by_zip`, the one
    in which the middle of its ZIP code lies; `county_doubt`: why it may be another. `spot`: where
    it is on the map, None if not known. `has_people`: by its newest figure, if that is not far
    older than the newest of all. `names`: every name by which a source knows it, in plain words."""

    id: str
    name: str
    city: str | None
    state: str | None
    county: str | None
    county_number: str | None
    county_by_zip: bool
    county_doubt: Doubt | None
    zip: str | None
    code: str | None
    type: str | None
    contract: str | None
    population: float | None
    population_on: date | None
    guaranteed_minimum: float | None
    minimum: Minimum | None
    last_day: date | None
    spot: tuple[float, float] | None
    has_people: bool
    words: str
    population_at: Place | None
    names: frozenset[str]

    @property
    def county_numbers(self) -> frozenset[str]:
        """The county in which it is, and, where that is in doubt, the one in which it may be."""
        numbers = (self.county_number, self.county_doubt and self.county_doubt.county_number)
        return frozenset(number for number in numbers if number)

    @property
    def state_name(self) -> str:
        return state_name(self.state)

    @property
    def way(self) -> str:
        """How its people were counted; empty where it is not known."""
        return self.population_at.way if self.population_at else ""

    @property
    def is_under_half(self) -> bool:
        """Whether it had somebody, but less than half a person on average."""
        return self.has_people and 0 < (self.population or 0) < HALF


def state_name(code: str | None) -> str:
    """The name of a state, also of one without an outline; what stands there where it is none."""
    found = states().get(code or "")
    return found.name if found else name_without_outline(code or "")


@lru_cache(maxsize=2)
def facilities(record: PublicRecord) -> Mapping[str, FacilityRow]:
    """Every facility by its id: those with the most people first."""
    names = _other_names(record)
    told = record.table("facilities").to_pylist()
    since = max((row["population_on"] or date.min for row in told), default=date.max)
    since = since if since in (date.min, date.max) else since - STALE
    places = _places_of_population(record)
    rows = []
    for row in told:
        facility, doubt = row["facility"], doubts(record).get(row["facility"])
        place = places.get((facility, row["population_on"]))
        told_of = (place, doubt, minimums(record).get(facility))
        rows.append(_row(row, names[facility], since, *told_of))
    rows.sort(key=lambda row: (not row.has_people, -(row.population or 0), row.name))
    return {row.id: row for row in rows}


def _other_names(record: PublicRecord) -> Mapping[str, set[str]]:
    names: dict[str, set[str]] = defaultdict(set)
    table = record.table("facility_names").select(["facility", "name", "code"])
    for row in table.to_pylist():
        names[row["facility"]] |= {word for word in (row["name"], row["code"]) if word}
    return names


def _places_of_population(record: PublicRecord) -> Mapping[tuple[str, date], Place]:
    """Where the people of a facility on a day stand; of several the first, which is the best."""
    table = record.table("facility_fields")
    told = table.filter(pc.equal(table["field"], "population")).to_pylist()
    found: dict[tuple[str, date], Place] = {}
    for row in told:
        way = way_of(record, row["source"], row["note"])
        place = Place(way=way, **{name: row[name] for name in _PLACE})
        found.setdefault((row["facility"], row["on"]), place)
    return found


def _row(
    row: Mapping[str, Any],
    names: set[str],
    since: date,
    population_at: Place | None,
    doubt: Doubt | None,
    minimum: Minimum | None,
) -> FacilityRow:
    county, by_zip = _county(row)
    shown = county.name if county else row["county"]
    may_be = doubt.county if doubt else None
    in_county = [word for one in (shown, may_be) if one for word in (one, f"{one} county")]
    place = [row["city"], *in_county, row["zip"], row["state"]]
    words = " ".join(
        part
        for part in (row["name"], row["code"], *names, *place, state_name(row["state"]))
        if part
    )
    return FacilityRow(
        id=row["facility"],
        county=shown,
        county_number=county.number if county else None,
        county_by_zip=by_zip,
        county_doubt=doubt,
        has_people=bool(row["population"]) and row["population_on"] >= since,
        spot=spot_of_zip(row["zip"]) or ((county.x, county.y) if county else None),
        words=" ".join(plain_words(words)),
        population_at=population_at,
        minimum=minimum,
        names=frozenset(" ".join(plain_words(name)) for name in (row["name"], *names)),
        **{name: row[name] for name in _AS_THEY_ARE},
    )


_AS_THEY_ARE = (
    *("name", "city", "state", "zip", "code", "type", "contract", "population", "population_on"),
    *("guaranteed_minimum", "last_day"),
)


def _county(row: Mapping[str, Any]) -> tuple[County | None, bool]:
    """Its county, and whether only its ZIP code tells it."""
    if row["county_fips"] in counties():
        return counties()[row["county_fips"]], False
    named = county_named(row["state"], row["county"])
    by_zip = county_of_zip(row["zip"])
    if named or by_zip is None or (row["state"] and by_zip.state != row["state"]):
        return named, False
    return by_zip, True


# --- finding ---


@dataclass(frozen=True)
class Question:
    """What is looked for. Empty: everything. `everything`: those without anybody now too.

    A state or contract may be UNKNOWN: those of which it is not known. `no_county`: those alone
    whose county is not known."""

    words: str = ""
    state: str = ""
    contract: str = ""
    everything: bool = False
    no_county: bool = False

    @property
    def has_no_word(self) -> bool:
        """Whether only signs were written to look for."""
        return has_no_word(self.words)

    @property
    def is_empty(self) -> bool:
        """Whether that is all that was asked."""
        chosen = self.state or self.contract or self.everything or self.no_county
        return self.has_no_word and not chosen


def found(record: PublicRecord, question: Question) -> list[FacilityRow]:
    """The facilities that fit; every word that says something must begin a word of theirs. Those
    of the very name come first, then those whose name begins so; those of a county also where it
    is in doubt. None where something was asked for, and nothing that can be looked for."""
    if question.is_empty:
        return []
    if places := counties_asked(question.words, question.state):
        return _in_counties(record, question, {county.number for county in places})
    return _with_words(record, question)


def _in_counties(record: PublicRecord, question: Question, numbers: set[str]) -> list[FacilityRow]:
    return [
        row
        for row in facilities(record).values()
        if row.county_numbers & numbers and _is_of_contract(row, question)
    ]


def _is_of_contract(row: FacilityRow, question: Question) -> bool:
    return not question.contract or (row.contract or UNKNOWN) == question.contract


def _is_in_state(row: FacilityRow, question: Question) -> bool:
    return not question.state or (row.state or UNKNOWN) == question.state


def _with_words(record: PublicRecord, question: Question) -> list[FacilityRow]:
    wanted = [word for word in plain_words(question.words) if word not in _SAY_NOTHING]
    if not wanted:
        wanted = plain_words(question.words)
    rows = [
        row
        for row in facilities(record).values()
        if _is_in_state(row, question)
        and not (question.no_county and row.county_number)
        and _is_of_contract(row, question)
        and (question.everything or row.has_people or bool(wanted))
        and all(f" {word}" in f" {row.words}" for word in wanted)
    ]
    asked = " ".join(plain_words(question.words))
    return sorted(rows, key=lambda row: _distance_of_name(row, asked)) if asked else rows


def _distance_of_name(row: FacilityRow, asked: str) -> int:
    """0: a name of it is what was asked for; 1: a name begins so; else 2."""
    if asked in row.names:
        return 0
    return 1 if any(name.startswith(asked) for name in row.names) else 2


def near(record: PublicRecord, question: Question) -> list[FacilityRow]:
    """What is written almost so: where a county was asked for, what has its words elsewhere, else,
    where nothing fits, what is found by words that are nearly alike."""
    if counties_asked(question.words, question.state):
        own = {row.id for row in found(record, question)}
        return [row for row in _with_words(record, question) if row.id not in own][:_MOST_NEAR]
    known = _every_word(record)
    corrected, words = [], plain_words(question.words)
    for word in [word for word in words if not _says_nothing(word, known)] or words:
        best = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH)
        if best is None:
            return []
        corrected.append(best[0])
    almost = replace(question, words=" ".join(corrected))
    return _with_words(record, almost)[:_MOST_NEAR] if corrected else []


def _says_nothing(word: str, known: Collection[str]) -> bool:
    """Whether a word says only that a facility is meant, also with a letter or two wrong."""
    if word in known or len(word) < _LONG_ENOUGH:
        return word in _SAY_NOTHING
    like = process.extractOne(word, _SAY_NOTHING, scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH)
    return like is not None


@lru_cache(maxsize=2)
def _every_word(record: PublicRecord) -> tuple[str, ...]:
    words = {word for row in facilities(record).values() for word in row.words.split()}
    return tuple(sorted(words | _SAY_NOTHING))
