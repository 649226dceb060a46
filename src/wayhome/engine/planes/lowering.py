"""From the conditions of a graph to pairs of planes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from wayhome.engine.graph import Graph
from wayhome.engine.narrowing import narrowed_leaf
from wayhome.engine.planes.algebra import (
    ALWAYS,
    CANNOT_TELL,
    NEVER,
    Algebra,
    Pair,
)
from wayhome.engine.planes.leaves import (
    Below,
    Equals,
    KnownBits,
    Leaf,
    Related,
    WordIn,
    YesBits,
)
from wayhome.engine.planes.sharing import Sharing
from wayhome.law.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Comparison,
    Condition,
    FactTerm,
    Holds,
    Is,
    IsKnown,
    Known,
    Literal,
    Not,
    OneOf,
    Term,
    fact_of_term,
)
from wayhome.law.kleene import Truth
from wayhome.law.vocabulary import FactType, Value

_EPOCH, _EPOCH_DAY = datetime(1970, 1, 1), date(1970, 1, 1).toordinal()
_PAIR_OF_TRUTH: Mapping[Truth, Pair] = {True: ALWAYS, False: NEVER, None: CANNOT_TELL}


class Lowering:
    """The pairs of planes of a graph's nodes.

    `present` names the facts that the table has, and `complete` those that it has in every
    case. `pairs` are those of nodes that need not be worked out, because they were kept.
    """

    def __init__(
        self,
        graph: Graph,
        algebra: Algebra,
        present: Collection[str],
        complete: Collection[str],
        pairs: Mapping[int, Pair],
    ) -> None:
        self.graph, self.algebra = graph, algebra
        self.present, self.complete = present, complete
        self._pairs = dict(pairs)
        self._sharing = Sharing(graph)

    def pair(self, node: int) -> Pair:
        """The two planes of a node of the graph."""
        if node not in self._pairs:
            self._pairs[node] = self._lowered(node)
        return self._pairs[node]

    def _lowered(self, node: int) -> Pair:
        condition = self.graph.nodes[node]
        match condition:
            case AllOf():
                return self._all_of(self._sharing.parts(node))
            case AnyOf():
                return self._any_of(node)
            case Not():
                return _opposite(self.pair(self.graph.parts[node][0]))
            case Is(_, value):
                return self._is(self.pair(self.graph.parts[node][0]), value)
            case _:
                return self._leaf(narrowed_leaf(condition, self.present))

    def _all_of(self, nodes: Iterable[int]) -> Pair:
        return self.algebra.all_of(self.pair(node) for node in nodes)

    def _any_of(self, node: int) -> Pair:
        plain, barred = self._sharing.barred_alternatives(node)
        pairs = [self.pair(part) for part in plain]
        for group in barred:
            some = self.algebra.any_of(self._all_of(parts) for parts in group.alternatives)
            pairs.append(self.algebra.all_of((some, self._all_of(group.bars))))
        return self.algebra.any_of(pairs)

    def _leaf(self, condition: Condition) -> Pair:
        """A condition that reads facts itself, made ready for the table."""
        match condition:
            case Known(value):
                return _PAIR_OF_TRUTH[value]
            case AllOf(parts):
                return self.algebra.all_of(self._leaf(part) for part in parts)
            case Not(part):
                return _opposite(self._leaf(part))
            case IsKnown(fact):
                return self._two_valued(self._known(fact))
            case Holds(fact):
                return self._read(YesBits(fact), fact)
            case OneOf(FactTerm(fact, _), values):
                return self._read(WordIn(fact, tuple(str(v) for v in values)), fact)
            case Compare(comparison, left, right):
                return self._compare(comparison, left, right)
        raise AssertionError(f"{condition} does not stand in a compiled graph")

    def _is(self, pair: Pair, value: Truth) -> Pair:
        if value is None:
            return self._two_valued(self.algebra.complement(self.algebra.known(pair)))
        return self._two_valued(pair.true if value else pair.false)

    def _two_valued(self, true: int) -> Pair:
        return Pair(true, self.algebra.complement(true))

    def _known(self, *facts: str) -> int:
        partial = (fact for fact in facts if fact not in self.complete)
        return self.algebra.both(self.algebra.leaf(KnownBits(fact)) for fact in partial)

    def _read(self, leaf: Leaf, *facts: str) -> Pair:
        """The pair of a leaf: what it says holds only where its facts are known."""
        known = self._known(*facts)
        true = self.algebra.both((self.algebra.leaf(leaf), known))
        return Pair(true, self.algebra.without(known, true))

    def _compare(self, comparison: Comparison, left: Term, right: Term) -> Pair:
        if isinstance(left, FactTerm) and isinstance(right, Literal):
            return self._compare_literal(comparison, left.fact, whole_number(right.value))
        if left.type is FactType.BOOL:
            return self._compare_yes_no(comparison, left, right)
        match comparison:
            case Comparison.MORE | Comparison.AT_MOST:
                return self._compare(comparison.mirrored, right, left)
            case Comparison.AT_LEAST:
                return _opposite(self._compare(Comparison.LESS, left, right))
            case Comparison.NOT_EQUAL:
                return _opposite(self._compare(Comparison.EQUAL, left, right))
        facts = (fact_of_term(left), fact_of_term(right))
        read = tuple(fact for fact in facts if fact is not None)
        return self._read(Related(comparison, left, right), *read)

    def _compare_literal(self, comparison: Comparison, fact: str, value: int) -> Pair:
        """Whole numbers all: at most 5 is less than 6, and at least 5 is not less than 5."""
        match comparison:
            case Comparison.LESS:
                return self._read(Below(fact, value), fact)
            case Comparison.AT_MOST:
                return self._read(Below(fact, value + 1), fact)
            case Comparison.MORE:
                return _opposite(self._read(Below(fact, value + 1), fact))
            case Comparison.AT_LEAST:
                return _opposite(self._read(Below(fact, value), fact))
            case Comparison.EQUAL:
                return self._read(Equals(fact, value), fact)
            case Comparison.NOT_EQUAL:
                return _opposite(self._read(Equals(fact, value), fact))

    def _compare_yes_no(self, comparison: Comparison, left: Term, right: Term) -> Pair:
        assert isinstance(left, FactTerm)
        assert isinstance(right, FactTerm)
        first, second = (
            self._read(YesBits(left.fact), left.fact),
            self._read(YesBits(right.fact), right.fact),
        )
        algebra = self.algebra
        same = algebra.any_of(
            (algebra.all_of((first, second)), algebra.all_of((_opposite(first), _opposite(second))))
        )
        return same if comparison is Comparison.EQUAL else _opposite(same)


def _opposite(pair: Pair) -> Pair:
    return Pair(pair.false, pair.true)


def whole_number(value: Value) -> int:
    """A number as it is, a date in days since 1970, a moment in seconds: as Arrow does."""
    match value:
        case datetime():
            return round((value - _EPOCH).total_seconds())
        case date():
            return value.toordinal() - _EPOCH_DAY
        case int():
            return value
    raise AssertionError(f"{value!r} has no order")
