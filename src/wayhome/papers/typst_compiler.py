"""Typst, started once in a process for each of our sources; fonts are looked for only then.

What is shown goes in as data (`sys.inputs`), never as source: a person's text is not parsed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Literal

import typst

Form = Literal["pdf", "svg", "png"]
HERE = Path(__file__).parent
PAPER, GLYPH, STAMPS = HERE / "paper.typ", HERE / "glyph.typ", HERE / "stamps.typ"
# No clock is read: the same draft gives the same bytes.
_WRITTEN = datetime(2000, 1, 1, tzinfo=UTC)
_DOTS = 80
# A compiler keeps what it was given until it is given something else.
_lock = Lock()


@cache
def _compiler(source: Path) -> typst.Compiler:
    return typst.Compiler(source, root=HERE)


def compiled(source: Path, inputs: Mapping[str, str], form: Form) -> list[bytes]:
    """What Typst makes of a source and its inputs: one PDF, or an SVG or PNG a page."""
    with _lock:
        made = _compiler(source).compile(
            sys_inputs=dict(inputs),
            format=form,
            timestamp=_WRITTEN,
            ppi=_DOTS,
        )
    assert made is not None
    return made if isinstance(made, list) else [made]
