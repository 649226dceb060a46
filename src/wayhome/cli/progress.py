"""Progress bars: rows done, rows to go, time left. Only where a person is watching."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

Item = TypeVar("Item")
Report = Callable[[str, int, int], None]

# A short job is over before a bar could be read.
_WORTH_A_BAR = 2_000


def counted(items: Sequence[Item], doing: str) -> Iterable[Item]:
    """The items, with a bar while they are gone through if there are many."""
    if len(items) < _WORTH_A_BAR:
        return items
    return _with_bar(items, doing)


def _with_bar(items: Sequence[Item], doing: str) -> Iterator[Item]:
    with bars() as report:
        for number, item in enumerate(items):
            if number % 100 == 0:
                report(doing, number, len(items))
            yield item
        report(doing, len(items), len(items))


@contextmanager
def bars() -> Iterator[Report]:
    """A function to call with (step, done, total); one bar for each step."""
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=False,
    )
    tasks: dict[str, object] = {}

    def report(step: str, done: int, total: int) -> None:
        if step not in tasks:
            tasks[step] = progress.add_task(step, total=total or None)
        progress.update(tasks[step], completed=done, total=total or None)  # type: ignore[arg-type]

    with progress:
        yield report
