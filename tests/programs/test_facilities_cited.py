"""What a daily file tells of a facility stands in the rows that it names."""

import gzip
import statistics as numbers
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.programs.invented_facilities import facility, statistics
from tests.programs.test_facilities_measured import REAL, imports, needs_real, registry

from wayhome.programs.facilities.registry.building import build_registry
from wayhome.sources.import_folder import open_import
from wayhome.sources.population.importing import KIND, import_population

__all__ = ["imports", "registry"]  # fixtures, made once
HEAD = "detention_facility_code|n_detained|n_detained_at_midnight|date|detention_facility"
NORTH, SOUTH = ("AAAAANV", "NORTH JAIL"), ("BBBBBNV", "SOUTH JAIL")
BEGINS, ENDS = date(2028, 9, 20), date(2030, 4, 20)


def people_on(day, code):
    """Different on every day, nobody at first and at the end, and the most on 7 January 2030."""
    if day < date(2028, 10, 3) or day > date(2030, 4, 10):
        return 0
    return 500 if day == date(2030, 1, 7) else 50 + day.toordinal() % 37 + (code == SOUTH[0])


def invented(folder):
    """A file in which the days of two codes take turns, and the facility of the first of them."""
    days = [BEGINS + timedelta(n) for n in range((ENDS - BEGINS).days + 1)]
    lines = [HEAD]
    for day in days:
        for code, name in (NORTH, SOUTH):
            people = people_on(day, code)
            lines.append(f"{code}|{people}|{people // 2}|{day}|{name}")
    (folder / "days.csv").write_text("\n".join(lines) + "\n")
    import_population([folder / "days.csv"], folder / "people")
    rows = [facility(NORTH[1], people=60)]
    made = build_registry(
        [statistics(folder, fy2030=rows, fy2029=rows)], open_import(folder / "people", KIND)
    )
    return made.by_code[NORTH[0]], lines


def of_days(found, *fields):
    return [v for field in fields for v in found.values(field) if v.source == "days.csv"]


def test_each_day_of_use_stands_in_its_own_row(tmp_path):
    found, lines = invented(tmp_path)
    told = of_days(found, "first_day", "last_day", "most_people")
    assert [v.value for v in told] == [date(2028, 10, 3), date(2030, 4, 10), 500]
    days = [date(2028, 10, 3), date(2030, 4, 10), date(2030, 1, 7)]
    for value, day in zip(told, days, strict=True):
        code, people, _, on, _ = lines[value.row - 1].split("|")
        assert (code, int(people), on) == (NORTH[0], people_on(day, code), day.isoformat())
        assert value.last_row is None
    assert told[2].on == date(2030, 1, 7)


def test_each_average_is_that_of_the_rows_between_its_first_and_its_last(tmp_path):
    found, lines = invented(tmp_path)
    told = of_days(found, "population", "population_any_hour")
    years = {(v.field, v.period) for v in told}
    assert years == {(f, y) for f in ("population", "population_any_hour") for y in YEARS}
    for value in told:
        rows = [line.split("|") for line in lines[value.row - 1 : value.last_row]]
        own = [row for row in rows if row[0] == NORTH[0]]
        assert (own[0][3], own[-1][3]) == YEARS[value.period]
        assert rows[0] == own[0]
        place = {"people": 1, "at_midnight": 2}[value.column]
        assert numbers.mean(int(row[place]) for row in own) == pytest.approx(value.value)
        assert value.worked_out.endswith(f"; the rows of {NORTH[0]}")


# The workbooks reach to 2 April: of the year of 2030 that day, of a year that was over its end.
YEARS = {"FY2029": ("2028-10-01", "2029-04-02"), "FY2030": ("2029-10-01", "2030-04-02")}


def test_what_is_no_day_stands_in_the_first_row_of_the_code(tmp_path):
    found, lines = invented(tmp_path)
    for value in of_days(found, "name", "code"):
        assert str(value.value) in lines[value.row - 1].split("|")


# --- the real files ---


def _rows(path):
    """Rows of a daily file by their number: code, day, what is counted."""
    if path.suffix == ".parquet":
        columns = ["detention_facility_code", "date", "n_detained", "n_detained_at_midnight"]
        table = pq.read_table(path, columns=columns)
        return lambda row, last: [
            (one["detention_facility_code"], one["date"], one)
            for one in table.slice(row - 1, last - row + 1).to_pylist()
        ]
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    heads = lines[0].split("|")

    def read(row, last):
        told = [dict(zip(heads, line.split("|"), strict=True)) for line in lines[row - 1 : last]]
        return [
            (one["detention_facility_code"], date.fromisoformat(one["date"]), one) for one in told
        ]

    return read


@needs_real
@pytest.mark.parametrize("code", ["STWRTGA", "ADLNTCA", "KRO", "BPC", "JENATLA"])
def test_the_rows_that_it_names_come_to_the_real_values(registry, code):
    found = registry.by_code[code]
    files = {path.name: path for path in Path(REAL / "detention-population").iterdir()}
    columns = {"people": ("n_detained", "n"), "at_midnight": ("n_detained_at_midnight",)}
    fields = ("first_day", "last_day", "most_people", "population", "population_any_hour")
    told = [v for field in fields for v in found.values(field) if not v.sheet]
    assert len(told) > 8
    for file in {v.source for v in told}:
        read = _rows(files[file])
        for value in (v for v in told if v.source == file):
            rows = read(value.row, value.last_row or value.row)
            own = [(day, one) for at, day, one in rows if at == code]
            days = [day for day, _ in own]
            if value.field in ("first_day", "last_day"):
                assert days == [value.value]
                continue
            (column,) = set(columns[value.column]) & set(own[0][1])
            counted = [int(one[column]) for _, one in own]
            if value.field == "most_people":
                assert (days, counted) == ([value.on], [value.value])
            else:
                assert f"from {days[0]} to {days[-1]}" in value.worked_out
                assert numbers.mean(counted) == pytest.approx(value.value)
