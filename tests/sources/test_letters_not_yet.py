"""Pasted lists: who does not sign yet, what was said in quoted mail, kinds of headings, degrees."""

from itertools import product

import pytest

from wayhome.sources.letters.around_the_list import is_of_mail, why_not_yet
from wayhome.sources.letters.one_line import signatory_of
from wayhome.sources.letters.same_organization import Verdict, compare, duplicates
from wayhome.sources.letters.signatory_list import signatories_in
from wayhome.sources.letters.the_letters import letters


def kinds_of(text):
    found = signatories_in(list(enumerate(text.splitlines(), start=1)), file="list.txt")
    return {one.name: (one.kind, one.place) for one in found.signatories}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("NOT YET: Hope Clinic", "NOT YET"),
        ("Michigan United (pending board approval)", "pending"),
        ("Hope Clinic - TBC", "TBC"),
        ("Hope Clinic (t.b.d.)", "t.b.d"),
        ("Hope Clinic, awaiting their board", "awaiting"),
        ("Casa Hogar (por confirmar)", "por confirmar"),
        ("Tampa Bay Coalition (TBC)", ""),
        ("3. Tampa Bay Coalition (TBC)", ""),
        ("Independing Voices", ""),
    ],
)
def test_it_tells_who_does_not_sign_yet(line, said):
    assert why_not_yet(line) == said


@pytest.mark.parametrize(
    "line",
    [
        "> Please add us too",
        ">> We would love to sign!",
        "> Yes, count us in",
        "> I’m in too",
        "> Please: Hope Clinic",
    ],
)
def test_a_quoted_line_that_speaks_to_somebody_is_of_the_e_mail(line):
    assert is_of_mail(line)


@pytest.mark.parametrize(
    "line",
    ["> We Are Home Campaign", "> - Mujeres unidas y activas", "> Families for Freedom", "> CASA"],
)
def test_a_quoted_name_stays_one(line):
    assert not is_of_mail(line)


def test_no_signatory_of_the_letters_is_set_aside_for_words_of_its_name():
    printed = [one.printed for letter in letters() for one in letter.signatories]
    assert [name for name in printed if is_of_mail(f"> {name}") or why_not_yet(name)] == []


def test_the_kind_of_a_heading_ends_with_the_next_heading():
    text = (
        "National organizations:\nCASA\n\nMichigan chapters:\nMijente\nLocal:\nUnLocal\n"
        "State organizations:\nTexas:\nRAICES\nNational:\nAla\n\nOhio\nBrook Aid"
    )
    assert kinds_of(text) == {
        "CASA": ("national", None),
        "Mijente": (None, None),
        "UnLocal": ("local", None),
        "RAICES": ("state", "Texas"),
        "Ala": ("national", None),
        "Brook Aid": (None, "Ohio"),
    }


@pytest.mark.parametrize(
    ("line", "name", "place"),
    [
        ("Dr. Amina Yusuf, MD", "Dr. Amina Yusuf, MD", None),
        ("Amina Yusuf, M.D.", "Amina Yusuf, M.D.", None),
        ("Maria Yusuf, MA", "Maria Yusuf, MA", None),
        ("Dr. Amina Yusuf, Baltimore, MD", "Dr. Amina Yusuf", "Baltimore, MD"),
        ("Dr. Amina Yusuf, MI", "Dr. Amina Yusuf", "MI"),
        ("Dr. Amina Yusuf\tMD", "Dr. Amina Yusuf", "MD"),
        ("Harbor Clinic, MD", "Harbor Clinic", "MD"),
        ("Amina Yusuf\tHarbor Clinic, MD", "Harbor Clinic", "MD"),
    ],
)
def test_a_degree_behind_a_person_is_no_state(line, name, place):
    found = signatory_of(1, line)
    assert (found.name, found.place) == (name, place)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Mary's Parish", "Saint Mary's Parish"),
        ("Ste. Anne Parish", "Sainte Anne Parish"),
        ("ACLU of Michigan", "American Civil Liberties Union of Michigan"),
        ("Michigan ACLU", "Michigan American Civil Liberties Union"),
    ],
)
def test_saint_and_an_acronym_with_the_same_rest_are_questions(one, other):
    lines = signatory_of(1, one), signatory_of(2, other)
    for here, there in (lines, lines[::-1]):
        assert compare(here, there).verdict is Verdict.ASK
    # Among many others that share "Michigan" and "of", which are no rare words then.
    more = [signatory_of(n, f"Friends of Michigan {chr(n)}{n}x") for n in range(97, 117)]
    asked = [(p.one.name, p.other.name) for p in duplicates([*lines, *more])]
    assert (one, other) in asked


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ACLU of Michigan", "American Civil Liberties Union of Ohio"),
        ("ACLU of Michigan", "American Center for Labor of Michigan"),
        ("St. Mary's Parish", "Saint Anne's Parish"),
        ("AID of Michigan", "Asylum Immigrants Defense Project of Michigan"),
    ],
)
def test_another_rest_or_other_initials_are_two(one, other):
    lines = signatory_of(1, one), signatory_of(2, other)
    for here, there in product(lines, lines):
        if here is not there:
            assert compare(here, there).verdict is Verdict.DIFFERENT
