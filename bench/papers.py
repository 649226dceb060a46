"""A thousand drafts of invented cases, each as Word and PDF, on two processes."""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from bench.measuring import Finding, shown
from wayhome.law.vocabulary import Fact, FactType, Value, load_vocabulary
from wayhome.papers.many import Order, drafts
from wayhome.papers.templates import templates

DRAFTS, SECONDS, PROCESSES = 1000, 60.0, 2
AS_OF = date(2026, 11, 21)
_COUNTRIES = ("HT", "SV", "ET", "MX", "SO", "GT", "JM")
_NAMES = ("Marie Invented", "Invented Tesfaye", "محمد Invented", "Ana Invented", "Jean Invented")
# Of ten facts, three are not known.
_UNKNOWN = 0.3


def finding(count: int = DRAFTS) -> Finding:
    """How long `count` drafts take, both files of each, start of the processes included."""
    begun, used = time.perf_counter(), _processor_seconds()
    sizes, gaps = [0, 0], 0
    for made in drafts(orders(count), PROCESSES):
        sizes[0] += len(made.word)
        sizes[1] += len(made.pdf)
        gaps += len(made.gaps)
    seconds = time.perf_counter() - begun
    per_thousand = seconds * 1000 / count
    return Finding(
        what="1,000 drafts as Word and PDF",
        mark=f"under {SECONDS:.0f} s",
        ratio=per_thousand,
        unit="s per thousand",
        is_met=per_thousand < SECONDS,
        how=f"{count} invented cases, every template in turn, {PROCESSES} processes",
        seconds={"drafts": [seconds]},
        more={
            # On a machine that does other work too, this tells more than the wall clock.
            "processor seconds": round(_processor_seconds() - used, 1),
            "bytes of a Word file": sizes[0] // count,
            "bytes of a PDF": sizes[1] // count,
            "gaps in a draft": gaps / count,
        },
    )


def _processor_seconds() -> float:
    """Of this process and of those it has waited for."""
    spent = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in spent)


def orders(count: int, seed: int = 4) -> Iterator[Order]:
    """Invented cases with names in several scripts, for every template in turn."""
    draw, papers = Random(seed), templates()
    for number in range(count):
        order = Order(
            name=f"case-{number}",
            template=papers[number % len(papers)].id,
            facts=_facts(draw),
            person={
                "name": f"{draw.choice(_NAMES)} {number}",
                "a_number": f"A000-{number:06d}",
                "own_words": f"This was told by nobody.\n\nParagraph {number} is invented.",
                "organization": "Invented Clinic",
            },
            as_of=AS_OF,
            is_invented=True,
        )
        yield order


def _facts(draw: Random) -> dict[str, Value]:
    known = (fact for fact in load_vocabulary() if draw.random() > _UNKNOWN)
    return {f.name: _value(f, draw) for f in known if f.name not in ("case_id", "screening_date")}


def _value(fact: Fact, draw: Random) -> Value:
    match fact.type:
        case FactType.BOOL:
            return draw.random() < 0.5
        case FactType.INT:
            return draw.randrange(0, 40)
        case FactType.DATE:
            return date(1995, 1, 1) + timedelta(days=draw.randrange(11_000))
        case FactType.DATETIME:
            return datetime(2025, 1, 1) + timedelta(hours=draw.randrange(9_000))
        case FactType.CATEGORY:
            return draw.choice(fact.values)
        case FactType.CODE:
            return "ht" if fact.name == "language" else draw.choice(_COUNTRIES)
        case FactType.TEXT:
            return "Invented"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.papers", description=__doc__)
    parser.add_argument("--drafts", type=int, default=DRAFTS)
    print(shown(finding(parser.parse_args().drafts)))


if __name__ == "__main__":
    main()
