"""What a summary counts, from findings one by one and from a whole docket."""

from dataclasses import replace
from datetime import date, timedelta

import pyarrow as pa
import pytest
from report_samples import DAY, findings_of

from wayhome.engine.fact_tables import fact_table_of
from wayhome.engine.graph import compile_graph
from wayhome.engine.outcomes import Outcome
from wayhome.engine.planes import screen
from wayhome.engine.questions import Question
from wayhome.law.rules import Kind
from wayhome.programs import rulebook
from wayhome.report.docket_summary import GROUP_COLUMNS, summary_of_screening
from wayhome.report.summary import (
    MOST_CASES_LISTED,
    FactsCounted,
    FindingsTally,
    Unit,
    next_questions_of,
    summary_of_findings,
)
from wayhome.report.summary_json import summary_json


@pytest.fixture(scope="module")
def people():
    return summary_of_findings("clients.csv", findings_of(), rulebook())


def program_of(summary, name):
    return next(program for program in summary.programs if program.name == name)


def counts_of(program):
    return {count.rule.id: (count.true, count.false, count.unknown) for count in program.rules}


def test_it_counts_every_person_once_in_every_program(people):
    assert (people.cases, people.unit, people.as_of) == (4, Unit.PEOPLE, (DAY,))
    for program in people.programs:
        assert sum(program.outcomes.values()) == 4
        assert all(sum(answers) == 4 for answers in counts_of(program).values())


def test_it_counts_what_holds(people):
    home = program_of(people, "return_home")
    assert counts_of(home)["return_home.us_citizen"] == (1, 0, 3)
    assert counts_of(home)["return_home.in_absentia_no_notice"][0] == 1
    assert home.outcomes[Outcome.GROUND] == 1


def test_it_puts_the_grounds_that_hold_most_often_first_and_demands_apart(people):
    release = program_of(people, "release")
    grounds = release.of_law(Kind.GROUND)
    assert [c.true for c in grounds] == sorted((c.true for c in grounds), reverse=True)
    assert "release.everyone_considered" not in [c.rule.id for c in grounds]
    assert "release.everyone_considered" in [c.rule.id for c in release.demands()]


def test_it_counts_the_people_whom_one_answer_could_settle(people):
    release = program_of(people, "release")
    assert release.facts_counted is FactsCounted.SETTLED
    counts = [count.count for count in release.open_facts]
    assert counts == sorted(counts, reverse=True)
    assert max(counts) <= 4
    # Ana and Bernard are known to be detained, Esperanza and nobody are not.
    asked = {count.fact.name: count.count for count in release.open_facts}
    assert asked["detained"] == 2


def test_it_does_not_count_a_question_that_settles_only_another_program():
    (finding,) = findings_of("nobody", programs=("release",))
    elsewhere = Question("pardoned", (), ("return_home.pardon_full",), ("release.bond",))
    here = Question("detained", (), ("release.bond",), ("release.bond",))
    book = rulebook()
    told = summary_of_findings("one", [replace(finding, missing=(elsewhere, here))], book)
    assert [count.fact.name for count in told.programs[0].open_facts] == ["detained"]


def test_it_lists_emergencies_first_then_the_nearest_deadline(people):
    assert [line.case_id for line in people.case_lines] == ["esperanza", "bernard", "ana", "nobody"]
    assert people.case_lines[0].is_urgent
    assert people.case_lines[1].next_deadline.day == date(2021, 7, 19)
    assert people.case_lines[2].next_deadline is None


def test_it_lists_only_deadlines_that_lie_ahead(people):
    days = [deadline.day for deadline in people.deadlines]
    assert days == sorted(days)
    assert all(day >= DAY for day in days)
    found = [day for finding in findings_of("bernard") for _, day in finding.deadlines]
    assert any(day < DAY for day in found)


def test_it_keeps_a_deadline_that_is_due_today():
    (finding,) = findings_of("bernard", programs=("return_home",))
    rule = finding.deadlines[0][0]
    moved = replace(finding, deadlines=((rule, DAY), (rule, DAY - timedelta(days=1))))
    told = summary_of_findings("one", [moved], rulebook())
    assert [deadline.day for deadline in told.deadlines] == [DAY]


def test_it_remembers_no_single_case_of_a_large_file():
    (finding,) = findings_of("bernard", programs=("return_home",))
    many = (replace(finding, case_id=str(n)) for n in range(MOST_CASES_LISTED + 1))
    told = summary_of_findings("many.csv", many, rulebook())
    assert told.cases == MOST_CASES_LISTED + 1
    assert told.case_lines == ()
    assert told.deadlines == ()
    assert told.programs[0].outcomes[Outcome.OPEN] == MOST_CASES_LISTED + 1


def test_it_hands_findings_on_while_it_counts():
    found = findings_of()
    tally = FindingsTally(rulebook())
    assert list(tally.watching(iter(found))) == found
    assert tally.summary("clients.csv") == summary_of_findings("clients.csv", found, rulebook())


def test_it_summarises_an_empty_file():
    told = summary_of_findings("empty.csv", [], rulebook())
    assert (told.cases, told.as_of, told.programs) == (0, (), ())


def test_it_names_each_date_of_the_law_once():
    found = [replace(f, as_of=DAY + timedelta(days=n % 2)) for n, f in enumerate(findings_of())]
    told = summary_of_findings("dates.csv", found, rulebook())
    assert told.as_of == (DAY, DAY + timedelta(days=1))


def test_it_asks_the_most_useful_question_of_all_programs_first():
    (one, other) = findings_of("nobody")
    little = Question("sex", (), (), ("release.bond",))
    rule = Question("detained", (), ("release.bond",), ("release.bond",))
    outcome = Question("pardoned", ("return_home",), ("return_home.x",), ("return_home.x",))
    found = [replace(one, missing=(outcome, little)), replace(other, missing=(rule, little))]
    assert [q.fact for q in next_questions_of(found, rulebook().rules)] == [
        "pardoned",
        "detained",
        "sex",
    ]


def test_it_asks_first_what_could_settle_a_program_in_which_a_ground_holds_already():
    found = findings_of("bernard")
    home = next(f for f in found if f.program == "return_home")
    assert home.outcome is Outcome.OPEN
    far = Question("sex", ("release", "stay"), (), ("release.bond",))
    near = Question("proceeding_type", ("return_home",), (), ("return_home.bar_reinstated",))
    found = [replace(f, missing=(far, near)) for f in found]
    assert [q.fact for q in next_questions_of(found, rulebook().rules)] == [
        "proceeding_type",
        "sex",
    ]
    (line,) = summary_of_findings("one", found, rulebook()).case_lines
    assert line.open_with_ground == {"return_home": True}
    assert line.next_question.name == "proceeding_type"
    bar = replace(near, settles_programs=())
    found = [replace(f, missing=(far, bar)) for f in found]
    asked = next_questions_of(found, rulebook().rules)
    assert [q.fact for q in asked] == ["proceeding_type", "sex"]


def test_it_knows_a_ground_that_is_barred_from_one_whose_bar_is_not_known():
    home = next(f for f in findings_of("bernard") if f.program == "return_home")
    bar = rulebook().rules["return_home.bar_reinstated"]
    barred = replace(home, grounds=home.grounds[:1], bars=(bar,))
    assert bar.bars(barred.grounds[0])
    (line,) = summary_of_findings("one", [barred], rulebook()).case_lines
    assert line.open_with_ground == {"return_home": False}


def test_it_counts_no_date_where_a_deadline_holds_and_its_date_is_not_known():
    home = next(f for f in findings_of("bernard") if f.program == "return_home")
    told = summary_of_findings("one", [home, replace(home, case_id="2", deadlines=())], rulebook())
    (count,) = (c for c in told.programs[0].rules if c.rule.id == "return_home.petition_30_days")
    assert (count.true, count.told, count.undated) == (2, 1, 1)
    assert "order_final_date" in [d.fact for d in told.case_lines[-1].undated]
    assert told.case_lines[-1].next_deadline is None
    written = summary_json(told)["programs"][0]["deadlines_without_date"]
    assert written["return_home.petition_30_days"] == 1


@pytest.fixture(scope="module")
def docket():
    book = rulebook()
    graph = compile_graph(book, DAY, ("stay", "release"))
    words = pa.dictionary(pa.uint8(), pa.string())
    table = fact_table_of(
        pa.table(
            {
                "case_id": pa.array([1, 2, 3, 4], pa.int64()),
                "detained": [True, False, None, True],
                "country_of_citizenship": pa.array(["HT", "HT", "MX", None]).cast(words),
                "court": pa.array(["MIA", "MIA", "NYC", "MIA"]).cast(words),
                "nta_date": pa.array([date(2019, 1, 1), date(2019, 12, 31), None, DAY]),
            }
        )
    )
    screening = screen(graph, table, by=tuple(GROUP_COLUMNS.values()))
    return summary_of_screening(
        "store", screening, book, graph, table.facts, is_synthetic=True, provenance=[("a", "b")]
    )


def test_it_counts_docket_cases_and_not_people(docket):
    assert (docket.cases, docket.unit, docket.is_synthetic) == (4, Unit.DOCKET_CASES, True)
    for program in docket.programs:
        assert sum(program.outcomes.values()) == 4
        assert all(sum(answers) == 4 for answers in counts_of(program).values())


def test_it_breaks_a_docket_down_so_that_every_part_adds_up(docket):
    for program in docket.programs:
        for groups in program.groups.values():
            for outcome in Outcome:
                assert sum(g.outcomes[outcome] for g in groups) == program.outcomes[outcome]
    groups = docket.programs[0].groups
    assert {g.label: g.cases for g in groups["nationality"]} == {"HT": 2, "MX": 1, None: 1}
    assert {g.label: g.cases for g in groups["year"]} == {"2019": 2, "2021": 1, None: 1}
    assert {g.label: g.cases for g in groups["court"]} == {"MIA": 3, "NYC": 1}


def test_it_counts_open_answers_only_for_facts_that_the_docket_never_tells(docket):
    release = program_of(docket, "release")
    assert release.facts_counted is FactsCounted.LEFT_OPEN
    names = [count.fact.name for count in release.open_facts]
    assert "serious_medical_condition" in names
    assert not {"detained", "country_of_citizenship", "screening_date"} & set(names)
    asked = {count.fact.name: count.count for count in release.open_facts}
    unknown = counts_of(release)["release.vulnerable"][2]
    assert asked["serious_medical_condition"] >= unknown > 0


def test_it_gives_the_same_counts_as_json(docket):
    told = summary_json(docket)
    assert told["synthetic"] is True
    stay = next(p for p in told["programs"] if p["program"] == "stay")
    assert sum(stay["outcomes"].values()) == 4
    assert set(stay["groups"]["nationality"]) == {"HT", "MX", "not_known"}
    assert all(sum(rule.values()) == 4 for rule in stay["rules"].values())
    assert told["provenance"] == {"a": "b"}
