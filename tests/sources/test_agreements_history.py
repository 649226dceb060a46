"""Which names are one agency, what a person is asked, and what became of agreements."""

import csv
import json
from datetime import date, datetime

import pyarrow.parquet as pq
import pytest
from tests.sources.agreement_lists import JAIL, REAL, WARRANT, listed, row

from wayhome.sources.agreements.agency_names import agency_key
from wayhome.sources.agreements.history import Event
from wayhome.sources.agreements.importing import import_agreements
from wayhome.sources.agreements.meanings import county_key
from wayhome.sources.eoir.release import ReleaseProblem

FIRST, SECOND, THIRD = "20250221", "20250328", "06122025pm"


@pytest.fixture
def imported(tmp_path):
    """Imports lists given as rows, in the order of their days, into one folder."""

    def run(*lists, **options):
        paths = [
            listed(tmp_path, *rows, day=day)
            for rows, day in zip(lists, (FIRST, SECOND, THIRD), strict=False)
        ]
        return import_agreements(paths, tmp_path / "287g", **options)

    return run


def events(made):
    return [(change.event, change.name, change.model) for change in made.history]


def answer(folder, decision, place=0):
    """Answers a question of review.csv, as a person would in a spreadsheet."""
    with (folder / "review.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    rows[place + 1][rows[0].index("decision")] = decision
    with (folder / "review.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Knox County Sheriff's Office", "Knox County Sheriff’s Office "),
        ("Knox County Sheriff's Office", "KNOX  COUNTY SHERIFFS OFFICE"),
        ("Knox County Sheriff's Office", "Knox Conty Sheriff Office"),
        ("St. Johns County Sheriff's Office", "Saint Johns Co. Sheriff's Office"),
        ("Ft. Myers Police Department", "Fort Myers Police Dept."),
        ("Big Sandy Police Departement", "Big Sandy Police Department"),
        ("Florida Fish & Wildlife Commission", "Florida Fish and Wildlife Commission"),
        ("Walker County Constable Pct. 3", "Walker County Constable's Precinct 3"),
    ],
)
def test_it_knows_an_agency_again_however_it_is_spelt(one, other):
    same = agency_key(one).replace("constables", "constable")
    assert agency_key(other).replace("constables", "constable") == same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lee County Sheriff's Office", "Levy County Sheriff's Office"),
        ("Paris Police Department", "Parish Police Department"),
        ("Bradley County Constable District 1", "Bradley County Constable District 7"),
        ("Lake City Police Department", "Lake County Police Department"),
    ],
)
def test_it_keeps_like_names_apart(one, other):
    assert agency_key(one) != agency_key(other)


def test_it_knows_a_county_spelt_three_ways(imported):
    rows = [
        row("A Police Department", county="St. Johns County"),
        row("B Police Department", county="SAINT JOHNS CO."),
        row("C Police Department", county="St Johns County "),
        row("D Police Department", county="St. Johns County"),
    ]
    made = imported(rows)
    table = pq.read_table(made.folder / "agreements.parquet")
    assert set(table["county"].to_pylist()) == {"St. Johns County"}
    assert table["county_as_printed"].to_pylist()[1] == "SAINT JOHNS CO."
    assert county_key("Clay County") != county_key("Clay City")


def test_it_tells_new_ended_changed_and_unchanged_between_the_days_of_two_lists(imported):
    before = [
        row("Ash Police Department"),
        row("Elm Police Department", JAIL),
        row("Oak Police Department"),
    ]
    after = [
        row("Ash Police Department"),
        row("Elm Police Department", WARRANT, signed=datetime(2025, 3, 1)),
        row("Yew Police Department", signed=datetime(2025, 3, 2)),
    ]
    made = imported(before, after)
    assert events(made) == [
        (Event.UNCHANGED, "Ash Police Department", "task force"),
        (Event.CHANGED_MODEL, "Elm Police Department", "warrant service officer"),
        (Event.ENDED, "Oak Police Department", "task force"),
        (Event.NEW, "Yew Police Department", "task force"),
    ]
    ended, changed = made.history[2], made.history[1]
    assert (ended.after, ended.by) == (date(2025, 2, 21), date(2025, 3, 28))
    assert (ended.after_row, ended.by_row) == (4, None)
    assert changed.model_before == "jail enforcement"


def test_it_tells_a_second_model_of_an_agency_from_a_new_agency(imported):
    made = imported([row()], [row(), row(model=JAIL), row("Elm Police Department", JAIL)])
    new = {c.name: c.agency_held_other for c in made.history if c.event is Event.NEW}
    assert new == {"Fern County Sheriff's Office": True, "Elm Police Department": False}
    assert [(c.agreements, c.agencies) for c in made.counts if c.by == "all"] == [(1, 1), (3, 2)]


def test_it_tells_another_day_of_signing(imported):
    made = imported([row()], [row(signed=datetime(2025, 3, 3))])
    (change,) = made.history
    assert (change.event, change.signed_before) == (Event.OTHER_DAY, date(2025, 2, 26))


def test_it_holds_a_renamed_agency_together(imported):
    made = imported(
        [row("Town of Fern Police Department")],
        [row("Fern Police Department")],
    )
    renamed = [change for change in made.history if change.event is Event.RENAMED]
    assert [(c.name_before, c.name) for c in renamed] == [
        ("Town of Fern Police Department", "Fern Police Department")
    ]
    assert len({a.id for a in made.held.agency_of.values()}) == 1
    assert not made.questions


def test_it_asks_about_a_name_that_may_be_another_and_says_so_in_the_history(imported):
    made = imported(
        [row("Freedom County Sheriff's Office")], [row("Freeborn County Sheriff's Office")]
    )
    (question,) = [q for q in made.questions if q.about == "agency"]
    assert (question.one, question.other) == (
        "Freedom County Sheriff's Office",
        "Freeborn County Sheriff's Office",
    )
    assert [(c.event, c.is_open) for c in made.history] == [(Event.NEW, True), (Event.ENDED, True)]


def test_it_never_joins_two_names_of_one_list_by_itself(imported):
    rows = [row("Walker County Sheriff's Office"), row("Walker County Sheriff's Department")]
    made = imported(rows, rows)
    assert len({agency.id for agency in made.held.agency_of.values()}) == 2
    assert [q.because for q in made.questions if q.about == "agency"] == [
        "both hold the task force agreement of 2025-02-26; both in one list"
    ]


def test_it_asks_once_and_remembers(imported, tmp_path):
    lists = [row("Freedom County Sheriff's Office")], [row("Freeborn County Sheriff's Office")]
    made = imported(*lists)
    answer(made.folder, "Same")
    again = imported(*lists)
    assert [q for q in again.questions if q.about == "agency"] == []
    assert Event.RENAMED in [change.event for change in again.history]
    remembered = (tmp_path / "287g-decisions.csv").read_text(encoding="utf-8")
    assert "Freedom County Sheriff's Office,FL,Freeborn County Sheriff's Office,same" in remembered
    # A third list comes, and nobody is asked again.
    assert not [q for q in imported(*lists, lists[1]).questions if q.about == "agency"]


def test_it_keeps_two_apart_where_a_person_said_so(imported):
    lists = [row("Freedom County Sheriff's Office")], [row("Freeborn County Sheriff's Office")]
    answer(imported(*lists).folder, "different")
    again = imported(*lists)
    assert [(c.event, c.is_open) for c in again.history] == [
        (Event.NEW, False),
        (Event.ENDED, False),
    ]


def test_it_counts_one_agreement_where_a_person_said_that_two_names_are_one(imported):
    both = [row("City of Cloud Police Department"), row("Cloud Police Department")]
    lists = both, [row("Cloud Police Department")]
    answer(imported(*lists).folder, "same")
    again = imported(*lists)
    assert [(c.agreements, c.agencies) for c in again.counts if c.by == "all"] == [(1, 1), (1, 1)]
    assert events(again) == [(Event.UNCHANGED, "Cloud Police Department", "task force")]


def test_it_asks_about_a_county_that_is_not_the_one_in_the_agency_s_name(imported):
    rows = [row("Parmer County Sheriff's Office", county="Palmer County", state="TX")]
    made = imported(rows)
    (question,) = made.questions
    assert (question.about, question.one, question.other) == (
        "county",
        "Palmer County",
        "Parmer County",
    )
    answer(made.folder, "same")
    table = pq.read_table(imported(rows).folder / "agreements.parquet")
    assert table["county"].to_pylist() == ["Parmer County"]
    assert table["county_as_printed"].to_pylist() == ["Palmer County"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("agency,FL,A,FL,B,perhaps", "row 2, column decision: 'perhaps'"),
        ("office,FL,A,FL,B,same", "row 2, column about: 'office'"),
        ("agency,Florid,A,FL,B,same", "row 2, column state: 'Florid'"),
        ("agency,FL,A,FL,B,same\nagency,FL,B,FL,A,different", "row 3"),
    ],
)
def test_it_names_what_is_wrong_with_a_decision(imported, tmp_path, line, said):
    file = tmp_path / "decided.csv"
    file.write_text(f"about,state,one,other_state,other,decision\n{line}\n", encoding="utf-8")
    with pytest.raises(ReleaseProblem, match=said):
        imported([row()], decisions=file)


def test_it_refuses_a_file_of_decisions_without_its_columns(imported, tmp_path):
    file = tmp_path / "decided.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ReleaseProblem, match="no column about"):
        imported([row()], decisions=file)


def test_it_writes_all_or_nothing(imported, tmp_path):
    made = imported([row()])
    before = {path.name: path.read_bytes() for path in made.folder.iterdir()}
    assert set(before) == {
        "accounting.csv",
        "agreements.parquet",
        "counts.csv",
        "history.csv",
        "provenance.json",
        "review.csv",
    }
    with pytest.raises(ReleaseProblem):
        import_agreements([listed(tmp_path, day=SECOND)], made.folder)
    assert {path.name: path.read_bytes() for path in made.folder.iterdir()} == before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    with pytest.raises(ReleaseProblem, match="nothing is written over it"):
        import_agreements([listed(tmp_path, row())], tmp_path / "mine")


def test_it_accounts_for_every_row_and_tells_where_each_value_is_from(imported):
    made = imported([row(), [], row(None), ["Total", None, None, None, 1]])
    with (made.folder / "accounting.csv").open(encoding="utf-8") as stream:
        accounts = list(csv.DictReader(stream))
    assert sum(int(account["rows"]) for account in accounts) == 5
    assert {a["became"]: a["which"] for a in accounts}["set aside"] == "4"
    told = json.loads((made.folder / "provenance.json").read_text())
    (file,) = told["files"]
    assert file["columns"]["Sheet1"]["agency"] == "B (LAW ENFORCEMENT AGENCY)"
    (found,) = pq.read_table(made.folder / "agreements.parquet").to_pylist()
    assert (found["file"], found["row"], found["sha256"]) == (file["name"], 2, file["sha256"])


def test_it_reads_the_same_file_once_and_asks_which_of_two_lists_came_first(tmp_path):
    one = listed(tmp_path, row())
    (tmp_path / "copy").mkdir()
    copy = tmp_path / "copy" / one.name
    copy.write_bytes(one.read_bytes())
    made = import_agreements([one, copy], tmp_path / "out")
    assert len(made.lists) == 1
    assert "read once" in made.notes[-1]
    other = listed(tmp_path / "copy", row(), row("Elm Police Department"))
    with pytest.raises(ReleaseProblem, match="which came first"):
        import_agreements([one, other], tmp_path / "out")


def test_it_tells_of_an_agreement_that_moved_to_another_agency_with_its_document(tmp_path):
    def link(address, place):
        return lambda book, page: setattr(page[place], "hyperlink", address)

    document = "https://www.ice.gov/doclib/287gMOA/fern.pdf"
    here = listed(tmp_path, row(model=WARRANT), day=FIRST, then=link(document, "G2"))
    board = row("Fern County Board of County Commissioners", WARRANT)
    there = listed(tmp_path, board, day=SECOND, then=link(document, "G2"))
    made = import_agreements([here, there], tmp_path / "287g")
    assert {(c.event, c.agency.id): c.listed_under for c in made.history} == {
        (
            Event.NEW,
            "fl-fern-county-board-of-county-commissioners",
        ): "fl-fern-county-sheriffs-office",
        (
            Event.ENDED,
            "fl-fern-county-sheriffs-office",
        ): "fl-fern-county-board-of-county-commissioners",
    }


needs_real = pytest.mark.skipif(not REAL.exists(), reason="the real lists are not here")


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    return import_agreements(sorted(REAL.glob("*.xlsx")), tmp_path_factory.mktemp("real") / "287g")


# Names of the lists of 2025 that were looked up by hand, agreement by agreement: those in one
# line are one agency, however they are spelt. What `asked` is, Wayhome leaves to a person (of
# the last two that are asked without an agreement in common, the lists alone do not tell).
ONE_AGENCY = """
FL|St Johns County Sheriff's Office|St. Johns County Sheriff's Office|joined
NC|Albermarle District Jail|Albemarle District Jail|joined
AK|Department of Corrections|Alaska Department of Corrections|joined
IA|Iowa Dept. of Public Safety|Iowa Department of Public Safety|joined
OK|Oklahoma Dept. of Public Safety|Oklahoma Department of Public Safety|joined
FL|Boca Raton Police Department|Boca Raton Police Services Department|joined
FL|City of Miami Springs Police Department|Miami Springs Police Department|joined
FL|Town of Palm Beach Police Department|Palm Beach Police Department|joined
FL|Florida Fish and Wildlife Conservation Commission|Florida Fish & Wildlife Conservation Commission|joined
FL|Ft. Myers Police Department|Fort Myers Police Department|joined
FL|Indiatlantic Police Department|Indialantic Police Department|joined
FL|Lake Clark Shores Police Department|Lake Clarke Shores Police Department|joined
FL|Miami Dade Corrections and Rehabilitation|Miami-Dade Corrections and Rehabilitation|joined
FL|Miami Dade Sheriff's Office|Miami-Dade Sheriff's Office|joined
ID|Idaho State Police|Idaho State Police Department|joined
IN|Green Forks Police Department|Greens Fork Police Department|joined
LA|Louisiana State Patrol|Louisiana State Police Department|joined
MT|Flathead County Sheriff's Department|Flathead County Sheriff's Office|joined
NH|New Hampshire State Police|New Hampshire State Police Department|joined
SC|Lexington County Sheriff's Office|Lexington County Sheriff's Department|joined
TX|Office of the Attorney General|Texas Office of the Attorney General|asked
FL|City of St. Cloud Police Department|St. Cloud Police Department|asked
FL|City of Zephyrhills Police Department|Zephyrhills Police Department|asked
WI|Waukesha County Sheriff's Office|Waukesha County Sheriff's Department|asked
TX|Walker County Sheriff's Department|Walker County Sheriff's Office|asked
FL|University of Central Florida Board of Trustees|University of Central Florida Police Department|asked
FL|Pasco County Board of County Commissioners|Pasco County Board of County Commissioners/ Pasco County Corrections|asked
FL|Gulf County Board of County Commissioners|Gulf County Board of County Commissioners /Detention Facility|asked
FL|Florida Department of Environmental Protection|Florida Department of Environmental Protection, Division of Law Enforcement|asked
MN|Freedom County Sheriff's Office|Freeborn County Sheriff's Office|asked
FL|Florida Department of Financial Services|Florida Department of Financial Services, Criminal Investigation Division|asked
"""


@needs_real
@pytest.mark.parametrize("line", ONE_AGENCY.split("\n")[1:-1])
def test_it_joins_or_asks_about_every_real_agency_of_two_names(real, line):
    state, one, other, how = line.split("|")
    ids = {real.held.agency_of[state, agency_key(name)].id for name in (one, other)}
    asked = {(q.one, q.other) for q in real.held.questions}
    assert (len(ids) == 1, (one, other) in asked) == (how == "joined", how == "asked")


@needs_real
def test_it_joins_no_real_agencies_that_are_two(real):
    known = {
        (state, agency_key(name))
        for state, *names, how in (line.split("|") for line in ONE_AGENCY.split("\n")[1:-1])
        for name in names
        if how == "joined"
    }
    joined = {name for a in real.held.agency_of.values() if len(a.names) > 1 for name in a.names}
    assert joined <= known


@needs_real
def test_it_adds_up_on_the_real_lists(real):
    for before, after, counts in real.events():
        stayed = counts[Event.UNCHANGED] + counts[Event.OTHER_DAY] + counts[Event.CHANGED_MODEL]
        assert stayed + counts[Event.ENDED] == len(before.agreements)
        assert stayed + counts[Event.NEW] == len(after.agreements)
    totals = [(c.agreements, c.agencies) for c in real.counts if c.by == "all"]
    assert totals == [(151, 142), (427, 330), (698, 572), (1204, 1001)]
    assert real.seconds < 20
