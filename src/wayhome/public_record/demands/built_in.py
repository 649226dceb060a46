"""The demands of the two letters, wired to their measures in demands.yaml."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from wayhome.public_record.demands.demand import Demand, Direction, Measure, TargetIs
from wayhome.sources.letters.the_letters import letters

WIRED = Path(__file__).with_name("demands.yaml")
LETTERS_PACKAGE = "wayhome.sources.letters"


@cache
def built_in_demands() -> Mapping[str, Demand]:
    """The seven changes and the four parts of the return process, by id, in the letters' order."""
    told = yaml.safe_load(WIRED.read_text("utf-8"))
    listed = resources.files(LETTERS_PACKAGE).joinpath("demands.csv").read_text("utf-8")
    return {
        row["demand"]: _demand(row, told[row["demand"]])
        for row in csv.DictReader(listed.splitlines())
    }


def _demand(row: Mapping[str, str], told: Mapping[str, Any]) -> Demand:
    texts = {
        name: told.get(name, {})
        for name in ("words", "no_data", "tells", "does_not_tell", "target_by")
    }
    return Demand(
        id=row["demand"],
        letter=row["letter"],
        number=int(row["number"]),
        measure=measure_of(told["measure"]) if "measure" in told else None,
        context=tuple(told.get("context", ())),
        letter_days=days_of_letter(row["letter"]),
        **texts,
    )


def days_of_letter(letter: str) -> tuple[date, date] | None:
    """The first and last day of which a letter may be, by its short name; None where nothing bounds
    it, as of every letter that is not one of the two."""
    return next((one.days for one in letters() if one.id == letter), None)


def measure_of(told: Mapping[str, Any]) -> Measure:
    """A measure from plain values, as in demands.yaml. Raises KeyError or ValueError."""
    numbers = ("baseline_days", "late_baseline_days", "partly_from", "reversed_from")
    return Measure(
        series=tuple(told["series"]),
        direction=Direction(told["direction"]),
        target=float(told["target"]),
        target_is=TargetIs(told.get("target_is", TargetIs.NUMBER)),
        **{name: told[name] for name in numbers if name in told},
    )
