"""ICE's statistics workbooks: found by what headings say, every row and total accounted for."""

import time
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sources.statistics_workbook import (
    EAST,
    FIRST,
    HEADINGS,
    MONTHS,
    NORTH,
    facilities,
    nation,
    save,
)

from wayhome.sources.detention_stats.accounting import Marks, finished_rows, sheet_account
from wayhome.sources.detention_stats.facilities import read_facilities
from wayhome.sources.detention_stats.importing import import_statistics
from wayhome.sources.detention_stats.national import read_figures
from wayhome.sources.detention_stats.sheets import Sheet
from wayhome.sources.detention_stats.workbooks import read_workbook
from wayhome.sources.eoir.release import ReleaseProblem

REAL = Path(__file__).parents[2] / "../shared/data/ice-detention-stats"
needs_real = pytest.mark.skipif(not REAL.exists(), reason="the real workbooks are not here")


@pytest.fixture
def read(tmp_path):
    """Reads a workbook of sheets given as rows."""

    def read_sheets(rows=None, more=None, merged=(), sheet="Facilities FY30", name="stats.xlsx"):
        sheets = {sheet: facilities() if rows is None else rows, **(more or {})}
        return read_workbook(save(tmp_path / name, sheets, merged))

    return read_sheets


def found(book):
    return [facility for sheet in book.facility_sheets for facility in sheet.facilities]


def names(book):
    return [facility.values["name"] for facility in found(book)]


def one(book, name):
    (facility,) = [f for f in found(book) if f.values["name"] == name]
    return facility.values


def told(book):
    return "\n".join((*book.told, *(fault.sentence() for fault in book.faults)))


def outcome(book, row, sheet="Facilities FY30"):
    (account,) = [a for a in book.rows if (a.sheet, a.row) == (sheet, row)]
    return account.outcome, account.reason


def refused(read, *args, **kwargs):
    with pytest.raises(ReleaseProblem) as caught:
        read(*args, **kwargs)
    return str(caught.value)


def column(name):
    return HEADINGS.index(name)


# Facilities


def test_it_reads_a_facility_with_what_the_sheet_says_of_it(read):
    book = read()
    assert names(book) == ["NORTH JAIL", "EAST CENTER", "SOUTH CAMP"]
    east = one(book, "EAST CENTER")
    assert (east["zip"], east["field_office"], east["guaranteed_minimum"]) == ("02360", "BOS", None)
    assert (east["average_stay"], east["female_criminal"]) == (20, 0)
    assert [facility.population for facility in found(book)] == [10, 20, 5]
    assert (book.fiscal_year, book.data_as_of) == (2030, date(2030, 4, 2))


def test_it_finds_the_facilities_on_a_sheet_of_another_name(read):
    assert names(read(sheet="Plazas")) == names(read())


def test_it_finds_headings_that_moved_three_rows(read):
    rows = facilities()
    rows[FIRST - 1 : FIRST - 1] = [[], ["This list is limited."], []]
    book = read(rows)
    assert names(book) == ["NORTH JAIL", "EAST CENTER", "SOUTH CAMP"]
    assert found(book)[0].row == FIRST + 4


def test_it_finds_columns_in_any_order(read):
    backwards = [row[::-1] if len(row) == len(HEADINGS) else row for row in facilities()]
    assert one(read(backwards), "NORTH JAIL") == one(read(), "NORTH JAIL")


def test_it_knows_a_heading_whose_words_changed_places(read):
    rows = facilities()
    rows[FIRST - 1][column("Last Inspection End Date")] = "Date of Last Inspection"
    assert one(read(rows), "NORTH JAIL")["last_inspection_date"] == date(2030, 3, 10)


def test_it_reads_headings_that_are_merged_over_two_rows(read):
    rows = facilities()
    rows[FIRST - 1 : FIRST - 1] = [HEADINGS[:8]]
    rows[FIRST][:8] = [None] * 8
    merged = [("Facilities FY30", f"{letter}6:{letter}7") for letter in "ABCDEFGH"]
    assert one(read(rows, merged=merged), "NORTH JAIL")["city"] == "RENO"


def test_it_reads_a_heading_under_the_one_that_groups_it(read):
    rows = facilities()
    first = column("Last Inspection Type")
    rows[FIRST - 2][: first + 1] = [None] * first + ["Last Inspection"]
    rows[FIRST - 1][first:] = ["Type", "End Date", "Standard", "Rating"]
    book = read(rows, merged=[("Facilities FY30", "X5:AA5")])
    north = one(book, "NORTH JAIL")
    assert (north["type"], north["last_inspection_type"]) == ("IGSA", "ODO")
    assert north["last_inspection_rating"] == "Pass"


def test_it_takes_a_text_that_is_merged_downwards_for_each_row(read):
    office = column("AOR")
    rows = facilities()
    rows[FIRST + 1][office] = None
    book = read(rows, merged=[("Facilities FY30", "F7:F8")])
    assert one(book, "EAST CENTER")["field_office"] == "SLC"


def test_it_takes_a_number_that_is_merged_over_two_facilities_for_unknown(read):
    rows = facilities()
    rows[FIRST + 1][column("Guaranteed Minimum")] = None
    book = read(rows, merged=[("Facilities FY30", "W7:W8")])
    assert one(book, "NORTH JAIL")["guaranteed_minimum"] is None
    assert one(book, "EAST CENTER")["guaranteed_minimum"] is None
    assert "row 7, column W (Guaranteed Minimum)" in told(book)
    assert "merged" in told(book)


def test_it_does_not_take_a_total_row_for_a_facility(read):
    total = ["Total", *[None] * 8, 15, 9, 6, 5, 17, 10, 5, 3, 7, 8, 9, 11, 20, 55]
    rows = [*facilities()[: FIRST + 1], *facilities()[FIRST + 1 :], total]
    book = read(rows)
    assert len(found(book)) == 3
    assert outcome(book, FIRST + 4) == ("total", "")
    assert len(book.totals) == 14
    assert [t for t in book.totals if t.differs] == []


def test_it_tells_a_total_that_its_facilities_do_not_add_up_to(read):
    total = ["Grand Total", *[None] * 8, 15, 9, 6, 99]
    rows = [*facilities()[:FIRST], total, *facilities()[FIRST:]]
    book = read(rows)
    (wrong,) = [t for t in book.totals if t.differs]
    assert (wrong.stated, wrong.added) == (99, 5)
    assert "row 7, column M (Level D)" in wrong.sentence()


def test_it_takes_a_column_that_is_missing_for_unknown(read):
    rows = facilities()
    for row in rows[FIRST - 1 :]:
        del row[column("Guaranteed Minimum")]
    book = read(rows)
    assert "guaranteed_minimum" not in one(book, "NORTH JAIL")
    assert "no column for guaranteed minimum" in told(book)
    assert one(book, "NORTH JAIL")["last_inspection_rating"] == "Pass"


@pytest.mark.parametrize(
    ("headings", "lacking"),
    [
        (["Name"], "no column for name"),
        (["Level A", "Male Crim", "ICE Threat Level 1"], "the population"),
    ],
)
def test_it_stops_when_a_column_is_missing_without_which_it_means_nothing(read, headings, lacking):
    rows = facilities()
    for heading in headings:
        rows[FIRST - 1][column(heading)] = None
    message = refused(read, rows)
    assert lacking in message
    assert "stats.xlsx, sheet 'Facilities FY30', row 6" in message
    assert "Guaranteed Minimum" in message


def test_it_tells_of_a_column_whose_meaning_it_does_not_know(read):
    rows = facilities()
    rows[FIRST - 1].append("Number of Windows")
    rows[FIRST].append(12)
    assert "'Number of Windows' (AB)" in told(read(rows))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (47_500, date(2030, 1, 17)),
        ("1/17/2030", date(2030, 1, 17)),
        (date(2030, 1, 17), date(2030, 1, 17)),
        ("N/A", None),
        (None, None),
    ],
)
def test_it_reads_a_date_however_it_is_written(read, said, meant):
    rows = facilities()
    rows[FIRST][column("Last Inspection End Date")] = said
    book = read(rows)
    assert one(book, "NORTH JAIL")["last_inspection_date"] == meant
    assert book.faults == ()


@pytest.mark.parametrize("said", ["Scheduled FY31", "New Facility", "13/45/2030"])
def test_it_keeps_what_stands_in_the_place_of_a_date(read, said):
    rows = facilities()
    rows[FIRST][column("Last Inspection End Date")] = said
    facility = found(read(rows))[0]
    assert (facility.values["last_inspection_date"], facility.instead_of_date) == (None, said)


@pytest.mark.parametrize("said", ["N/A", "-", " ", "*", None])
def test_it_never_takes_unknown_for_nothing(read, said):
    rows = facilities()
    rows[FIRST][column("Level A")] = said
    rows[FIRST][column("Guaranteed Minimum")] = said
    book = read(rows)
    north = found(book)[0]
    assert (north.values["level_a"], north.values["guaranteed_minimum"]) == (None, None)
    # The other divisions of the same people still tell how many they are.
    assert north.population == 10
    assert book.faults == ()


def test_it_does_not_know_a_population_of_which_a_part_is_not_known(read):
    rows = facilities()
    for heading in ("Level A", "Male Crim", "No ICE Threat Level"):
        rows[FIRST][column(heading)] = "N/A"
    assert found(read(rows))[0].population is None


@pytest.mark.parametrize("said", ["abc", -4, "3 or 4", True])
def test_it_tells_of_a_figure_that_is_none_and_leaves_it_unknown(read, said):
    rows = facilities()
    rows[FIRST][column("Level C")] = said
    book = read(rows)
    assert one(book, "NORTH JAIL")["level_c"] is None
    (fault,) = book.faults
    assert "row 7, column L (Level C)" in fault.sentence()
    assert "would be right" in fault.sentence()


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Zip", 1e300),
        ("Zip", 123456),
        ("Level A", "1e999"),
        ("Level A", "nan"),
        ("FY30 ALOS", 1e300),
    ],
)
def test_it_is_not_thrown_by_a_number_out_of_this_world(read, heading, said):
    rows = facilities()
    rows[FIRST][column(heading)] = said
    book = read(rows)
    assert [fault.heading for fault in book.faults] == [heading]


def test_it_sets_a_facility_aside_that_is_there_twice(read):
    book = read([*facilities(), list(EAST)])
    assert len(found(book)) == 3
    assert outcome(book, FIRST + 4) == ("set_aside", "it repeats row 8")
    assert "EAST CENTER is there twice, in rows 8 and 10" in told(book)


def test_it_reads_both_when_a_facility_is_there_twice_with_other_figures(read):
    other = list(EAST)
    other[column("FY30 ALOS")] = 99
    book = read([*facilities(), other])
    assert len(found(book)) == 4
    assert "their figures differ" in told(book)


def test_it_takes_jails_of_one_name_in_two_places_for_two(read):
    other = list(NORTH)
    other[column("City")], other[column("State")] = "BEND", "OR"
    book = read([*facilities(), other])
    assert len(found(book)) == 4
    assert "twice" not in told(book)


def test_it_knows_notes_and_repeated_headings_among_the_facilities(read):
    rows = [*facilities()[: FIRST + 1], HEADINGS, EAST, ["ODO inspections are conducted yearly."]]
    book = read(rows)
    assert names(book) == ["NORTH JAIL", "EAST CENTER"]
    assert outcome(book, FIRST + 2)[0] == "heading"
    assert outcome(book, FIRST + 4)[0] == "footnote"


def test_it_sets_numbers_without_a_facility_aside(read):
    book = read([*facilities(), [None] * 9 + [1, 2, 3, 4]])
    assert outcome(book, FIRST + 4) == ("set_aside", "it has numbers and no name of a facility")


def test_it_tells_when_the_same_people_do_not_come_to_the_same_number(read):
    rows = facilities()
    rows[FIRST][column("Male Crim")] = 50
    assert "10.00 by classification level, 55.00 by criminality and sex" in told(read(rows))


def test_it_reads_the_layout_that_is_told_of_2019(read):
    """Sheet "Facilities FY19", groups in row 5, headings in row 7, columns to AE."""
    inspection = ("Inspection Type", "Inspection Standard", "Inspection Rating", "Inspection Date")
    headings = [
        *[text.replace("FY30", "FY19") for text in HEADINGS[:-4]],
        *(f"Last {words}" for words in inspection),
        *(f"Second to Last {words}" for words in inspection),
    ]
    assert len(headings) == openpyxl.utils.column_index_from_string("AE")
    groups = [None] * len(headings)
    groups[0], groups[9] = "Facility Information", "FY19 ADP: Detainee Classification Level"
    last, before = ["Regular", "NDS", "Pass", "5/9/2019"], ["ODO", "NDS", "Fail", "7/18/2018"]
    rows = [
        ["ICE FACILITIES DATA, FY19"], [], ["Source: ICE IIDS, 10/01/2019"], [],
        groups, [], headings,
        [*NORTH[:23], *last, *before], [*EAST[:23], *last, *before],
    ]  # fmt: skip
    merged = [("Facilities FY19", "A5:I5"), ("Facilities FY19", "J5:M5")]
    book = read(rows, merged=merged, sheet="Facilities FY19", name="FY19-detentionstats.xlsx")
    assert names(book) == ["NORTH JAIL", "EAST CENTER"]
    assert [facility.row for facility in found(book)] == [8, 9]
    values = one(book, "NORTH JAIL")
    assert (values["average_stay"], values["guaranteed_minimum"]) == (10.5, 50)
    assert (values["last_inspection_date"], values["last_inspection_rating"]) == (
        date(2019, 5, 9), "Pass"
    )  # fmt: skip
    assert (values["second_inspection_date"], values["second_inspection_rating"]) == (
        date(2018, 7, 18), "Fail"
    )  # fmt: skip
    (sheet,) = book.facility_sheets
    assert (sheet.sheet, sheet.fiscal_year) == ("Facilities FY19", 2019)
    letters = {one.field: one.column for one in sheet.columns}
    assert letters["second_inspection_date"] == "AE"


def test_it_reads_the_inspections_of_two_inspectors_as_in_2023(read):
    rows = facilities()
    rows[FIRST - 1][column("Last Inspection Type") :] = [
        *["ODO Inspection End Date", "ODO Last Inspection Standard", "ODO Final Rating"],
        *["Last Nakamoto Inspection Standard", "Last Nakamoto Inspection Rating - Final"],
        *["Last Nakamoto Inspection Date", "Second to Last Nakamoto Inspection Date"],
    ]
    rows[FIRST][column("Last Inspection Type") :] = [
        *["1/2/2030", "NDS 2019", "Pass", "PBNDS 2011", "Meets Standard", "3/4/2029", "5/6/2028"]
    ]
    north = one(read(rows), "NORTH JAIL")
    assert north["last_inspection_date"] == date(2030, 1, 2)
    assert north["last_inspection_rating"] == "Pass"
    assert north["last_contractor_inspection_rating"] == "Meets Standard"
    assert north["second_contractor_inspection_date"] == date(2028, 5, 6)


# The nation

GAP = [None] * 6


def figures(book, table, **labels):
    return {
        figure.month: figure.value
        for figure in book.figures
        if figure.layout.table == table
        and all(figure.labels.get(name) == value for name, value in labels.items())
    }


def test_it_reads_months_as_months_and_the_year_as_a_whole(read):
    book = read(more={"Detention FY30": nation()})
    assert figures(book, "book_ins", agency="ICE") == {
        date(2029, 10, 1): 60,
        date(2029, 11, 1): 150,
        None: 210,
    }
    assert figures(book, "average_population", facility_type="FRC")[None] == 7.5
    assert [total for total in book.totals if total.differs] == []


def test_it_does_not_take_months_to_come_for_months_without_anybody(read):
    book = read(more={"Detention FY30": nation()})
    assert set(figures(book, "average_population", facility_type="all")) == {
        date(2029, 10, 1),
        date(2029, 11, 1),
        None,
    }
    assert "nothing but 0 or blanks for December 2029 to September 2030" in told(book)


def test_it_keeps_a_zero_in_a_month_that_is_filled_in(read):
    rows = nation()
    rows[5][1], rows[6][1] = 0, 30
    book = read(more={"Detention FY30": rows})
    assert figures(book, "average_population", facility_type="FRC")[date(2029, 10, 1)] == 0


def test_it_finds_national_tables_that_moved_or_whose_headings_moved(read):
    rows = [[], [], [], *nation()]
    rows.insert(6, [])
    moved = [[None, None, *row] for row in rows]
    book = read(more={"Elsewhere": moved})
    assert figures(book, "book_ins", agency="CBP")[date(2029, 11, 1)] == 50


def test_it_tells_a_national_total_that_differs(read):
    rows = nation()
    rows[10][1] = 101
    book = read(more={"Detention FY30": rows})
    wrong = [total.sentence() for total in book.totals if total.differs]
    assert len(wrong) == 2  # along the agencies, and along the months
    assert (
        "row 11, column B (book_ins by agency, along agency): the sheet states 101.00" in wrong[0]
    )


def test_it_reads_tables_beside_each_other_and_rows_under_rows(read):
    rows = [
        ["ICE Currently Detained by Criminality and Arresting Agency", *GAP, "ICE Removals: FY30"],
        ["Criminality", "ICE", "Percent ICE", "CBP", "Total", None, None, None, None, "Removals"],
        ["Total", 3, 0.75, 1, 4, None, None, "Total", None, 9],
        [
            "Convicted Criminal",
            3,
            0.75,
            1,
            4,
            None,
            None,
            "Removals with an FRC Detention",
            None,
            2,
        ],
        [],
        ["Active ATD Participants and Average Length in Program, FY30, by AOR and Technology"],
        ["AOR/Technology", "Count", "Average Length in Program"],
        ["Total", 10, 5.5],
        ["Boston", 10, 5.5],
        ["GPS", 4, 5],
        ["New Gadget", 6, 6],
        ["Miami", 0, "N/A"],
        ["New Gadget", 0, "N/A"],
    ]
    book = read(more={"Detention FY30": rows})
    detained = [f for f in book.figures if f.layout.table == "detained"]
    assert {(f.labels["agency"], f.labels["criminality"]): f.value for f in detained} == {
        ("ICE", "all"): 3,
        ("CBP", "all"): 1,
        ("all", "all"): 4,
        ("ICE", "Convicted Criminal"): 3,
        ("CBP", "Convicted Criminal"): 1,
        ("all", "Convicted Criminal"): 4,
    }
    assert [f.value for f in book.figures if f.layout.table == "removals"] == [9, 2]
    areas = [f for f in book.figures if f.layout.by == "area" and f.measure == "people"]
    assert [(f.labels["area"], f.labels["technology"]) for f in areas] == [
        ("all", "all"),
        ("Boston", "all"),
        ("Boston", "GPS"),
        ("Boston", "New Gadget"),
        ("Miami", "all"),
        ("Miami", "New Gadget"),
    ]
    assert [total for total in book.totals if total.differs] == []


def test_it_takes_a_year_for_unknown_that_most_tables_leave_at_zero(read):
    rows = []
    for who in ("Armed Forces Noncitizen", "Citizen"):
        for event, past in (("Arrests", 4), ("Removals", 0 if who == "Citizen" else 2)):
            title = f"United States {who} {event} FY2028 - FY2029"
            rows += [[title], ["Fiscal Year", event], ["FY2028", past], ["FY2029", 0], []]
    book = read(more={"Semiannual": rows})
    known = {(f.layout.by, f.fiscal_year): f.value for f in book.figures}
    # Nobody was removed in 2028; of 2029 nothing was filled in.
    assert known == {
        ("armed_forces_arrests", 2028): 4,
        ("armed_forces_removals", 2028): 2,
        ("citizens_arrests", 2028): 4,
        ("citizens_removals", 2028): 0,
    }
    assert "FY2029" in told(book)


def test_it_tells_when_releases_and_releases_on_bond_changed_places(read):
    months = [date(2030, 2, 1), date(2030, 3, 1)]
    rows = [
        ["FY2030 Bonded Out Book Outs Count and ALOS - Prior 12 months"],
        [],
        [None, *months],
        ["Total ICE Final Book Outs", 10, 20],
        ["ICE Final Book Outs with Bond Posted", 300, 400],
        ["Average Bond Amount ($)", 7000, 8000],
    ]
    book = read(more={"Monthly Bond Statistics": rows})
    amounts = figures(book, "bonds", item="Average Bond Amount ($)")
    assert amounts == {months[0]: 7000, months[1]: 8000}
    assert "rows 4 and 5" in told(book)
    assert "300 of 10" in told(book)


def test_it_counts_years_on_where_the_next_january_has_no_year(read):
    heads = [
        [None, "December", None, "January"],
        [None, "mid ", "end", "mid ", "end"],
    ]
    rows = [
        ["Average In Custody Length of Stay (ICLOS)"],
        [],
        ["Population ", 2029],
        *heads,
        ["Adult Facility Individuals", 40, 50, 0, 60.5],
        ["Total", 40, 50, 0, 60.5],
        [],
        ["Detainees"],
        ["Population ", 2029],
        *heads,
        ["Adult Facility Individuals"],
        ["0-180 Days", 7, 8, 0, 9],
        ["More than 730 Days", 1, 1, 0, 0],
        ["Total", 8, 9, 0, 90],
    ]
    book = read(more={" ICLOS": rows})
    ends = figures(book, "in_custody", point="end", time_held="0-180 Days")
    assert ends == {date(2029, 12, 1): 8, date(2030, 1, 1): 9}
    assert figures(book, "in_custody", point="mid", time_held="all") == {date(2029, 12, 1): 8}
    assert "for mid January 2030 in the table of row 1" in told(book)
    (wrong,) = [total for total in book.totals if total.differs]
    assert (wrong.stated, wrong.added) == (90, 9)


def test_it_stops_at_headings_it_does_not_know_under_a_title_it_knows(read):
    rows = nation()
    rows[3] = ["Kind of place", *MONTHS, "FY Overall"]
    message = refused(read, more={"Detention FY30": rows})
    assert "sheet 'Detention FY30', row 3" in message
    assert "looked for facility type" in message
    assert "Kind of place" in message


def test_it_counts_numbers_of_tables_it_does_not_read(read):
    book = read(more={"Weather": [["Rain in Laredo"], ["Day", "Inches"], ["Monday", 3]]})
    (account,) = [a for a in book.accounts if a.sheet == "Weather"]
    assert (account.rows, account.set_aside, account.numbers_left) == (3, 1, 1)


# The workbook


def test_it_accounts_for_every_row_of_every_sheet(read):
    rows = [*facilities(), EAST, [None] * 9 + [1], ["Total"], ["A note."]]
    book = read(rows, more={"Detention FY30": nation()})
    for account in book.accounts:
        kinds = (account.read, account.total, account.set_aside, account.heading, account.footnote)
        assert sum(kinds) == account.rows
    assert [account.rows for account in book.accounts] == [12, 12]


@pytest.mark.parametrize(
    "rows",
    [[], [["Total", 5]], [["Nombre", "Ciudad", "Estado"], ["NORTH JAIL", "RENO", "NV"]]],
)
def test_it_says_what_it_met_and_what_it_looked_for_in_an_unknown_layout(read, rows):
    message = refused(read, rows, sheet="Hoja 1")
    assert "'Hoja 1'" in message
    assert "Guaranteed Minimum" in message
    assert message.count("\n") == 0
    for text in (value for value in (rows or [[]])[0] if isinstance(value, str)):
        assert text in message


def test_it_refuses_what_is_no_workbook(tmp_path):
    text, cut = tmp_path / "text.xlsx", tmp_path / "cut.xlsx"
    text.write_text("Name,City\n")
    cut.write_bytes(save(tmp_path / "whole.xlsx", {"A": facilities()}).read_bytes()[:3000])
    for path in (text, cut, tmp_path / "nowhere.xlsx"):
        with pytest.raises(ReleaseProblem, match=path.name):
            read_workbook(path)


@pytest.mark.parametrize(
    ("name", "day"),
    [("FY30_stats_04092030.xlsx", date(2030, 4, 9)), ("FY30_stats_1014.xlsx", date(2029, 10, 14))],
)
def test_it_knows_the_day_of_publication_by_the_name_of_the_file(read, name, day):
    assert read(name=name).published == day


def test_it_takes_the_day_the_file_was_saved_where_its_name_has_none(read):
    book = read()
    assert book.published is not None
    assert "saved" in book.published_from


WHAT_MAY_STAND_ANYWHERE = st.sampled_from(
    [
        *[
            None,
            "N/A",
            "Total",
            "Average",
            "abc",
            "Name",
            "Oct",
            "%",
            "March 2026",
            "FY26",
            "1/1/1",
        ],
        *["99/99/9999", "2030-13-45", "Detainees", "Population", "mid", -1, 0, 2023, 42_615, 1e300],
        *[float("inf"), "ICE Removals: FY30", "Percent ICE", "Guaranteed Minimum"],
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    spoilt=st.lists(
        st.tuples(st.booleans(), st.integers(0, 14), st.integers(0, 28), WHAT_MAY_STAND_ANYWHERE),
        max_size=25,
    ),
    merged=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 26)), max_size=3),
)
def test_it_reads_or_refuses_any_spoilt_workbook_and_accounts_for_its_rows(spoilt, merged):
    grids = [
        [[*row, *[None] * (30 - len(row))] for row in rows] for rows in (facilities(), nation())
    ]
    for is_nation, row, place, value in spoilt:
        if row < len(grids[is_nation]):
            grids[is_nation][row][place] = value
    covered = {(r + i, c + j): (r, c) for r, c in merged for i in range(2) for j in range(2)}
    sheets = tuple(
        Sheet(name, tuple(map(tuple, grid)), covered)
        for name, grid in zip(("Facilities FY30", "Detention FY30"), grids, strict=True)
    )
    marks = Marks()
    try:
        read_facilities("stats.xlsx", sheets, marks)
        read_figures("stats.xlsx", sheets, 2030, marks)
    except ReleaseProblem:
        return
    for sheet in sheets:
        rows = list(finished_rows(sheet, marks))
        assert len(rows) == len(list(sheet.rows()))
        assert sheet_account(sheet, rows, marks).rows == len(rows)


# The day of each table

FOOTNOTES = [
    ["FY2030 ICE Average Daily Population and ICE Average Length of Stay",
     "FY2030 YTD ICE Detention data are updated through 04/05/2030 (IIDS Run Date 04/06/2030)."],
    [None, "FRCs have not been used as of 02/26/2029."],
    ["FY2030 ICE Removals", "FY2030 YTD ICE Removals data are updated through\n04/06/2030."],
    ["ICE Currently Detained Population Breakdown"],
    [None, "ICE National Docket data are a snapshot as of 04/07/2030 (EID as of 04/09/2030)."],
    ["Fear Decisions of people currently detained", "a snapshot as 04/08/2030"],
    ["FY2030 ICE Initial Book-Ins", "FY2030 YTD ICE Book-ins data is updated through 13/45/2030."],
    ["Semiannual Arrests, Bookins and Removals", "data are updated through 03/01/2030"],
]  # fmt: skip
REPORT = [["Active"], ["Data from BI Inc. Participants Report, 04.03.2030"]]


def test_it_knows_the_day_of_each_table_by_its_footnote(read):
    days = read(more={"Foot notes": FOOTNOTES, "ATD FY30": REPORT, "ATD FY29": [["Active"]]}).days
    assert {table: (told.day, told.told_in) for table, told in days.by_table.items()} == {
        ("average_population", ""): (date(2030, 4, 5), "Foot notes B1"),
        ("average_stay", ""): (date(2030, 4, 5), "Foot notes B1"),
        ("removals", ""): (date(2030, 4, 6), "Foot notes B3"),
        ("detained", ""): (date(2030, 4, 7), "Foot notes B5"),
        ("detained", "fear_decision"): (date(2030, 4, 8), "Foot notes B6"),
    }
    assert {sheet: told.day for sheet, told in days.by_sheet.items()} == {
        "ATD FY30": date(2030, 4, 3)
    }


def test_a_figure_has_the_day_of_its_table_and_else_that_of_the_facilities(tmp_path):
    sheets = {"Facilities FY30": facilities(), "Nation": nation(), "Footnotes": FOOTNOTES}
    import_statistics([save(tmp_path / "stats.xlsx", sheets)], tmp_path / "out")

    def days(table):
        rows = pq.read_table(tmp_path / "out" / f"{table}.parquet").to_pylist()
        return {(row["data_as_of"], row["day_told_in"]) for row in rows}

    assert days("average_population") == {(date(2030, 4, 5), "Footnotes B1")}
    assert days("book_ins") == {(date(2030, 4, 2), None)}


@needs_real
@pytest.mark.parametrize(
    ("pattern", "counted", "reaches", "facilities_reach"),
    [
        ("FY21*", date(2021, 4, 10), date(2021, 4, 10), date(2021, 4, 5)),
        ("FY24*", date(2024, 10, 3), date(2024, 9, 30), date(2024, 10, 7)),
        ("FY26*", date(2026, 4, 4), date(2026, 4, 4), date(2026, 4, 2)),
    ],
)
def test_it_knows_the_days_of_the_real_workbooks(pattern, counted, reaches, facilities_reach):
    (path,) = REAL.glob(pattern)
    book = read_workbook(path)
    assert book.data_as_of == facilities_reach
    for figure in book.figures:
        table = figure.layout.table
        if table in ("detained", "average_population", "average_stay", "removals", "book_ins"):
            told = book.days.of(figure)
            assert told.day == (counted if table == "detained" else reaches)
    assert all(
        book.days.by_sheet[f.sheet] for f in book.figures if f.layout.table == "alternatives"
    )


# The folder


def test_it_writes_typed_tables_with_the_cell_of_every_value(tmp_path):
    path = save(tmp_path / "stats.xlsx", {"Facilities FY30": facilities(), "Nation": nation()})
    report = import_statistics([path, path], tmp_path / "out")
    assert report.given_twice == ("stats.xlsx",)
    assert_every_value_stands_in_its_cell(tmp_path / "out", path)
    table = pq.read_table(tmp_path / "out" / "facilities.parquet")
    assert table["last_inspection_date"].to_pylist() == [date(2030, 3, 10), date(2030, 1, 17), None]
    assert set(table["sha256"].to_pylist()) == {report.workbooks[0].sha256}


def test_it_leaves_everything_as_it_was_when_a_workbook_cannot_be_read(tmp_path):
    good = save(tmp_path / "good.xlsx", {"F": facilities()})
    import_statistics([good], tmp_path / "out")
    before = {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()}
    bad = save(tmp_path / "bad.xlsx", {"F": [["nothing"]]})
    with pytest.raises(ReleaseProblem):
        import_statistics([good, bad], tmp_path / "out")
    assert {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()} == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad.xlsx", "good.xlsx", "out"]


def test_it_writes_over_no_folder_that_is_not_its_own(tmp_path):
    good = save(tmp_path / "good.xlsx", {"F": facilities()})
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letters.txt").write_text("mine")
    with pytest.raises(ReleaseProblem, match="nothing is written over it"):
        import_statistics([good], tmp_path / "out")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["letters.txt"]


def assert_every_value_stands_in_its_cell(folder, path):
    book = openpyxl.load_workbook(path, data_only=True)
    columns = {
        (c["sheet"], c["field"]): c["column"]
        for c in pq.read_table(folder / "columns.parquet").to_pylist()
        if c["file"] == path.name
    }
    numbers = 0
    for row in pq.read_table(folder / "facilities.parquet").to_pylist():
        for (sheet, field), column in columns.items():
            value = row[field]
            if row["file"] == path.name and row["sheet"] == sheet and isinstance(value, float):
                assert book[sheet][f"{column}{row['row']}"].value == value
                numbers += 1
    for table in folder.glob("*.parquet"):
        for row in pq.read_table(table).to_pylist():
            if "cell" in row and row["file"] == path.name and row["value"] is not None:
                cell = book[row["sheet"]][row["cell"]]
                assert (cell.value, cell.row) == (row["value"], row["row"])
                numbers += 1
    assert numbers > 40


# The real workbooks


@needs_real
@pytest.mark.parametrize(
    ("pattern", "rows", "people", "national", "guaranteed", "differ"),
    [
        ("FY21*", 142, 15_538.83, 15_821.33, 34_390, 9),
        ("FY24*", 109, 36_277.42, 37_721.80, 27_488, 0),
        ("FY26*", 203, 66_161.70, 66_978.05, 45_621, 0),
    ],
)
def test_it_reads_the_real_workbooks_whole(
    tmp_path, pattern, rows, people, national, guaranteed, differ
):
    (path,) = REAL.glob(pattern)
    started = time.process_time()
    report = import_statistics([path], tmp_path / "out")
    assert time.process_time() - started < 5
    (book,) = report.workbooks
    assert len(found(book)) == rows
    assert sum(facility.population for facility in found(book)) == pytest.approx(people, abs=0.01)
    beds = [f.values["guaranteed_minimum"] or 0 for f in found(book)]
    assert sum(beds) == guaranteed
    whole = figures(book, "average_population", facility_type="all")
    assert whole[None] == pytest.approx(national, abs=0.01)
    assert sum(total.differs for total in book.totals) == differ
    assert book.faults == ()
    assert [a.sheet for a in book.accounts if a.numbers_left or a.set_aside] == []
    assert_every_value_stands_in_its_cell(tmp_path / "out", path)


@needs_real
def test_it_finds_the_facilities_of_a_real_workbook_without_their_sheets_name(tmp_path):
    (path,) = REAL.glob("FY24*")
    book = openpyxl.load_workbook(path)
    sheet = book["Facilities EOFY24"]
    sheet.title = "Hoja"
    sheet.insert_rows(2, amount=3)
    book.save(tmp_path / "FY24_detentionStats.xlsx")
    assert len(found(read_workbook(tmp_path / "FY24_detentionStats.xlsx"))) == 109
