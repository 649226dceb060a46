"""Random rulebooks over a small vocabulary with every type of fact, and random cases."""

from datetime import date, datetime

from hypothesis import strategies as st

from wayhome.law.calendar import Unit
from wayhome.law.conditions import (
    AllOf,
    AnyOf,
    ColumnTerm,
    Compare,
    Comparison,
    FactTerm,
    Holds,
    InTable,
    Is,
    IsKnown,
    Known,
    Literal,
    Not,
    OneOf,
    RuleHolds,
    Shifted,
    Within,
)
from wayhome.law.history import History, Suspension
from wayhome.law.rules import Authority, Confidence, Kind, Route, Rule, Rulebook
from wayhome.law.tables import Column, Row, Table
from wayhome.law.vocabulary import Fact, FactType, Vocabulary

COLOURS = ("red", "green", "blue")
TYPES = {
    "yes_a": FactType.BOOL,
    "yes_b": FactType.BOOL,
    "yes_c": FactType.BOOL,
    "count_a": FactType.INT,
    "count_b": FactType.INT,
    "day_a": FactType.DATE,
    "day_b": FactType.DATE,
    "moment_a": FactType.DATETIME,
    "moment_b": FactType.DATETIME,
    "colour_a": FactType.CATEGORY,
    "colour_b": FactType.CATEGORY,
    "country": FactType.CODE,
    "place": FactType.TEXT,
}


class SmallVocabulary(Vocabulary):
    """Says only its name when a failing example is shown."""

    def _repr_pretty_(self, printer, _):
        printer.text("VOCABULARY")


def vocabulary():
    def fact(name, kind):
        values = COLOURS if kind is FactType.CATEGORY else ()
        return Fact(name, kind, values, "", "A fact for a test", "", "", "")

    known = {**TYPES, "screening_date": FactType.DATE, "case_id": FactType.TEXT}
    return SmallVocabulary({name: fact(name, kind) for name, kind in known.items()})


VOCABULARY = vocabulary()

# Ends of months, leap days, and the ends of what a fact may be.
EDGE_DAYS = [
    *(date(1900, m, d) for m, d in ((1, 1), (2, 28), (3, 1), (12, 31))),
    *(date(2000, m, d) for m, d in ((2, 28), (2, 29), (3, 1))),
    *(date(2020, m, d) for m, d in ((1, 31), (2, 28), (2, 29), (3, 1), (8, 31))),
    *(date(2021, m, d) for m, d in ((1, 28), (1, 29), (1, 30), (1, 31), (2, 28), (3, 31), (7, 1))),
    # Holidays kept on a Friday or a Monday, and one on each side of the first year it was kept.
    *(date(2020, m, d) for m, d in ((6, 18), (6, 19), (12, 24), (12, 31))),
    *(date(2021, m, d) for m, d in ((6, 18), (11, 24), (12, 23), (12, 30), (12, 31))),
    *(date(2026, 7, d) for d in (1, 2, 3, 4, 5, 6)),
    *(date(2199, m, d) for m, d in ((2, 28), (12, 31))),
]
# Few days, so that facts often fall on the very day that a condition names.
edges, few_edges = st.sampled_from(EDGE_DAYS), st.sampled_from(EDGE_DAYS[7:17])
days = few_edges | few_edges | edges | st.dates(date(1900, 1, 1), date(2199, 12, 31))
screening_days = st.sampled_from([date(2020, 2, 29), date(2021, 2, 28), date(2021, 7, 1)])
hours = st.sampled_from([(0, 0, 0), (0, 0, 1), (8, 30, 0), (23, 59, 59)])
moments = st.builds(lambda d, h: datetime(d.year, d.month, d.day, *h), days, hours)
VALUES = {
    FactType.BOOL: st.booleans(),
    FactType.INT: st.sampled_from([-999_999_999, -1, 0, 1, 2, 3, 365, 999_999_999]),
    FactType.DATE: days,
    FactType.DATETIME: moments,
    FactType.CATEGORY: st.sampled_from(COLOURS),
    FactType.CODE: st.sampled_from(["HT", "SV", "MX", "O'K"]),
    FactType.TEXT: st.sampled_from(["red", "HT", "", "a b", "ñandú"]),
}
WORDS = (FactType.CATEGORY, FactType.CODE, FactType.TEXT)
ORDERED = (FactType.INT, FactType.DATE, FactType.DATETIME)
UNKNOWN = Known(None)


# --- terms and conditions ------------------------------------------------------------------


def facts_of(*kinds):
    return st.sampled_from([FactTerm(name, kind) for name, kind in TYPES.items() if kind in kinds])


def literals(kind):
    return VALUES[kind].map(lambda value: Literal(value, kind))


@st.composite
def shifted(draw, inner):
    """A moment moved once or twice, never so far that no calendar holds it."""
    farthest = {Unit.DAY: 400, Unit.MONTH: 25, Unit.YEAR: 70}
    farthest |= {Unit.WORKING_DAY: 30, Unit.WORKING_HOUR: 200}
    term = draw(inner)
    for _ in range(draw(st.sampled_from([1, 1, 1, 2]))):
        has_hours = term.type is FactType.DATETIME
        unit = draw(st.sampled_from([u for u in Unit if has_hours or u is not Unit.WORKING_HOUR]))
        edges = st.sampled_from([-12, -1, 0, 1, 5, 12, 48])
        count = draw(st.integers(-farthest[unit], farthest[unit]) | edges)
        # Working time is counted forward only.
        count = abs(count) if unit.is_working_time else count
        term = Shifted(term, count, unit)
    return term


def day_terms(kind):
    plain = facts_of(kind)
    if kind is FactType.DATE:
        plain |= st.just(FactTerm("screening_date", FactType.DATE))
    return plain | literals(kind) | shifted(plain) | shifted(literals(kind))


@st.composite
def comparisons(draw, columns=()):
    """Two terms of a kind. `columns` may stand in the place of literals."""
    kind = draw(st.sampled_from([FactType.BOOL, *ORDERED, FactType.DATE, *WORDS]))
    same = WORDS if kind in WORDS else (kind,)
    moment = kind in (FactType.DATE, FactType.DATETIME)
    left = draw(day_terms(kind) if moment else facts_of(kind))
    right = day_terms(kind) if moment else facts_of(*same) | literals(kind)
    of_kind = [c for c in columns if c.type is kind]
    if of_kind:
        column = st.sampled_from(of_kind)
        right |= column | shifted(column) if moment else column
    order = list(Comparison) if kind in ORDERED else [Comparison.EQUAL, Comparison.NOT_EQUAL]
    sides = (left, draw(right))
    return Compare(draw(st.sampled_from(order)), *(sides if draw(st.booleans()) else sides[::-1]))


@st.composite
def among(draw):
    kind = draw(st.sampled_from(list(FactType)))
    values = draw(st.lists(VALUES[kind], min_size=1, max_size=4, unique=True))
    return OneOf(draw(facts_of(kind)), tuple(values))


def plain_leaves():
    yes = facts_of(FactType.BOOL).map(lambda term: Holds(term.fact))
    asked = st.sampled_from([n for n, k in TYPES.items() if k is not FactType.BOOL])
    return (
        yes
        | yes
        | st.sampled_from([*asked.elements, "screening_date"]).map(IsKnown)
        | among()
        | comparisons()
        | comparisons()
    )


def joined(leaves, *, spoken=False):
    """Conditions made of these leaves by AND, OR, NOT and IS.

    `spoken`: IS stands only behind a name or a bracket.
    """

    def under_is(parts):
        kinds = Holds | RuleHolds | AllOf | AnyOf
        return parts.filter(lambda part: isinstance(part, kinds)) if spoken else parts

    def larger(parts):
        some = st.lists(parts, min_size=2, max_size=4).map(tuple)
        return (
            some.map(AllOf)
            | some.map(AnyOf)
            | parts.map(lambda part: part.part if isinstance(part, Not) else Not(part))
            | st.builds(Is, under_is(parts), st.sampled_from([True, False, None]))
        )

    return st.recursive(leaves, larger, max_leaves=8)


# --- tables --------------------------------------------------------------------------------


@st.composite
def tables(draw, name):
    """A table with a column of every type, empty cells, and a range that may end in doubt."""
    key_kind = draw(st.sampled_from([FactType.CATEGORY, FactType.CODE, FactType.INT]))
    kinds = {"key": key_kind, "flag": FactType.BOOL, "amount": FactType.INT, "on": FactType.DATE}
    kinds |= {"at": FactType.DATETIME, "word": FactType.CATEGORY}
    kinds |= {"run_from": FactType.DATE, "run_to": FactType.DATE, "run_then": FactType.CATEGORY}
    columns = {n: Column(n, k) for n, k in kinds.items()}
    rows = draw(st.lists(table_rows(kinds), min_size=1, max_size=4))
    made = tuple(Row(row, Confidence.SEEN, "a test") for row in rows)
    return Table(name, "A table for a test", "key", columns, made, "red", "red/tables.yaml")


@st.composite
def table_rows(draw, kinds):
    row = {name: draw(st.none() | VALUES[kind]) for name, kind in kinds.items()}
    first, last = sorted(draw(st.lists(days, min_size=2, max_size=2)))
    row["run_from"] = draw(st.sampled_from([None, first, first]))
    row["run_to"] = draw(st.sampled_from([None, last, last]))
    row["run_then"] = draw(st.sampled_from([None, "ended", "unknown"]))
    return row


@st.composite
def table_conditions(draw, table, *, spoken=False):
    terms = [ColumnTerm(table.name, c.name, c.type) for c in table.columns.values()]
    plain = [t for t in terms if not t.column.startswith("run_")]
    moment = day_terms(FactType.DATE)
    flag = Compare(Comparison.EQUAL, terms[1], Literal(True, FactType.BOOL))
    leaves = (
        comparisons(columns=plain)
        | st.builds(Within, moment, st.just(table.name), st.just("run"))
        | st.builds(OneOf, st.just(plain[-1]), st.just(("red", "blue")))
        | st.just(flag)
        | plain_leaves()
    )
    key = draw(facts_of(table.columns[table.key].type))
    return InTable(key.fact, table.name, draw(st.just(Known(True)) | joined(leaves, spoken=spoken)))


# --- rulebooks -----------------------------------------------------------------------------

PROGRAMS = ("red", "blue")
ROUTES = [Route.UNDO_ORDER, Route.VISA, Route.REQUEST]
HISTORIES = [
    History(date(1996, 1, 1)),
    History(date(1996, 1, 1)),
    History(date(2021, 2, 28), ended=date(2021, 7, 1)),
    History(
        date(1996, 1, 1),
        suspended=(Suspension(date(2020, 2, 29), date(2021, 7, 1), "a court"),),
    ),
    History(date(2022, 1, 1)),
]


def conditions(known_tables, earlier, *, spoken=False):
    """Conditions over facts, tables and earlier rules. `spoken`: only what a rule can write."""
    leaves = plain_leaves() if spoken else plain_leaves() | st.just(UNKNOWN)
    for table in known_tables:
        leaves |= table_conditions(table, spoken=spoken)
    if earlier:
        leaves |= st.sampled_from(earlier).map(RuleHolds)
    return joined(leaves, spoken=spoken)


@st.composite
def rules(draw, number, known_tables, earlier):
    program = PROGRAMS[number % 2]
    kind = draw(st.sampled_from([Kind.GROUND, Kind.GROUND, Kind.BAR, Kind.DEFINITION]))
    is_bar, is_ground = kind is Kind.BAR, kind is Kind.GROUND
    barred = [rule for rule in earlier if rule.startswith(program)]
    return Rule(
        id=f"{program}.rule_{number}",
        program=program,
        title="A rule for a test",
        kind=kind,
        authority=draw(st.sampled_from([Authority.STATUTE, Authority.STATUTE, Authority.DEMAND])),
        history=HISTORIES[0] if number == 0 else draw(st.sampled_from(HISTORIES)),
        condition=draw(conditions(known_tables, earlier)),
        cites=("a test",),
        confidence=Confidence.SEEN,
        checked=date(2021, 7, 1),
        source="a test",
        route=draw(st.sampled_from(ROUTES)) if is_ground else None,
        stands_before=tuple(draw(st.sets(st.sampled_from([*ROUTES, *barred])))) if is_bar else (),
    )


@st.composite
def rulebooks(draw, most_rules=6):
    known_tables = [draw(tables(name)) for name in ("first", "second")[: draw(st.integers(0, 2))]]
    made = {}
    for number in range(draw(st.integers(1, most_rules))):
        rule = draw(rules(number, known_tables, list(made)))
        made[rule.id] = rule
    return Rulebook(VOCABULARY, PROGRAMS, made, {table.name: table for table in known_tables})


# --- cases ---------------------------------------------------------------------------------


def cases(present=tuple(TYPES)):
    """One case: some facts known, the others left out."""
    farthest = {FactType.INT: st.sampled_from([-2_000_000_000, 2_000_000_000])}

    def values(kind):
        return VALUES[kind] | farthest.get(kind, VALUES[kind])

    known = {name: st.none() | values(TYPES[name]) for name in present}
    return st.fixed_dictionaries(known).map(
        lambda case: {name: value for name, value in case.items() if value is not None}
    )
