"""What went wrong: the fixed list of causes, and when to code each (taxonomy.yaml)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from wayhome.sources.eoir.codes import courts

# What the courts' release calls the places that it was tried out with.
_TEST = "test"


@dataclass(frozen=True)
class Cause:
    """A cause, and when to code it, when not, and what to do in doubt."""

    code: str
    name: str
    definition: str
    code_when: str
    not_when: str
    in_doubt: str


@dataclass(frozen=True)
class Taxonomy:
    """Every cause and agency by its code, in the order of the file, and the rules for coding."""

    version: int
    in_general: tuple[str, ...]
    causes: dict[str, Cause]
    agencies: dict[str, str]
    agency_rule: str
    court_rule: str


@cache
def taxonomy() -> Taxonomy:
    """The list that ships with Wayhome."""
    text = resources.files(__package__).joinpath("taxonomy.yaml").read_text(encoding="utf-8")
    held = yaml.safe_load(text)
    causes = {code: Cause(code, **words) for code, words in held.pop("causes").items()}
    return Taxonomy(causes=causes, in_general=tuple(held.pop("in_general")), **held)


def court_names() -> dict[str, str]:
    """The immigration courts by code, in the order of their names: "Portland (POR)".

    With its code, for two courts may have one name. The release's test entries are left out.
    """
    found = courts().items()
    places = {c: court.place for c, court in found if c != "BIA" and court.place != _TEST}
    return {c: f"{place} ({c})" for c, place in sorted(places.items(), key=lambda pair: pair[1])}
