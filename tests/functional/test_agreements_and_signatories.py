"""`wayhome import agreements` and `wayhome signatories`, as an organizer or a reporter types them."""

import json

import pytest
from tests.sources.agreement_lists import JAIL, listed, row


@pytest.fixture
def two_lists(tmp_path):
    first = listed(tmp_path, row(), row("Elm Police Department", JAIL), day="20250221")
    second = listed(tmp_path, row(), row("Oak Police Department"), day="06122025pm")
    return first, second


def test_it_imports_lists_of_agreements_and_tells_what_changed(wayhome, tmp_path, two_lists):
    code, said, _ = wayhome(
        "import", "agreements", *reversed(two_lists), "--out", tmp_path / "287g"
    )
    assert code == 0
    lines = [line.split() for line in said.splitlines()]
    assert ["participatingAgencies-20250221.xlsx", "2025-02-21", "3", "2", "2", "0"] in lines
    assert ["2025-02-21", "to", "2025-06-12", "1", "1", "0", "0", "0", "1"] in lines
    assert (tmp_path / "287g" / "agreements.parquet").exists()


def test_it_writes_nothing_where_one_list_cannot_be_used(wayhome, tmp_path, two_lists):
    bad = listed(tmp_path, ["x"], header=["Name", "State"], day="20250701")
    code, _, complaint = wayhome(
        "import", "agreements", *two_lists, bad, "--out", tmp_path / "287g"
    )
    assert code == 3
    assert "participatingAgencies-20250701.xlsx: no sheet is a list of agreements" in complaint
    assert "met sheet 'Sheet1', row 1 has 'Name', 'State'" in complaint
    assert not (tmp_path / "287g").exists()


def test_it_tells_where_a_person_must_decide(wayhome, tmp_path):
    first = listed(tmp_path, row("Freedom County Sheriff's Office"), day="20250221")
    second = listed(tmp_path, row("Freeborn County Sheriff's Office"), day="20250328")
    _, said, _ = wayhome("import", "agreements", first, second, "--out", tmp_path / "287g")
    assert "for a person in" in said
    review = (tmp_path / "287g" / "review.csv").read_text(encoding="utf-8")
    assert "Freedom County Sheriff's Office,FL,Freeborn County Sheriff's Office,," in review


def test_it_lists_signatories_and_who_signed_both(wayhome, tmp_path):
    one, other = tmp_path / "first.txt", tmp_path / "second.txt"
    one.write_text("1. CASA\n2. Mijente\n3. casa\nJane Doe\n", encoding="utf-8")
    other.write_text("• Mijente\n• UnLocal\n• SPLC Action Fund\n", encoding="utf-8")
    code, said, _ = wayhome("signatories", one, other)
    assert code == 0
    assert "first.txt: 4 lines of signatories" in said
    assert "Signed twice: 1\n    1     3  CASA\n             spelt also: casa" in said
    assert "    4  Jane Doe" in said[said.index("Look like a person") :]
    assert "Signed both: 1\n    2     1  Mijente" in said


def test_it_has_both_letters_built_in(wayhome):
    _, said, _ = wayhome("signatories", "hundred-days", "chance-to-come-home", "--format", "json")
    told = json.loads(said)
    assert [len(found["signatories"]) for found in told["lists"]] == [103, 83]
    assert [pair["verdict"] for pair in told["both"]].count("same") == 30
    assert [pair["printed"] for pair in told["both"] if pair["verdict"] == "ask"] == [
        ["Southern Poverty Law Center", "SPLC Action Fund"]
    ]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["gone.txt"], 3, "There is no file at gone.txt"),
        (["hundred-days"] * 3, 2, "two to compare"),
        (["a.txt", "--lines", "3"], 2, "is not FIRST-LAST"),
        (["a.txt", "b.txt", "--lines", "1-3"], 2, "--lines is for one list"),
    ],
)
def test_it_says_what_was_wrong_with_the_command(wayhome, words, code, said):
    ended, _, complaint = wayhome("signatories", *words)
    assert (ended, said in complaint) == (code, True)
