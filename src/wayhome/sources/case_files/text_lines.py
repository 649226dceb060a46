"""The lines of a text file in whatever encoding it was saved."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from wayhome.sources.case_files.faults import file_problem

# UTF-32 before UTF-16: the mark of the one begins with the mark of the other.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def numbered_lines(path: Path, notes: list[str], blank: str = "") -> Iterator[tuple[int, str]]:
    """Every line that is not blank, numbered from 1, without its end.

    A blank line holds nothing but white space and the characters of `blank`; how many were
    passed over is told in `notes`.
    """
    encoding = _encoding(path, notes)
    passed_over = 0
    with path.open(encoding=encoding, newline="") as file:
        for number, line in enumerate(file, start=1):
            if line.strip(blank + " \t\r\n"):
                yield number, line.rstrip("\r\n")
            else:
                passed_over += 1
    if passed_over:
        notes.append(f"{path.name}: blank lines passed over: {passed_over}.")


def _encoding(path: Path, notes: list[str]) -> str:
    """UTF-8 or what the byte order mark says; else Windows' Western European, with a note."""
    with path.open("rb") as file:
        start = file.read(4)
    for mark, encoding in BYTE_ORDER_MARKS:
        if start.startswith(mark):
            if _decodes(path, encoding):
                return encoding
            raise file_problem(path.name, f"it begins as {encoding.upper()} but is damaged.")
    if _decodes(path, "utf-8-sig"):
        return "utf-8-sig"
    for encoding, name in (("cp1252", "Windows-1252"), ("latin-1", "Latin-1")):
        if _decodes(path, encoding):  # Latin-1 always does
            notes.append(f"{path.name}: not UTF-8, read as {name}. Check letters with accents.")
            break
    return encoding


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
