"""What the public pages and the messages of letters say: `words/<language>.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from wayhome.web.observatory.wording import written

WORDS = Path(__file__).parent / "words"


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
    """A text with its blanks filled in, days and numbers as the language writes them.

    Raises KeyError for a key that there is not.
    """
    text = words(language)[key]
    if not blanks:
        return text
    return text.format(**{name: written(language, value) for name, value in blanks.items()})


def say_count(language: str, key: str, count: int, **blanks: object) -> str:
    """A text with a count in it, in the form of one (`<key>_one`) or of many. Raises KeyError."""
    return say(language, f"{key}_one" if count == 1 else key, count=count, **blanks)
