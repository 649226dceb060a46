"""Drafts about an agency's 287(g) agreement: what they say, and what they leave open."""

import io
from datetime import date

import pytest
from docx import Document
from pypdf import PdfReader

from wayhome.papers.agency_papers import (
    NOTICE,
    REQUEST,
    made_about_agency,
    notice_of_termination,
    orders_for,
    records_request,
)
from wayhome.programs.entanglement.agreements.clauses import Clause, read_clauses
from wayhome.programs.entanglement.agreements.listed import ListedAgreement
from wayhome.sources.eoir.release import ReleaseProblem

TODAY = date(2026, 3, 20)
CLAUSE = Clause("Either side may end it in writing.", "section XX", 30, "A. Reader", TODAY)


def agreement(**other):
    told = {
        "agency_id": "al-fern-county-sheriffs-office",
        "agency": "Fern County Sheriff's Office",
        "state": "AL",
        "county": "Fern County",
        "model": "task force",
        "signed": date(2025, 2, 26),
        "memorandum": "https://example.org/fern.pdf",
        "list_file": "participatingAgencies-20250328.xlsx",
        "list_day": date(2025, 3, 28),
        "sheet": "Sheet1",
        "row": 7,
    }
    return ListedAgreement(**{**told, **other})


def gaps(draft, words):
    return [gap for gap in draft.gaps if words in gap]


def test_it_leaves_the_clause_open_that_nobody_has_read():
    draft = notice_of_termination(agreement(), None, TODAY)
    assert gaps(draft, "own clause on ending it has not been read")
    assert gaps(draft, "the day on which the agreement ends")
    assert "30 days" not in draft.text
    assert "The forms that ICE has used since then were not read" in draft.text


def test_it_quotes_the_clause_that_somebody_has_read_and_counts_its_days():
    draft = notice_of_termination(agreement(), CLAUSE, TODAY)
    assert "Either side may end it in writing." in draft.text
    assert "(section XX)" in draft.text
    assert "ends 30 days after you receive this notice" in draft.text
    assert "read by A. Reader on March 20, 2026" in draft.text
    assert not gaps(draft, "clause")


@pytest.mark.parametrize(
    ("days", "says"),
    [(0, "ends when you receive this notice"), (None, "the day on which the agreement ends")],
)
def test_it_tells_when_the_agreement_ends_only_where_the_clause_does(days, says):
    clause = Clause(CLAUSE.words, CLAUSE.where, days, CLAUSE.read_by, CLAUSE.read_on)
    draft = notice_of_termination(agreement(), clause, TODAY)
    assert says in draft.text
    assert bool(gaps(draft, says)) is (days is None)


def test_it_tells_the_row_of_the_list_and_never_guesses_what_it_lacks():
    bare = agreement(county=None, signed=None, memorandum=None)
    draft = notice_of_termination(bare, None, TODAY)
    assert "participatingAgencies-20250328.xlsx, sheet Sheet1, row 7" in draft.text
    assert gaps(draft, "the list does not tell the county")
    assert gaps(draft, "the list does not tell the day of signing")
    assert gaps(draft, "the list has no address of its text")


def test_it_warns_where_a_state_is_said_to_ask_for_agreements():
    texas = notice_of_termination(agreement(state="TX"), CLAUSE, TODAY)
    assert gaps(texas, "Texas is said to be one that asks sheriffs")
    ohio = notice_of_termination(agreement(state="OH"), CLAUSE, TODAY)
    assert gaps(ohio, "has not been looked at")


@pytest.mark.parametrize(
    ("state", "named", "gap"),
    [
        ("AL", "under the Alabama public records law, Ala. Code § 36-12-40", "copied from a list"),
        ("FL", "Fla. Stat. ch. 119", "not seen in any source"),
        ("GU", "", "law of this place on public records is not known"),
    ],
)
def test_it_names_the_states_law_on_records_only_from_a_source(state, named, gap):
    draft = records_request([agreement(state=state)], TODAY)
    assert named in draft.text
    assert gaps(draft, gap)


def test_it_asks_for_every_agreement_of_the_agency_and_for_no_persons_name():
    draft = records_request([agreement(), agreement(model="jail enforcement", row=8)], TODAY)
    assert "task force model, signed February 26, 2025" in draft.text
    assert "jail enforcement model" in draft.text
    assert "We ask for no name" in draft.text


def test_each_paper_says_draft_and_its_days_on_every_page():
    (order, *_) = orders_for([agreement()], {}, TODAY)
    made = made_about_agency(order)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made.pdf)).pages]
    for text in pages:
        assert "DRAFT, not signed and not sent" in text
        assert "made March 20, 2026" in text
        assert "list of March 28, 2025" in text
    section = Document(io.BytesIO(made.word)).sections[0]
    assert "DRAFT, not signed and not sent" in section.header.paragraphs[0].text
    assert "made March 20, 2026" in section.footer.paragraphs[0].text


def test_it_orders_a_notice_an_agreement_and_a_request_an_agency():
    both = [agreement(), agreement(model="jail enforcement", row=8)]
    other = agreement(agency_id="al-elm-police-department", agency="Elm Police Department")
    orders = list(orders_for([*both, other], {both[1].key: CLAUSE}, TODAY))
    assert [order.paper for order in orders] == [NOTICE, NOTICE, REQUEST, NOTICE, REQUEST]
    assert [order.clause for order in orders] == [None, CLAUSE, None, None, None]
    assert len({order.name for order in orders}) == 5


HEADER = "agency,model,clause,where,days_of_notice,read_by,read_on\n"
KEYS = {agreement().key}
FERN = "al-fern-county-sheriffs-office,task force"


def clauses(tmp_path, *rows, header=HEADER):
    path = tmp_path / "clauses.csv"
    path.write_text(header + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return read_clauses(path, KEYS)


def test_it_reads_clauses_and_passes_over_rows_that_nobody_filled(tmp_path):
    found = clauses(tmp_path, f'{FERN},"Ends, in writing.",page 9,,A. Reader,2026-03-15')
    assert found[agreement().key].words == "Ends, in writing."
    assert found[agreement().key].days_of_notice is None
    assert clauses(tmp_path, f"{FERN},,,,,") == {}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("al-fern-county-sheriff-office,task force,a,b,,c,2026-03-15", "Did you mean al-fern"),
        ("al-fern-county-sheriffs-office,jail,a,b,,c,2026-03-15", "row 2, model: al-fern"),
        (f"{FERN},Ends.,,,A. Reader,2026-03-15", "row 2, where: a clause says where"),
        (f"{FERN},Ends.,page 9,a month,A. Reader,2026-03-15", "'a month' is no number of days"),
        (f"{FERN},Ends.,page 9,30,A. Reader,15 March", "'15 March' is no day"),
    ],
)
def test_it_says_which_row_of_the_clauses_cannot_be_used(tmp_path, row, says):
    with pytest.raises(ReleaseProblem, match=r"clauses\.csv, row 2") as refused:
        clauses(tmp_path, row)
    assert says in str(refused.value)


def test_it_refuses_two_clauses_of_one_agreement_and_a_file_without_the_columns(tmp_path):
    row = f"{FERN},Ends.,page 9,,A. Reader,2026-03-15"
    with pytest.raises(ReleaseProblem, match=r"row 3: .* has a clause already"):
        clauses(tmp_path, row, row)
    with pytest.raises(ReleaseProblem, match="there is no column where, days_of_notice"):
        clauses(tmp_path, header="agency,model,clause\n")
