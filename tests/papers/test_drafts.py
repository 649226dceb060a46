import io
import re
from datetime import date

import docx
import pytest
from jinja2.exceptions import SecurityError, UndefinedError
from pypdf import PdfReader
from tests.papers.invented_case import AS_OF, PERSON, everything

from wayhome import papers
from wayhome.papers.blocks import NotInPapers, Table
from wayhome.papers.values import NotYesOrNo
from wayhome.programs import rulebook

ALL = [template.id for template in papers.templates()]


def pages(draft):
    return [page.extract_text() for page in PdfReader(io.BytesIO(papers.pdf(draft))).pages]


def word_text(draft):
    document = docx.Document(io.BytesIO(papers.word(draft)))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


@pytest.mark.parametrize("paper", ALL)
def test_it_makes_every_paper_where_nothing_is_known(make, paper):
    draft = make(paper)
    assert draft.gaps
    assert all(f"[GAP: {gap}]" in draft.text for gap in draft.gaps)
    assert all(gap in word_text(draft) for gap in draft.gaps)
    assert "None" not in draft.text.replace("None.", "")
    assert pages(draft)


@pytest.mark.parametrize("paper", ALL)
def test_it_makes_every_paper_where_everything_is_known(make, paper):
    draft = make(paper, everything(), PERSON, exhibits=[papers.Exhibit("A", "The order", 3)])
    assert not [gap for gap in draft.gaps if gap.startswith("it is not known whether this is so")]
    assert "Marie Invented" in draft.text
    assert "Marie Invented" in word_text(draft)
    assert pages(draft)


@pytest.mark.parametrize("paper", ALL)
@pytest.mark.parametrize("known", [{}, everything()])
def test_it_leaves_no_cell_and_no_line_blank(make, paper, known):
    for block in make(paper, known, PERSON if known else {}).blocks:
        if isinstance(block, Table):
            _, *rows = block.rows
            for row in rows:
                assert all("".join(r.text for r in cell).strip() for cell in row), block.text
        elif block.style != "new_page":
            assert block.text.strip()


@pytest.mark.parametrize("paper", ALL)
def test_it_says_draft_and_the_edition_on_every_page(make, paper):
    draft = make(paper, everything(), PERSON)
    for number, text in enumerate(pages(draft), 1):
        assert "DRAFT, not filed" in text
        assert f"law as of November 21, 2026 · rulebook edition {draft.edition}" in text
        assert re.search(rf"page {number} of \d+", text)
        assert "INVENTED" not in text


def test_it_says_invented_on_every_page_of_an_invented_case(make):
    draft = make("return_home/cover_letter_and_request", is_invented=True)
    assert all("INVENTED: nobody in this paper is real" in text for text in pages(draft))
    header = docx.Document(io.BytesIO(papers.word(draft))).sections[0].header.paragraphs[0]
    assert "INVENTED" in header.text
    assert header.text.startswith("DRAFT")


@pytest.mark.parametrize("paper", ALL)
def test_it_names_only_rules_that_exist_and_lists_each_at_the_end(make, paper):
    draft = make(paper, everything(), PERSON)
    rules = rulebook().rules
    assert set(papers.template_of(paper).for_rules) <= set(rules)
    for rule in draft.rules:
        assert rule in rules
        assert rule in draft.blocks[-1].text or any(rule in b.text for b in draft.blocks)


def test_it_cites_a_rule_only_where_it_holds(make):
    absent = {
        "ordered_in_absentia": True,
        "notice_received": False,
        "order_date": date(2019, 5, 31),
    }
    holding = make("return_home/motion_to_rescind", absent)
    assert "Campos-Chaves v. Garland" in holding.text
    nothing = make("return_home/motion_to_rescind")
    body = nothing.text.split("How this draft was made")[0]
    assert "1229a(b)(5)(C)(ii)" not in body.split("Stay of removal")[0]
    assert "no ground of this paper holds on what is known of the case" in nothing.gaps


def test_it_says_which_gap_in_words_of_its_own(make):
    draft = make("return_home/motion_to_rescind")
    assert "the date of the order is not known" in draft.gaps
    assert "[GAP: the date of the order is not known]" in draft.text


def test_it_marks_gaps_in_word_and_names_them_at_the_end(make):
    draft = make("return_home/consent")
    document = docx.Document(io.BytesIO(papers.word(draft)))
    marked = [r for p in document.paragraphs for r in p.runs if r.font.highlight_color]
    assert any("the person's full name is not known" in run.text for run in marked)
    titles = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert titles[-2:] == ["What is missing", "How this draft was made"]


def test_it_uses_words_own_styles_and_counts_pages(make):
    draft = make("return_home/joint_motion_to_reopen", everything(), PERSON)
    document = docx.Document(io.BytesIO(papers.word(draft)))
    styles = {p.style.name for p in document.paragraphs}
    assert {"Title", "Heading 1", "Heading 2", "Normal", "List Number"} <= styles
    assert document.tables
    footer = document.sections[0].footer.paragraphs[0]._p.xml
    assert "PAGE" in footer
    assert "NUMPAGES" in footer
    assert document.core_properties.author == ""
    assert "Marie" not in document.core_properties.title


def test_it_begins_each_numbered_list_at_one_in_word(make, template):
    body = "1. one\n2. two\n\nBetween.\n\n1. again\n"
    draft = make(template(body))
    document = docx.Document(io.BytesIO(papers.word(draft)))
    numbered = [p for p in document.paragraphs if p.style.name == "List Number"]
    ids = [p._p.pPr.numPr.numId.val for p in numbered]
    assert ids[0] == ids[1] != ids[2]


def test_it_gives_the_same_bytes_for_the_same_draft(make):
    draft = make("return_home/declaration", everything(), PERSON)
    assert papers.pdf(draft) == papers.pdf(draft)


def test_it_refuses_to_take_unknown_for_no(make, template):
    with pytest.raises(NotYesOrNo):
        make(template("{% if facts.removed %}yes{% else %}no{% endif %}"))
    asked = "{% if facts.removed is no %}no{% elif facts.removed is unknown %}open{% endif %}"
    assert make(template(asked)).blocks[0].text == "open"


def test_it_says_dates_countries_and_circuits_in_words(make, template):
    body = (
        "{{ facts.order_date }}; {{ facts.country_of_citizenship }}; {{ facts.judicial_circuit }}"
    )
    facts = {
        "order_date": date(2019, 5, 31),
        "country_of_citizenship": "ET",
        "judicial_circuit": "9",
    }
    assert make(template(body), facts).blocks[0].text == "May 31, 2019; Ethiopia; Ninth Circuit"


def test_it_marks_a_rule_that_is_not_law_on_the_day(make, template):
    body = '{{ law("return_home.in_absentia_defective_first_notice") }}'
    assert "this is not law on November 21, 2026" in make(template(body)).gaps[0]
    assert "Singh v. Garland" in make(template(body), as_of=date(2023, 1, 1)).blocks[0].text


def test_it_says_that_a_deadline_has_passed(make):
    facts = {"ordered_in_absentia": True, "order_date": date(2019, 5, 31), "final_order": True}
    facts |= {"exceptional_circumstances": True, "order_final_date": date(2019, 5, 31)}
    assert (
        "November 27, 2019, which has passed" in make("return_home/motion_to_rescind", facts).text
    )


def test_it_keeps_demands_apart_from_law(make):
    facts = {"removed": True, "us_citizen_children": 2, "wants_return": True}
    text = make("return_home/parole_request", facts).text
    assert "What is asked for beyond the law" in text


def test_it_refuses_a_field_that_no_paper_has(make):
    with pytest.raises(papers.UnknownField, match=r"Did you mean court\?"):
        make("return_home/consent", person={"cuort": "Boston"})


def test_it_names_the_nearest_paper():
    with pytest.raises(papers.UnknownTemplate, match="motion_to_rescind"):
        papers.template_of("return_home/motion_to_resind")


def test_it_puts_papers_whose_grounds_hold_first(screener):
    facts = {"ordered_in_absentia": True, "notice_received": False}
    found = papers.suited(screener.findings("x", facts, AS_OF, with_questions=False))
    assert found[0].template.id == "return_home/motion_to_rescind"
    assert [g.id for g in found[0].grounds] == ["return_home.in_absentia_no_notice"]
    kinds = [2 if s.grounds else 1 if not s.template.for_rules else 0 for s in found]
    assert kinds == sorted(kinds, reverse=True)


@pytest.mark.parametrize(
    "body",
    [
        "{{ person.name.__class__ }}",
        "{{ facts.__init__.__globals__ }}",
        "{{ ''.__class__.__mro__ }}",
    ],
)
def test_it_lets_no_template_out_of_its_sandbox(make, template, body):
    with pytest.raises((SecurityError, UndefinedError)):
        make(template(body))


def test_it_refuses_markdown_that_papers_have_no_form_for(make, template):
    draft = make(template("<b>no</b> [link](https://example.org) `code` ![x](y)"))
    assert draft.blocks[0].text == "<b>no</b> [link](https://example.org) `code` ![x](y)"
    assert issubclass(NotInPapers, ValueError)


ABSENT = {"ordered_in_absentia": True, "notice_received": False, "order_date": date(2019, 5, 31)}
NO_BAR = "no bar of the rulebook stands"
LETTER = "return_home/cover_letter_and_request"


def test_it_says_that_somebody_is_represented_only_where_counsel_is_recorded(make):
    person = {k: v for k, v in PERSON.items() if k != "counsel"}
    for paper in ALL:
        assert "Invented Clinic represents" not in make(paper, ABSENT, person).text
    assert any(
        "who represents the person cannot" in gap for gap in make(LETTER, ABSENT, person).gaps
    )
    assert any("through whom" in g for g in make("return_home/motion_to_rescind").gaps)
    text = make(LETTER, ABSENT, PERSON).text
    assert "Invented Clinic represents Marie Invented, through Jane Invented. We ask" in text


def test_it_says_that_no_bar_stands_only_where_none_is_unknown(make):
    urgent = {"removed": True, "danger_abroad": True}
    draft = make(LETTER, urgent, PERSON)
    assert NO_BAR not in draft.text
    (gap,) = [gap for gap in draft.gaps if gap.startswith("whether a bar stands in the way")]
    bars = [r for r in rulebook().rules.values() if r.id.startswith("return_home.bar_")]
    assert sum(bar.title in gap for bar in bars) > 3
    closing = make("docket/motion_to_close_or_end", {}, PERSON)
    assert "No warning of the rulebook holds" not in closing.text


def test_it_says_that_no_bar_stands_where_every_bar_is_settled(make):
    facts = {name: False for name, value in everything().items() if value is True}
    facts |= {"removed": True, "danger_abroad": True, "order_date": date(1999, 1, 1)}
    facts |= {"removal_date": date(1999, 2, 1), "last_departure_date": date(1999, 2, 1)}
    facts |= {"judicial_circuit": "9", "proceeding_type": "removal"}
    assert NO_BAR in make(LETTER, facts, PERSON).text


def test_it_asks_to_join_a_motion_only_where_one_is_named(make):
    asked = "join a motion to reopen on the grounds above"
    assert asked in make(LETTER, ABSENT, PERSON).text
    assert asked not in make(LETTER, {"removed": True, "danger_abroad": True}, PERSON).text
