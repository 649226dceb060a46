"""One folder a program: its rules, tables, words and examples. Discovery replaces registration."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from wayhome.law.loading import load_rulebook
from wayhome.law.rules import Rulebook

FOLDER = Path(__file__).parent


@cache
def rulebook() -> Rulebook:
    """The rulebook that ships with Wayhome. Raises FaultyRulebook with every fault found."""
    return load_rulebook(FOLDER)
