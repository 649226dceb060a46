"""A PDF, written anew without programs, files within it, or notes on who made it and where."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name, Pdf, Stream

from wayhome.web.files.jpeg_notes import without_notes
from wayhome.web.files.what_is_taken import Refused, Why

MOST_PAGES = 3000
# Programs and what starts them, files within it, forms with programs, who edited what when.
_KEYS = frozenset(
    {
        "/AA",
        "/OpenAction",
        "/JS",
        "/JavaScript",
        "/EmbeddedFiles",
        "/EF",
        "/AF",
        "/XFA",
        "/RichMedia",
        "/RichMediaContent",
        "/RichMediaSettings",
        "/Collection",
        "/Metadata",
        "/PieceInfo",
        "/LastModified",
    }
)
# What an action may be: going to a place in the document, or to a page of the web when clicked.
_ACTIONS = frozenset({"/GoTo", "/URI", "/Named", "/Thread"})
_MARKS = frozenset({"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})

LOCKED = "This PDF is locked with a password. Save a copy without one, and send that."
DAMAGED = "This PDF is damaged, or was not sent to its end. Save it anew, and send that."
EMPTY = "This PDF has no pages."


def clean_pdf(data: bytes) -> bytes:
    """The PDF with what is seen on its pages, and nothing else. Raises Refused."""
    try:
        with Pdf.open(BytesIO(data), inherit_page_attributes=False) as pdf:
            _check_pages(pdf)
            _strip(pdf)
            return _saved(pdf)
    except pikepdf.PasswordError:
        raise Refused(LOCKED, Why.LOCKED) from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        raise Refused(DAMAGED, Why.DAMAGED) from None


def _check_pages(pdf: Pdf) -> None:
    if len(pdf.pages) == 0:
        raise Refused(EMPTY, Why.EMPTY)
    if len(pdf.pages) > MOST_PAGES:
        raise Refused(f"This PDF has more than {MOST_PAGES} pages. Send it in parts.", Why.PAGES)


def _strip(pdf: Pdf) -> None:
    if Name.Info in pdf.trailer:
        del pdf.trailer[Name.Info]
    for found in pdf.objects:
        for part in _parts_of(found):
            _strip_dictionary(part)
        if isinstance(found, Stream):
            _strip_photo(found)


def _parts_of(found: Any) -> Iterator[Any]:
    """Every dictionary of an object that stands in it itself, and is not only pointed to."""
    waiting = [found]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Stream | Dictionary):
            yield part
            waiting += [part[key] for key in part.keys()]  # noqa: SIM118 (not a mapping)
        elif isinstance(part, pikepdf.Array):
            waiting += list(part)
        waiting = [p for p in waiting if isinstance(p, pikepdf.Object) and not p.is_indirect]


def _strip_dictionary(part: Any) -> None:
    for key in set(part.keys()) & _KEYS:
        del part[key]
    if Name.S in part and _is_action(part) and not _is_harmless(part):
        part[Name.S] = Name.Named
        part[Name.N] = Name.NextPage
        for key in {"/F", "/Win", "/Unix", "/Mac", "/D", "/R", "/T", "/URI"} & set(part.keys()):
            del part[key]
    if Name.Subtype in part and str(part[Name.Subtype]) in _MARKS and Name.Rect in part:
        part[Name.Subtype] = Name.Text
        for key in {"/FS", "/A", "/Movie", "/Sound"} & set(part.keys()):
            del part[key]


def _is_harmless(action: Any) -> bool:
    if action[Name.S] == Name.URI:
        return str(action.get(Name.URI, "")).lower().startswith(_ADDRESSES)
    return str(action[Name.S]) in _ACTIONS


_ADDRESSES = ("https:", "http:", "mailto:", "tel:")


def _is_action(part: Any) -> bool:
    kind = str(part.get(Name.Type, ""))
    return kind == "/Action" or (not kind and str(part[Name.S]) in _DANGEROUS)


_DANGEROUS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToR",
        "/GoToE",
        "/URI",
        "/Rendition",
        "/RichMediaExecute",
        "/Movie",
        "/Sound",
        "/Hide",
        "/ResetForm",
        "/SetOCGState",
        "/Trans",
        "/GoTo3DView",
    }
)


def _strip_photo(stream: Stream) -> None:
    """Photos in a PDF of a scanning telephone tell where and when they were taken."""
    filters = stream.get(Name.Filter)
    names = list(filters) if isinstance(filters, pikepdf.Array) else [filters]
    if stream.get(Name.Subtype) != Name.Image or names != [Name.DCTDecode]:
        return
    held = stream.read_raw_bytes()
    bare = without_notes(held)
    if bare != held:
        stream.write(bare, filter=Name.DCTDecode, decode_parms=stream.get(Name.DecodeParms))


def _saved(pdf: Pdf) -> bytes:
    out = BytesIO()
    pdf.save(
        out,
        encryption=False,
        fix_metadata_version=False,
        preserve_pdfa=False,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return out.getvalue()
