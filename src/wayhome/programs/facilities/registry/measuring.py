"""How well the registry matches, on pairs of records that were judged by hand."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from wayhome.programs.facilities.registry.facility import Facility, Registry
from wayhome.programs.facilities.registry.matching import Verdict
from wayhome.sources.eoir.release import ReleaseProblem

SAME, DIFFERENT, UNSURE = "same", "different", "unsure"
LIST = "2017"
STRATA = {
    "random": "Drawn at random (a row and the likest name of its state in another source)",
    "hard": "Chosen to be hard",
    "near": "Drawn at random once the rules were set (one city or ZIP code, or like names)",
}
SIDES = ("one", "other")
CELLS = ("source", "row", "code", "name", "address", "city", "state", "zip", "type")
COLUMNS = (
    *("pair", "stratum", "half"),
    *(f"{side}_{cell}" for side in SIDES for cell in CELLS),
    *("verdict", "why"),
)


@dataclass(frozen=True)
class Pair:
    """Two records of two sources, and what a person found: same, different, or unsure."""

    number: int
    stratum: str
    half: str
    one: Mapping[str, str]
    other: Mapping[str, str]
    verdict: str
    why: str


@dataclass(frozen=True)
class Answer:
    """What the registry says of a pair."""

    pair: Pair
    verdict: Verdict

    @property
    def is_wrong(self) -> bool:
        """Joined what differs, or left apart without a question what is one."""
        wrong = {SAME: Verdict.DIFFERENT, DIFFERENT: Verdict.CERTAIN}
        return wrong.get(self.pair.verdict) is self.verdict


@dataclass(frozen=True)
class Measure:
    """Counts over some of the pairs. Pairs of which the person was unsure count in neither share.

    `precision`: of those joined for certain, the share that is one facility. `recall`: of those
    that are one, the share joined for certain; `recall_with_questions`, joined or asked.
    """

    of: str
    pairs: int
    unsure: int
    joined_rightly: int
    joined_wrongly: int
    asked_same: int
    asked_different: int
    missed: int
    kept_apart: int

    @property
    def precision(self) -> float | None:
        return _share(self.joined_rightly, self.joined_rightly + self.joined_wrongly)

    @property
    def recall(self) -> float | None:
        return _share(self.joined_rightly, self._same)

    @property
    def recall_with_questions(self) -> float | None:
        return _share(self.joined_rightly + self.asked_same, self._same)

    @property
    def _same(self) -> int:
        return self.joined_rightly + self.asked_same + self.missed

    def sentence(self) -> str:
        """The measure for a person, the counts behind each share beside it."""
        joined = self.joined_rightly + self.joined_wrongly
        return (
            f"{self.of}: {self.pairs} pairs ({self.unsure} unsure). Precision "
            f"{_percent(self.precision)} ({self.joined_rightly} of {joined} joined"
            f"{_at_least(self.joined_rightly, joined)}), recall {_percent(self.recall)} "
            f"({self.joined_rightly} of {self._same} that are one"
            f"{_at_least(self.joined_rightly, self._same)}); "
            f"{_percent(self.recall_with_questions)} joined or asked; "
            f"{self.asked_same + self.asked_different} asked, {self.missed} missed."
        )


def read_pairs(path: Path) -> tuple[Pair, ...]:
    """The pairs of a CSV. Raises ReleaseProblem, a sentence, where a column or verdict is wrong."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        lacking = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if lacking:
            raise ReleaseProblem(f"{path.name}, row 1: there is no column {', '.join(lacking)}.")
        return tuple(_pair(path, reader.line_num, row) for row in reader)


def _pair(path: Path, line: int, row: Mapping[str, str]) -> Pair:
    if row["verdict"] not in (SAME, DIFFERENT, UNSURE):
        raise ReleaseProblem(
            f"{path.name}, row {line}, column verdict: {row['verdict']!r} is none: write same, "
            "different or unsure."
        )
    one, other = ({cell: row[f"{side}_{cell}"] for cell in CELLS} for side in SIDES)
    return Pair(
        int(row["pair"]), row["stratum"], row["half"], one, other, row["verdict"], row["why"]
    )


def answers(registry: Registry, pairs: Sequence[Pair]) -> tuple[Answer, ...]:
    """What the registry says of each pair.

    Raises ReleaseProblem where it does not hold a record, or holds it with another name: the
    pairs are of other files.
    """
    found = _records(registry)
    asked = {
        frozenset(
            (registry.by_record[question.one.key].id, registry.by_record[question.other.key].id)
        )
        for question in registry.questions
    }
    made = []
    for pair in pairs:
        ids = frozenset(_facility(found, pair, side).id for side in (pair.one, pair.other))
        known = Verdict.ASKED if ids in asked else Verdict.DIFFERENT
        made.append(Answer(pair, Verdict.CERTAIN if len(ids) == 1 else known))
    return tuple(made)


def _records(registry: Registry) -> Mapping[tuple[str, str], tuple[str, Facility]]:
    """Facilities by the short name of the source and the row: (`FY2021`, `8`)."""
    years = {
        value.source: value.period
        for facility in registry.facilities
        for value in facility.values("population")
        if value.sheet
    }
    return {
        (years.get(record.source, LIST), str(record.row)): (record.name, facility)
        for facility in registry.facilities
        for record in facility.records
        if record.sheet or record.people is None
    }


def _facility(
    found: Mapping[tuple[str, str], tuple[str, Facility]], pair: Pair, side: Mapping[str, str]
) -> Facility:
    name, facility = found.get((side["source"], side["row"]), ("", None))
    if facility is None or name != side["name"]:
        raise ReleaseProblem(
            f"Pair {pair.number}: row {side['row']} of {side['source']} should be "
            f"{side['name']!r} and is {name or 'not there'!r}: the pairs are of other files."
        )
    return facility


def measures(made: Sequence[Answer]) -> tuple[Measure, ...]:
    """All pairs, each stratum, and the two halves of the pairs that were there from the start."""
    wanted: dict[str, Callable[[Pair], bool]] = {
        "All": lambda pair: True,
        **{sentence: partial(_is_in, stratum) for stratum, sentence in STRATA.items()},
        "The half that the rules were set on": lambda pair: pair.half == "rules",
        "The half kept back": lambda pair: pair.half == "measure" and pair.stratum != "near",
    }
    return tuple(_measure(of, [a for a in made if is_in(a.pair)]) for of, is_in in wanted.items())


def _is_in(stratum: str, pair: Pair) -> bool:
    return pair.stratum == stratum


def _measure(of: str, made: Sequence[Answer]) -> Measure:
    counts = {
        (truth, verdict): sum(
            answer.pair.verdict == truth and answer.verdict is verdict for answer in made
        )
        for truth in (SAME, DIFFERENT)
        for verdict in Verdict
    }
    return Measure(
        of=of,
        pairs=len(made),
        unsure=sum(answer.pair.verdict == UNSURE for answer in made),
        joined_rightly=counts[SAME, Verdict.CERTAIN],
        joined_wrongly=counts[DIFFERENT, Verdict.CERTAIN],
        asked_same=counts[SAME, Verdict.ASKED],
        asked_different=counts[DIFFERENT, Verdict.ASKED],
        missed=counts[SAME, Verdict.DIFFERENT],
        kept_apart=counts[DIFFERENT, Verdict.DIFFERENT],
    )


def report(made: Sequence[Answer]) -> Iterator[str]:
    """The measures, and every pair on which registry and person differ or a question is left."""
    yield from (measure.sentence() for measure in measures(made))
    for answer in made:
        pair = answer.pair
        if answer.is_wrong or answer.verdict is Verdict.ASKED:
            one, other = (_said(side) for side in (pair.one, pair.other))
            yield f"  pair {pair.number}, judged {pair.verdict}, {answer.verdict}: {one} / {other}"


def _said(side: Mapping[str, str]) -> str:
    place = (side["city"], side["source"], side["code"])
    return f"{side['name']} ({', '.join(part for part in place if part)})"


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _at_least(part: int, whole: int) -> str:
    """The lower end of Wilson's 95% interval: a small sample without an error proves little."""
    if not whole:
        return ""
    z, share = 1.96, part / whole
    middle = share + z * z / (2 * whole)
    spread = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    return f"; at least {(middle - spread) / (1 + z * z / whole):.1%} with 95% confidence"


def _percent(share: float | None) -> str:
    return "not known" if share is None else f"{share:.1%}"
