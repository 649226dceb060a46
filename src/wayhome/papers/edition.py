"""The edition of a rulebook: a fingerprint of everything that its answers rest on."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from wayhome.law.loading import RULES_FILE, TABLES_FILE
from wayhome.programs import FOLDER

_VOCABULARY = FOLDER.parent / "law" / "facts.csv"


@cache
def edition_of(folder: Path = FOLDER) -> str:
    """Twelve hexadecimal digits of the SHA-256 of every rule and table, and of the vocabulary."""
    digest = hashlib.sha256(_VOCABULARY.read_bytes())
    for name in (RULES_FILE, TABLES_FILE):
        for path in sorted(folder.glob(f"*/{name}")):
            digest.update(f"{path.parent.name}/{name}".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
