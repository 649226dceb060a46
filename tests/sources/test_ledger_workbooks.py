"""Two statistics workbooks compared: sheets, the tables in them, and their rows by their labels."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.ledger.comparison import Cell, Change
from wayhome.sources.ledger.workbook import open_workbook, text_of
from wayhome.sources.ledger.workbook_comparison import compare_workbooks
from wayhome.sources.ledger.workbook_tables import tables_of

REAL = Path(__file__).parents[2] / "../shared/data/ice-detention-stats"

FACILITIES = [
    ["ICE Facilities Data"],
    [],
    ["Facility Information", None, None, "FY24 ADP: Level", None],
    ["Name", "City", "State", "FY24 ALOS", "Level A"],
    ["NORTH JAIL", "RENO", "NV", 10.5, 3],
    ["NORTH JAIL", "BEND", "OR", 20, 4],
    ["SOUTH CENTER", "JENA", "LA", 30, 5],
]


def workbook(path, **sheets):
    """A workbook of sheets given as rows; `_` in a sheet's name stands for a space."""
    path.parent.mkdir(exist_ok=True)
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    book.save(path)
    return open_workbook(path)


@pytest.fixture
def compared(tmp_path):
    """Compares two workbooks of sheets given as rows."""

    def compare(old, new):
        return compare_workbooks(
            workbook(tmp_path / "old" / "stats.xlsx", **old),
            workbook(tmp_path / "new" / "stats.xlsx", **new),
        )

    return compare


def named(comparison, part):
    (found,) = (table for table in comparison.tables if part in table.name)
    return found


def counts(found):
    return found.added, found.changed, found.vanished, found.unchanged


def test_it_knows_a_facility_by_its_name_and_place(compared):
    later = [list(row) for row in FACILITIES]
    later[3][3] = "FY26 ALOS"
    later[5][3], later[6] = 25, ["EAST CAMP", "EL PASO", "TX", 1, 1]
    # Rows move between years, and the order says nothing.
    later[4], later[5] = later[5], later[4]
    found = compared({"Facilities_FY24": FACILITIES}, {"Facilities_FY26": [[], *later]})
    table = named(found, "Facility Information")
    assert table.key == ("Name", "City", "State")
    assert counts(table) == (1, 1, 1, 1)
    assert table.columns == {"FY24 ALOS": 1}
    (changed,) = table.shown(Change.CHANGED)
    assert (changed.key, changed.cells) == (
        "NORTH JAIL, BEND, OR",
        (Cell("FY24 ALOS", "20", "25"),),
    )
    assert table.shown(Change.ADDED)[0].key == "EAST CAMP, EL PASO, TX"
    assert table.shown(Change.VANISHED)[0].key == "SOUTH CENTER, JENA, LA"
    assert any("'Facilities FY24' is taken for what is now" in note for note in found.notes)


def test_it_reads_tables_below_and_beside_each_other():
    grid = (
        ("Population", None, None, None, "Court"),
        ("Technology", "Count", "Cost", None, "Metric", "Count"),
        ("Ankle", 5, 1.5, None, "Attended", 9),
        ("Phone", 6, 2.5, None, "Failed", 1),
        ("Data of March.", None, None, None, None, None),
        (None,),
        ("Status",),
        ("Kind", "Count"),
        ("Single adult", 4),
    )
    first, second, third = tables_of(grid)
    assert (first.title, second.title, third.title) == ("Population", "Court", "Status")
    assert [key for key, _ in first.rows] == [("Ankle",), ("Phone",)]
    assert dict(second.rows)[("Failed",)]["Count"] == "1"
    assert third.columns == ("Kind", "Count")


def test_it_names_a_repeated_label_with_its_group(compared):
    rows = [
        ["Active participants"],
        ["Office", "Count"],
        ["Atlanta", 3],
        ["Ankle", 1],
        ["Phone", 2],
        ["Boston", 7],
        ["Ankle", 3],
        ["Phone", 4],
    ]
    later = [*rows[:6], ["Ankle", 5], ["Phone", 4]]
    table = named(compared({"ATD": rows}, {"ATD": later}), "Active")
    assert counts(table) == (0, 1, 0, 5)
    assert table.samples[0].key == "Boston, Ankle"


def test_it_fills_in_a_label_that_is_written_once_for_several_rows(compared):
    rows = [
        ["Releases"],
        ["Reason", "Criminality", "Oct"],
        ["Bond", "Total", 3],
        [None, "Convicted", 1],
        [None, "Other", 2],
        ["Parole", "Total", 3],
        [None, "Convicted", 3],
    ]
    later = [*rows[:6], [None, "Convicted", 0]]
    table = named(compared({"D": rows}, {"D": later}), "Releases")
    assert table.key == ("Reason", "Criminality")
    assert [(s.key, s.cells) for s in table.samples] == [
        ("Parole, Convicted", (Cell("Oct", "3", "0"),))
    ]


def test_it_tells_repeated_headings_apart_by_what_stands_over_them():
    grid = (
        ("Length of stay",),
        (),
        ("Population", 2023, None, None, None, 2024),
        (None, "January", None, "February", None, "January", None),
        (None, "mid", "end", "mid", "end", "mid", "end"),
        ("Adults", 1, 2, 3, 4, 5, 6),
    )
    (table,) = tables_of(grid)
    assert table.columns[1:] == (
        "2023 January mid",
        "2023 January end",
        "2023 February mid",
        "2023 February end",
        "2024 January mid",
        "2024 January end",
    )
    assert table.title == "Length of stay"
    assert table.rows[0][0] == ("Adults",)


def test_it_takes_no_fiscal_year_for_another_column(compared):
    rows = [["Arrests"], ["Country", "FY2018", "FY2019"], ["Haiti", 1, 2]]
    later = [["Arrests"], ["Country", "FY2019", "FY2020"], ["Haiti", 2, 3]]
    table = named(compared({"S": rows}, {"S": later}), "Arrests")
    assert table.is_same
    assert table.not_compared == ("FY2018 (only in the old one)", "FY2020 (only in the new one)")


def test_it_compares_rows_of_one_label_as_wholes(compared):
    rows = [
        ["Places"],
        ["Name", "City", "State", "Count"],
        ["A", "B", "TX", 1],
        ["A", "B", "TX", 2],
    ]
    later = [*rows[:3], ["A", "B", "TX", 3]]
    table = named(compared({"P": rows}, {"P": later}), "Places")
    assert table.keys_not_unique == 1
    assert counts(table) == (1, 0, 1, 1)


def test_it_compares_a_sheet_without_a_table_cell_by_cell(compared):
    found = compared(
        {"Header": [["Statistics"], ["of March"]]}, {"Header": [["Statistics"], ["of April"], [5]]}
    )
    (table,) = found.tables
    assert table.key == ("address",)
    assert [(s.change, s.key, s.cells) for s in table.samples] == [
        (Change.CHANGED, "A2", (Cell("value", "of March", "of April"),)),
        (Change.ADDED, "A3", (Cell("value", None, "5"),)),
    ]


def test_it_loses_no_cell_beside_the_tables(compared):
    rows = [["A note"], [], ["Kind", "Count"], ["x", 1], [], ["a lone", "pair"]]
    later = [["Another note"], [], ["Kind", "Count"], ["x", 1], [], ["a lone", "pair"]]
    table = named(compared({"N": rows}, {"N": later}), "beside its tables")
    assert {(s.change, s.cells[0]) for s in table.samples} == {
        (Change.VANISHED, Cell("text", "A note", None)),
        (Change.ADDED, Cell("text", None, "Another note")),
    }
    assert table.unchanged == 2


def test_it_names_sheets_and_tables_that_came_and_went(compared):
    table = [["Arrests"], ["Kind", "Count"], ["x", 1]]
    other = [[], ["Removals"], ["Sort", "Sum"], ["y", 1]]
    found = compared({"Trans": [["x"]], "S": table}, {"S": [*table, *other], "Camps": [["y"]]})
    assert found.only_old == ("Trans",)
    assert found.only_new == ("Camps", "S: Removals")


def test_it_takes_the_newest_sheet_of_several_for_the_newest(compared):
    rows = [["x", "y"], ["a", 1]]
    found = compared({"ATD_EOFY23": rows, "ATD_EOFY24": rows}, {"ATD_FY26_YTD": rows})
    assert found.only_old == ("ATD EOFY23",)


@pytest.mark.parametrize(
    ("cell", "text"),
    [(5, "5"), (5.0, "5"), (0.1 + 0.2, "0.3"), ("  two\n lines ", "two lines"), (" ", None)],
)
def test_it_compares_values_and_not_their_dress(tmp_path, cell, text):
    book = workbook(tmp_path / "b" / "x.xlsx", S=[[cell, "end"]])
    assert text_of(book.sheets["S"][0][0]) == text


def test_it_reads_a_day_as_a_day(tmp_path):
    book = workbook(tmp_path / "b" / "x.xlsx", S=[[datetime(2026, 3, 1)]])
    assert book.sheets["S"] == (("2026-03-01",),)


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 cut off"])
def test_it_says_in_a_sentence_that_a_workbook_is_damaged(tmp_path, content):
    path = tmp_path / "stats.xlsx"
    path.write_bytes(content)
    with pytest.raises(ReleaseProblem, match=r"stats\.xlsx is no sound Excel workbook"):
        open_workbook(path)
    with pytest.raises(ReleaseProblem, match="There is no workbook"):
        open_workbook(tmp_path / "nothing.xlsx")


def test_it_refuses_an_invented_workbook_beside_a_real_one(tmp_path):
    invented = workbook(tmp_path / "a" / "SYNTHETIC-stats.xlsx", S=[["x"]])
    real = workbook(tmp_path / "b" / "stats.xlsx", S=[["x"]])
    with pytest.raises(ReleaseProblem, match="SYNTHETIC"):
        compare_workbooks(invented, real)
    assert compare_workbooks(invented, invented).is_synthetic


@pytest.fixture(scope="module")
def real():
    if not REAL.is_dir():
        pytest.skip("the real workbooks are not here")
    names = ("FY24_detentionStats.xlsx", "FY26_detentionStats_04092026.xlsx")
    return [open_workbook(REAL / name) for name in names]


def test_it_finds_every_facility_of_the_real_workbooks(real):
    table = named(compare_workbooks(*real), "Facility Information")
    assert table.key == ("Name", "City", "State")
    by_hand = []
    for book, sheet in zip(real, ("Facilities EOFY24", "Facilities FY26"), strict=True):
        # One facility of 2026 has no state; every one has a postal code.
        rows = [row for row in book.sheets[sheet] if len(row) > 4 and str(row[4]).isdecimal()]
        by_hand.append({(row[0], row[2], row[3]) for row in rows})
    old, new = by_hand
    assert (table.old_rows, table.new_rows) == (len(old), len(new))
    assert (table.added, table.vanished) == (len(new - old), len(old - new))


def test_it_takes_most_cells_of_the_real_workbooks_for_tables(real):
    for book in real:
        for name, grid in book.sheets.items():
            found = tables_of(grid)
            cells = sum(value is not None for row in grid for value in row)
            taken = sum(len(table.cells) for table in found)
            assert taken > 0.9 * cells or name == "Header", name
            assert len(set().union(*(t.cells for t in found))) == taken
