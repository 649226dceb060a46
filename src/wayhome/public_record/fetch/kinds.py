"""Whether a file is what it should be, by its first bytes."""

from __future__ import annotations

import re

FIRST = 512
_BEGINS = {
    "workbook": (b"PK\x03\x04",),
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
    "gzip": (b"\x1f\x8b",),
    "parquet": (b"PAR1",),
}
_PAGE = re.compile(
    rb"^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body)", re.I | re.S
)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.I | re.S)
_POINTER = b"version https://git-lfs"


def what_is_wrong(first: bytes, kind: str) -> str | None:
    """Why a file that begins so is no `kind`, or None: then it may be one."""
    if not first:
        return "it is empty"
    if _PAGE.match(first):
        title = _TITLE.search(first.decode("utf-8", errors="replace"))
        named = f" ({' '.join(title[1].split())})" if title else ""
        return f"a web page came instead of it{named}"
    if first.startswith(_POINTER):
        return "only a pointer to it came (Git LFS)"
    begins = _BEGINS.get(kind)
    if begins and not first.startswith(begins):
        return f"it does not begin as a {kind} does"
    return None
