"""A letter's text as lines in the few styles that papers know, for Word and PDF."""

from __future__ import annotations

import re

from wayhome.papers.blocks import Line, Style, blocks_of
from wayhome.web.campaign.letters import current_version
from wayhome.web.campaign.models import Letter

_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_ADDRESS = re.compile(r"<(https?://[^<>\s]+)>")
# What papers mark a filled place with is no letter of any text.
_MARKS = dict.fromkeys(map(ord, "\ue000\ue001"))


def lines_of(letter: Letter) -> list[Line]:
    """The text that is open, line by line; on paper the address of a link stands beside it."""
    version = current_version(letter)
    if version is None:
        return []
    text = _ADDRESS.sub(r"\1", _LINK.sub(r"\1 (\2)", version.text.translate(_MARKS)))
    found: list[Line] = []
    for block in blocks_of(text, ()):
        if isinstance(block, Line):
            if block.style is not Style.NEW_PAGE:
                found.append(block)
        else:
            rows = (tuple(run for cell in row for run in cell) for row in block.rows)
            found += [Line(Style.NORMAL, runs) for runs in rows]
    return found
