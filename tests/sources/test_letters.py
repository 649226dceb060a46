"""Lists of signatories, pasted from anywhere: who signs, who twice, who both letters."""

import csv
from itertools import product
from pathlib import Path

import pytest

from wayhome.changes.demands import demands
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.letters.one_line import signatory_of
from wayhome.sources.letters.same_organization import (
    Verdict,
    compare,
    duplicates,
    in_both,
    organization_key,
)
from wayhome.sources.letters.signatory_list import LineIs, read_signatories, signatories_in
from wayhome.sources.letters.the_letters import letters

HERE = Path(__file__).parent
REAL = HERE.parents[1] / "../shared/letters"
needs_real = pytest.mark.skipif(not REAL.exists(), reason="the letters' texts are not here")


def pasted(text):
    return signatories_in(list(enumerate(text.splitlines(), start=1)), file="list.txt")


def names(found):
    return [signatory.name for signatory in found.signatories]


def table(name):
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_it_reads_a_list_pasted_from_an_e_mail():
    found = pasted(
        "Hi all, this is the list so far, please tell me if I have forgotten anybody at all!\n"
        "\n"
        "1. American Immigration Council\n"
        "2) CASA,\n"
        "\n"
        "• Detention Watch Network;\n"
        "  - Families for Freedom\n"
        "* **Sanctuary DMV**\n"
        "> > Mijente\n"
        "o UnLocal; and\n"
        "<li>Faith &amp; Action</li>\n"
        "[ ] Mi Familia Vota\n"
        "–––––\n"
        "Page 2 of 3\n"
    )
    assert names(found) == [
        "American Immigration Council",
        "CASA",
        "Detention Watch Network",
        "Families for Freedom",
        "Sanctuary DMV",
        "Mijente",
        "UnLocal",
        "Faith & Action",
        "Mi Familia Vota",
    ]
    assert found.count(LineIs.SENTENCE) == 1
    assert found.count(LineIs.FURNITURE) == 2
    assert len(found.lines) == 12


@pytest.mark.parametrize(
    "name", ["9to5", "350.org", "18 Million Rising", "100% Families", "H-CAN Group"]
)
def test_it_takes_no_number_that_is_the_name_s_own(name):
    assert names(pasted(name)) == [name]


@pytest.mark.parametrize(
    ("line", "name", "acronym", "place", "kind"),
    [
        ("Latin America Working Group (LAWG)", "Latin America Working Group", "LAWG", None, None),
        ("Capital Area Immigrants' Rights (CAIR) Coalition", "Capital Area Immigrants' Rights Coalition", "CAIR", None, None),
        ("Otros Dreams en Acción, ODA", "Otros Dreams en Acción", "ODA", None, None),
        ("Centro Legal, Oakland, CA", "Centro Legal", None, "Oakland, CA", None),
        ("Centro Legal (Oakland, California)", "Centro Legal", None, "Oakland, California", None),
        ("Centro Legal - Texas", "Centro Legal", None, "Texas", None),
        ("Rivera & Sons Law, PA", "Rivera & Sons Law, PA", None, None, None),
        ("Rivera Attorneys, Erie, PA", "Rivera Attorneys", None, "Erie, PA", None),
        ("Sons of Erie, PA", "Sons of Erie", None, "PA", None),
        ("Centro Legal (national)", "Centro Legal", None, None, "national"),
        ("Centro Legal\tOakland\tCA\tState organization", "Centro Legal", None, "Oakland, CA", "state"),
        ("3\tSanctuary DMV\tWashington\tDC", "Sanctuary DMV", None, "Washington, DC", None),
        ("Advancement Project, National Office", "Advancement Project, National Office", None, None, "national"),
        ("Immigration Clinic, University of North Carolina School of Law", "Immigration Clinic, University of North Carolina School of Law", None, None, None),
        ("ACLU of Southern California", "ACLU of Southern California", None, None, None),
        ("Advocates for Basic Legal Equality, Inc.", "Advocates for Basic Legal Equality, Inc.", None, None, None),
    ],
)  # fmt: skip
def test_it_reads_what_is_printed_beside_a_name_and_guesses_nothing(
    line, name, acronym, place, kind
):
    found = signatory_of(1, line)
    assert (found.name, found.acronym, found.place, found.kind) == (name, acronym, place, kind)


def test_it_reads_a_table_by_its_heading_and_repeats_no_address_of_mail(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text(
        "Timestamp,Your name,Organization name,E-mail,City,State\n"
        '3/1/2026 9:12,Jane Doe,"Fern Legal Aid, Inc.",jane@example.org,Toledo,OH\n'
        "3/1/2026 9:15,John Roe,CASA,john@example.org,,\n",
        encoding="utf-8",
    )
    found = read_signatories(path).signatories
    assert [(s.line, s.printed, s.place, s.person) for s in found] == [
        (2, "Fern Legal Aid, Inc.", "Toledo, OH", None),
        (3, "CASA", None, None),
    ]


def test_it_reads_names_between_semicolons():
    found = pasted("CASA; Mijente; UnLocal; and Sanctuary DMV")
    assert names(found) == ["CASA", "Mijente", "UnLocal", "Sanctuary DMV"]
    assert {signatory.line for signatory in found.signatories} == {1}


@pytest.mark.parametrize("mark", ["1.", "(2) ", "\uf0b7\t", "– ", "·  ", "\u00a0• "])
def test_it_takes_the_marks_of_any_program_away(mark):
    assert names(pasted(f"{mark}Adelante Alabama")) == ["Adelante Alabama"]


def test_it_keeps_the_name_as_printed():
    assert signatory_of(1, "• America’s Voice,").printed == "America’s Voice"


def test_it_gives_the_kind_and_the_state_of_the_heading_above():
    found = pasted("National organizations\nCASA\nState and local groups:\nMijente\nTexas\nRAICES")
    assert [(s.name, s.kind, s.place) for s in found.signatories] == [
        ("CASA", "national", None),
        ("Mijente", "state and local", None),
        ("RAICES", "state and local", "Texas"),
    ]


@pytest.mark.parametrize(
    ("line", "person", "name"),
    [
        ("Jane Doe", "Jane Doe", "Jane Doe"),
        ("Rev. Xiomara Quill", "Xiomara Quill", "Rev. Xiomara Quill"),
        ("Xiomara Quill, Esq.", "Xiomara Quill", "Xiomara Quill, Esq."),
        ("Jane Doe, Detention Watch Network", "Jane Doe", "Detention Watch Network"),
        ("Maria de la Quill", "Maria de la Quill", "Maria de la Quill"),
        ("Dana", "Dana", "Dana"),
        ("José Luis", "José Luis", "José Luis"),
        ("Dana Whitlock (she/her)", "Dana Whitlock", "Dana Whitlock (she/her)"),
        ("Xiomara Quill, they/them/theirs", "Xiomara Quill", "Xiomara Quill, they/them/theirs"),
        ("Quill [ella/her]", "Quill", "Quill [ella/her]"),
        ("Zebulon Quill, Lakes Coalition", "Zebulon Quill", "Lakes Coalition"),
        ("Dana Whitlock (she/her), Lakes Coalition", "Dana Whitlock", "Lakes Coalition"),
        ("Zebulon Quill – Lakes Coalition", "Zebulon Quill", "Lakes Coalition"),
        ("Maria Quill | Lakes", "Maria Quill", "Maria Quill | Lakes"),
        ("Aldea - The People's Justice Center", None, None),
        ("Border Angels, San Diego Chapter", None, None),
        ("Border Angels, National organization", None, "Border Angels, National organization"),
        ("Mijente, Phoenix Office", None, None),
        ("Mijente", None, None),
        ("Sister Space", None, None),
        ("Kathryn O. Greenberg Immigration Justice Clinic", None, None),
        ("Faith in Action", None, None),
        ("Justice Strategies", None, None),
        ("Mariposa Legal", None, None),
        ("Red Unidos", None, None),
        ("La Resistencia", None, None),
    ],
)
def test_it_asks_about_a_person_instead_of_an_organization(line, person, name):
    found = signatory_of(1, line)
    assert (found.person, found.name) == (person, name or line)


def test_it_takes_no_signatory_of_the_letters_for_a_person():
    assert [s.printed for letter in letters() for s in letter.signatories if s.person] == []


def test_it_asks_before_a_person_counts_as_their_organization():
    found = pasted("Detention Watch Network\nJane Doe, Detention Watch Network")
    (pair,) = duplicates(found.signatories)
    assert (pair.likeness.verdict, pair.likeness.because) == (
        Verdict.ASK,
        "one is a person of that organization",
    )


def test_it_tells_who_signs_twice_under_which_spellings():
    found = pasted(
        "1. Doctors for Camp Closure\nCASA\n\n• doctors for camp closure,\nThe Doctors for Camp Closure"
    )
    pairs = [(p.one.line, p.other.line, p.likeness.verdict) for p in duplicates(found.signatories)]
    assert pairs == [(1, 4, Verdict.SAME), (1, 5, Verdict.SAME)]


def test_it_asks_about_one_name_in_two_places():
    found = pasted("Justice Now (Chicago, IL)\nJustice Now (Austin, TX)\nJustice Now, Austin, TX")
    pairs = {(p.one.line, p.other.line): p.likeness.verdict for p in duplicates(found.signatories)}
    assert pairs == {(1, 2): Verdict.ASK, (2, 3): Verdict.SAME}


def test_it_remembers_what_a_person_decided():
    one, other = signatory_of(1, "Southern Poverty Law Center"), signatory_of(2, "SPLC Action Fund")
    keys = frozenset((organization_key(one.name), organization_key(other.name)))
    assert compare(one, other).verdict is Verdict.ASK
    assert compare(one, other, {keys: False}).verdict is Verdict.DIFFERENT
    assert compare(other, one, {keys: True}).verdict is Verdict.SAME


def test_it_does_not_choke_on_ten_thousand_lines():
    found = pasted("\n".join(["Immigrant Rights Network"] * 10_000))
    assert len(duplicates(found.signatories)) == 9_999


def test_it_finds_the_list_at_the_foot_of_a_letter():
    sentence = (
        "We write to you today because people are held who need not be, and you can change it.\n"
    )
    asks = "  • Close the centers;\n  • End the agreements;\n"
    signers = [f"Organization {letter} of Fern" for letter in "ABCDEFGH"]
    text = (
        sentence * 4
        + asks
        + "Signed:\n\n"
        + "\n".join(signers)
        + "\n\n"
        + sentence
        + "Region / Country\n"
    )
    found = pasted(text)
    assert names(found) == signers
    assert found.count(LineIs.SIGNATORY) == 8
    assert "lines 9-16" in found.notes[0]


def test_it_says_where_else_a_list_may_stand_and_takes_the_lines_it_is_given():
    sentence = (
        "We write to you today because people are held who need not be, and you can change it.\n"
    )
    text = sentence * 4 + "One of Fern\n" * 20 + sentence + "Two of Fern\n" * 12
    found = pasted(text)
    assert len(found.signatories) == 20
    assert "lines 26-37 look like a list too" in found.notes[1]
    numbered = list(enumerate(text.splitlines(), start=1))
    assert len(signatories_in(numbered, file="x", lines=(26, 37)).signatories) == 12


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no line of it looks like a signatory"),
        (b"\n\n  \n----\n1\n", "no line of it looks like a signatory"),
        (b"PK\x03\x04 a workbook", "is no text file"),
        (b"%PDF-1.7", "is no text file"),
        (b"a\0b", "is no text file"),
    ],
)
def test_it_says_what_is_wrong_with_a_file_that_is_no_list(tmp_path, content, said):
    path = tmp_path / "list.txt"
    path.write_bytes(content)
    with pytest.raises(ReleaseProblem, match=said):
        read_signatories(path)
    with pytest.raises(ReleaseProblem, match="There is no file"):
        read_signatories(tmp_path / "gone.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_it_reads_a_list_in_the_encoding_it_was_saved_in(tmp_path, encoding):
    path = tmp_path / "list.txt"
    path.write_bytes("Otros Dreams en Acción\r\nAmerica’s Voice\r\n".encode(encoding))
    assert names(read_signatories(path)) == ["Otros Dreams en Acción", "America's Voice"]


def test_it_confuses_no_like_names_and_misses_no_second_spelling():
    """Precision of what is called the same, and recall of what is called so or asked."""
    rows = table("like_names.csv")
    found = [
        (
            row["truth"],
            compare(signatory_of(1, row["one"]), signatory_of(2, row["other"])).verdict,
            row,
        )
        for row in rows
    ]
    wrong = [row for truth, verdict, row in found if verdict is Verdict.SAME and truth != "same"]
    missed = [
        row
        for truth, verdict, row in found
        if verdict is Verdict.DIFFERENT and truth != "different"
    ]
    assert (wrong, missed) == ([], [])
    certain = sum(verdict is Verdict.SAME for truth, verdict, _ in found if truth == "same")
    asked = [
        row["one"]
        for truth, verdict, row in found
        if truth == "different" and verdict is Verdict.ASK
    ]
    assert certain == 14
    assert len(asked) <= 1


def test_it_tells_every_pair_of_the_two_letters_apart_as_a_person_did():
    """All 8,549 pairs of a line of the one letter and a line of the other."""
    seven, home = letters()
    truth = {
        (int(row["hundred_days"]), int(row["chance_to_come_home"])): row["truth"]
        for row in table("signed_both.csv")
    }
    said = {Verdict.SAME: "same", Verdict.ASK: "affiliate"}
    verdicts = {
        (one.line, other.line): said[verdict]
        for one, other in product(seven.signatories, home.signatories)
        if (verdict := compare(one, other).verdict) is not Verdict.DIFFERENT
    }
    assert verdicts == truth
    pairs = in_both(seven.signatories, home.signatories)
    assert {(pair.one.line, pair.other.line) for pair in pairs} == set(truth)


def test_it_tells_what_the_letters_print():
    seven, home = letters()
    assert (len(seven.signatories), len(home.signatories)) == (103, 83)
    assert [(p.one.line, p.other.line, p.one.printed) for p in duplicates(seven.signatories)] == [
        (65, 66, "Doctors for Camp Closure")
    ]
    assert duplicates(home.signatories) == ()
    spelt_twice = [p for p in in_both(seven.signatories, home.signatories) if not p.spelt_alike]
    assert len([p for p in spelt_twice if p.likeness.verdict is Verdict.SAME]) == 5


def test_it_names_the_seven_demands_as_simulate_does_and_those_of_the_return():
    seven, home = letters()
    assert [demand.id for demand in seven.demands] == [demand.id for demand in demands()]
    assert [demand.line for demand in seven.demands] == list(range(12, 19))
    assert [demand.number for demand in home.demands] == [1, 2, 3, 4]


@needs_real
def test_it_reads_both_letters_as_they_stand():
    for letter in letters():
        found = read_signatories(REAL / letter.file)
        assert found.signatories == letter.signatories


@needs_real
def test_it_finds_each_demand_on_the_line_it_names():
    words = {
        "release_consideration": "consideration of release",
        "haiti_halt": "Haiti",
        "close_facilities": "closure of detention facilities",
        "end_entanglement": "287(g)",
        "close_cases": "pending immigration court cases",
        "discretion_for_relief": "prosecutorial discretion",
        "welcome_without_detention": "asylum seekers",
        "chance_to_return": "meaningful opportunity to return home",
        "return_by_authority": "broad legal authority",
        "central_process": "centralized process",
        "review_of_deportations": "accountability mechanism",
    }
    for letter in letters():
        lines = (REAL / letter.file).read_text(encoding="utf-8").splitlines()
        for demand in letter.demands:
            assert words[demand.id] in lines[demand.line - 1]


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("Casa  de Paz", "CASA DE PÁZ", Verdict.SAME),
        ("The People's Aid, Inc.", "Peoples Aid", Verdict.SAME),
        ("The Women’s Aid", "Womens Aid", Verdict.SAME),
        ("Hawaiʻi J4NA", "Hawai'i J4NA", Verdict.SAME),
        ("Mothers' Circle", "Mothers Circle", Verdict.ASK),
        ("Mother's Circle", "Mothers’ Circle", Verdict.ASK),
        ("Mothers’ Circle", "MOTHERS' CIRCLE", Verdict.SAME),
        ("Immigrant Rights Clinic", "Immigrants Rights Clinic", Verdict.ASK),
        ("Immigrant Rights Clinic (IRC)", "Immigrant Rights Clinic (NYU)", Verdict.ASK),
    ],
)
def test_only_the_same_words_are_one_for_certain(one, other, verdict):
    assert compare(signatory_of(1, one), signatory_of(2, other)).verdict is verdict


@pytest.mark.parametrize(
    "name",
    [
        "مركز العدالة للمهاجرين",
        "移民正义中心",
        "Центр Помощи",
        "የስደተኞች ማዕከል",
        "आप्रवासी केंद्र",
        "이민자 센터",
    ],
)
def test_the_same_letters_of_any_script_are_one_for_certain(name):
    """And a name of other letters of that script is another organization."""
    others = ["مركز السلام", "平安之家", "Дом Мира", "የሰላም ቤት", "शांति घर", "평화의 집"]
    lines = [signatory_of(n, one) for n, one in enumerate([name, *others, f"• {name},"])]
    assert [(p.one.line, p.other.line, p.likeness.verdict) for p in duplicates(lines)] == [
        (0, 7, Verdict.SAME)
    ]
    assert [(p.one.line, p.other.line) for p in in_both(lines[:1], lines[1:])] == [(0, 7)]
    assert organization_key(name)


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("ЦЕНТР ПОМОЩИ", "Центр помощи", True),
        ("ﻣﺮﻛﺰ السلام", "مركز السلام", True),  # forms of letters as a PDF has them
        ("移民 Center", "移民　ＣＥＮＴＥＲ", True),
        ("Мир", "Mup", False),
        ("Май", "Маи", False),  # a mark makes another letter
        ("किरण", "कुरण", False),
    ],
)
def test_letters_are_compared_as_they_are_read_and_never_across_scripts(one, other, is_one):
    verdict = compare(signatory_of(1, one), signatory_of(2, other)).verdict
    assert (verdict is Verdict.SAME) == is_one
