"""The dates of a rule, as `in_force:` writes them, with every fault of theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime

from wayhome.law.history import History, Suspension
from wayhome.law.vocabulary import did_you_mean, nearest_spelling
from wayhome.law.yaml_lines import Entry

_FIELDS = ("issued", "effective", "suspended", "ended", "why")
_SUSPENSION_FIELDS = ("from", "to", "by")

# A date that a fault has been reported for, so that the rest of the rule is still looked at.
NOT_SAID = History(date.min)

Wrong = Callable[[str, int], None]


def read_history(raw: object, wrong: Wrong) -> History:
    """The dates of a rule. `wrong(message, line)` takes each fault."""
    if not isinstance(raw, Entry):
        wrong("in_force is written {effective: YYYY-MM-DD, ...}.", 0)
        return NOT_SAID
    _check_names(raw, _FIELDS, "in_force", wrong)
    reader = _DateReader(wrong)
    effective = reader.day(raw, "effective")
    if effective is None:
        if raw.get("effective") is None:
            wrong("in_force has no effective: the day on which the rule took effect.", raw.line)
        return NOT_SAID
    history = History(
        effective=effective,
        issued=reader.day(raw, "issued"),
        suspended=tuple(_suspensions(raw, reader, wrong)),
        ended=reader.day(raw, "ended"),
        why=str(raw.get("why", "")),
    )
    for message in _out_of_order(history):
        wrong(message, raw.line)
    return history


def without_quotes(raw: object) -> str:
    """What to add to a fault about a day that is right but stands in quotes."""
    try:
        date.fromisoformat(raw if isinstance(raw, str) else "")
    except ValueError:
        return ""
    return " without quotes"


class _DateReader:
    def __init__(self, wrong: Wrong) -> None:
        self.wrong = wrong

    def day(self, entry: Entry, name: str) -> date | None:
        raw = entry.get(name)
        if raw is None or (isinstance(raw, date) and not isinstance(raw, datetime)):
            return raw
        message = f"in_force: {name}: {raw!r} is not a day written YYYY-MM-DD{without_quotes(raw)}."
        self.wrong(message, entry.line_of(name))
        return None


def _check_names(raw: Mapping[str, object], names: tuple[str, ...], of: str, wrong: Wrong) -> None:
    for name in raw:
        if name not in names:
            hint = did_you_mean(nearest_spelling(name, names))
            line = raw.line_of(name) if isinstance(raw, Entry) else 0
            wrong(f"{of} has {', '.join(names)}, not {name!r}.{hint}", line)


def _suspensions(raw: Entry, reader: _DateReader, wrong: Wrong) -> Iterator[Suspension]:
    listed = raw.get("suspended")
    line = raw.line_of("suspended")
    if listed is None:
        return
    if not isinstance(listed, list) or not all(isinstance(item, Entry) for item in listed):
        wrong("suspended is a list, each {from: YYYY-MM-DD, to: YYYY-MM-DD, by: ...}.", line)
        return
    for item in listed:
        _check_names(item, _SUSPENSION_FIELDS, "suspended", wrong)
        start = reader.day(item, "from")
        if start is None or not item.get("by"):
            wrong("A suspension says from: which day and by: which order or decision.", item.line)
            continue
        yield Suspension(start, reader.day(item, "to"), str(item["by"]))


def _out_of_order(history: History) -> Iterator[str]:
    if history.issued is not None and history.issued > history.effective:
        yield f"in_force: issued {history.issued} is after effective {history.effective}."
    if history.ended is not None and history.ended <= history.effective:
        yield (
            f"in_force: {history.effective} is not before its end {history.ended} "
            "(the end is the first day out)."
        )
    last: date | None = history.effective
    for suspension in sorted(history.suspended, key=lambda s: s.start):
        if last is None or suspension.start < last:
            yield f"in_force: the suspension from {suspension.start} begins before {last}."
        if suspension.end is not None and suspension.end <= suspension.start:
            yield f"in_force: the suspension from {suspension.start} does not end after it begins."
        if history.ended and (suspension.end or history.ended) > history.ended:
            yield f"in_force: the suspension from {suspension.start} ends after the rule itself."
        last = suspension.end
