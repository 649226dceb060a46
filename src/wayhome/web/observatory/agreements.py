"""287(g) agreements of the record as the pages show them: agencies, states, what became of each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from rapidfuzz import fuzz, process

from wayhome.public_record.record import PublicRecord
from wayhome.sources.agreements.meanings import state_name
from wayhome.sources.agreements.printed_counties import is_misprint
from wayhome.web.observatory.agreements_places import place_of, places_asked
from wayhome.web.observatory.counties_asked import has_no_word, plain_words
from wayhome.web.observatory.maps.places import County, states

_NEAR_ENOUGH, _MOST_NEAR = 75, 8
# What an agency is, not which one: nobody is turned away for saying it.
_SAY_NOTHING = frozenset(
    {*("the", "of", "and", "a", "in", "at", "county", "parish", "city", "town", "office")}
    | {*("sheriff", "sheriffs", "police", "department", "jail", "condado", "ciudad", "de", "del")}
    | {*("la", "el", "oficina", "policia", "carcel", "alguacil")}
)


@dataclass(frozen=True)
class Held:
    """One agreement that an agency holds or held; as the newest list that has it tells it."""

    agency: str
    name: str
    state: str
    county: str | None
    agency_type: str | None
    model: str
    signed: date | None
    first_listed: date
    last_listed: date
    active: bool
    gone_by: date | None
    memorandum: str | None
    addendum: str | None
    source: str
    sheet: str | None
    row: int

    @property
    def model_key(self) -> str:
        """The model within an address."""
        return self.model.replace(" ", "-")


@dataclass(frozen=True)
class Agency:
    """An agency that any list has. `place`: its county on the map, None where it is not known."""

    id: str
    name: str
    other_names: tuple[str, ...]
    state: str
    county: str | None
    agency_type: str | None
    active: int
    models: tuple[str, ...]
    first_listed: date
    last_listed: date
    population: int | None
    population_source: str | None
    population_row: int | None
    place: County | None
    agreements: tuple[Held, ...]
    words: str

    @property
    def state_name(self) -> str:
        return state_name(self.state)

    @property
    def county_number(self) -> str | None:
        """The number of its county; None where that is not known."""
        return self.place.number if self.place else None

    @property
    def misprint(self) -> str | None:
        """Its county as the list prints it, where that was decided to be a misprint."""
        return self.county if is_misprint(self.state, self.county) else None

    @property
    def gone_by(self) -> date | None:
        """The day of the first list that has none of its agreements; None while it holds one."""
        days = [one.gone_by for one in self.agreements if one.gone_by]
        return max(days) if days and not self.active else None


@dataclass(frozen=True)
class Happened:
    """One thing that became of an agreement between two lists; a row of agreement_history."""

    event: str
    agency: str
    name: str
    state: str
    model: str
    model_before: str | None
    name_before: str | None
    signed: date | None
    signed_before: date | None
    agency_held_other: bool | None
    after: date
    by: date
    listed_under: str | None
    undecided: bool | None
    after_source: str | None
    after_row: int | None
    by_source: str | None
    by_row: int | None


@dataclass(frozen=True)
class StateCount:
    """What a state's agencies hold by the newest list: agreements by model, and agencies."""

    code: str
    agreements: int
    agencies: int
    models: Mapping[str, int]

    @property
    def name(self) -> str:
        return state_name(self.code)


@dataclass(frozen=True)
class People:
    """Who lives under an agreement, as far as it is known.

    `people` live in the `counties` whose own sheriff, jail or other county agency holds one.
    Of county agencies in `unknown_counties` the county, or its people, are not known; how many
    people live under an agreement of a town (`towns`) or of a state (`states`) is not known.
    """

    people: int
    counties: int
    unknown_counties: int
    towns: int
    states: int
    others: int


@lru_cache(maxsize=2)
def agencies(record: PublicRecord) -> Mapping[str, Agency]:
    """Every agency by its id, by state and name."""
    held: dict[str, list[Held]] = defaultdict(list)
    for row in record.table("agreements").to_pylist():
        one = Held(**{name: row[name] for name in Held.__dataclass_fields__})
        held[one.agency].append(one)
    rows = [_agency(row, held[row["agency"]]) for row in record.table("agencies").to_pylist()]
    rows.sort(key=lambda row: (row.state_name, row.name))
    return {row.id: row for row in rows}


def _agency(row: Mapping[str, Any], held: Sequence[Held]) -> Agency:
    other = tuple(filter(None, (row["other_names"] or "").split("|")))
    county, state = row["county"], row["state"]
    place = place_of(row)
    named = place.name if place else ""
    told = [row["name"], *other, county or "", named, state, state_name(state)]
    return Agency(
        id=row["agency"],
        name=row["name"],
        other_names=other,
        state=state,
        county=county,
        agency_type=row["agency_type"],
        active=row["active"] or 0,
        models=tuple(filter(None, (row["models"] or "").split("|"))),
        first_listed=row["first_listed"],
        last_listed=row["last_listed"],
        population=row["county_population"],
        population_source=row["population_source"],
        population_row=row["population_row"],
        place=place,
        agreements=tuple(sorted(held, key=lambda one: (not one.active, one.model))),
        words=" ".join(plain_words(" ".join(told))),
    )


@lru_cache(maxsize=2)
def history(record: PublicRecord) -> tuple[Happened, ...]:
    """Everything that happened, the newest list first."""
    rows = record.table("agreement_history").to_pylist()
    found = [Happened(**{n: row[n] for n in Happened.__dataclass_fields__}) for row in rows]
    found.sort(key=lambda one: (state_name(one.state), one.name, one.model))
    found.sort(key=lambda one: one.by, reverse=True)
    return tuple(found)


@lru_cache(maxsize=2)
def lists(record: PublicRecord) -> tuple[date, ...]:
    """The days of the lists, the newest first."""
    days = {figure.on for figure in record.series("agreements_active")}
    days |= {held.last_listed for agency in agencies(record).values() for held in agency.agreements}
    return tuple(sorted(days, reverse=True))


@lru_cache(maxsize=2)
def by_state(record: PublicRecord) -> Mapping[str, StateCount]:
    """Every state and territory of the map or of a list, by its code, in order of names."""
    grouped: dict[str, list[Agency]] = defaultdict(list)
    for agency in agencies(record).values():
        grouped[agency.state].append(agency)
    codes = sorted({*states(), *grouped}, key=state_name)
    return {code: _state_count(code, grouped.get(code, [])) for code in codes}


def _state_count(code: str, rows: Iterable[Agency]) -> StateCount:
    active = [row for row in rows if row.active]
    models = Counter(model for row in active for model in row.models)
    return StateCount(code, models.total(), len(active), dict(models.most_common()))


def people_under(rows: Iterable[Agency]) -> People:
    """Who lives under an agreement of these agencies."""
    active = [row for row in rows if row.active]
    kinds = Counter(row.agency_type for row in active)
    of_counties = [row for row in active if row.agency_type == "county"]
    counted = [row for row in of_counties if row.population]
    known = {row.place or (row.state, row.county): row.population for row in counted}
    return People(
        people=sum(number or 0 for number in known.values()),
        counties=len(known),
        unknown_counties=sum(not row.population for row in of_counties),
        towns=kinds["municipality"],
        states=kinds["state"],
        others=len(active) - kinds["county"] - kinds["municipality"] - kinds["state"],
    )


# --- finding ---


def found(record: PublicRecord, asked: str, state: str = "") -> list[Agency]:
    """The agencies that fit: by name, county, state, or a ZIP code of the county.

    Every word that says something must begin a word of theirs. None where something was asked for,
    and nothing that can be looked for.
    """
    if has_no_word(asked) and not state:
        return []
    rows = [row for row in agencies(record).values() if not state or row.state == state]
    if places := {county.number for county in places_asked(asked, state)}:
        fit = [row for row in rows if row.place and row.place.number in places]
        return sorted(fit, key=lambda row: not row.active)
    words = plain_words(asked)
    return _with_words(rows, [word for word in words if word not in _SAY_NOTHING] or words)


def _with_words(rows: Iterable[Agency], wanted: Sequence[str]) -> list[Agency]:
    fit = [row for row in rows if all(f" {word}" in f" {row.words}" for word in wanted)]
    return sorted(fit, key=lambda row: not row.active)


def near(record: PublicRecord, asked: str, state: str = "") -> list[Agency]:
    """Agencies that are written almost so: in one word ("De Soto"), "sherrif", or nearly alike.

    Where a county was asked for: those of other counties that have its words."""
    words, rows = plain_words(asked), list(agencies(record).values())
    if places_asked(asked, state):
        own = {row.id for row in found(record, asked, state)}
        says = [word for word in words if word not in _SAY_NOTHING]
        return [row for row in _with_words(rows, says) if row.id not in own][:_MOST_NEAR]
    if not words:
        return []
    as_one = "".join(words)
    joined = [row for row in rows if f" {as_one}" in f" {row.words}"]
    says = [word for word in words if not _says_nothing(word)]
    fit = joined or (_with_words(rows, says) if says else [])
    if fit:
        return fit[:_MOST_NEAR]
    told = [" ".join(plain_words(f"{row.name} {row.county or ''}")) for row in rows]
    for text, scorer in ((words, fuzz.token_set_ratio), (says, fuzz.partial_ratio)):
        best = process.extract(
            " ".join(text), told, scorer=scorer, limit=_MOST_NEAR, score_cutoff=_NEAR_ENOUGH
        )
        if best and text:
            return [rows[at] for _, _, at in best]
    return []


def _says_nothing(word: str) -> bool:
    """Whether a word says only what kind of agency is meant, also with a letter or two wrong."""
    if word in _SAY_NOTHING:
        return True
    like = process.extractOne(word, _SAY_NOTHING, scorer=fuzz.ratio, score_cutoff=_NEAR_ENOUGH)
    return len(word) > 4 and like is not None
