"""One case explained: in words without signs, as JSON, and in a person's language."""

import json
from dataclasses import replace
from datetime import date

import pytest
from report_samples import PEOPLE, explanations_of, findings_of

from wayhome.engine.explanation import explain
from wayhome.engine.plain import Reading
from wayhome.law.vocabulary import load_vocabulary
from wayhome.programs import rulebook
from wayhome.report.case_report import case_report, open_facts
from wayhome.report.explanation_text import case_text
from wayhome.report.words import words

NO_NOTICE = "return_home.in_absentia_no_notice"
VULNERABLE = "release.vulnerable"


def text_of(person, *rules, **how):
    return case_text(findings_of(person), explanations_of(person, *rules), width=100, **how)


def test_it_reads_without_its_signs():
    text = text_of("bernard", NO_NOTICE)
    plain = text.translate({ord(sign): None for sign in "✓✗?│├└─"})
    assert "Answer:  TRUE" in plain
    assert "TRUE  ordered_in_absentia" in plain
    assert "ordered_in_absentia = yes" in plain
    assert "TRUE  NOT notice_received" in plain


def test_it_asks_the_plain_question_where_a_fact_is_not_known():
    text = text_of("ana", VULNERABLE)
    assert "? CANNOT TELL  serious_medical_condition" in text
    assert "serious_medical_condition = not known" in text
    assert "Do you have a serious health condition of the body or the mind?" in text
    assert "¿Tiene usted un problema grave de salud" in text_of("ana", VULNERABLE, language="es")


def test_it_says_what_a_lawyer_needs_to_judge_the_rule():
    rule = rulebook().rules[NO_NOTICE]
    text = " ".join(text_of("bernard", NO_NOTICE).split())
    for said in (*rule.cites, *rule.assumes, *rule.leaves_out, rule.source, rule.title, rule.id):
        assert said in text
    assert "In force since April 1, 1997" in text
    assert "not yet read against the text" in text
    assert text.endswith("A lead for a lawyer, not advice.")


def test_it_says_what_to_check_first():
    rule = rulebook().rules["release.custody_review_90_days"]
    text = " ".join(text_of("bernard", rule.id).split())
    assert "A lawyer should check this rule first." in text
    assert rule.check in text


def test_it_says_nothing_for_a_rule_that_was_not_in_force():
    book = rulebook()
    rule = book.rules["release.fifth_circuit_90_days"]
    (explanation,) = explanations_of("ana", rule.id)
    text = case_text(findings_of("ana"), [explanation], width=100)
    assert "Not in force on July 1, 2021" in text
    assert "Answer:" not in text
    told = json.loads(case_text(findings_of("ana"), [explanation], style="json"))
    assert told["explanations"][0]["is_in_force"] is False
    assert told["explanations"][0]["answer"] is None


def test_it_tells_deadlines_ahead_from_those_that_have_passed():
    text = text_of("bernard")
    assert "2021-08-18 (in 48 days)" in text
    assert "2021-06-19 (has passed)" in text


def test_it_shows_the_best_outcome_first_and_demands_as_demands():
    text = text_of("esperanza")
    assert text.index("Coming home: A ground holds") < text.index("Release from detention:")
    assert "URGENT: May be a US citizen" in text
    assert "Demand (not law)" in text_of("ana")


@pytest.mark.parametrize("bar", ["return_home.bar_10_years", "docket.expedited_removal_risk"])
def test_it_says_by_title_how_bars_may_be_answered(bar):
    book = rulebook()
    rule = book.rules[bar]
    (finding, *_) = findings_of("ana")
    found = [replace(finding, bars=(rule,))]
    text = case_text(found, width=900)
    answers = "; ".join(
        f"{book.rules[w].title} [{w}]" if w in book.rules else w for w in rule.waivers
    )
    assert f"Ways to answer it: {answers}" in text
    html = case_text(found, style="html")
    for waiver in rule.waivers:
        shown = book.rules[waiver].title if waiver in book.rules else waiver
        assert f'<li><span lang="en">{shown}</span>' in html


def test_it_says_of_a_deadline_without_a_date_which_fact_would_give_it():
    (home, *_) = findings_of("bernard", programs=("return_home",))
    rule = rulebook().rules["return_home.petition_30_days"]
    without = replace(home, deadlines=(), answers={rule.id: True})
    question = load_vocabulary()["order_final_date"].question
    text = case_text([without], width=200)
    assert f"the date is not known: order_final_date: {rule.title} [{rule.id}]" in text
    assert question in text
    (_, still_open) = case_text(
        [without], explanations_of("bernard", VULNERABLE), with_trees=(True,), width=200
    ).split("WHAT CANNOT BE TOLD YET")
    assert f"{rule.id}: the date is not known: order_final_date" in still_open
    html = case_text([without], style="html")
    assert "Deadlines whose date is not known" in html
    assert question in html
    (told,) = json.loads(case_text([without], style="json"))["findings"]
    assert told["deadlines_without_date"] == [
        {"rule": rule.id, "fact": "order_final_date", "question": question}
    ]
    assert "the date is not known: order_final_date" not in case_text([home], width=200)


def test_it_does_not_call_a_first_day_that_is_past_a_lost_chance():
    (finding, *_) = findings_of("nobody")
    rules = rulebook().rules
    days = tuple(
        (rules[name], date(2019, 10, 2)) for name in ("welcome.work_permit_150", "welcome.one_year")
    )
    text = case_text([replace(finding, deadlines=days)], width=200)
    assert "since 2019-10-02: First day to ask for a work permit" in text
    assert "2019-10-02 (has passed): Ask for asylum" in text
    first_days = {rule.id for rule in rules.values() if rule.title.startswith("First day ")}
    assert words().texts["passed_as"].keys() == first_days


def test_it_says_that_no_ground_of_a_program_is_law_and_not_that_none_was_found():
    found = findings_of("nobody", programs=("facilities", "return_home"))
    silent = "No ground of this program rests on law that was in force on this day."
    for style in ("text", "html"):
        text = case_text(found, style=style, width=200)
        assert silent in text
        assert "Detention facilities: No ground found" not in text
        assert "Coming home: Cannot tell yet" in text or style == "html"
    told = json.loads(case_text(found, style="json"))["findings"]
    assert {f["program"]: f["law_in_force"] for f in told} == {
        "facilities": False,
        "return_home": True,
    }


def test_it_numbers_the_next_questions_in_order():
    (finding, *others) = findings_of("nobody")
    asked = finding.missing[:2]
    found = [replace(finding, missing=asked), *(replace(f, missing=()) for f in others)]
    facts = load_vocabulary()
    text = case_text(found, width=200)
    first, second = (facts[question.fact].question for question in asked)
    assert f" 1.  {first}" in text
    assert f" 2.  {second}" in text


def test_it_says_that_there_is_nothing_left_to_ask():
    found = [replace(finding, missing=()) for finding in findings_of("ana")]
    assert "Nothing more to ask." in case_text(found)
    assert "Nothing more to ask." in case_text(found, style="html")


def test_it_gives_the_same_as_json():
    told = json.loads(text_of("bernard", NO_NOTICE, style="json"))
    assert (told["case_id"], told["as_of"]) == ("bernard", "2021-07-01")
    assert {finding["program"] for finding in told["findings"]} == {"return_home", "release"}
    (explanation,) = told["explanations"]
    assert (explanation["rule"], explanation["answer"]) == (NO_NOTICE, True)
    assert explanation["in_force"] == [{"from": "1997-04-01", "to": None}]
    leaves = explanation["tree"]["parts"]
    assert leaves[0]["facts"] == {"ordered_in_absentia": True}
    assert told["next_questions"][0]["question"].endswith("?")


def test_it_writes_dates_in_json_as_days():
    told = json.loads(text_of("bernard", "return_home.motion_90_days", style="json"))
    assert '"2021-05-20"' in json.dumps(told)


def test_it_names_only_the_facts_that_keep_the_answer_open():
    (open_one,) = explanations_of("ana", VULNERABLE)
    (true_one,) = explanations_of("bernard", NO_NOTICE)
    vocabulary = load_vocabulary()
    names = [fact.name for fact in open_facts(open_one, vocabulary)]
    assert "serious_medical_condition" in names
    assert "detained" not in names
    assert open_facts(true_one, vocabulary) == []


def test_it_does_not_ask_for_a_fact_behind_a_condition_that_is_settled():
    reading = Reading(rulebook(), date(2021, 7, 1), {"detained": False})
    explanation = explain(reading, rulebook().rules[VULNERABLE])
    assert explanation.answer is False
    assert open_facts(explanation, load_vocabulary()) == []


def test_it_puts_what_holds_before_what_is_open_before_what_does_not_hold():
    found = findings_of("bernard")
    trees = explanations_of("bernard", "release.bond", VULNERABLE, NO_NOTICE)
    report = case_report(found, trees, words=words())
    assert [e.answer for e in report.explanations] == [True, None, False]


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("style", ["text", "json", "html"])
def test_it_explains_everybody_in_every_style(person, language, style):
    text = text_of(person, NO_NOTICE, VULNERABLE, language=language, style=style)
    assert person in text
    assert words(language).say("lead_note") in text


def test_it_marks_a_synthetic_case():
    assert text_of("ana", is_synthetic=True).startswith("SYNTHETIC DATA")
    assert json.loads(text_of("ana", is_synthetic=True, style="json"))["synthetic"] is True


def test_it_gives_open_rules_a_line_each_and_those_that_hold_their_trees():
    rules = ("release.bond", VULNERABLE, NO_NOTICE)
    text = text_of("bernard", *rules, with_trees=(True,))
    assert "ordered_in_absentia = yes" in text
    why, lines = text.split("WHAT CANNOT BE TOLD YET")
    assert f"[{NO_NOTICE}]\n  Answer: ✓ TRUE" in why
    assert "Answer: ?" not in why
    assert f"{VULNERABLE}: serious_medical_condition, pregnant_or_nursing" in lines
    assert " more" in lines
    assert "Answer: ?" in text_of("bernard", *rules, with_trees=(True, None))
    assert "release.bond" not in text.split("WHY")[1]


def test_it_leaves_out_the_parts_of_a_tree_that_could_not_matter():
    whole = text_of("bernard", NO_NOTICE)
    short = text_of("bernard", NO_NOTICE, with_trees=(True,))
    assert "in_custody_at_hearing = not known" in whole
    assert "in_custody_at_hearing = not known" not in short
    assert "1 more that does not matter" in short
    assert "NOT notice_received" in short


def test_it_names_the_bar_that_keeps_a_ground_open_and_what_would_settle_it():
    text = " ".join(text_of("bernard").split())
    book = rulebook()
    bar = book.rules["return_home.bar_reinstated"]
    assert f"Bar not known yet {bar.title} [{bar.id}] What would settle it: proceeding_type" in text
    assert "Impedimento por saber" in text_of("bernard", language="es")
    told = json.loads(text_of("bernard", style="json"))
    home = next(f for f in told["findings"] if f["program"] == "return_home")
    assert bar.id in [each["rule"] for each in home["open_bars"]]
    assert "Bar not known yet" in text_of("bernard", style="html")
    assert "Bar not known yet" not in text_of("esperanza")
