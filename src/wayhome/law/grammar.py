"""How a condition is written: SQL's boolean expressions, with three plain additions.

sqlglot parses; this module only teaches it what lawyers write and SQL does not:
`order_date + 180 days` (or `48 working hours`), `fact IN TABLE name WHERE (...)` and
`date WITHIN table.range`.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp, tokens
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

# A condition longer than this is not one that a lawyer can check.
LONGEST_CONDITION = 20_000


@dataclass(frozen=True)
class ConditionFault:
    """What is wrong with a condition, and where in its text (both counted from 1)."""

    line: int
    column: int
    message: str


class UnreadableCondition(ValueError):
    """A condition that cannot be parsed at all."""

    def __init__(self, fault: ConditionFault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class RuleDialect(Dialect):
    """SQL with WITHIN as a comparison."""

    class Tokenizer(tokens.Tokenizer):
        KEYWORDS = {**tokens.Tokenizer.KEYWORDS, "WITHIN": TokenType.OVERLAPS}  # noqa: RUF012


def parse(text: str) -> exp.Expr:
    """The syntax tree of a condition or of a date expression.

    Raises UnreadableCondition with the place where reading stopped.
    """
    if len(text) > LONGEST_CONDITION:
        raise UnreadableCondition(
            ConditionFault(1, 1, f"The condition is longer than {LONGEST_CONDITION:,} characters.")
        )
    dialect = RuleDialect()
    try:
        written = _rewrite(dialect.tokenize(text))
        trees = dialect.parser().parse(written, text)
    except TokenError as error:
        raise UnreadableCondition(ConditionFault(1, 1, f"It cannot be read: {error}")) from error
    except ParseError as error:
        raise UnreadableCondition(_fault_of(error)) from error
    except RecursionError as error:
        raise UnreadableCondition(ConditionFault(1, 1, "It is nested too deeply.")) from error
    if len(trees) != 1 or trees[0] is None:
        message = (
            "Write one condition." if trees and trees[0] is None else "Write one, without ';'."
        )
        raise UnreadableCondition(ConditionFault(1, 1, message))
    return trees[0]


def _fault_of(error: ParseError) -> ConditionFault:
    first = error.errors[0] if error.errors else {}
    near = (first.get("highlight") or "").strip()
    place = f" near {near!r}" if near else ""
    message = f"It cannot be read{place}: check brackets, commas, AND, OR and NOT there."
    return ConditionFault(first.get("line") or 1, first.get("col") or 1, message)


def _rewrite(written: list[Token]) -> list[Token]:
    return _spell_out_tables(_spell_out_intervals(written))


def _like(model: Token, kind: TokenType, text: str) -> Token:
    return Token(kind, text, model.line, model.col, model.start, model.end)


def _spell_out_intervals(written: list[Token]) -> list[Token]:
    """`180 days` becomes `INTERVAL '180' days`, `5 working days` `INTERVAL '5' working_days`.

    Nothing else may follow a number as bare words, so that one or two are taken for a unit.
    """
    result: list[Token] = []
    for token in written:
        before = result[-1] if result else None
        if before is not None and _is_word(token) and before.token_type is TokenType.NUMBER:
            result[-1:] = [
                _like(before, TokenType.INTERVAL, "INTERVAL"),
                _like(before, TokenType.STRING, before.text),
                token,
            ]
        elif before is not None and _is_word(token) and _is_unit(result):
            result[-1] = _like(before, TokenType.VAR, f"{before.text}_{token.text}")
        else:
            result.append(token)
    return result


def _is_unit(result: list[Token]) -> bool:
    """Whether these end with the first word of a unit."""
    return len(result) > 2 and result[-3].token_type is TokenType.INTERVAL and _is_word(result[-1])


def _is_word(token: Token) -> bool:
    return token.token_type is TokenType.VAR


def _spell_out_tables(written: list[Token]) -> list[Token]:
    """`x IN TABLE t WHERE (c)` becomes `x IN (SELECT 1 FROM t WHERE (c))`."""
    result: list[Token] = []
    index = 0
    while index < len(written):
        token = written[index]
        if not _starts_table(written, index):
            result.append(token)
            index += 1
            continue
        name = written[index + 2]
        end = _end_of_where(written, index + 3)
        result += [
            token,
            _like(token, TokenType.L_PAREN, "("),
            _like(token, TokenType.SELECT, "SELECT"),
            _like(token, TokenType.NUMBER, "1"),
            _like(token, TokenType.FROM, "FROM"),
            name,
            *_spell_out_tables(written[index + 3 : end]),
            _like(name, TokenType.R_PAREN, ")"),
        ]
        index = end
    return result


def _starts_table(written: list[Token], index: int) -> bool:
    return (
        written[index].token_type is TokenType.IN
        and index + 2 < len(written)
        and written[index + 1].token_type is TokenType.TABLE
    )


def _end_of_where(written: list[Token], start: int) -> int:
    """The index behind the bracket that closes `WHERE (`, or `start` where there is none."""
    has_where = (
        start + 1 < len(written)
        and written[start].token_type is TokenType.WHERE
        and written[start + 1].token_type is TokenType.L_PAREN
    )
    if not has_where:
        return start
    depth = 0
    for index in range(start + 1, len(written)):
        kind = written[index].token_type
        depth += (kind is TokenType.L_PAREN) - (kind is TokenType.R_PAREN)
        if depth == 0:
            return index + 1
    return len(written)
