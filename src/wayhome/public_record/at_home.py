"""Where an installation keeps its record, and which one its pages show."""

from __future__ import annotations

import os
from pathlib import Path


def own_record(home: Path) -> Path:
    """The folder that `wayhome publish` makes in a home (WAYHOME_HOME)."""
    return home / "public-record"


def shown_record(home: Path | None) -> Path | None:
    """The folder that the pages of a home show: the one that WAYHOME_PUBLIC_RECORD names, else its
    own, where it has one. None: the record that comes with the program."""
    named = os.environ.get("WAYHOME_PUBLIC_RECORD")
    if named:
        return Path(named)
    own = own_record(home) if home else None
    return own if own and own.is_dir() else None


def home_at_hand() -> Path | None:
    """The home that WAYHOME_HOME names; None where it names none."""
    named = os.environ.get("WAYHOME_HOME")
    return Path(named) if named else None
