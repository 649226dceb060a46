"""What differs between two rulebooks, and for whom, as one page: no network, no script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from wayhome.changes.change_list import DEMANDS, LAW, ChangeCounts, Move, RuleMove
from wayhome.changes.rulebook_changes import RulebookChanges
from wayhome.engine.outcomes import Outcome
from wayhome.report.changes_text import SIGNS
from wayhome.report.charts import Bar, Picture, bar_chart
from wayhome.report.figures import Figure, Name
from wayhome.report.groups import added_up
from wayhome.report.place_names import group_label
from wayhome.report.rendering import rendered
from wayhome.report.summary import OutcomeCounts, in_reading_order
from wayhome.report.words import Words, words

MOST_GROUPS = 15
MOST_RULES = 15


@dataclass(frozen=True)
class ProgramView:
    """One program's outcomes under the law, or under the demands, that changed."""

    program: str
    rests_on: str
    cases: int
    moves: tuple[tuple[Move, int], ...]
    why: tuple[tuple[RuleMove, int], ...]
    more_why: int
    groups: tuple[tuple[str, Figure], ...]


def changes_page(changes: RulebookChanges, counts: ChangeCounts | None = None) -> str:
    """The page, in English."""
    said = words()
    return rendered(
        "changes.html",
        said,
        c=changes,
        n=counts,
        signs=SIGNS,
        programs=_views(counts, said) if counts else (),
    )


def _views(counts: ChangeCounts, said: Words) -> tuple[ProgramView, ...]:
    named = {(move.program, move.rests_on) for move in counts.moves}
    order = in_reading_order({program for program, _ in named})
    figures = _Figures(said, counts)
    return tuple(
        _view(counts, program, rests_on, figures)
        for program in order
        for rests_on in (LAW, DEMANDS)
        if (program, rests_on) in named
    )


def _view(counts: ChangeCounts, program: str, rests_on: str, figures: _Figures) -> ProgramView:
    moves = [
        (move, number)
        for move, number in counts.moves.most_common()
        if (move.program, move.rests_on) == (program, rests_on)
    ]
    why = counts.rules.get((program, rests_on), Counter()).most_common()
    return ProgramView(
        program,
        rests_on,
        sum(number for _, number in moves),
        tuple(moves),
        tuple(why[:MOST_RULES]),
        len(why[MOST_RULES:]),
        tuple((name, figures.group(name, program, rests_on)) for name in counts.grouped_by),
    )


class _Figures:
    """Draws the figures of the page, each with its own id."""

    def __init__(self, said: Words, counts: ChangeCounts) -> None:
        self.said, self.counts = said, counts
        self.mark = said.say("synthetic_picture") if counts.is_synthetic else ""
        self.drawn = 0

    def group(self, name: str, program: str, rests_on: str) -> Figure:
        """A bar a court or nationality: the cases whose outcome changed, by what it is now."""
        lines = self._lines(name, program, rests_on)
        shown, others = lines[:MOST_GROUPS], lines[MOST_GROUPS:]
        named = [(group_label(name, label, self.said), now) for label, now in shown]
        if others:
            rest = self.said.say("all_others", count=len(others))
            named.append((rest, added_up(now for _, now in others)))
        title = f"{self.said.program(program)}: changed cases, "
        title += self.said.say(f"groups.{name}").lower()
        bars = [Bar(label, f"{sum(now.values()):,}", now) for label, now in named]
        return Figure(
            svg=self._drawn(bars, title),
            caption=f"{title}, and their outcome now",
            columns=(
                Name(self.said.say(f"group_column.{name}")),
                Name(self.said.say("total")),
                *(Name(self.said.say(f"outcomes_short.{o}"), o) for o in Outcome),
            ),
            rows=tuple(
                (Name(bar.label), (bar.number, *(f"{bar.parts.get(o, 0):,}" for o in Outcome)))
                for bar in bars
            ),
        )

    def _lines(
        self, name: str, program: str, rests_on: str
    ) -> list[tuple[str | None, OutcomeCounts]]:
        lines = []
        for label, moves in self.counts.by(name).items():
            now: Counter[Outcome] = Counter()
            for move, number in moves.items():
                if (move.program, move.rests_on) == (program, rests_on):
                    now[move.after] += number
            if now:
                lines.append((None if label is None else str(label), dict(now)))
        return sorted(lines, key=lambda line: -sum(line[1].values()))

    def _drawn(self, bars: Sequence[Bar], title: str) -> Markup:
        """The SVG is ours and its texts are escaped where it is made."""
        self.drawn += 1
        mark = f"{self.mark}. " if self.mark else ""
        described = " ".join(f"{bar.label}: {bar.number}." for bar in bars)
        picture = Picture(f"figure-{self.drawn}", title, f"{mark}{described}", self.mark)
        return Markup(bar_chart(bars, picture))
