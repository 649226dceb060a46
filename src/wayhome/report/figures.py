"""Each chart of a page together with the table that says the same in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from wayhome.engine.outcomes import Outcome
from wayhome.report.charts import Bar, Picture, bar_chart
from wayhome.report.groups import Breakdown, breakdown
from wayhome.report.summary import GroupCount, OutcomeCounts, ProgramSummary, Summary
from wayhome.report.words import Words, share


@dataclass(frozen=True)
class Name:
    """The name of a column or row; the swatch of its outcome stands before it."""

    text: str
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Figure:
    """A picture, and a table of the same numbers: `rows` are a name and a cell per column."""

    svg: Markup
    caption: str
    columns: tuple[Name, ...]
    rows: tuple[tuple[Name, tuple[str, ...]], ...]
    note: str = ""


class Figures:
    """Draws the figures of one page, each with its own id."""

    def __init__(self, summary: Summary, words: Words) -> None:
        self.words = words
        self.unit = words.say(f"{summary.unit}_heading")
        self.mark = words.say("synthetic_picture") if summary.is_synthetic else ""
        self.drawn = 0

    def draw(self, bars: Sequence[Bar], title: str, *, all_of_one_length: bool = False) -> Markup:
        """The SVG is ours and its texts are escaped where it is made."""
        self.drawn += 1
        described = " ".join(self._in_words(bar) for bar in bars)
        picture = Picture(f"figure-{self.drawn}", title, described, self.mark)
        return Markup(bar_chart(bars, picture, all_of_one_length=all_of_one_length))

    def _in_words(self, bar: Bar) -> str:
        parts = (f"{self._short(o)} {n:,}" for o, n in bar.parts.items() if n)
        label = f"{self.mark}. {bar.label}" if self.mark else bar.label
        return self.words.say("picture_words", label=label, parts="; ".join(parts) or "0")

    def _short(self, outcome: Outcome) -> str:
        return self.words.say(f"outcomes_short.{outcome}")

    def _columns(self, *first: str) -> tuple[Name, ...]:
        """Columns named by words of their own, then one an outcome."""
        outcomes = (Name(self._short(outcome), outcome) for outcome in Outcome)
        return (*(Name(self.words.say(key)) for key in first), *outcomes)

    def all_programs(self, programs: Sequence[ProgramSummary]) -> Figure:
        """A bar a program, all of the same length, so that they can be compared."""
        ground = self._short(Outcome.GROUND)
        titles = {program.name: self.words.program(program.name) for program in programs}
        drawn = [program for program in programs if program.has_grounds]
        bars = [
            Bar(titles[p.name], f"{ground}: {p.outcomes[Outcome.GROUND]:,}", p.outcomes)
            for p in drawn
        ]
        left_out = "; ".join(titles[p.name] for p in programs if not p.has_grounds)
        return Figure(
            svg=self.draw(bars, self.words.say("glance_title"), all_of_one_length=True),
            caption=self.words.say("glance_caption"),
            columns=self._columns("program"),
            rows=tuple((Name(titles[p.name]), _numbers(p.outcomes)) for p in drawn),
            note=self.words.say("no_ground_rules", programs=left_out) if left_out else "",
        )

    def one_program(self, program: ProgramSummary) -> Figure:
        """A bar an outcome."""
        title = self.words.say("program_title", program=self.words.program(program.name))
        cases = sum(program.outcomes.values())
        names = {outcome: self.words.say(f"outcomes.{outcome}") for outcome in Outcome}
        counts = [(o, program.outcomes[o]) for o in Outcome]
        return Figure(
            svg=self.draw([Bar(names[o], f"{n:,}", {o: n}) for o, n in counts], title),
            caption=title,
            columns=(
                Name(self.words.say("outcome")),
                Name(self.unit),
                Name(self.words.say("share")),
            ),
            rows=tuple((Name(names[o], o), (f"{n:,}", share(n, cases))) for o, n in counts),
        )

    def group(self, program: ProgramSummary, group: str, counts: Sequence[GroupCount]) -> Figure:
        """A bar a nationality, court or year, all of the same length."""
        found = breakdown(group, counts, self.words)
        names = {
            "program": self.words.program(program.name),
            "group": self.words.say(f"groups.{group}").lower(),
        }
        bars = [Bar(line.label, f"{line.cases:,}", line.outcomes) for line in found.lines]
        return Figure(
            svg=self.draw(bars, self.words.say("group_title", **names), all_of_one_length=True),
            caption=self.words.say("group_caption", **names),
            columns=self._columns(f"group_column.{group}", "total"),
            rows=tuple(
                (Name(x.label), (f"{x.cases:,}", *_numbers(x.outcomes))) for x in found.lines
            ),
            note=self._note(found),
        )

    def _note(self, found: Breakdown) -> str:
        shares = self.words.say("bars_are_shares")
        if not found.others:
            return shares
        return f"{shares} {self.words.say('group_note', shown=found.shown, count=found.others)}"


def _numbers(outcomes: OutcomeCounts) -> tuple[str, ...]:
    return tuple(f"{outcomes[outcome]:,}" for outcome in Outcome)
