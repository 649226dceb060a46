"""Word and Excel files: told by the list of their parts, and checked for what they unpack to."""

from __future__ import annotations

import zipfile
from io import BytesIO

from wayhome.web.files.fetching import fetches
from wayhome.web.files.what_is_taken import DOCX, TAKEN, XLSX, Refused, Why

MOST_PARTS, MOST_UNPACKED = 3000, 150_000_000
# Ordinary text is packed to a tenth; what is packed to less than this was made to fill a disk.
MOST_PACKED = 150
_SMALL = 1_000_000
_MAIN = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_TYPES = "[Content_Types].xml"
_PROGRAMS = ("vbaproject", "vbadata", "/activex/", "/macrosheets/", "/dialogsheets/")

BOMB = "This file unpacks to far more than it seems to hold, so it is not opened."
DAMAGED = "This Word or Excel file is damaged. Save it anew, and send that."
LOCKED_PARTS = "This file is locked with a password. Save a copy without one, and send that."
PROGRAMS = "This file holds macros, which are programs. Save it as .docx or .xlsx without them."
FETCHES = "This file fetches something from elsewhere when it is opened. Send it as a PDF."


def checked_office(data: bytes) -> str:
    """The content type of a Word or Excel file without programs in it. Raises Refused."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_size(parts, len(data))
            _check_whole(archive, parts)
            found = _kind(parts)
            _check_programs(archive, parts)
            return found
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, KeyError):
        raise Refused(DAMAGED, Why.DAMAGED) from None


def _check_size(parts: list[zipfile.ZipInfo], held: int) -> None:
    """Before anything is unpacked. Parts that overlap claim more than the file holds."""
    unpacked = sum(part.file_size for part in parts)
    is_bomb = (
        len(parts) > MOST_PARTS
        or unpacked > MOST_UNPACKED
        or sum(part.compress_size for part in parts) > held
        or any(
            part.file_size > _SMALL and part.file_size > MOST_PACKED * max(part.compress_size, 1)
            for part in parts
        )
    )
    if is_bomb:
        raise Refused(BOMB, Why.UNSAFE)


def _check_whole(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(LOCKED_PARTS, Why.LOCKED)
    first = min((part.header_offset for part in parts), default=-1)
    names = [part.filename for part in parts]
    if first != 0 or len(set(names)) != len(names) or archive.testzip() is not None:
        raise Refused(DAMAGED, Why.DAMAGED)


def _kind(parts: list[zipfile.ZipInfo]) -> str:
    names = {part.filename for part in parts}
    found = [kind for main, kind in _MAIN.items() if main in names]
    if len(found) != 1 or _TYPES not in names:
        raise Refused(
            f"A packed (ZIP) file is not taken: send what is in it, one by one. {TAKEN}",
            Why.PACKED,
        )
    return found[0]


def _check_programs(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename.lower() for part in parts]
    types = archive.read(_TYPES).lower()
    has_programs = any(mark in f"/{name}" for name in names for mark in _PROGRAMS)
    if has_programs or b"macroenabled" in types:
        raise Refused(PROGRAMS, Why.UNSAFE)
    if any(fetches(part.filename, archive.read(part)) for part in parts):
        raise Refused(FETCHES, Why.UNSAFE)
