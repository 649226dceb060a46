"""What a rule's lines of citations name: keys for the index, twins in the Code, links, faults."""

import sys
from dataclasses import replace

import pytest

from wayhome.law.citations import CitationKind, parse_line
from wayhome.law.citations.checking import citation_faults
from wayhome.law.citations.ina_sections import sections
from wayhome.law.rules import Rulebook
from wayhome.programs import rulebook


def keys(line):
    return [c.key for c in parse_line(line).citations]


def only(line):
    (found,) = parse_line(line).citations
    return found


def faults(line):
    return parse_line(line).faults


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "INA 301, 309, 320; 8 USC 1401, 1409, 1431",
            ["INA 301", "INA 309", "INA 320", "8 USC 1401", "8 USC 1409", "8 USC 1431"],
        ),
        ("8 CFR 1003.19, 1236.1(d)", ["8 CFR 1003.19", "8 CFR 1236.1(d)"]),
        ("8 CFR 239.2(a)(1), (c)", ["8 CFR 239.2(a)(1)", "8 CFR 239.2(c)"]),
        ("INA 241(a)(1), (3), (6)", ["INA 241(a)(1)", "INA 241(a)(3)", "INA 241(a)(6)"]),
        ("INA 208(a)(2)(B) and (D)", ["INA 208(a)(2)(B)", "INA 208(a)(2)(D)"]),
        (
            "INA 204(a)(1)(A)(iii)-(vii) and (B)(ii)-(v)",
            ["INA 204(a)(1)(A)(iii)-(vii)", "INA 204(a)(1)(B)(ii)-(v)"],
        ),
        ("INA 212(h), (i)", ["INA 212(h)", "INA 212(i)"]),
        ("8 U.S.C. § 1226(a)", ["8 USC 1226(a)"]),
        ("8 CFR 214.200 to 214.216 (in force)", ["8 CFR 214.200 to 214.216"]),
        ("8 CFR part 236", ["8 CFR 236"]),
        ("8 USC 1440-1", ["8 USC 1440-1"]),
        ("22 CFR 40.21, amended by 89 FR 67857", ["22 CFR 40.21", "89 FR 67857"]),
        ("INA 241(a)(2), 8 USC 1231(a)(2)", ["INA 241(a)(2)", "8 USC 1231(a)(2)"]),
        ("INA 245, 100 days later", ["INA 245"]),
    ],
)
def test_it_reads_lists_and_ranges_as_lawyers_write_them(line, expected):
    assert keys(line) == expected


def test_it_gives_every_section_of_the_act_its_place_in_the_code():
    found = only("INA 240(b)(5)(C)(ii)")
    assert found.twin == "8 USC 1229a(b)(5)(C)(ii)"
    assert found.url == "https://www.law.cornell.edu/uscode/text/8/1229a#b_5_C_ii"
    assert only("INA 240A(a)(3)").twin == "8 USC 1229b(a)(3)"
    assert only("INA 236(c)(1)(A)-(D)").twin == "8 USC 1226(c)(1)(A)-(D)"
    assert only("INA 329A").twin == "8 USC 1440-1"


def test_it_keeps_former_law_apart_from_what_stands_in_its_place_today():
    found = only("Former INA 212(c)")
    assert (found.key, found.twin) == ("INA 212(c) (former)", "8 USC 1182(c) (former)")
    assert "#" not in found.url
    assert keys("INA 320 (and former INA 321 for some)") == ["INA 320", "INA 321 (former)"]


def test_it_links_a_regulation_to_its_paragraph():
    assert only("8 CFR 1003.23(b)(4)(ii)").url == (
        "https://www.ecfr.gov/current/title-8/section-1003.23#p-1003.23(b)(4)(ii)"
    )


@pytest.mark.parametrize(
    ("line", "kind", "key", "name", "when", "url"),
    [
        (
            *("Nken v. Holder, 556 U.S. 418 (2009)", CitationKind.CASE, "556 U.S. 418"),
            *("Nken v. Holder", "2009", "https://www.courtlistener.com/c/U.S./556/418/"),
        ),
        (
            *("Matter of Pickering, 23 I&N Dec. 621 (BIA 2003)", CitationKind.BOARD_DECISION),
            *("23 I&N Dec. 621", "Matter of Pickering", "2003"),
            "https://www.courtlistener.com/c/I.%20%26%20N.%20Dec./23/621/",
        ),
        (
            *("Matter of Castro-Tum, 27 I&N Dec. 271 (A.G. 2018-05-17)",),
            *(CitationKind.BOARD_DECISION, "27 I&N Dec. 271", "Matter of Castro-Tum"),
            *("2018-05-17", "https://www.courtlistener.com/c/I.%20%26%20N.%20Dec./27/271/"),
        ),
        (
            *("Mullin v. Doe, Nos. 25-1083 and 25-1084 (U.S. 2026-06-25)", CitationKind.CASE),
            *("Mullin v. Doe", "Mullin v. Doe", "2026-06-25", ""),
        ),
        (
            *("Immigration Center v. Noem, No. 2:25-cv-09848 (C.D. Cal.), on appeal",),
            *(
                CitationKind.CASE,
                "Immigration Center v. Noem",
                "Immigration Center v. Noem",
                "",
                "",
            ),
        ),
        (
            *("Make the Road New York v. Mullin (D.C. Cir. No. 25-5320)", CitationKind.CASE),
            *("Make the Road New York v. Mullin", "Make the Road New York v. Mullin", "", ""),
        ),
    ],
)
def test_it_names_decisions_with_their_day(line, kind, key, name, when, url):
    found = only(line)
    assert (found.kind, found.key, found.name) == (kind, key, name)
    assert (found.when, found.url) == (when, url)


def test_it_does_not_take_a_day_still_to_come_for_the_day_of_a_decision():
    assert only("Trump v. Barbara (US, by 2026-06-30)").when == ""


def test_it_reads_notices_public_laws_and_the_constitution():
    assert only("89 Fed. Reg. 67857").url == "https://www.federalregister.gov/citation/89-FR-67857"
    assert only("56 FR 618").url == "https://www.govinfo.gov/link/fr/56/618"
    law = only("added by the Laken Riley Act, Pub. L. 119-1 (2025-01-29)")
    assert (law.kind, law.key) == (CitationKind.PUBLIC_LAW, "Pub. L. 119-1")
    assert only("Public Law 101-649, section 303").url.endswith("/pl/101/649.pdf")
    assert only("US Constitution, Fourteenth Amendment").url.endswith("/amendment-14/")


def test_it_knows_tables_and_leaves_the_rest_as_documents_without_a_link():
    assert only("the decisions in the table bond_circuits").table == "bond_circuits"
    letter = only("INS letter HQ 70/21.1.16 (1998-03-23)")
    assert (letter.kind, letter.url) == (CitationKind.DOCUMENT, "")


def test_it_loses_no_letter_of_a_line():
    for rule in rulebook().rules.values():
        for text in rule.cites:
            assert "".join(piece for piece, _ in parse_line(text).pieces()) == text


# --- faults ---


def test_it_names_the_nearest_section_where_the_act_has_none():
    assert faults("INA 2366(a)") == ("The Act has no section 2366. Did you mean 236?",)


def test_it_wants_repealed_sections_called_former():
    assert "former INA 321" in faults("INA 321")[0]
    assert faults("former INA 321") == ()


def test_it_says_where_act_and_code_do_not_agree():
    (fault,) = faults("INA 240(b)(5), 8 USC 1229b(b)(5)")
    assert (
        fault
        == "INA 240(b)(5) is 8 USC 1229a(b)(5) in the Code, and the line gives 8 USC 1229b(b)(5)."
    )
    assert faults("INA 212(a)(9)(A)(i), 8 USC 1182(a)(9)(B)(i)")
    assert faults("INA 208(a)(2)(B), (D), (E), 8 USC 1158(a)(2)") == ()
    assert faults("INA 236(a); INA 235(b)(2)(A), 8 USC 1226(a)") == ()


@pytest.mark.parametrize("line", ["8 CFR", "see 8 USC section a", "23 I&N Dec.", "INA §"])
def test_it_says_where_it_cannot_read_what_looks_like_a_citation(line):
    assert any("cannot be read" in fault for fault in faults(line))


def book_with(**changes):
    book = rulebook()
    rule = replace(next(iter(book.rules.values())), **changes)
    return Rulebook(book.vocabulary, book.programs, {rule.id: rule}, book.tables)


@pytest.mark.parametrize(
    ("authority", "right"),
    [
        ("statute", "INA 301"),
        ("regulation", "8 CFR 212.5"),
        ("precedent", "Nken v. Holder, 556 U.S. 418 (2009)"),
    ],
)
def test_it_wants_a_rule_to_cite_what_it_says_it_rests_on(authority, right):
    from wayhome.law.rules import Authority

    wrong = book_with(authority=Authority(authority), cites=("A memorandum of 2021",))
    assert f"A rule by {authority} cites at least one" in str(citation_faults(wrong)[0])
    assert citation_faults(book_with(authority=Authority(authority), cites=(right,))) == []


def test_it_finds_tables_that_do_not_exist():
    (fault,) = citation_faults(book_with(cites=("Table tsp", "INA 301", "8 CFR 212.5")))
    assert "There is no table 'tsp'. Did you mean tps?" in str(fault)


def test_the_rulebook_has_no_faulty_citation():
    assert citation_faults(rulebook()) == []


def test_the_sections_agree_with_what_every_immigration_lawyer_knows():
    known = {"101": "1101", "212": "1182", "237": "1227", "240": "1229a", "240A": "1229b"}
    known |= {"241": "1231", "242": "1252", "244": "1254a", "287": "1357", "316": "1427"}
    assert {ina: sections()[ina].usc for ina in known} == known
    codes = [section.usc for section in sections().values()]
    assert len(codes) == len(set(codes))


def test_it_leaves_the_citation_library_alone_until_a_line_is_read():
    import subprocess

    script = "import sys, wayhome.law.citations; print('eyecite' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "False"
