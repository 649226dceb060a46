"""Work that conditions of a graph share though no part of them is the same condition.

Kleene's "and" and "or" take each other apart as those of plain logic do, so both rewritings mean
the same on every case, true, false and unknown alike.
"""

from __future__ import annotations

from typing import NamedTuple

from wayhome.engine.graph import Graph
from wayhome.law.conditions import AllOf, AnyOf, Not


class Barred(NamedTuple):
    """Alternatives, each given by what must hold, before all of which the same things stand."""

    alternatives: list[list[int]]
    bars: list[int]


class Sharing:
    """Shorter ways to work out the conjunctions and disjunctions of a graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        outcomes = (*graph.outcomes.values(), *graph.demands.values())
        answers = dict.fromkeys((*graph.rules.values(), *(o.any_ground for o in outcomes)))
        self.sets = {n: frozenset(graph.parts[n]) for n in answers if self._is_joined(n)}

    def _is_joined(self, node: int) -> bool:
        return isinstance(self.graph.nodes[node], AllOf | AnyOf)

    def parts(self, node: int) -> list[int]:
        """The parts of a condition; where it holds another rule's whole, that rule's answer.

        `a AND b AND NOT bar` reads the answer of a rule `a AND b` rather than a and b again.
        """
        left, chosen = set(self.graph.parts[node]), []
        kind = type(self.graph.nodes[node])
        inside = [n for n, parts in self.sets.items() if parts < left]
        same_kind = (n for n in inside if type(self.graph.nodes[n]) is kind)
        for inner in sorted(same_kind, key=lambda n: len(self.sets[n]), reverse=True):
            if len(self.sets[inner] & left) >= 2:
                chosen.append(inner)
                left -= self.sets[inner]
        return [*chosen, *(p for p in self.graph.parts[node] if p in left)]

    def barred_alternatives(self, node: int) -> tuple[list[int], list[Barred]]:
        """A disjunction as plain alternatives, and as groups before which the same bars stand.

        `(a AND NOT bar) OR (b AND NOT bar)` is `(a OR b) AND NOT bar`.
        """
        groups: dict[frozenset[int], list[int]] = {}
        plain = []
        for part in self.parts(node):
            bars = self._bars(part)
            if bars:
                groups.setdefault(bars, []).append(part)
            else:
                plain.append(part)
        plain += [part for parts in groups.values() if len(parts) == 1 for part in parts]
        shared = [
            Barred([[p for p in self.parts(part) if p not in bars] for part in parts], sorted(bars))
            for bars, parts in groups.items()
            if len(parts) > 1
        ]
        return plain, shared

    def _bars(self, node: int) -> frozenset[int]:
        """What must not hold for a conjunction to hold, where something else must hold too."""
        if not isinstance(self.graph.nodes[node], AllOf):
            return frozenset()
        parts = self.parts(node)
        bars = frozenset(p for p in parts if isinstance(self.graph.nodes[p], Not))
        return bars if len(bars) < len(parts) else frozenset()
