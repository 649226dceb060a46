"""The record that the pages show: one that was published here, else the packaged one."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from django.conf import settings

from wayhome.public_record.at_home import shown_record
from wayhome.public_record.record import PublicRecord, open_record

_lock = Lock()
_opened: tuple[tuple[str, int], PublicRecord] | None = None


def record_at_hand() -> PublicRecord:
    """The public record, opened once until another is put in its place.

    Raises RecordProblem where the folder of a published record cannot be read."""
    global _opened  # noqa: PLW0603  one record a process, looked at by every page
    folder = shown_record(Path(settings.HOME))
    sign = (str(folder), _changed(folder))
    with _lock:
        if _opened is None or _opened[0] != sign:
            _opened = (sign, open_record(folder))
        return _opened[1]


def _changed(folder: Path | None) -> int:
    """A folder is replaced as a whole: the file with its sources is new then."""
    if folder is None:
        return 0
    try:
        return (folder / "sources.csv").stat().st_mtime_ns
    except OSError:
        return -1
