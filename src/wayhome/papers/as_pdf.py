"""A draft as PDF, by Typst."""

from __future__ import annotations

import json
from typing import Any

from wayhome.papers.blocks import Block, Runs, Table, is_right_to_left
from wayhome.papers.drafting import Draft
from wayhome.papers.typst_compiler import PAPER, Form, compiled

# Typst takes a letter that these do not have from any other font of the machine.
_FONTS = ("Libertinus Serif", "DejaVu Sans")
_NARROWEST, _WIDEST = 10, 40


def pdf(draft: Draft) -> bytes:
    """A draft as a PDF with tags and a title; the same draft gives the same bytes."""
    return b"".join(_made(draft, "pdf"))


def pictures(draft: Draft) -> list[bytes]:
    """The pages of a draft as PNG, to be looked at."""
    return _made(draft, "png")


def _made(draft: Draft, form: Form) -> list[bytes]:
    content = {
        "title": draft.template.title,
        "mark": draft.mark,
        "foot": draft.foot,
        "fonts": _FONTS,
        "blocks": [_block(block) for block in draft.blocks],
    }
    return compiled(PAPER, {"draft": json.dumps(content)}, form)


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Table):
        return {
            "kind": "table",
            "columns": _shares(block),
            "rows": [[_cell(cell) for cell in row] for row in block.rows],
        }
    return {"kind": str(block.style), "number": block.number, **_cell(block.runs)}


def _cell(runs: Runs) -> dict[str, Any]:
    text = "".join(run.text for run in runs)
    return {
        "rtl": is_right_to_left(text),
        "runs": [
            {"text": r.text, "strong": r.strong, "emphasis": r.emphasis, "gap": r.is_gap}
            for r in runs
        ],
    }


def _shares(table: Table) -> list[int]:
    """How wide each column is: enough for its longest word, more for long text up to a measure."""
    columns = zip(*table.rows, strict=True)
    return [max(map(_letters_wide, column)) for column in columns]


def _letters_wide(cell: Runs) -> int:
    text = "".join(run.text for run in cell)
    longest_word = max(map(len, text.split()), default=0)
    return max(_NARROWEST, round(1.15 * longest_word), min(len(text), _WIDEST))
