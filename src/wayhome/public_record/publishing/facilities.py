"""The registry of facilities as tables of the record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from wayhome.programs.facilities.registry.facility import Facility, FieldValue, Registry
from wayhome.public_record.publishing.contracts import OTHER, contract_of
from wayhome.public_record.publishing.folder import DECIMALS, Row, Rows
from wayhome.public_record.publishing.sources import SourceFiles
from wayhome.public_record.tables import FACILITIES
from wayhome.sources.county_population.estimates import packaged_estimates

# Columns of `facilities` that are called otherwise in the registry.
CALLED = {
    "standard": "last_inspection_standard",
    "last_inspection": "last_inspection_date",
}
# In `facility_fields` alone: they are shown beside each other, and none of them is the best.
BESIDE = (
    *("last_inspection_type", "instead_of_inspection_date", "first_use", "last_use"),
    *("population", "population_any_hour"),
    *(
        f"{inspection}_{part}"
        for inspection in (
            *("second_inspection", "last_contractor_inspection"),
            "second_contractor_inspection",
        )
        for part in ("type", "standard", "date", "rating")
    ),
)
# Columns that are no field of the registry.
OWN = ("facility", "name", "code", "contract", "county_fips", "population", "population_on")
FIELDS = tuple(name for name in FACILITIES.names if name not in OWN)


def facility_rows(registry: Registry, sources: SourceFiles) -> Rows:
    """The tables `facilities` and `facility_…`, but for their people by month and day."""
    rows: dict[str, list[Row]] = defaultdict(list)
    rows["facility_questions"] = list(_questions(registry))
    for facility in registry.facilities:
        rows["facilities"].append(_facility(facility))
        rows["facility_names"] += _names(facility, registry, sources)
        rows["facility_former_ids"] += (
            {"facility": facility.id, "former": former} for former in facility.former_ids
        )
        for column in FIELDS:
            told = facility.values(CALLED.get(column, column))
            rows["facility_fields"] += [_field(facility, column, one, sources) for one in told]
        for field in BESIDE:
            told = facility.values(field)
            rows["facility_fields"] += [_field(facility, field, one, sources) for one in told]
    return dict(rows)


def _questions(registry: Registry) -> Iterator[Row]:
    """Pairs that may be one facility, which nobody has decided."""
    for match in registry.questions:
        yield {
            "facility": registry.by_record[match.one.key].id,
            "other": registry.by_record[match.other.key].id,
            "likeness": match.score,
            "because": match.because,
        }


def contracts_by_code(registry: Registry) -> Mapping[str, str]:
    """By whom a facility is run (contracts.py), by ICE's code; without those not known."""
    found = ((facility, contract_of_facility(facility)) for facility in registry.facilities)
    return {code: told for facility, told in found if told for code in facility.codes}


def contract_of_facility(facility: Facility) -> str | None:
    """From its newest type; where that says only "Other", from the detailed type of 2017."""
    told = contract_of(facility.text("type"))
    return contract_of(facility.text("type_detailed")) or told if told in (None, OTHER) else told


def _facility(facility: Facility) -> Row:
    population = facility.best("population")
    values: dict[str, Any] = {}
    for column in FIELDS:
        best = facility.best(CALLED.get(column, column))
        values[column] = best.value if best else None
    return {
        **values,
        "facility": facility.id,
        "name": facility.name,
        "code": " ".join(facility.codes),
        "contract": contract_of_facility(facility),
        "county_fips": _county_number(values["state"], values["county"]),
        "population": population.value if population else None,
        "population_on": population.on if population else None,
    }


def _county_number(state: object, county: object) -> str | None:
    place = packaged_estimates().of(str(state), str(county)) if state and county else None
    return place.fips if place else None


def _names(facility: Facility, registry: Registry, sources: SourceFiles) -> Iterator[Row]:
    because = _reasons(facility, registry)
    columns = {(n.source, n.sheet, n.row): n.column for n in facility.names}
    for record in facility.records:
        yield {
            "facility": facility.id,
            "name": record.name,
            "code": record.code,
            "source": sources.id_of(record.source),
            "sheet": record.sheet,
            "row": record.row,
            "column": sources.heading_of(
                record.source, columns.get((record.source, record.sheet, record.row))
            ),
            "because": because.get(record.key),
        }


def _reasons(facility: Facility, registry: Registry) -> Mapping[str, str]:
    keys = {record.key for record in facility.records}
    return {match.other.key: match.because for match in registry.joined if match.other.key in keys}


def _field(facility: Facility, column: str, told: FieldValue, sources: SourceFiles) -> Row:
    return {
        "facility": facility.id,
        "field": column,
        "value": _text(told.value),
        "source": sources.id_of(told.source),
        "sheet": told.sheet,
        "row": told.row,
        "last_row": told.last_row,
        "column": sources.heading_of(told.source, told.column),
        "on": told.on,
        "period": told.period,
        "in_conflict": told.in_conflict,
        "note": told.worked_out,
    }


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        # As facilities.csv rounds it, so that both are shown alike; what is more than nothing is
        # not written as 0.
        rounded = round(value, DECIMALS)
        short = f"{rounded:.10g}" if rounded or not value else f"{value:.1g}"
        return short if abs(value) < 1e6 else str(round(value))
    return str(value)


__all__: Sequence[str] = ("contract_of_facility", "contracts_by_code", "facility_rows")
