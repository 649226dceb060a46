"""One list of agreements: columns by meaning, every row accounted for, nothing guessed."""

from collections import Counter
from datetime import date

import openpyxl
import pytest
from tests.sources.agreement_lists import (
    DAY,
    HEADER,
    JAIL,
    REAL,
    SIGNED,
    TASK,
    WARRANT,
    listed,
    row,
)

from wayhome.sources.agreements.agreement_list import Became
from wayhome.sources.agreements.meanings import address_of, day_of, published_day
from wayhome.sources.agreements.reading import read_list
from wayhome.sources.eoir.release import ReleaseProblem


def became(made):
    return Counter(account.became for account in made.rows)


def test_it_reads_a_list_with_where_each_row_stands(tmp_path):
    made = read_list(
        listed(tmp_path, row(), row("Elm Police Department", JAIL, type="Municipality"))
    )
    first, second = made.agreements
    assert (first.state, first.agency, first.agency_type) == (
        "FL",
        "Fern County Sheriff's Office",
        "county",
    )
    assert (first.model, first.signed, first.sheet, first.row) == ("task force", DAY, "Sheet1", 2)
    assert (second.agency_type, second.model, second.row) == ("municipality", "jail enforcement", 3)
    assert made.published == date(2025, 3, 28)
    assert made.columns["Sheet1"]["model"] == "E (SUPPORT TYPE)"
    assert became(made) == {Became.HEADING: 1, Became.READ: 2}


def test_it_finds_a_header_moved_down_in_a_renamed_sheet_with_columns_in_another_order(tmp_path):
    header = ["Date Signed", "County/Parish", "Model", "Participating Agency", "State"]
    rows = [[SIGNED, "Fern County", TASK, "Fern County Sheriff's Office", "FL"]]
    above = [["287(g) participating agencies"], [], ["As of 3/28/2025"]]
    made = read_list(listed(tmp_path, *rows, header=header, above=above, sheet="Final (2)"))
    (found,) = made.agreements
    assert (found.state, found.agency, found.county, found.row) == (
        "FL",
        rows[0][3],
        "Fern County",
        5,
    )
    assert found.agency_type is None
    assert "no column type, MOA, addendum" in made.notes[0]


def test_it_reads_merged_cells_as_they_are_seen(tmp_path):
    def merge(book, page):
        page.merge_cells("A4:A5")
        page.merge_cells("A1:G1")

    rows = [row(), row("Elm Police Department", state=None)]
    made = read_list(listed(tmp_path, *rows, above=[["Agencies"], []], then=merge))
    assert [found.state for found in made.agreements] == ["FL", "FL"]


def test_it_sets_a_total_row_a_heading_and_a_footnote_apart_and_compares_the_total(tmp_path):
    rows = [
        ["FLORIDA"],
        row(),
        row("Elm Police Department"),
        [],
        ["Total", None, None, None, 3],
        ["* Pending renewal"],
    ]
    made = read_list(listed(tmp_path, *rows))
    assert became(made) == {
        Became.HEADING: 2,
        Became.READ: 2,
        Became.BLANK: 1,
        Became.TOTAL: 1,
        Became.FOOTNOTE: 1,
    }
    assert len(made.rows) == 7
    assert any(
        "row 6: the list's own total is 3, and 2 rows were read" in note for note in made.notes
    )


def test_it_stops_with_what_it_met_where_a_column_is_missing(tmp_path):
    header = [cell for cell in HEADER if cell != "SUPPORT TYPE"]
    with pytest.raises(ReleaseProblem, match="no sheet is a list of agreements") as told:
        read_list(listed(tmp_path, header=header))
    said = str(told.value)
    assert "participatingAgencies-20250328.xlsx" in said
    assert "sheet 'Sheet1', row 1 has 'STATE'" in said
    assert "no column for support type" in said


def test_it_takes_no_list_of_pending_agencies_for_agreements(tmp_path):
    with pytest.raises(ReleaseProblem, match="pending agencies have none"):
        read_list(listed(tmp_path, ["FLORIDA", "Fern", "County", "Fern", TASK], header=HEADER[:5]))


def test_it_stops_where_two_columns_mean_the_same(tmp_path):
    with pytest.raises(
        ReleaseProblem, match="columns B and H both look like the law enforcement agency"
    ):
        read_list(listed(tmp_path, [*row(), "x"], header=[*HEADER, "Other agency"]))


@pytest.mark.parametrize(
    ("cell", "day", "mended"),
    [
        (45714, DAY, True),
        ("02/26/2025", DAY, True),
        ("02/262025", DAY, True),
        ("2025-02-26", DAY, True),
        ("N/A", None, False),
        ("#N/A", None, False),
        ("-", None, False),
        (None, None, False),
        ("13/45/2025", None, True),
        ("soon", None, True),
        (7, None, True),
        (True, None, True),
    ],
)
def test_it_reads_a_day_kept_as_a_number_or_text_and_knows_no_day_from_none(
    tmp_path, cell, day, mended
):
    made = read_list(listed(tmp_path, row(signed=cell)))
    assert made.agreements[0].signed == day
    assert made.count(Became.MENDED) == mended


def test_it_believes_no_agreement_older_than_the_law():
    assert day_of("01/02/1990")[0] == date(1990, 1, 2)


def test_it_leaves_a_day_before_the_law_unknown(tmp_path):
    made = read_list(listed(tmp_path, row(signed="01/02/1990")))
    assert made.agreements[0].signed is None
    assert "before section 287(g) was law" in made.rows[1].reason


@pytest.mark.parametrize("unknown", ["N/A", "#N/A", "#NA", "-", "", None])
def test_it_never_takes_unknown_for_a_county(tmp_path, unknown):
    (found,) = read_list(listed(tmp_path, row(county=unknown))).agreements
    assert found.county is None


def test_it_sets_aside_a_row_without_agency_and_one_of_no_state_with_the_reason(tmp_path):
    made = read_list(
        listed(tmp_path, row(), row(None), row("Elm Police Department", state="FLORDA"))
    )
    (nobody, nowhere) = [account for account in made.rows if account.became is Became.SET_ASIDE]
    assert (nobody.row, "law enforcement agency" in nobody.reason) == (3, True)
    assert (nowhere.row, "'FLORDA' is no state" in nowhere.reason) == (4, True)
    assert "Florida" in nowhere.reason


def test_it_reads_an_agency_with_two_models_as_two_agreements_and_a_row_twice_as_one(tmp_path):
    rows = [row(), row(model=WARRANT), row("Fern County Sheriff’s Office ", "Task Force Model ")]
    made = read_list(listed(tmp_path, *rows))
    assert [found.model for found in made.agreements] == ["task force", "warrant service officer"]
    (twice,) = [account for account in made.rows if account.became is Became.TWICE]
    assert (twice.row, twice.reason) == (4, "the agreement of row 2")


def test_it_keeps_every_word_as_printed(tmp_path):
    made = read_list(listed(tmp_path, row("Fern County Sheriff’s Office ", signed="02/262025")))
    (found,) = made.agreements
    assert found.agency == "Fern County Sheriff's Office"
    assert found.printed["agency"] == "Fern County Sheriff’s Office "
    assert found.printed["signed"] == "02/262025"


def test_it_reads_two_models_of_one_cell(tmp_path):
    made = read_list(listed(tmp_path, row(model="JEM / WSO")))
    assert [found.model for found in made.agreements] == [
        "jail enforcement",
        "warrant service officer",
    ]


def test_it_keeps_a_model_that_it_does_not_know_and_says_so(tmp_path):
    made = read_list(
        listed(tmp_path, row(model="Campus Watch Model"), row(model="Tribal Task Force Model"))
    )
    assert [found.model for found in made.agreements] == ["campus watch", "tribal task force"]
    assert any("'campus watch' is not one that is known" in note for note in made.notes)


def test_it_names_another_sheet_and_reads_no_row_of_it(tmp_path):
    made = read_list(
        listed(tmp_path, row(), then=lambda book, page: book.create_sheet("Notes").append(["x"]))
    )
    assert became(made)[Became.OTHER_SHEET] == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("participatingAgencies-20250221", (date(2025, 2, 21), "")),
        ("participatingAgencies06122025pm", (date(2025, 6, 12), "pm")),
        ("participating_2026-01-05_AM", (date(2026, 1, 5), "am")),
        ("list 12-02-2025", (date(2025, 12, 2), "")),
        ("participatingAgencies", None),
        ("participatingAgencies-20251345", None),
    ],
)
def test_it_reads_the_day_from_the_name_of_the_file(name, told):
    assert published_day(name) == told


def test_it_asks_for_the_day_where_the_name_tells_none(tmp_path):
    with pytest.raises(ReleaseProblem, match="Rename it"):
        read_list(listed(tmp_path, row(), day="newest"))


def test_it_refuses_what_is_no_workbook(tmp_path):
    path = tmp_path / "participatingAgencies-20250328.xlsx"
    path.write_bytes(b"<html>Access denied</html>")
    with pytest.raises(ReleaseProblem, match="no sound Excel workbook"):
        read_list(path)
    with pytest.raises(ReleaseProblem, match="There is no file"):
        read_list(tmp_path / "gone-20250328.xlsx")


def test_it_refuses_a_list_without_an_agreement(tmp_path):
    with pytest.raises(ReleaseProblem, match="no agreement below"):
        read_list(listed(tmp_path))


def test_it_unwraps_the_address_that_a_mail_program_wrapped():
    wrapped = "https://gcc02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.ice.gov%2Fa.pdf&data=someone%40ice"
    assert address_of(wrapped) == "https://www.ice.gov/a.pdf"
    assert (
        address_of("chrome-extension://abc/https://www.ice.gov/a.pdf")
        == "https://www.ice.gov/a.pdf"
    )
    assert address_of("javascript:alert(1)") is None


@pytest.mark.skipif(not REAL.exists(), reason="the real lists are not here")
@pytest.mark.parametrize(
    ("name", "agreements", "mended"),
    [
        ("participatingAgencies-20250221", 151, 0),
        ("participatingAgencies-20250328", 427, 0),
        ("participatingAgencies06122025pm", 698, 1),
        ("participatingAgencies12022025pm", 1204, 0),
    ],
)
def test_it_reads_every_row_of_the_real_lists(name, agreements, mended):
    path = REAL / f"{name}.xlsx"
    made = read_list(path)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    filled = sum(
        any(cell is not None for cell in cells) for cells in sheet.iter_rows(values_only=True)
    )
    assert len(made.rows) == sheet.max_row
    assert filled == 1 + agreements
    assert (len(made.agreements), made.count(Became.MENDED)) == (agreements, mended)
    assert made.count(Became.SET_ASIDE) == made.count(Became.TWICE) == 0
