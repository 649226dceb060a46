"""Three-valued logic, Kleene's and SQL's own: true, false, and None for "cannot tell"."""

from __future__ import annotations

from collections.abc import Iterable

Truth = bool | None


def negate(value: Truth) -> Truth:
    """Not known stays not known."""
    return None if value is None else not value


def all_of(values: Iterable[Truth]) -> Truth:
    """False if any is false, otherwise unknown if any is unknown, otherwise true."""
    seen = set(values)
    if False in seen:
        return False
    return None if None in seen else True


def any_of(values: Iterable[Truth]) -> Truth:
    """True if any is true, otherwise unknown if any is unknown, otherwise false."""
    seen = set(values)
    if True in seen:
        return True
    return None if None in seen else False
