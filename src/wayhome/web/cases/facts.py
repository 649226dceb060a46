"""What counts of what was said: a case's facts, who said each, and where sources disagree.

The lawyer's word counts before a record's, and that before the applicant's or the family's; of one
source, what it said last. Of two of the same rank that agree, a day counts before its month. Who
does not know or would rather not say takes nothing from others. Where somebody settled which
statement counts, it counts before all, until a newer one arrives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from django_scopes import scope

from wayhome.law.vocabulary import Fact, FactType, Value, load_vocabulary
from wayhome.sources.case_files.answers import SomeDayOf
from wayhome.web.cases.models import Case, Source, Statement
from wayhome.web.cases.partial_dates import agree, is_only_month
from wayhome.web.protection.fields import ERASED

# Whose word counts first.
PRECEDENCE = {Source.LAWYER: 0, Source.RECORD: 1, Source.APPLICANT: 2, Source.FAMILY: 2}


class NoAnswer(Enum):
    """An answer that is no value: neither ever becomes one."""

    UNKNOWN = "unknown"
    DECLINED = "declined"


Answer = bool | int | str | date | datetime | NoAnswer


class NotAValue(ValueError):
    """What is to be kept is no value of its fact. Says the fact and what would be right."""


@dataclass(frozen=True)
class Disagreement:
    """A fact of which sources say different things; `counts` is the one that is reckoned with.

    `is_settled` says that somebody wrote why it is.
    """

    fact: Fact
    counts: Statement
    others: tuple[Statement, ...]
    is_settled: bool = False


def kept(fact: Fact, value: Value) -> bool | int | str:
    """A value as a statement keeps it. Raises NotAValue."""
    match fact.type, value:
        case (FactType.BOOL, bool()) | (FactType.INT, int()):
            if (fact.type is FactType.BOOL) == isinstance(value, bool):
                return value  # type: ignore[return-value]
        case FactType.DATETIME, datetime():
            return value.isoformat()
        case FactType.DATE, date() if not isinstance(value, datetime):
            return value.isoformat()
        case _, str() if value_of(fact, value) is not None:
            return value
    raise NotAValue(f"{value!r} is no value of {fact.name}, which is {_expected(fact)}.")


def value_of(fact: Fact, held: object) -> Value:
    """A kept value as the rules read it; None where it is not one (erased, or never was)."""
    if held is None or held in (ERASED, ""):
        return None
    match fact.type:
        case FactType.BOOL:
            return held if isinstance(held, bool) else None
        case FactType.INT:
            return held if isinstance(held, int) and not isinstance(held, bool) else None
        case FactType.DATE | FactType.DATETIME:
            return _moment(fact, held)
        case FactType.CATEGORY:
            return held if held in fact.values else None  # type: ignore[return-value]
        case _:
            return held if isinstance(held, str) else None


def _moment(fact: Fact, held: object) -> date | datetime | None:
    read = date if fact.type is FactType.DATE else datetime
    try:
        return read.fromisoformat(str(held))
    except ValueError:
        return None


def _expected(fact: Fact) -> str:
    return f"one of {', '.join(fact.values)}" if fact.values else f"a {fact.type}"


def statements_of(
    case: Case, *, with_withdrawn: bool = False, with_writers: bool = False
) -> list[Statement]:
    """Everything that was said about a case, the newest first; with who wrote it where asked."""
    with scope(organization=case.organization_id):
        rows = Statement.objects.filter(case_id=case.pk)
        rows = rows.select_related("recorded_by", "settled_by") if with_writers else rows
        found = list(rows.order_by("-said_on", "-recorded_at", "-pk"))
    return found if with_withdrawn else [s for s in found if s.withdrawn_at is None]


def newest_first(statements: Iterable[Statement]) -> list[Statement]:
    """Statements at hand, in the order of `statements_of`."""
    return sorted(statements, key=lambda s: (s.said_on, s.recorded_at, s.pk), reverse=True)


def last_of_each_source(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    """Per fact: what each source said last, in the order in which it counts.

    `statements` come newest first, as `statements_of` gives them.
    """
    found: dict[str, dict[str, Statement]] = {}
    every = [said for said in statements if said.withdrawn_at is None]
    heard = _last_heard(every)
    for said in every:
        found.setdefault(said.fact, {}).setdefault(said.source, said)
    # Sorting keeps the newest first among sources of the same rank.
    return {
        fact: sorted(
            by_source.values(),
            key=lambda s: (-_settled(s, heard[fact]), PRECEDENCE[Source(s.source)]),
        )
        for fact, by_source in found.items()
    }


def _last_heard(statements: Iterable[Statement]) -> dict[str, datetime]:
    """Per fact, when its newest statement arrived."""
    heard: dict[str, datetime] = {}
    for said in statements:
        if said.withdrawn_at is None:
            heard[said.fact] = max(said.recorded_at, heard.get(said.fact, said.recorded_at))
    return heard


def _settled(said: Statement, last_heard: datetime) -> float:
    """When it was settled that a statement counts; 0 where it was not, or something newer came."""
    at = said.settled_at
    return at.timestamp() if at is not None and at >= last_heard else 0


def facts_of(case: Case) -> dict[str, Value]:
    """What counts, by fact. What nobody knows is left out."""
    return facts_in(statements_of(case))


def facts_in(statements: Iterable[Statement]) -> dict[str, Value]:
    """As `facts_of`, of statements at hand (newest first)."""
    values = {name: _value_that_counts(said) for name, said in _readable(statements).items()}
    return {name: value for name, value in values.items() if value is not None}


def counting(statements: Iterable[Statement]) -> dict[str, Statement]:
    """Per fact, the statement that counts; of a fact without a value, what was said last."""
    found = {}
    for name, said in _readable(statements).items():
        with_value = (s for s in said if value_in(s) is not None)
        found[name] = next(with_value, said[0])
    return found


def disagreements_of(case: Case) -> list[Disagreement]:
    """Where sources say different things, and nobody has settled which counts."""
    return disagreements_in(statements_of(case))


def disagreements_in(statements: Iterable[Statement]) -> list[Disagreement]:
    """As `disagreements_of`, of statements at hand (newest first)."""
    return [found for found in differences_in(statements) if not found.is_settled]


def differences_in(statements: Iterable[Statement]) -> list[Disagreement]:
    """Where sources say different things, settled or not. The statements come newest first."""
    vocabulary, said_of_all = load_vocabulary(), list(statements)
    heard = _last_heard(said_of_all)
    found = []
    for name, said in _readable(said_of_all).items():
        values = [s for s in said if value_in(s) is not None]
        others = tuple(s for s in values[1:] if not _agree(s, values[0]))
        if others:
            is_settled = _settled(values[0], heard[name]) > 0
            found.append(Disagreement(vocabulary[name], values[0], others, is_settled))
    return found


def value_in(statement: Statement) -> Value:
    """What a statement says, or None where it says that it is not known, or not told."""
    if statement.is_unknown or statement.is_declined:
        return None
    vocabulary = load_vocabulary()
    value = value_of(vocabulary[statement.fact], statement.value)
    if isinstance(value, date) and is_only_month(statement, value):
        return SomeDayOf(value.year, value.month, 1)
    return value


def _readable(statements: Iterable[Statement]) -> Mapping[str, list[Statement]]:
    """Without facts that the vocabulary does not hold any more."""
    vocabulary = load_vocabulary()
    by_fact = last_of_each_source(statements)
    return {n: _exact_first(by_fact[n]) for n in vocabulary.facts if n in by_fact}


def _exact_first(said: list[Statement]) -> list[Statement]:
    """A day before the month that it lies in, where both are said by sources of the same rank."""
    with_value = [s for s in said if value_in(s) is not None]
    if len(with_value) < 2 or not is_only_month(with_value[0], value_in(with_value[0])):
        return said
    first = with_value[0]
    rank = PRECEDENCE[Source(first.source)]
    for other in with_value[1:]:
        is_exact = value_in(other) != value_in(first) and _agree(first, other)
        if is_exact and PRECEDENCE[Source(other.source)] == rank:
            return [other, *(s for s in said if s is not other)]
    return said


def _agree(one: Statement, other: Statement) -> bool:
    return agree((one, value_in(one)), (other, value_in(other)))


def _value_that_counts(said: Iterable[Statement]) -> Value:
    values = (value_in(s) for s in said)
    return next((value for value in values if value is not None), None)
