"""The master keys: lines of `NAME:BASE64`, in WAYHOME_MASTER_KEYS or the master key file.

The first one wraps; the others only unwrap, while the change from an old one is under way.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from wayhome.web.protection.first_keys import first

KEY_BYTES = 32


def new_master_key(name: str) -> str:
    """A line for the master key file."""
    return f"{name}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


@cache
def master_keys() -> Mapping[str, bytes]:
    """Every master key by its name, the one that wraps first.

    Raises ImproperlyConfigured, without showing any of it, where a line is not a key.
    """
    text = os.environ.get("WAYHOME_MASTER_KEYS", "").replace(",", "\n")
    if not text:
        text = first(settings.MASTER_KEY_FILE, lambda: new_master_key("first"))
    keys = dict(_key_of(number, line) for number, line in enumerate(text.split(), start=1))
    if not keys:
        raise ImproperlyConfigured("There is no master key: write one with `wayhome keys new`.")
    return keys


def has_master_key() -> bool:
    """Whether there is one already; asking makes none."""
    return bool(os.environ.get("WAYHOME_MASTER_KEYS")) or Path(settings.MASTER_KEY_FILE).exists()


def make_master_key(in_use: set[str]) -> Path | None:
    """Makes the first master key where there is none; says in which file, if it was made now.

    `in_use` names those that something is wrapped with (rotation.master_keys_in_use). Raises
    ImproperlyConfigured where there are any: theirs is elsewhere, and another would open nothing.
    """
    if has_master_key():
        return None
    path = Path(settings.MASTER_KEY_FILE)
    if in_use:
        raise ImproperlyConfigured(
            f"The master key {', '.join(sorted(in_use))} should be in {path}, which is not there: "
            "put the stick in, or write the line from your paper copy into that file."
        )
    master_keys.cache_clear()
    master_keys()
    return path


def as_lines(keys: Mapping[str, bytes]) -> str:
    """Master keys as the master key file holds them."""
    return "".join(f"{name}:{base64.b64encode(key).decode()}\n" for name, key in keys.items())


def replace_master_key_file(path: Path, lines: str) -> None:
    """Writes the master key file beside its place and puts it there whole."""
    beside = path.with_name(f"{path.name}.part")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    master_keys.cache_clear()


def current_master_key() -> tuple[str, bytes]:
    """The master key that wraps, with its name."""
    return next(iter(master_keys().items()))


def _key_of(number: int, line: str) -> tuple[str, bytes]:
    name, _, text = line.partition(":")
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if not name or len(key) != KEY_BYTES:
        raise ImproperlyConfigured(
            f"Master key number {number} is not NAME:BASE64 of {KEY_BYTES} bytes."
        )
    return name, key
