"""Trying every mutant against the stories: which changes would nobody notice?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from wayhome.law.conditions import InTable, walk
from wayhome.law.loading import load_rulebook
from wayhome.law.rules import Rule, Rulebook
from wayhome.stories.mutants import Mutant, mutants_of_rule, mutants_of_table
from wayhome.stories.reading import read_stories
from wayhome.stories.story import Listener, Story

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Trial:
    """How many changes of one rule or table were tried, and those that no story noticed."""

    place: str
    tried: int
    unnoticed: tuple[str, ...]


def places(rulebook: Rulebook, programs: Sequence[str]) -> list[str]:
    """What can be changed in some programs: their rules, then their tables."""
    rules = [rule.id for program in programs for rule in rulebook.of_program(program)]
    tables = [t.name for t in rulebook.tables.values() if t.program in programs]
    return rules + [f"table {name}" for name in tables]


def places_of_rule(rule: Rule) -> list[str]:
    """One rule, and the tables that it reads."""
    read = (c.table for c in walk(rule.condition) if isinstance(c, InTable))
    return [rule.id, *(f"table {name}" for name in dict.fromkeys(read))]


def try_mutants(
    folder: Path,
    chosen: Sequence[str],
    *,
    processes: int | None = None,
    progress: Progress | None = None,
) -> Iterator[Trial]:
    """Tries every mutant of the chosen places (see `places`), in order, a process a core."""
    count = processes or os.cpu_count() or 1
    # Spawned: a process that is forked beside threads (a progress bar's, Arrow's) may wait for ever
    # for a lock that one of them held.
    spawned = get_context("spawn")
    with ProcessPoolExecutor(min(count, max(1, len(chosen))), mp_context=spawned) as pool:
        running = [pool.submit(trial_of, str(folder), place) for place in chosen]
        for number, trial in enumerate(running, start=1):
            yield trial.result()
            if progress is not None:
                progress(number, len(chosen))


@cache
def _read(folder: str) -> tuple[Rulebook, tuple[Story, ...]]:
    book = load_rulebook(Path(folder))
    return book, tuple(read_stories(Path(folder), book, book.programs))


def trial_of(folder: str, place: str) -> Trial:
    """Tries every mutant of one place of the rulebook in a folder."""
    book, stories = _read(folder)
    if place.startswith("table "):
        mutants = mutants_of_table(book.tables[place.removeprefix("table ")], book)
    else:
        mutants = mutants_of_rule(book.rules[place], book)
    tried = 0
    unnoticed = []
    for mutant in mutants:
        tried += 1
        if not is_noticed(mutant, stories):
            unnoticed.append(str(mutant))
    return Trial(place, tried, tuple(unnoticed))


def is_noticed(mutant: Mutant, stories: Sequence[Story]) -> bool:
    """Whether some story expects an answer that the changed rulebook no longer gives."""
    concerned = [s for s in stories if any(e.rule in mutant.rules for e in s.expect)]
    # Stories of the changed row's key are the likeliest to notice; false sorts first.
    concerned.sort(key=lambda s: mutant.key not in s.facts.values())
    return any(_notices(story, mutant) for story in concerned)


def _notices(story: Story, mutant: Mutant) -> bool:
    listener = Listener(mutant.rulebook, story)
    return any(
        listener.answer(expected) != expected.answer
        for expected in story.expect
        if expected.rule in mutant.rules
    )
