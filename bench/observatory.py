"""Every page and picture of the observatory: asked for the first time, and again.

A server with one worker is started on an empty home, with the record that comes with the program.
Cold: nobody has asked this server for the page before; it has run for STARTED seconds, in which a
worker reads the record and starts what draws charts. Warm: asked again, ROUNDS times.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.browsing import Browser
from bench.measuring import PUBLICATIONS, Finding
from bench.web import serving_empty_home

COLD_SECONDS, WARM_MS, ROUNDS = 1.0, 150, 20
STARTED = 10
PAGES = (
    *("", "demand/close_facilities/", "detention/", "chart/people/", "facilities/"),
    *("facilities/?q=stewart+county", "facilities/?all=1", "facilities/stwrtga/", "state/tx/"),
    *("closing-plan/", "agreements/", "agreements/changes/", "docket/", "sources/", "about/"),
    *("source/ice-statistics-2026-04-09/", "figure/detained_total/2026-04-04/"),
)
PICTURES = (
    *("chart/people.svg", "chart/facilities.svg", "facilities/stwrtga/population.svg"),
    *("detention/map.svg", "closing-plan/chart.svg"),
)


def findings() -> Iterator[Finding]:
    """The slowest page and the slowest picture, cold and warm."""
    with tempfile.TemporaryDirectory() as folder, serving_empty_home(Path(folder)) as port:
        time.sleep(STARTED)
        for kind, paths in (("page", PAGES), ("picture", PICTURES)):
            cold, warm = _asked(Browser(port), paths)
            slowest = max(cold, key=lambda path: cold[path])
            yield Finding(
                what=f"observatory: the slowest {kind} of {len(cold)}, never asked for before",
                mark=f"under {COLD_SECONDS:g} s",
                ratio=cold[slowest],
                unit="s",
                is_met=cold[slowest] < COLD_SECONDS,
                how=f"/observatory/{slowest}, one worker, the packaged record.",
                seconds={path or "home": [cold[path]] for path in paths},
                of=PUBLICATIONS,
            )
            slowest = max(warm, key=lambda path: max(warm[path]))
            most = max(warm[slowest]) * 1000
            yield Finding(
                what=f"observatory: the slowest {kind} of {len(warm)}, asked for again",
                mark=f"under {WARM_MS} ms",
                ratio=most,
                unit="ms",
                is_met=most < WARM_MS,
                how=f"/observatory/{slowest}, the slowest of {ROUNDS} times; "
                f"median {median(warm[slowest]) * 1000:.1f} ms.",
                seconds={path or "home": warm[path] for path in paths},
                of=PUBLICATIONS,
            )


def _asked(
    browser: Browser, paths: tuple[str, ...]
) -> tuple[dict[str, float], dict[str, list[float]]]:
    cold, warm = {}, {}
    for path in paths:
        first, *again = (browser.get(f"/observatory/{path}") for _ in range(1 + ROUNDS))
        if any(answer.status != 200 for answer in (first, *again)):
            raise RuntimeError(f"/observatory/{path} answered {first.status}.")
        cold[path], warm[path] = first.seconds, [answer.seconds for answer in again]
    return cold, warm
