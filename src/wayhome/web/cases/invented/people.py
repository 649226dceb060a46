"""Invented people. Every name says so: given name, a surname made of syllables, "Invented17"."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from importlib import resources
from itertools import product
from random import Random

import yaml


@cache
def _names() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Given names, and surnames."""
    held = yaml.safe_load(resources.files(__package__).joinpath("names.yaml").read_text("utf-8"))
    parts = product(held["first"], held["middle"], held["last"])
    return tuple(held["given"]), tuple("".join(part) for part in parts)


def invented_person(draw: Random, number: int, today: date) -> dict[str, str]:
    """The personal fields of case `number`. Surnames are shared as real ones are: few by many."""
    given_names, surnames = _names()
    given, surname = draw.choice(given_names), surnames[int(len(surnames) * draw.random() ** 2)]
    birth = today - timedelta(days=draw.randint(19 * 365, 70 * 365))
    return {
        "name": f"{given} {surname} Invented{number}",
        "other_names": f"{given} {surname}" if draw.random() < 0.1 else "",
        "birth_date": birth.isoformat(),
        "a_number": f"A{999_000_000 + number % 1_000_000:09d}" if draw.random() < 0.8 else "",
        "where": draw.choice(("abroad, invented town", "with family, invented town", "")),
    }
