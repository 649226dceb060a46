"""Small invented imports of workbooks, a list and a daily file of facilities."""

from tests.sources.statistics_workbook import FACILITIES, FIRST, save

from wayhome.sources.detention_stats.importing import KIND as STATISTICS
from wayhome.sources.detention_stats.importing import import_statistics
from wayhome.sources.import_folder import open_import
from wayhome.sources.population.importing import KIND as POPULATION
from wayhome.sources.population.importing import import_population

LIST = "detloc|name|address|city|county|state|zip|aor|type|type_detailed|capacity|guaranteed_minimum|date_of_last_use"
DAYS = "detention_facility_code|n|date|detention_facility"


def facility(
    name, address="1 MAIN ST", city="RENO", state="NV", zip_code=89501, people=10, **other
):
    """A row of a workbook; `people` is its average population."""
    by_level = [people, 0, 0, 0]
    return [
        *[name, address, city, state, zip_code, other.get("office", "SLC")],
        *[other.get("type", "IGSA"), "Male", 10.5, *by_level, *by_level, *by_level],
        *[0, other.get("minimum"), "ODO", "3/10/2030", "NDS 2019", "Pass"],
    ]


def workbook(folder, year, rows):
    """A workbook of a fiscal year with these facilities, data as of 2 April."""
    short = str(year)[2:]
    head = [
        [str(cell).replace("FY30", f"FY{short}").replace("2030", str(year)) for cell in row]
        for row in FACILITIES[:FIRST]
    ]
    path = folder / f"FY{short}_stats_0409{year}.xlsx"
    return save(path, {f"Facilities FY{short}": [*head, *rows]})


def statistics(folder, **years):
    """An import of workbooks: `fy2030=[rows]`."""
    books = [workbook(folder, int(year[2:]), rows) for year, rows in years.items()]
    import_statistics(books, folder / "stats")
    return open_import(folder / "stats", STATISTICS)


def listed(code, name, address="1 MAIN ST", city="RENO", state="NV", zip_code="89501", **other):
    """A line of the list."""
    kind = other.get("type", "IGSA")
    cells = (code, name, address, city, other.get("county", "NA"), state, zip_code, "SLC")
    more = (kind, other.get("detailed", kind), other.get("capacity", "NA"))
    return "|".join([*cells, *more, other.get("minimum", "NA"), "1/2/2017"])


def population(folder, lines=(), days=()):
    """An import of a list and of a daily file."""
    paths = []
    for name, head, rows in (("list.csv", LIST, lines), ("days.csv", DAYS, days)):
        if rows:
            path = folder / name
            path.write_text("\n".join([head, *rows]) + "\n")
            paths.append(path)
    import_population(paths, folder / "people")
    return open_import(folder / "people", POPULATION)


def every_day(code, people, name, year=2030):
    """Lines of a daily file from 1 October to 2 April."""
    months = [(year - 1, 10, 31), (year - 1, 11, 30), (year - 1, 12, 31)]
    months += [(year, 1, 31), (year, 2, 28), (year, 3, 31), (year, 4, 2)]
    return [
        f"{code}|{people}|{y}-{month:02}-{day:02}|{name}"
        for y, month, last in months
        for day in range(1, last + 1)
    ]
