"""People counted in several ways, inspections of several workbooks, days on which a file begins."""

from datetime import date

from tests.programs.invented_facilities import LIST as HEADINGS
from tests.programs.invented_facilities import every_day, facility, listed, statistics

from wayhome.programs.facilities.registry.building import build_registry
from wayhome.sources.import_folder import open_import
from wayhome.sources.population.importing import KIND, import_population

HEAD = "detention_facility_code|n_detained|n_detained_at_midnight|date|detention_facility"
NORTH = "AAAAANV", "NORTH JAIL"


def inspected(day, rating, kind="ODO"):
    return [*facility(NORTH[1], people=100)[:-4], kind, day, "NDS 2019", rating]


def made(folder, rows, **older):
    """The facility of a workbook, of an older one, and of a daily file of 100, 85 at midnight."""
    counted = every_day(NORTH[0], "120|85", NORTH[1])
    path = folder / "days.csv"
    path.write_text("\n".join([HEAD, *counted]) + "\n")
    places = folder / "list.csv"
    places.write_text("\n".join([HEADINGS, listed(*NORTH)]) + "\n")
    import_population([path, places], folder / "people")
    stats = statistics(folder, fy2030=rows, **older)
    registry = build_registry([stats], open_import(folder / "people", KIND))
    (found,) = registry.facilities
    return found


def test_it_tells_midnight_and_any_hour_apart_and_calls_neither_a_conflict(tmp_path):
    found = made(tmp_path, [inspected("3/10/2030", "Pass")])
    told = {(v.value, v.worked_out.split(",")[0]) for v in found.values("population")}
    assert (85.0, "at midnight") in told
    assert 120.0 not in {value for value, _ in told}
    (any_hour,) = found.values("population_any_hour")
    assert any_hour.value == 120
    assert any_hour.worked_out.startswith("anybody at any hour")
    assert found.conflicts == ()
    assert found.number("population") == 100


def test_it_says_that_a_file_begins_on_the_first_day_with_anybody(tmp_path):
    (first,) = made(tmp_path, [inspected("3/10/2030", "Pass")]).values("first_day")
    assert first.value == date(2029, 10, 1)
    assert "the file begins on this day (2029-10-01), not the use" in first.worked_out


def test_it_joins_no_two_inspections(tmp_path):
    newest = [inspected("Scheduled FY31", "Pass", "Preoccupancy")]
    found = made(tmp_path, newest, fy2024=[inspected("3/10/2024", "Acceptable")])
    assert found.text("instead_of_inspection_date") == "Scheduled FY31"
    assert found.best("last_inspection_date") is None
    assert found.text("last_inspection_rating") == "Pass"
    assert found.text("last_inspection_type") == "Preoccupancy"
    assert len(found.values("last_inspection_rating")) == 2
