"""One case's answer at every node of a graph, and what changes when one more fact is answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from wayhome.engine.graph import Graph
from wayhome.engine.plain import Reading
from wayhome.law.conditions import AllOf, AnyOf, Condition, Is, Not
from wayhome.law.kleene import Truth, negate
from wayhome.law.rules import Rulebook
from wayhome.law.vocabulary import Value

_NOTHING: dict[int, Truth] = {}


class NodeValues:
    """The values of a graph's nodes for one case; `values[i]` is that of node i.

    Thousands of answers are tried to find the best next question, so nothing is worked out twice
    here: a shifted date that is compared is read once for each of its values.
    """

    def __init__(self, rulebook: Rulebook, graph: Graph, facts: Mapping[str, Value]) -> None:
        self.rulebook, self.graph, self.facts = rulebook, graph, facts
        self.readers = graph.readers
        self._read: dict[tuple[int, Value], Truth] = {}
        reading = Reading(rulebook, graph.as_of, facts)
        self.values: list[Truth] = []
        for node, parts in zip(graph.nodes, graph.parts, strict=True):
            whole = _whole(node, parts, self.values, _NOTHING) if parts else reading.truth(node)
            self.values.append(whole)

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
        changed = dict(given or {})
        has_changed = changed.keys()
        readers, parts, values = self.readers[newest], self.graph.parts, self.values
        for index in nodes:
            if index not in readers:
                continue
            inside = parts[index]
            if not inside:
                value = self._leaf(index, answers, newest)
            elif index not in has_changed and has_changed.isdisjoint(inside):
                continue
            else:
                value = _whole(self.graph.nodes[index], inside, values, changed)
            if value is not values[index] or index in has_changed:
                changed[index] = value
        return changed

    def _leaf(self, index: int, answers: Mapping[str, Value], newest: str) -> Truth:
        """A condition without parts that reads the newest answer."""
        value = answers[newest]
        if test := self.graph.tests[index]:
            return None if value is None else test(value)
        if len(self.graph.reads[index]) > 1:
            return self._truth(index, {**self.facts, **answers})
        key = index, value
        if key not in self._read:
            self._read[key] = self._truth(index, {newest: value})
        return self._read[key]

    def _truth(self, index: int, facts: Mapping[str, Value]) -> Truth:
        reading = Reading(self.rulebook, self.graph.as_of, facts)
        return reading.truth(self.graph.nodes[index])

    def value(self, index: int, changed: Mapping[int, Truth]) -> Truth:
        return changed[index] if index in changed else self.values[index]


def _whole(
    node: Condition, parts: Sequence[int], values: list[Truth], changed: Mapping[int, Truth]
) -> Truth:
    """A node's value from the values of its parts."""
    kind = type(node)
    if kind is AllOf or kind is AnyOf:
        # As kleene.all_of and any_of, which this is spent most of its time on.
        decisive = kind is AnyOf
        whole: Truth = not decisive
        for part in parts:
            value = changed[part] if part in changed else values[part]
            if value is decisive:
                return decisive
            if value is None:
                whole = None
        return whole
    (part,) = parts
    inside = changed[part] if part in changed else values[part]
    if isinstance(node, Is):
        return inside is node.value
    assert kind is Not
    return negate(inside)
