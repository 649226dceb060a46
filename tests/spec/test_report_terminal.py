"""The tables in the terminal: narrow, without colour, and piped."""

import io
from dataclasses import replace

import pytest
from report_samples import docket, findings_of
from rich.console import Console

from wayhome.programs import rulebook
from wayhome.report.page import page
from wayhome.report.summary import RuleCount, summary_of_findings
from wayhome.report.terminal import show


def printed(summary, width=80, language="en", **how):
    console = Console(file=io.StringIO(), width=width, **how)
    show(summary, language=language, console=console)
    return console.file.getvalue()


@pytest.fixture(scope="module")
def people():
    return summary_of_findings("clients.csv", findings_of(), rulebook())


@pytest.fixture(scope="module")
def national():
    return docket(programs=("return_home", "release", "facilities"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_fits_eighty_columns_with_the_largest_docket(national, language):
    assert max(len(line) for line in printed(national, language=language).splitlines()) <= 80


def test_it_needs_no_colour_when_piped(people):
    assert "\x1b" not in printed(people)
    coloured = printed(people, force_terminal=True, color_system="standard")
    assert "\x1b" in coloured


def test_it_prints_to_standard_output(people, capsys):
    show(people)
    assert "Screening of clients.csv" in capsys.readouterr().out


def test_it_ends_with_the_note(people, national):
    for summary in (people, national):
        assert printed(summary).strip().splitlines()[-1].strip() == (
            "A lead for a lawyer, not advice."
        )


def test_it_marks_synthetic_data_at_the_top_and_at_the_bottom(people, national):
    lines = printed(national).strip().splitlines()
    assert lines[0].startswith("SYNTHETIC DATA")
    assert any("SYNTHETIC DATA" in line for line in lines[-4:])
    assert "SYNTHETIC" not in printed(people)


def test_it_names_the_date_the_grounds_the_citations_and_the_questions(people):
    text = printed(people)
    assert "2021-07-01" in text
    assert "May be a US citizen, and a citizen cannot be deported [URGENT]" in text
    assert "INA 240(b)(5)(C)(ii), 8 USC 1229a(b)(5)(C)(ii)" in text
    assert "2021-08-18 (in 48 days)" in text


def test_it_shows_demands_apart_and_says_that_they_are_not_law(people):
    law, demands = printed(people).split("What the letters asked for (demands, not law)", 1)
    assert "Everyone in detention is considered for release" not in law
    assert "not law" in printed(people)
    assert "By the demands alone" in demands


def test_it_shows_a_bar_for_the_smallest_number(national):
    line = next(line for line in printed(national).splitlines() if "a bar stands before" in line)
    assert "▓" in line
    assert "<0.1%" in line


def test_it_shows_the_five_facts_that_would_settle_most(people):
    release = next(program for program in people.programs if program.name == "release")
    part = printed(people, width=300).split("Release from detention  release")[1]
    names = [count.fact.name for count in release.open_facts]
    asked = part.split("Which missing facts would settle most")[1].split("What the letters")[0]
    assert all(f"  {name}" in asked for name in names[:5])
    assert not any(f"  {name} " in asked for name in names[5:])
    assert release.open_facts[0].fact.question in asked


def test_it_says_where_no_law_of_a_program_is_in_force(national):
    assert "No ground of this program rests on law that was in force" in printed(national)


def test_it_takes_square_brackets_in_a_name_as_they_are():
    told = summary_of_findings("[bold]clients[/bold].csv", findings_of("ana"), rulebook())
    assert "[bold]clients[/bold].csv" in printed(told)


def test_it_promises_the_demands_only_where_they_follow(national):
    (facilities,) = (p for p in national.programs if p.name == "facilities")
    demand = RuleCount(rulebook().rules["release.everyone_considered"], 1, 0, 0)
    for rules, promised in (((), False), ((demand,), True)):
        one = replace(national, programs=(replace(facilities, rules=rules),))
        for text in (printed(one, width=200), page(one)):
            assert "No ground of this program rests on law" in text
            assert ("What the letters asked for is below." in text) is promised


def test_it_names_the_people_whose_ground_waits_for_one_answer(people):
    text = printed(people, width=200)
    (line,) = (line for line in text.splitlines() if "Coming home (bar not known yet)" in line)
    assert line.startswith("bernard")
    assert "bar not known yet" not in printed(
        summary_of_findings("clients.csv", findings_of("nobody"), rulebook()), width=200
    )


def test_it_counts_no_deadline_whose_date_is_not_known():
    found = [replace(finding, deadlines=()) for finding in findings_of("bernard")]
    text = printed(summary_of_findings("clients.csv", found, rulebook()), width=200)
    assert "The date is not known for 1 person: order_final_date" in text
    assert "\n  Deadlines\n" not in text
