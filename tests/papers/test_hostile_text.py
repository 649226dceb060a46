"""Text from people stays text: not Markdown, not Typst, not Word, not Jinja."""

import io
import zipfile
from xml.etree import ElementTree

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from wayhome import papers
from wayhome.papers.values import clean

HOSTILE = [
    "# Title\n\n## Heading",
    "**bold** _emph_ `code` ~~x~~",
    "| a | b |\n| - | - |\n| 1 | 2 |",
    "- item\n1. item\n> quote\n---",
    "[link](javascript:alert(1)) ![i](file:///etc/passwd)",
    '#panic("x") #read("/etc/passwd") $x^2$ @ref <label> \\ #include "x.typ"',
    '#import "@preview/x:1.0.0"',
    "{{ 7 * 7 }} {% for x in range(9) %}x{% endfor %} {# gone #}",
    "<w:p><w:r><w:t>x</w:t></w:r></w:p> &amp; ]]> <!-- x -->",
    "\ue0000\ue001\ue0001\ue001",
    "=HYPERLINK(1) DDEAUTO c:\\windows { INCLUDETEXT file }",
    "\u202eturned\u202c \u2066isolated\u2069",
    "nul\x00 bell\x07 escape\x1b[31m",
    "\ud800 lone",
    "محمد ابن الخيال",
    "ሰላም ዓለም",
    "😀👩‍👩‍👧 é e\u0301",
    "a" * 3000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_it_prints_hostile_text_as_it_is(make, template, text):
    draft = make(template("Name: {{ person.name }}, *end*.\n"), person={"name": text})
    shown = clean(text)
    assert draft.blocks[0].text == f"Name: {shown}, end."
    assert not any(run.strong for run in draft.blocks[0].runs)
    assert [run.text for run in draft.blocks[0].runs if run.emphasis] == ["end"]
    document = docx.Document(io.BytesIO(papers.word(draft)))
    assert shown.split("\n")[0] in document.paragraphs[0].text
    assert len(PdfReader(io.BytesIO(papers.pdf(draft))).pages) >= 1


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("paper", ["return_home/declaration", "return_home/representation"])
def test_it_makes_no_block_of_hostile_text(make, paper, text):
    plain = make(paper, person={"name": "N", "own_words": "w", "translation": "t"})
    hostile = make(paper, person={"name": text, "own_words": "w", "translation": "t"})
    kinds = [type(block) for block in plain.blocks]
    # Only the note on letters without a font may come on top.
    assert [type(block) for block in hostile.blocks][: len(kinds)] == kinds
    assert len(hostile.blocks) - len(kinds) in (0, 1)


def test_it_puts_nothing_but_text_into_the_word_file(make, template):
    person = {"name": "".join(HOSTILE)}
    word = papers.word(make(template("{{ person.name }}"), person=person))
    with zipfile.ZipFile(io.BytesIO(word)) as archive:
        tree = ElementTree.fromstring(archive.read("word/document.xml"))
    names = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert not names & {"instrText", "fldChar", "hyperlink", "object", "fldSimple", "altChunk"}


def test_it_takes_out_what_turns_words_around():
    assert clean("a\u202eb\x00c\ue000d\r\ne") == "abcd\ne"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=200))
def test_it_holds_any_text(make, template, text):
    draft = make(
        template("> {{ person.court }}\n\n| A |\n| - |\n| {{ person.name }} |\n"),
        person={"name": text, "court": text},
    )
    papers.word(draft)
    assert len(draft.blocks[1].rows) == 2


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=80))
def test_it_makes_a_pdf_of_any_text(make, template, text):
    draft = make(template("{{ person.name }}"), person={"name": text})
    assert papers.pdf(draft).startswith(b"%PDF")


def test_it_writes_arabic_from_the_right_in_word(make, template):
    word = papers.word(make(template("{{ person.name }}"), person={"name": "محمد"}))
    paragraph = docx.Document(io.BytesIO(word)).paragraphs[0]._p.xml
    assert "<w:bidi/>" in paragraph
    assert "<w:rtl/>" in paragraph


def test_it_says_which_letters_no_font_has(make, template):
    no_font = make(template("{{ person.name }}"), person={"name": "\U0001e900"})
    assert "U+1E900" in no_font.blocks[-1].text
    latin = make(template("{{ person.name }}"), person={"name": "Kreyòl, ñandú, Øre"})
    assert "No font" not in latin.text
