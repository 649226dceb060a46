"""The report as a file: CSV, or XLSX with a sheet that says how it was made."""

from __future__ import annotations

import csv
import io

from openpyxl import Workbook
from openpyxl.styles import Font

from wayhome.web.accountability.patterns import Report, lines_of

HIDDEN = "left out"
HOW = (
    "Denominator: cases that this organization's reviewers have decided; no sample of all cases.",
    "A cause counts where at least two reviewers coded it independently.",
    "A case may have several causes; causes do not add up to all cases.",
    "Rate ratio: the share in the group over the share among all other decided cases; "
    "95 % score interval.",
    "Numbers under 11, and numbers from which they could be worked out, are left out "
    "(CMS Cell Size Suppression Policy, 2024; complementary suppression).",
    'Groups of fewer than 11 cases are counted together as "all other", with "not known" if small.',
)


def as_csv(report: Report) -> str:
    """A line a cause and group; numbers that were left out say so."""
    out = io.StringIO()
    lines = list(lines_of(report))
    writer = csv.DictWriter(out, fieldnames=list(lines[0]) if lines else ["cause"])
    writer.writeheader()
    writer.writerows({k: _cell(k, v) for k, v in line.items()} for line in lines)
    return out.getvalue()


def as_xlsx(report: Report) -> bytes:
    """The same lines, and a sheet with how to read them."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "patterns"
    lines = list(lines_of(report))
    sheet.append(list(lines[0]) if lines else ["cause"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for line in lines:
        sheet.append([_cell(k, v) for k, v in line.items()])
    sheet.freeze_panes = "A2"
    notes = book.create_sheet("how to read it")
    for text in how_to_read(report.is_invented):
        notes.append([text])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def how_to_read(is_invented: bool) -> tuple[str, ...]:
    """What a reader must know, with a warning first where the cases are invented."""
    return ("The cases are invented.", *HOW) if is_invented else HOW


def _cell(column: str, value: object) -> object:
    if value is None:
        return HIDDEN if column == "cases with the cause" else ""
    return round(value, 4) if isinstance(value, float) else value
