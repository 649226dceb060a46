"""Which files are taken, told by what is in them and never by their names. No Django here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from zipfile import is_zipfile

from wayhome.web.files.what_is_taken import PDF, TAKEN, Refused, Why

# Where a web page or a script would have to begin for a browser to take a file for one.
_HEAD, _END = 1024, 65_536


@dataclass(frozen=True)
class SafeFile:
    """A file as it is kept: its bytes made anew where they could hold more than is seen."""

    content_type: str
    data: bytes


def safe_file(data: bytes) -> SafeFile:
    """The file made safe to keep and to open. Raises Refused.

    It opens the file with libraries that read what strangers wrote: call it by way of `apart`.
    """
    if not data:
        raise Refused("The file is empty.", Why.EMPTY)
    opener = _opener_of(data)
    _check_single(data, opener)
    return opener(data)


def _opener_of(data: bytes) -> Callable[[bytes], SafeFile]:
    """The one that opens this kind of file. Raises Refused, naming the kind where it is known."""
    for starts, opener in _OPENERS:
        if starts(data[:32]):
            return opener
    for mark, sentence in _NOT_TAKEN:
        if mark in data[:_HEAD].lower():
            raise Refused(f"{sentence} {TAKEN}", Why.KIND)
    raise Refused(f"{_named(data)} {TAKEN}".strip())


def _named(data: bytes) -> str:
    """What a file that is not taken seems to be."""
    import puremagic  # noqa: PLC0415 (only what a file needs is loaded)

    try:
        found = puremagic.from_string(data[:8192])
    except (puremagic.PureError, ValueError):
        return "This kind of file is not known here."
    return f"This is a file of another kind ({found})." if found else ""


def _check_single(data: bytes, opener: Callable[[bytes], SafeFile]) -> None:
    """Refuses a file that is two kinds at once: shown as one here and opened as another there."""
    head, end = data[:_HEAD].lower(), data[-_END:].lower()
    is_pdf, is_zip = opener is _pdf, opener is _office
    is_two = (
        (not is_pdf and b"%pdf-" in head)
        or (not is_zip and is_zipfile(BytesIO(data)))
        or any(mark in head for mark in _PAGE)
        or (not is_pdf and not is_zip and any(mark in end for mark in _PAGE))
    )
    if is_two:
        raise Refused(
            "This file is two kinds of file at once. Save it anew, and send that.", Why.UNSAFE
        )


def _pdf(data: bytes) -> SafeFile:
    from wayhome.web.files.pdf import clean_pdf  # noqa: PLC0415

    return SafeFile(PDF, clean_pdf(data))


def _photo(data: bytes) -> SafeFile:
    from wayhome.web.files.photos import photo_as_pdf  # noqa: PLC0415

    return SafeFile(PDF, photo_as_pdf(data))


def _office(data: bytes) -> SafeFile:
    from wayhome.web.files.office import checked_office  # noqa: PLC0415

    return SafeFile(checked_office(data), data)


def _heic(data: bytes) -> SafeFile:
    raise Refused(
        "This photo is of the kind HEIC, which cannot be opened here. Take a picture of the screen "
        "and send that, or choose “Most Compatible” in the settings of the camera.",
        Why.HEIC,
    )


def _begins(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(marks)


_HEIC = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis"}
_OPENERS: tuple[tuple[Callable[[bytes], bool], Callable[[bytes], SafeFile]], ...] = (
    (_begins(b"%PDF-"), _pdf),
    (_begins(b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"II*\0", b"MM\0*"), _photo),
    (lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP", _photo),
    (lambda head: head[4:8] == b"ftyp" and head[8:12] in _HEIC, _heic),
    (_begins(b"PK\x03\x04"), _office),
)
_PAGE = (b"<script", b"<html", b"<svg", b"<!doctype", b"<?php")
_NOT_TAKEN = (
    (b"<svg", "A drawing of the kind SVG can hold programs, so none is taken."),
    (b"<!doctype html", "A web page can hold programs, so none is taken."),
    (b"<html", "A web page can hold programs, so none is taken."),
    (b"<script", "A web page can hold programs, so none is taken."),
    (b"<?xml", "A file of the kind XML is not taken."),
    (b"%pdf-", "This PDF has something before its beginning, so it is not taken as it is."),
    (b"\xd0\xcf\x11\xe0", "This is an old Office file (.doc, .xls). Save it as .docx or .xlsx."),
    (b"mz\x90", "This is a program, and programs are not taken."),
    (b"\x7felf", "This is a program, and programs are not taken."),
)
