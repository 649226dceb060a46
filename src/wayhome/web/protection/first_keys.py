"""The secrets that an installation makes for itself the first time it starts."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(home: Path) -> str:
    """Django's signing key: made once, kept in `HOME/secret.key`, readable by its owner only."""
    return first(home / "secret.key", lambda: secrets.token_urlsafe(48))


def first(path: Path, make) -> str:  # type: ignore[no-untyped-def]
    """What stands in a secret file, made the first time. Two starts at once agree on one."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(make() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return path.read_text(encoding="utf-8").strip()
