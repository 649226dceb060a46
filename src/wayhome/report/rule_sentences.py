"""The plain sentence that a program's `words.yaml` has for each answer of its rules."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

from wayhome.law.kleene import Truth
from wayhome.law.rules import Rule
from wayhome.programs import FOLDER

_KEYS = {True: "holds", False: "does_not_hold", None: "cannot_tell"}


def sentence(rule: Rule, answer: Truth, language: str) -> str:
    """What a person is told; empty for a rule that is not of the rulebook built in."""
    of_rule = _sentences(rule.program).get(rule.id, {})
    return str(of_rule.get(language, {}).get(_KEYS[answer], ""))


@cache
def _sentences(program: str) -> dict[str, Any]:
    path = FOLDER / program / "words.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {} if path.exists() else {}
