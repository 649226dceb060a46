"""A rulebook's faults: all of them at once, each with its place and the mend."""

from datetime import date

import pytest

from wayhome.engine.graph import compile_graph
from wayhome.law.conditions import AnyRow, InTable, RuleHolds
from wayhome.law.faults import FaultyRulebook
from wayhome.law.loading import load_rulebook

TABLE = """
halts:
  title: Countries
  key: country
  columns:
    country: {type: code, fact: country_of_citizenship}
    effective_from: {type: date}
    effective_to: {type: date}
  rows:
    - {country: HT, effective_from: 2010-01-21, effective_to: 2011-07-23, confidence: seen, source: a notice}
    - {country: NO, effective_from: 2010-01-21, confidence: recalled, source: a notice}
"""


def faults_of(folder):
    with pytest.raises(FaultyRulebook) as caught:
        load_rulebook(folder)
    return [str(fault) for fault in caught.value.faults]


def test_it_loads_a_rulebook(book_of, rule_text):
    book = book_of(
        {"stay": rule_text(condition="country_of_citizenship IN TABLE halts")}, {"stay": TABLE}
    )
    assert list(book.rules) == ["stay.one"]
    assert [row.values["country"] for row in book.tables["halts"].rows] == ["HT", "NO"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.replace("authority: statute", "authority: statut"), "Did you mean statute?"),
        (
            lambda t: t.replace("title:", "titel:"),
            "'titel' is not a field of a rule. Did you mean title?",
        ),
        (lambda t: t.replace("  cites: [INA 1]\n", ""), "The rule has no cites."),
        (lambda t: t.replace("cites: [INA 1]", "cites: INA 1"), "cites is a list"),
        (
            lambda t: t.replace("effective: 2000-01-01", "effective: soon"),
            "is not a day written YYYY-MM-DD",
        ),
        (
            lambda t: t.replace("effective: 2000-01-01", "effectiv: 2000-01-01"),
            "Did you mean effective?",
        ),
        (
            lambda t: t.replace("2000-01-01}", "2000-01-01, issued: 2001-01-01}"),
            "is after effective",
        ),
        (
            lambda t: t.replace("2000-01-01}", "2000-01-01, ended: 2000-01-01}"),
            "the end is the first day out",
        ),
        (
            lambda t: t.replace("2000-01-01}", "2000-01-01, suspended: [{from: 2001-01-01}]}"),
            "by: which order",
        ),
        (
            lambda t: t.replace(
                "2000-01-01}", "2000-01-01, suspended: [{from: 1999-01-01, by: a court}]}"
            ),
            "begins before",
        ),
        (
            lambda t: t.replace(
                "2000-01-01}",
                "2000-01-01, ended: 2003-01-01, suspended: [{from: 2001-01-01, to: 2004-01-01, by: a court}]}",
            ),
            "ends after the rule",
        ),
        (
            lambda t: t.replace("2000-01-01}", "2000-01-01, ended: 1999-01-01}"),
            "is not before its end",
        ),
        (lambda t: t.replace("confidence: seen", "confidence: check"), "say why in check:"),
        (lambda t: t.replace("authority: statute", "authority: demand"), "asked_by"),
        (lambda t: t.replace("  route: undo_order\n", ""), "A ground needs route."),
        (lambda t: t.replace("undo_order", "undo_the_order"), "Did you mean undo_order?"),
        (lambda t: t.replace("stay.one", "release.one"), "begins with 'stay.'"),
        (lambda t: t.replace("condition: removed", "condition: removd"), "Did you mean removed?"),
        (lambda t: t + "  title: Another\n", "'title' stands here twice"),
        (lambda t: t.replace("- id", "-id"), "not YAML"),
        (lambda t: "just words", "A rules file is a list of rules"),
        (lambda t: t + "- title: nameless\n", "Rule number 2 has no id."),
        (lambda t: t.replace("[INA 1]", "[INA 1"), "not YAML"),
    ],
)
def test_it_says_what_is_wrong_with_a_rule(programs, rule_text, change, says):
    found = faults_of(programs({"stay": change(rule_text())}))
    assert any(says in fault for fault in found), found
    assert all("stay/rules.yaml" in fault for fault in found)


def test_it_reports_every_fault_of_every_file(programs, rule_text):
    folder = programs(
        {
            "stay": rule_text(condition="removd") + rule_text("stay.two", "detaind AND sex = 'x'"),
            "release": rule_text("release.one", "removed AND"),
        }
    )
    found = faults_of(folder)
    assert len(found) == 4
    assert found[0].startswith("release/rules.yaml, line 7")
    assert "stay.two: There is no fact 'detaind'. Did you mean detained?" in found[2]


def test_it_places_a_fault_on_its_line_of_the_file(programs, rule_text):
    text = rule_text(condition="|\n    removed AND\n    detaind")
    lines = text.splitlines()
    (fault,) = faults_of(programs({"stay": text}))
    line = next(n for n, words in enumerate(lines, 1) if "detaind" in words)
    assert f"line {line}, column 1:" in fault


def test_it_refuses_two_rules_with_one_id(programs, rule_text):
    found = faults_of(programs({"stay": rule_text() + rule_text(condition="detained")}))
    assert any(
        "Two rules have the id 'stay.one'; the first is in stay/rules.yaml, line 2" in f
        for f in found
    )


@pytest.mark.parametrize(
    "texts",
    [
        [("stay.one", "stay.one OR removed")],
        [("stay.one", "stay.two"), ("stay.two", "NOT stay.one")],
        [("stay.one", "stay.two"), ("stay.two", "stay.three"), ("stay.three", "stay.one")],
    ],
)
def test_it_refuses_a_rule_that_refers_to_itself(programs, rule_text, texts):
    rules = "".join(rule_text(name, condition) for name, condition in texts)
    found = faults_of(programs({"stay": rules}))
    assert any("The rule refers to itself: stay.one → " in fault for fault in found)


def test_it_reads_another_rule_on_the_same_date(book_of, rule_text):
    book = book_of({"stay": rule_text("stay.two", "NOT stay.one") + rule_text()})
    assert set(book.rules) == {"stay.one", "stay.two"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.replace("key: country", "key: countri"), "The key 'countri' is not one of its columns. Did you mean country?"),
        (lambda t: t.replace("type: date", "type: dat"), "a type is one of"),
        (lambda t: t.replace("2011-07-23", "2009-07-23"), "is not before its end"),
        (lambda t: t.replace("2011-07-23", "31 February"), "is not a date"),
        (lambda t: t.replace("source: a notice", "sourze: a notice"), "Did you mean source?"),
        (lambda t: t.replace("confidence: recalled", "confidence: check"), "say why in check:"),
        (lambda t: t.replace("country_of_citizenship", "country_of_citizen"), "there is no fact"),
        (lambda t: t.replace("effective_from: 2010-01-21, conf", "effective_from: 0001-01-01, conf"), "between 1900-01-01"),
        (lambda t: "- a list", "A tables file is"),
        (lambda t: t[: t.index("  rows:")], "A table has a list of rows."),
    ],
)  # fmt: skip
def test_it_says_what_is_wrong_with_a_table(programs, rule_text, change, says):
    found = faults_of(programs({"stay": rule_text()}, {"stay": change(TABLE)}))
    assert any(says in fault and "stay/tables.yaml" in fault for fault in found), found


def test_it_writes_out_a_rule_named_inside_a_table(book_of, rule_text):
    where = "country_of_citizenship IN TABLE halts WHERE (stay.one AND halts.effective_from < screening_date)"
    book = book_of({"stay": rule_text() + rule_text("stay.two", where)}, {"stay": TABLE})
    graph = compile_graph(book, date(2021, 7, 1))
    assert not [node for node in graph.nodes if isinstance(node, RuleHolds | InTable | AnyRow)]


def test_it_says_that_a_folder_holds_no_program(tmp_path):
    assert "No program here" in faults_of(tmp_path)[0]


def test_it_refuses_a_table_twice(programs, rule_text):
    rules = {"stay": rule_text(), "release": rule_text("release.one")}
    found = faults_of(programs(rules, {"stay": TABLE, "release": TABLE}))
    assert any("There is a table 'halts' in release/tables.yaml already." in f for f in found)
