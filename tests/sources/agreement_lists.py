"""Small invented lists of agreements, as workbooks, for the tests."""

from datetime import date, datetime
from pathlib import Path

import openpyxl

REAL = Path(__file__).parents[2] / "../shared/data/287g"
HEADER = ["STATE", "LAW ENFORCEMENT AGENCY", "TYPE", "COUNTY", "SUPPORT TYPE", "SIGNED", "MOA"]
TASK, JAIL, WARRANT = "Task Force Model", "Jail Enforcement Model", "Warrant Service Officer"
SIGNED = datetime(2025, 2, 26)
DAY = date(2025, 2, 26)


def row(agency="Fern County Sheriff's Office", model=TASK, **other):
    """A row of a list; what is not told is as in a sound list."""
    told = {"state": "FLORIDA", "type": "County", "county": "Fern County", "signed": SIGNED}
    told |= {"moa": "link pending", **other}
    return [told["state"], agency, told["type"], told["county"], model, told["signed"], told["moa"]]


def listed(folder, *rows, day="20250328", header=HEADER, above=(), sheet="Sheet1", then=None):
    """Writes a list and gives its path. `then` may change the sheet before it is saved."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for cells in (*above, header, *rows):
        page.append(cells)
    if then:
        then(book, page)
    path = folder / f"participatingAgencies-{day}.xlsx"
    book.save(path)
    return path
