"""`wayhome entanglement`, as an organizer types it; and the detainer rules for one person."""

import csv

import pytest
from tests.sources.agreement_lists import JAIL, listed, row


@pytest.fixture
def imported(wayhome, tmp_path):
    older = listed(tmp_path, row("Gone Police Department"), row(), day="20250221")
    newer = listed(
        tmp_path,
        row(),
        row(model=JAIL),
        row("Elm County Sheriff's Office", state="ALABAMA", county="#N/A"),
        day="20250328",
        then=lambda _, page: setattr(page["G3"], "hyperlink", "https://www.ice.gov/fern.pdf"),
    )
    code, _, complaint = wayhome("import", "agreements", older, newer, "--out", tmp_path / "287g")
    assert code == 0, complaint
    return tmp_path / "287g"


def test_it_drafts_one_notice_an_agreement_of_the_newest_list(wayhome, tmp_path, imported):
    out = tmp_path / "notices"
    code, said, complaint = wayhome(
        *("entanglement", "notices", imported, "--state", "Florida", "--as-of", "2026-03-20"),
        *("--out", out, "--processes", 1),
    )
    assert code == 0, complaint
    assert "2 notices of termination and 1 request for records" in said
    with (out / "drafts.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["models"] for row in rows if row["paper"] == "notice_of_termination"] == [
        "jail enforcement",
        "task force",
    ]
    assert {row["made_on"] for row in rows} == {"2026-03-20"}
    assert all("Gone" not in row["name"] for row in rows)
    for told in rows:
        assert (out / f"{told['draft']}.docx").stat().st_size > 5_000
        assert (out / f"{told['draft']}.pdf").read_bytes().startswith(b"%PDF")


def test_it_puts_a_clause_that_was_read_into_its_own_notice_alone(wayhome, tmp_path, imported):
    to_fill = tmp_path / "clauses.csv"
    wayhome("entanglement", "clauses", imported, "--state", "FL", "--out", to_fill)
    with to_fill.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    (jail,) = [told for told in rows if told["model"] == "jail enforcement"]
    assert jail["text_of_the_agreement"] == "https://www.ice.gov/fern.pdf"
    jail |= {"clause": "It ends in 30 days.", "where": "page 9", "days_of_notice": "30"}
    jail |= {"read_by": "A. Reader", "read_on": "2026-03-15"}
    with to_fill.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    code, said, complaint = wayhome(
        *("entanglement", "notices", imported, "--state", "FL", "--clauses", to_fill),
        *("--out", tmp_path / "notices", "--processes", 1),
    )
    assert code == 0, complaint
    assert "own clause is in 1 of the notices" in said
    text = (tmp_path / "notices" / "drafts.csv").read_text(encoding="utf-8")
    with_gap = [line for line in text.splitlines() if "own clause on ending it has not" in line]
    assert len(with_gap) == 1
    assert "task force" in with_gap[0]


@pytest.mark.parametrize(
    ("state", "code", "says"),
    [
        ("Flordia", 2, "there is no state 'Flordia'. Did you mean Florida?"),
        ("WI", 3, "The list of 2025-03-28 has no agreement in WI"),
    ],
)
def test_it_says_where_a_state_has_nothing(wayhome, tmp_path, imported, state, code, says):
    ended, _, complaint = wayhome(
        "entanglement", "notices", imported, "--state", state, "--out", tmp_path / "notices"
    )
    assert (ended, says in " ".join(complaint.split())) == (code, True)
    assert not (tmp_path / "notices").exists()


def test_it_writes_over_nothing_that_is_not_its_own(wayhome, tmp_path, imported):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    code, _, complaint = wayhome(
        *("entanglement", "notices", imported, "--state", "AL", "--out", tmp_path / "mine"),
        *("--processes", 1),
    )
    assert code == 3
    assert "nothing is written over it" in " ".join(complaint.split())
    assert (tmp_path / "mine" / "letter.txt").read_text() == "mine"


def test_it_checks_a_detainer_for_one_person(wayhome, clients):
    """Due out on Friday at 15:00, no judge's warrant: the 48 hours end on Tuesday at 15:00."""
    file = clients(
        "case_id,judicial_warrant,detainer_issued_at,local_release_due_at,transferred_at\n"
        "late,no,2026-03-05T09:00,2026-03-06T15:00,2026-03-11T10:00\n"
        "in_time,no,2026-03-05T09:00,2026-03-06T15:00,2026-03-10T14:00\n"
    )
    asked = ("explain", file, "--program", "entanglement", "--as-of", "2026-03-20", "--case")
    late, in_time = (wayhome(*asked, case)[1] for case in ("late", "in_time"))
    assert "Held on a detainer for more than 48 hours" in late
    assert "8 CFR 287.7(d)" in late
    assert "Held on a detainer for more than 48 hours" not in in_time
