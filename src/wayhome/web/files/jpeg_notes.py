"""The notes in a JPEG (Exif with place and time, comments, previews), taken out without loss."""

from __future__ import annotations

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
# Exif and XMP (E1), previews (E2, unless it holds colours), makers' own, comments (FE).
_NOTES = frozenset({0xE1, *range(0xE3, 0xEE), 0xEF, 0xFE})
_COLOURS = (0xE2, b"ICC_PROFILE")


def without_notes(data: bytes) -> bytes:
    """The same picture without its notes; as it was where it does not read as a JPEG."""
    if data[:2] != bytes((0xFF, _START)):
        return data
    kept, at = bytearray(data[:2]), 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == _SCAN:
            return bytes(kept + data[at:])
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if not _is_note(marker, data[at + 4 : at + 20]):
            kept += data[at:end]
        at = end
    return data


def _is_note(marker: int, begins: bytes) -> bool:
    if marker == _COLOURS[0]:
        return not begins.startswith(_COLOURS[1])
    return marker in _NOTES
