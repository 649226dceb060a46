"""Whom the demands reach, as one page of HTML that needs nothing else: no network, no script.

A case that a demand reaches is drawn as a ground, one that nobody can tell of as an open case, one
that it does not reach as none found: the same looks as everywhere, with words of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from wayhome.changes.demands import LETTER
from wayhome.changes.simulation import DemandReach, Reach, Simulation
from wayhome.engine.outcomes import Outcome
from wayhome.engine.planes.counting import Group
from wayhome.report.charts import Bar, Picture, bar_chart
from wayhome.report.figures import Figure, Name
from wayhome.report.groups import ShownGroup, breakdown
from wayhome.report.rendering import rendered
from wayhome.report.simulation_text import bounds
from wayhome.report.summary import GroupCount, OutcomeCounts
from wayhome.report.words import Words, share, words

MOST_FACTS = 8

LOOKS = {
    Outcome.GROUND: "Reached",
    Outcome.OPEN: "Cannot tell",
    Outcome.NONE_FOUND: "Not reached",
}


@dataclass(frozen=True)
class DemandView:
    """What the page says of one demand."""

    found: DemandReach
    figure: Figure | None
    groups: tuple[tuple[str, Figure], ...]
    in_words: str
    more_facts: int


def simulation_page(simulation: Simulation) -> str:
    """The page, in English."""
    said = words()
    figures = _Figures(said, is_synthetic=simulation.is_synthetic)
    views = tuple(_view(found, figures) for found in simulation.demands)
    return rendered(
        "simulation.html",
        said,
        s=simulation,
        letter=LETTER,
        glance=figures.all_demands(simulation.demands),
        views=views,
        looks=LOOKS,
        most_facts=MOST_FACTS,
        cases=lambda number: said.count_of("docket_cases", number),
    )


def _view(found: DemandReach, figures: _Figures) -> DemandView:
    reach = found.reach
    if reach is None:
        return DemandView(found, None, (), "", 0)
    return DemandView(
        found,
        figures.one_demand(found, reach),
        tuple((name, figures.group(found, name, of)) for name, of in found.groups.items()),
        _in_words(reach, figures.said),
        len(found.missing[MOST_FACTS:]),
    )


def _in_words(reach: Reach, said: Words) -> str:
    """The bounds, as one would say them."""
    if not reach.cases:
        return "There is no case to be counted."
    if not reach.unknown:
        cases = said.count_of("docket_cases", reach.reached)
        return f"This demand would reach {cases}, {bounds(reach)} of all. Nothing is left open."
    if reach.unknown == reach.cases:
        return (
            "The public docket tells this of no case: the demand would reach at least none of "
            "them and at most all of them."
        )
    least, most = f"{reach.at_least:,}", said.count_of("docket_cases", reach.at_most)
    return (
        f"This demand would reach at least {least} and at most {most}, {bounds(reach)} of all: "
        f"of {reach.unknown:,} the docket does not tell enough."
    )


class _Figures:
    """Draws the figures of the page, each with its own id."""

    def __init__(self, said: Words, *, is_synthetic: bool) -> None:
        self.said = said
        self.mark = said.say("synthetic_picture") if is_synthetic else ""
        self.drawn = 0

    def draw(self, bars: Sequence[Bar], title: str) -> Markup:
        """The SVG is ours and its texts are escaped where it is made."""
        self.drawn += 1
        described = " ".join(self._described(bar) for bar in bars)
        picture = Picture(f"figure-{self.drawn}", title, described, self.mark)
        return Markup(bar_chart(bars, picture, all_of_one_length=True))

    def _described(self, bar: Bar) -> str:
        parts = "; ".join(f"{LOOKS[o]} {n:,}" for o, n in bar.parts.items() if n)
        label = f"{self.mark}. {bar.label}" if self.mark else bar.label
        return f"{label}: {parts or '0'}."

    def all_demands(self, demands: Sequence[DemandReach]) -> Figure | None:
        """A bar a demand that was made by that day."""
        made = [(found.demand, found.reach) for found in demands if found.reach is not None]
        if len(made) < 2:
            return None
        bars = [Bar(_short(d.words), bounds(reach), _parts(reach)) for d, reach in made]
        return Figure(
            svg=self.draw(bars, "The share of all docket cases that each demand would reach"),
            caption="Docket cases that each demand would reach",
            columns=_columns("Demand"),
            rows=tuple((Name(d.words), _numbers(reach)) for d, reach in made),
        )

    def one_demand(self, found: DemandReach, reach: Reach) -> Figure:
        title = found.demand.words
        parts = _parts(reach)
        return Figure(
            svg=self.draw([Bar("Docket cases", f"{reach.cases:,}", parts)], title),
            caption=f"{title}: docket cases",
            columns=(Name("Answer"), Name("Docket cases"), Name("Share")),
            rows=tuple(
                (Name(text, look), (f"{parts[look]:,}", share(parts[look], reach.cases)))
                for look, text in LOOKS.items()
            ),
        )

    def group(self, found: DemandReach, group: str, counts: Mapping[Group, Reach]) -> Figure:
        """A bar a nationality, court or year, all of the same length."""
        lines = breakdown(group, list(_group_counts(counts)), self.said)
        title = f"{found.demand.words}, {self.said.say(f'groups.{group}').lower()}"
        shown = f" The {lines.shown} with the most cases are shown." if lines.others else ""
        return Figure(
            svg=self.draw([Bar(x.label, f"{x.cases:,}", x.outcomes) for x in lines.lines], title),
            caption=title,
            columns=_columns(self.said.say(f"group_column.{group}"), "Total"),
            rows=tuple((Name(x.label), (f"{x.cases:,}", *_cells(x))) for x in lines.lines),
            note=f"Each bar shows shares of its own cases.{shown}",
        )


def _group_counts(counts: Mapping[Group, Reach]) -> Iterator[GroupCount]:
    for label, reach in counts.items():
        yield GroupCount(None if label is None else str(label), _parts(reach))


def _parts(reach: Reach) -> OutcomeCounts:
    return dict(zip(LOOKS, (reach.reached, reach.unknown, reach.not_reached), strict=True))


def _numbers(reach: Reach) -> tuple[str, ...]:
    return tuple(f"{n:,}" for n in _parts(reach).values())


def _cells(line: ShownGroup) -> Iterable[str]:
    return (f"{line.outcomes[look]:,}" for look in LOOKS)


def _columns(*first: str) -> tuple[Name, ...]:
    return (*(Name(text) for text in first), *(Name(text, look) for look, text in LOOKS.items()))


def _short(text: str) -> str:
    """A demand's words up to where they fit beside a number; the table has them whole."""
    limit = 30
    return text if len(text) <= limit else f"{text[:limit].rsplit(' ', 1)[0].rstrip(',')} …"
