"""The kinds of files that are taken, and why one is not."""

from __future__ import annotations

from enum import StrEnum

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS = {PDF: ".pdf", DOCX: ".docx", XLSX: ".xlsx"}

TAKEN = "Send a PDF, a photo (JPEG, PNG, WebP), or a Word or Excel file (.docx, .xlsx)."


class Why(StrEnum):
    """Why a file is not taken, and so what can be done: the portal says each in six languages."""

    KIND = "kind"  # not a kind that is taken
    EMPTY = "empty"
    LARGE = "large"
    FULL = "full"  # the case holds as much as it can
    HEIC = "heic"
    PACKED = "packed"
    LOCKED = "locked"
    DAMAGED = "damaged"
    DOTS = "dots"
    PAGES = "pages"
    UNSAFE = "unsafe"  # it could do something when it is opened, or cannot be opened safely
    BUSY = "busy"


class Refused(Exception):
    """A file is not taken. The text is a sentence in English for whoever sent it."""

    def __init__(self, sentence: str, why: Why = Why.KIND) -> None:
        super().__init__(sentence)
        self.why = why
