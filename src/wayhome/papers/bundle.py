"""One PDF of a filing: the paper, then each exhibit, every page stamped, with bookmarks."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import img2pdf  # type: ignore[import-untyped]
import pikepdf

from wayhome.papers.drafting import Exhibit, letter_of
from wayhome.papers.typst_compiler import STAMPS, compiled
from wayhome.papers.values import clean

_STAMP_WIDTH, _STAMP_HEIGHT, _FROM_EDGE = 230.4, 23.04, 14.0


class CannotBundle(ValueError):
    """An exhibit that is neither a PDF that opens nor a picture. Says which, and what would be."""


@dataclass(frozen=True)
class Enclosure:
    """An exhibit's file as it is kept: PDF, JPEG or PNG."""

    title: str
    content: bytes


def exhibits_of(enclosures: Iterable[Enclosure]) -> tuple[Exhibit, ...]:
    """The list of exhibits, lettered in their order. Raises CannotBundle."""
    found = []
    for place, enclosure in enumerate(enclosures):
        with _opened(place, enclosure) as file:
            found.append(Exhibit(letter_of(place), clean(enclosure.title), len(file.pages)))
    return tuple(found)


def bundle(paper: bytes, title: str, enclosures: Sequence[Enclosure]) -> bytes:
    """A paper's PDF with stamped exhibits behind it. Raises CannotBundle; then nothing is made."""
    with pikepdf.open(io.BytesIO(paper)) as whole:
        places = [(title, 0)]
        for place, enclosure in enumerate(enclosures):
            named = f"Exhibit {letter_of(place)}: {clean(enclosure.title)}"
            places.append((named, len(whole.pages)))
            with _opened(place, enclosure) as file:
                _stamp(file, letter_of(place))
                whole.pages.extend(file.pages)
        with whole.open_outline() as outline:
            outline.root[:] = [pikepdf.OutlineItem(words, page) for words, page in places]
        file_of_all = io.BytesIO()
        whole.save(file_of_all, deterministic_id=True)
        return file_of_all.getvalue()


def _opened(place: int, enclosure: Enclosure) -> pikepdf.Pdf:
    try:
        content = enclosure.content
        if content.lstrip()[:5] != b"%PDF-":
            content = img2pdf.convert(content, rotation=img2pdf.Rotation.ifvalid)
        file = pikepdf.open(io.BytesIO(content))
        _make_still(file)
    except (
        pikepdf.PdfError,
        pikepdf.PasswordError,
        img2pdf.ImageOpenError,
        img2pdf.AlphaChannelError,
    ) as error:
        what = f"Exhibit {letter_of(place)} cannot be put into the bundle"
        advice = "It must be a PDF without a password, a JPEG, or a PNG without transparency."
        raise CannotBundle(f"{what}. {advice}") from error
    return file


def _make_still(file: pikepdf.Pdf) -> None:
    """What a page does by itself is left out; what its notes and fields show stays."""
    file.generate_appearance_streams()
    file.flatten_annotations("all")
    for page in file.pages:
        for name in ("/Annots", "/AA"):
            if name in page:
                del page[name]


def _stamp(file: pikepdf.Pdf, letter: str) -> None:
    pages = len(file.pages)
    words = [f"Exhibit {letter}, page {number} of {pages}" for number in range(1, pages + 1)]
    (drawn,) = compiled(STAMPS, {"stamps": json.dumps(words)}, "pdf")
    with pikepdf.open(io.BytesIO(drawn)) as stamps:
        for page, stamp in zip(file.pages, stamps.pages, strict=True):
            page.add_overlay(stamp, _place(page))


def _place(page: pikepdf.Page) -> pikepdf.Rectangle:
    """The lower right corner of what is seen of a page."""
    left, bottom, right, _ = (float(side) for side in page.cropbox)
    width = min(_STAMP_WIDTH, right - left - 2 * _FROM_EDGE)
    x, y = right - _FROM_EDGE - width, bottom + _FROM_EDGE
    return pikepdf.Rectangle(x, y, x + width, y + _STAMP_HEIGHT)
