"""`wayhome rules`, as a lawyer types it."""

import shutil

import pytest

from wayhome.programs import FOLDER


def test_it_lists_the_rules_of_a_program_on_a_date(wayhome):
    _, out, _ = wayhome("rules", "list", "--program", "release", "--as-of", "2021-07-01")
    assert "release.not_priority_february_2021" in out
    _, later, _ = wayhome("rules", "list", "--program", "release", "--as-of", "2022-07-01")
    assert "release.not_priority_february_2021" not in later


def test_it_shows_a_rule_whole(wayhome):
    _, out, _ = wayhome("rules", "show", "return_home.in_absentia_no_notice")
    for part in ("ordered_in_absentia", "INA 240(b)(5)(C)(ii)", "statute", "1997-04-01"):
        assert part in out


@pytest.mark.parametrize(
    ("command", "said"), [("check", "no faults"), ("test", "0 disagree, 0 answers untold")]
)
def test_it_finds_no_fault_in_its_own_rules(wayhome, command, said):
    code, out, _ = wayhome("rules", command)
    assert code == 0, out
    assert said in out


def test_it_says_where_an_example_disagrees(wayhome, tmp_path):
    folder = tmp_path / "stay"
    (folder / "examples").mkdir(parents=True)
    (folder / "rules.yaml").write_text(
        "- {id: stay.one, title: One, kind: ground, authority: statute, route: stay, "
        "in_force: {effective: 2000-01-01}, condition: removed, cites: [INA 240], confidence: seen, "
        "checked: 2026-11-21, source: a test}\n"
    )
    (folder / "examples" / "a.yaml").write_text(
        "- {name: never removed, as_of: 2021-07-01, facts: {removed: no}, expect: {stay.one: holds}}\n"
    )
    code, out, _ = wayhome("rules", "test", "--rulebook", tmp_path)
    assert code == 1
    assert "“never removed”" in out
    assert "the story says “holds”, the rule says “does not hold”" in out
    assert "no story in which the answer is “cannot tell”" in out


def test_it_says_what_is_wrong_with_an_example(wayhome, tmp_path):
    folder = tmp_path / "stay"
    (folder / "examples").mkdir(parents=True)
    (folder / "rules.yaml").write_text("[]\n")
    (folder / "examples" / "a.yaml").write_text(
        "- {name: wrong, as_of: soon, facts: {removd: yes, sex: mal}, expect: {stay.one: maybe}}\n"
    )
    code, _, err = wayhome("rules", "check", "--rulebook", tmp_path)
    assert code == 4
    for said in (
        "as_of",
        "Did you mean removed?",
        "female, male",
        "There is no rule 'stay.one'",
        "'maybe'",
    ):
        assert said in err


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("stay.one", "stay.One", "a name in lower_case"),
        ("2000-01-01}", "2000-02-31}", "there is no day 2000-02-31"),
        ("2000-01-01}", "'2000-01-01'}", "written YYYY-MM-DD without quotes"),
        ("INA 240", "INA 240(b)(5", "A bracket is opened and not closed"),
        ("authority: statute", "authority: demand, asked_by: a letter", "A demand is a ground"),
        ("condition: removed", "condition: sole_carer", "Did you mean sole_caregiver?"),
    ],
)
def test_it_says_what_would_be_right(wayhome, tmp_path, before, after, said):
    folder = tmp_path / "stay"
    folder.mkdir()
    rule = (
        "\n- {id: stay.one, title: One, kind: definition, authority: statute, "
        "in_force: {effective: 2000-01-01}, condition: removed, cites: [INA 240], "
        "confidence: seen, checked: 2026-11-21, source: a test}\n"
    )
    (folder / "rules.yaml").write_text(rule.replace(before, after))
    code, _, err = wayhome("rules", "check", "--rulebook", tmp_path)
    assert code == 4
    assert said in err
    assert "UNKNOWN" not in err


def test_it_searches_the_vocabulary(wayhome):
    _, out, _ = wayhome("rules", "vocabulary", "pardon")
    assert "pardon_full_unconditional" in out
    assert "detention_start" not in out


def test_it_says_its_version_and_its_help(wayhome):
    assert wayhome("--version")[1].startswith("wayhome 0")
    code, out, _ = wayhome("--help")
    assert code == 0
    assert "Exit codes" in out


def test_it_suggests_the_command_that_was_meant(wayhome):
    code, _, err = wayhome("screem")
    assert code == 2
    assert "screen" in err


def test_it_counts_one_program_as_one(wayhome, tmp_path):
    shutil.copytree(FOLDER / "discretion", tmp_path / "discretion")
    code, out, err = wayhome("rules", "check", "--rulebook", tmp_path)
    assert code == 0, err
    assert "rules in 1 program, 0 tables (0 rows)" in " ".join(out.split())


def test_it_tells_a_demand_apart_from_law_between_two_days(wayhome):
    _, out, _ = wayhome("rules", "diff", "2021-06-30", "2021-07-01")
    found = out.split("stay.haiti_halt")[1].split("\n\n")[0]
    assert "asked for (a demand, not law)" in found
    assert "to be law" not in found.replace("not law", "")
