"""Three-valued logic, Kleene's and SQL's own: true, false, and None for "cannot tell"."""

from __future__ import annotations

from collections.abc import Iterable

Truth = bool | None


def negate(value: Truth) -> Truth:
    """Not known stays not known."""
    return None if value is None else not value


def all_of(values: Iterable[Truth]) -> Truth:
    """False if any is false, otherwise unknown if any is unknown, otherwise true."""
    answer: Truth = True
    for value in values:
        if value is False:
            return False
        if value is None:
            answer = None
    return answer


def any_of(values: Iterable[Truth]) -> Truth:
    """True if any is true, otherwise unknown if any is unknown, otherwise false."""
    answer: Truth = False
    for value in values:
        if value is True:
            return True
        if value is None:
            answer = None
    return answer
