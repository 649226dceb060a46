"""A draft as an editable Word file, by python-docx, in Word's own styles."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt, RGBColor

from wayhome.papers.blocks import Block, Line, Runs, Style, Table, is_right_to_left
from wayhome.papers.drafting import Draft

_STYLES = {
    Style.TITLE: "Title",
    Style.HEADING: "Heading 1",
    Style.SMALL_HEADING: "Heading 2",
    Style.NORMAL: "Normal",
    Style.QUOTE: "Quote",
    Style.BULLET: "List Bullet",
    Style.NUMBER: "List Number",
    Style.NEW_PAGE: "Normal",
}
_SIZES = {"Normal": 11.5, "Title": 18, "Heading 1": 13, "Heading 2": 11.5, "Quote": 11.5}
_FONT = "Times New Roman"
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
_MOST_BASES = 16
_TABLE_STYLES = ("TableNormal", "TableGrid")
_UNUSED = ("/thumbnail", "/stylesWithEffects", "/customXml", "/webSettings", "/fontTable")


def word(draft: Draft) -> bytes:
    """A draft as a .docx with headings, lists, tables, and a footer with the number of the page."""
    document = Document(io.BytesIO(_base(draft.template.title, draft.mark, draft.foot)))
    writing = _Writing(document)
    for block in draft.blocks:
        writing.add(block)
    return _bytes(document)


def _bytes(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


class _Writing:
    """Adds blocks to a document; its styles are looked up once."""

    def __init__(self, document: Any) -> None:
        self.document = document
        # By id: python-docx reads every style of the file each time that one is set by name.
        self.styles = {style: document.styles[name].style_id for style, name in _STYLES.items()}
        self.grid = document.styles["Table Grid"].style_id
        self.list_id: int | None = None
        self.breaks_page = False

    def add(self, block: Block) -> None:
        if isinstance(block, Table):
            self._table(block)
        elif block.style is Style.NEW_PAGE:
            self.breaks_page = True
        else:
            self._line(block)

    def _line(self, line: Line) -> None:
        paragraph = self.document.add_paragraph()
        paragraph._p.style = self.styles[line.style]
        if self.breaks_page:
            paragraph.paragraph_format.page_break_before = True
            self.breaks_page = False
        if line.style is Style.NUMBER:
            self._number(paragraph, line.number)
        _fill(paragraph, line.runs)

    def _number(self, paragraph: Any, number: int) -> None:
        """Word counts on from the list before unless a list has a number of its own."""
        if number == 1 or self.list_id is None:
            self.list_id = self._new_list(number)
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = self.list_id

    def _new_list(self, start: int) -> int:
        numbering = self.document.part.numbering_part.element
        style = self.document.styles[_STYLES[Style.NUMBER]].element
        own = style.pPr.numPr.numId.val
        kind = next(n for n in numbering.num_lst if n.numId == own).abstractNumId.val
        made = numbering.add_num(kind)
        made.add_lvlOverride(ilvl=0).add_startOverride(start)
        return int(made.numId)

    def _table(self, table: Table) -> None:
        rows, columns = len(table.rows), len(table.rows[0])
        made = self.document.add_table(rows, columns)
        made._tbl.tblStyle_val = self.grid
        for row, shown in zip(made.rows, table.rows, strict=True):
            for cell, runs in zip(row.cells, shown, strict=True):
                _fill(cell.paragraphs[0], runs, strong=row._index == 0)
        heading = made.rows[0]._tr.get_or_add_trPr()
        heading.append(OxmlElement("w:tblHeader"))
        self.document.add_paragraph()


def _fill(paragraph: Any, runs: Runs, *, strong: bool = False) -> None:
    turned = is_right_to_left("".join(run.text for run in runs))
    if turned:
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
    for run in runs:
        made = paragraph.add_run(run.text)
        if run.strong or run.is_gap or strong:
            made.bold = True
        if run.emphasis:
            made.italic = True
        if run.is_gap:
            made.font.highlight_color = WD_COLOR_INDEX.YELLOW
        if turned:
            made.font.rtl = True


@lru_cache(maxsize=_MOST_BASES)
def _base(title: str, mark: str, foot: str) -> bytes:
    """An empty document with our styles, the mark at the head and the line at the foot."""
    document = Document()
    _leave_out(document)
    _style(document)
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = Inches(1)
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    marked = head.add_run(mark)
    marked.bold, marked.font.size, marked.font.color.rgb = True, Pt(9), RGBColor(0x8F, 0x0F, 0x1F)
    footer = section.footer.paragraphs[0]
    for part in (f"{foot} · page ", "PAGE", " of ", "NUMPAGES"):
        run = footer.add_run("" if part.isupper() else part)
        run.font.size, run.font.color.rgb = Pt(8.5), RGBColor(0x4B, 0x55, 0x63)
        if part.isupper():
            _field(run, part)
    about = document.core_properties
    about.title, about.author, about.comments, about.language = title, "", "", "en-US"
    about.created = about.modified = _NEVER
    return _bytes(document)


def _leave_out(document: Any) -> None:
    """Takes out what no paper uses and each would carry: a hundred table styles, a thumbnail."""
    styles = document.styles.element
    for style in list(styles.style_lst):
        if style.get(qn("w:type")) == "table" and style.styleId not in _TABLE_STYLES:
            styles.remove(style)
    for parts in (document.part.rels, document.part.package.rels):
        for key in [key for key, part in parts.items() if part.reltype.endswith(_UNUSED)]:
            del parts[key]


def _style(document: Any) -> None:
    for name, size in _SIZES.items():
        font = document.styles[name].font
        font.name, font.size = _FONT, Pt(size)
        fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(script), None)
        fonts.set(qn("w:cs"), _FONT)
        if name != "Normal":
            font.color.rgb = RGBColor(0x17, 0x21, 0x2B)
    document.styles["Normal"].paragraph_format.space_after = Pt(8)


def _field(run: Any, name: str) -> None:
    """A field that Word works out: PAGE or NUMPAGES."""
    for kind in ("begin", None, "end"):
        if kind is None:
            inner = OxmlElement("w:instrText")
            inner.text = name
        else:
            inner = OxmlElement("w:fldChar")
            inner.set(qn("w:fldCharType"), kind)
        run._r.append(inner)
