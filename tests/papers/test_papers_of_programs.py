"""What single papers say, and leave unsaid, for one case or another."""

from datetime import date, datetime

import pytest
from tests.papers.invented_case import PERSON, everything

from wayhome import papers
from wayhome.programs import FOLDER, rulebook

MEMORANDUM = "discretion/equities_memorandum"
DETAINER = "entanglement/letter_on_a_detainer"
HOST = "welcome/release_to_a_host"

HELD = {
    "detainer_issued_at": datetime(2026, 11, 18, 9),
    "local_release_due_at": datetime(2026, 11, 20, 15),
    "judicial_warrant": False,
}
ARRIVED = {"arriving_asylum_seeker": True, "arrival_date": date(2026, 10, 2), "detained": True}


def letter(draft):
    """The draft without the pages that are taken out before it is sent."""
    return draft.text.partition("What is missing")[0]


def test_it_has_a_paper_for_every_program_or_says_in_its_readme_why_not():
    written = {template.program for template in papers.templates()}
    for program in set(rulebook().programs) - written:
        assert "## Why there is no paper" in (FOLDER / program / "README.md").read_text()
    assert set(rulebook().programs) - written == {"facilities"}


def test_it_names_every_program_where_papers_are_listed():
    listed = (FOLDER.parents[2] / "docs" / "how-to" / "write-a-paper.md").read_text()
    for program in rulebook().programs:
        assert f"\n| {program} | " in listed


def test_it_presumes_relief_until_a_danger_is_on_record(make):
    gap = "the letter's presumption of relief is not claimed"
    claimed = "This is a demand and not the law."
    unknown = make(MEMORANDUM, {}, PERSON)
    assert claimed in unknown.text
    assert "none is on record" not in unknown.text
    danger = make(MEMORANDUM, {"public_safety_threat_finding": True}, PERSON)
    assert claimed not in danger.text
    assert any(found.startswith(gap) for found in danger.gaps)


def test_it_tells_present_absent_and_not_known_apart_in_the_memorandum(make):
    facts = {"sole_caregiver": True, "us_military_service": False}
    text = letter(make(MEMORANDUM, facts, PERSON))
    assert "Only or main person who cares for somebody | yes" in text
    assert "Served in the armed forces of the United States | no" in text
    assert "Disability | [GAP: it is not known whether they have a disability]" in text


def test_it_asks_the_government_only_for_what_fits_the_case(make):
    pending = letter(make(MEMORANDUM, {"case_pending": True, "final_order": False}, PERSON))
    assert "239.2(a)(7)" in pending
    assert "join a motion to reopen" not in pending
    ordered = letter(make(MEMORANDUM, {"case_pending": False, "final_order": True}, PERSON))
    assert "join a motion to reopen" in ordered
    assert "239.2(a)(7)" not in ordered
    assert any("what is asked for has not been chosen" in g for g in make(MEMORANDUM).gaps)


def test_it_names_policies_that_are_over_with_their_days_and_none_that_was_not_yet_law(make):
    said = "(Doyle); in effect from February 18, 2021 until January 20, 2025"
    assert said in make(MEMORANDUM).text
    early = make(MEMORANDUM, as_of=date(2021, 2, 17))
    assert "Doyle" not in letter(early)
    assert any(gap.startswith("this was not yet law on February 17, 2021") for gap in early.gaps)


def test_it_tells_a_jail_nothing_of_country_or_status(make):
    text = letter(make(DETAINER, {**everything(), **HELD}, PERSON))
    for told in ("Haiti", PERSON["a_number"], "asylum", "citizen", "removal"):
        assert told not in text


def test_it_counts_the_48_hours_without_the_weekend(make):
    draft = make(DETAINER, HELD, PERSON)
    assert "Day on which the 48 hours run out: November 24, 2026." in draft.text
    assert "Galarza v. Szalczyk" in draft.text
    assert any("the law of this State" in gap for gap in draft.gaps)
    assert any("cannot be worked out" in gap for gap in make(DETAINER, {}, PERSON).gaps)


@pytest.mark.parametrize(
    ("warrant", "said"),
    [
        (True, "a judge's warrant is on record; counsel reads it"),
        (None, "it is not known whether a judge signed a warrant"),
    ],
)
def test_it_never_says_that_no_judge_signed_unless_it_is_known(make, warrant, said):
    facts = {k: v for k, v in HELD.items() if k != "judicial_warrant"}
    facts |= {} if warrant is None else {"judicial_warrant": warrant}
    draft = make(DETAINER, facts, PERSON)
    assert any(said in gap for gap in draft.gaps)
    assert "No judge's warrant for this hold is known" not in draft.text
    assert any("48 hours are not counted" in gap for gap in draft.gaps) == (warrant is True)


def test_it_asks_for_records_once_the_person_was_handed_over(make):
    late = make(DETAINER, {**HELD, "transferred_at": datetime(2026, 11, 25, 9)}, PERSON).text
    assert "8 CFR 287.7(d)" in late
    assert "Held on a detainer for more than 48 hours" in late
    assert "when they were handed over" in late
    assert "you let Marie Invented go" not in late
    assert "you let Marie Invented go" in make(DETAINER, HELD, PERSON).text


def test_it_shows_the_last_day_to_ask_for_asylum(make):
    assert "Last day to ask for asylum | October 2, 2027 (INA 208" in make(HOST, ARRIVED).text
    late = make(HOST, {**ARRIVED, "arrival_date": date(2025, 1, 2)}).text
    assert "January 2, 2026, which has passed" in late
    filed = make(HOST, {**ARRIVED, "asylum_filed_date": date(2026, 11, 1)}).text
    assert "filed on November 1, 2026" in filed
    assert "Last day to ask" not in filed
    assert "no last day for a child" in make(HOST, {**ARRIVED, "juvenile": True}).text


def test_it_says_that_the_year_has_passed_only_where_it_is_known(make):
    said = "The year for asking for asylum has passed."
    late = {**ARRIVED, "arrival_date": date(2025, 1, 2)}
    unknown = make(HOST, late)
    assert said not in unknown.text
    assert any("nobody has said whether one is pending" in gap for gap in unknown.gaps)
    assert "nobody has said whether one is pending" not in make(HOST, ARRIVED).text
    assert said in make(HOST, {**late, "asylum_application_pending": False}).text


def test_it_leaves_host_and_first_check_in_open(make):
    gaps = make(HOST, {**everything(), **ARRIVED}, PERSON).gaps
    for open_still in ("the host is not known", "the first check-in are not known"):
        assert any(open_still in gap for gap in gaps)


def test_it_says_that_somebody_asked_for_protection_only_where_it_is_known(make):
    said = "They asked for protection at or near the border."
    assert said in make(HOST, ARRIVED, PERSON).text
    assert said not in make(HOST, {}, PERSON).text


def test_it_says_that_a_request_for_release_is_for_whoever_is_held(make):
    free = make(HOST, {**ARRIVED, "detained": False})
    assert any("not recorded as held in detention" in gap for gap in free.gaps)
