"""What the public pages and the messages of letters say: `words/<language>.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import yaml

WORDS = Path(__file__).parent / "words"
LANGUAGES = {"en": "English", "es": "Español"}


@cache
def words(language: str) -> Mapping[str, str]:
    """Every text of a language by `section.name`."""
    content = yaml.safe_load((WORDS / f"{language}.yaml").read_text(encoding="utf-8"))
    return {
        f"{section}.{name}": text
        for section, texts in content.items()
        for name, text in texts.items()
    }


def say(language: str, key: str, **blanks: object) -> str:
    """A text with its blanks filled in. Raises KeyError for a key that there is not."""
    text = words(language if language in LANGUAGES else "en")[key]
    return text.format(**blanks) if blanks else text


def day_in_words(language: str, day: date | None) -> str:
    """A day as people write it: June 9, 2021, 9 de junio de 2021; empty for none."""
    if day is None:
        return ""
    blanks = {"day": day.day, "month": say(language, f"month.m{day.month}"), "year": day.year}
    return say(language, "month.day", **blanks)
