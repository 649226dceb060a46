"""One case's answer at every node of a graph, and what changes when one more fact is answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wayhome.engine.graph import Graph
from wayhome.engine.plain import Reading
from wayhome.law.conditions import AllOf, AnyOf, Is, Not
from wayhome.law.kleene import Truth, all_of, any_of, negate
from wayhome.law.rules import Rulebook
from wayhome.law.vocabulary import Value


class NodeValues:
    """The values of a graph's nodes for one case; `values[i]` is that of node i."""

    def __init__(self, rulebook: Rulebook, graph: Graph, facts: Mapping[str, Value]) -> None:
        self.rulebook, self.graph, self.facts = rulebook, graph, facts
        reading = Reading(rulebook, graph.as_of, facts)
        self.readers = graph.readers
        self.values: list[Truth] = []
        for index in range(len(graph.nodes)):
            self.values.append(_value(graph, index, reading, self.values, {}))

    def if_answered(
        self,
        answers: Mapping[str, Value],
        newest: str,
        nodes: Iterable[int],
        given: Mapping[int, Truth] | None = None,
    ) -> dict[int, Truth]:
        """Which of these nodes (parts before wholes) would have another value.

        `answers` are supposed besides the facts; `given` is what they already changed, all but
        the `newest` of them. What `given` has is in the result too.
        """
        reading = Reading(self.rulebook, self.graph.as_of, {**self.facts, **answers})
        changed = dict(given or {})
        readers, parts = self.readers[newest], self.graph.parts
        for index in nodes:
            if index not in readers:
                continue
            inside = parts[index]
            if inside and index not in changed and not any(i in changed for i in inside):
                continue
            value = _value(self.graph, index, reading, self.values, changed)
            if value is not self.values[index] or index in changed:
                changed[index] = value
        return changed

    def value(self, index: int, changed: Mapping[int, Truth]) -> Truth:
        return changed[index] if index in changed else self.values[index]


def _value(
    graph: Graph,
    index: int,
    reading: Reading,
    values: list[Truth],
    changed: Mapping[int, Truth],
) -> Truth:
    """A node's value from the values of its parts; a leaf's from the facts."""
    parts = graph.parts[index]
    node = graph.nodes[index]
    if not parts:
        return reading.truth(node)
    inside = [changed[i] if i in changed else values[i] for i in parts]
    kind = type(node)
    if kind is AllOf:
        return all_of(inside)
    if kind is AnyOf:
        return any_of(inside)
    if isinstance(node, Is):
        return inside[0] is node.value
    assert kind is Not
    return negate(inside[0])
