"""From `rules.yaml` to rules, every fault reported with its file, rule, line and column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from wayhome.law.conditions import FALSE, Condition, Term
from wayhome.law.faults import Fault
from wayhome.law.history import History
from wayhome.law.reading import ConditionReader, FaultyCondition
from wayhome.law.reading_history import NOT_SAID, read_history, without_quotes
from wayhome.law.rules import Authority, Confidence, Kind, Route, Rule
from wayhome.law.vocabulary import did_you_mean, nearest_spelling
from wayhome.law.yaml_lines import Entry

_REQUIRED = (
    *("id", "title", "kind", "authority", "in_force", "condition"),
    *("cites", "confidence", "checked", "source"),
)
_FIELDS = (
    *_REQUIRED,
    *("route", "stands_before", "waivers", "date", "emergency", "asked_by"),
    *("assumes", "leaves_out", "check"),
)
_ONLY_FOR = {
    "route": (Kind.GROUND,),
    "stands_before": (Kind.BAR,),
    "waivers": (Kind.BAR,),
    "date": (Kind.DEADLINE,),
}
_NEEDED_BY = {Kind.GROUND: "route", Kind.BAR: "stands_before", Kind.DEADLINE: "date"}

_ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class RuleDraft:
    """A rule as the file has it, before its condition is read."""

    id: str
    program: str
    file: str
    entry: Entry

    def fault(self, field: str, message: str, line: int = 0, column: int = 0) -> Fault:
        return Fault(self.file, self.id, line or self.entry.line_of(field), column, message)


def draft_rules(
    content: object, program: str, file: str, faults: list[Fault]
) -> Iterator[RuleDraft]:
    """The rules of one file, their ids known and nothing else checked yet."""
    if content is None:
        return
    if not isinstance(content, list):
        faults.append(Fault(file, "", 1, 0, "A rules file is a list of rules, each from `- id:`."))
        return
    for number, entry in enumerate(content, start=1):
        if not isinstance(entry, Entry) or not isinstance(entry.get("id"), str):
            line = entry.line if isinstance(entry, Entry) else 0
            faults.append(Fault(file, "", line, 0, f"Rule number {number} has no id."))
            continue
        yield RuleDraft(str(entry["id"]), program, file, entry)


def finish_rule(draft: RuleDraft, reader: ConditionReader, faults: list[Fault]) -> Rule | None:
    """The rule of a draft, or None where it has faults (added to `faults`)."""
    before = len(faults)
    _check_fields(draft, faults)
    entry = draft.entry
    kind = _word(draft, "kind", Kind, faults)
    rule = Rule(
        id=draft.id,
        program=draft.program,
        title=str(entry.get("title", "")),
        kind=kind or Kind.DEFINITION,
        authority=_word(draft, "authority", Authority, faults) or Authority.POLICY,
        history=_history(draft, faults),
        condition=_condition(draft, reader, faults),
        cites=_lines(draft, "cites", faults),
        confidence=_word(draft, "confidence", Confidence, faults) or Confidence.CHECK,
        checked=_day(draft, "checked", entry.get("checked"), faults) or date.min,
        source=str(entry.get("source", "")),
        route=_word(draft, "route", Route, faults) if "route" in entry else None,
        stands_before=_stands_before(draft, faults),
        waivers=_lines(draft, "waivers", faults),
        due=_deadline(draft, reader, faults),
        emergency=entry.get("emergency") is True,
        asked_by=str(entry.get("asked_by", "")),
        check=str(entry.get("check", "")),
        assumes=_lines(draft, "assumes", faults),
        leaves_out=_lines(draft, "leaves_out", faults),
        file=draft.file,
        line=entry.line,
    )
    _check_kind(draft, rule, faults)
    return rule if len(faults) == before else None


def _check_fields(draft: RuleDraft, faults: list[Fault]) -> None:
    for name, line in draft.entry.repeated:
        faults.append(draft.fault(name, f"{name!r} stands here twice.", line))
    for name in draft.entry:
        if name not in _FIELDS:
            near = nearest_spelling(name, _FIELDS)
            hint = did_you_mean(near)
            faults.append(draft.fault(name, f"{name!r} is not a field of a rule.{hint}"))
    for name in _REQUIRED:
        if draft.entry.get(name) in (None, "", []):
            faults.append(draft.fault(name, f"The rule has no {name}."))
    if not draft.id.startswith(f"{draft.program}."):
        message = f"The id of a rule in this folder begins with '{draft.program}.'."
        faults.append(draft.fault("id", message))
    elif not _ID.fullmatch(draft.id):
        message = "An id is the program, a dot and a name in lower_case, with _ between words."
        faults.append(draft.fault("id", message))


def _check_kind(draft: RuleDraft, rule: Rule, faults: list[Fault]) -> None:
    for name, kinds in _ONLY_FOR.items():
        if name in draft.entry and rule.kind not in kinds:
            faults.append(draft.fault(name, f"Only a {kinds[0]} has {name}."))
    needed = _NEEDED_BY.get(rule.kind)
    if needed and needed not in draft.entry:
        faults.append(draft.fault("kind", f"A {rule.kind} needs {needed}."))
    if rule.confidence is Confidence.CHECK and not rule.check:
        faults.append(draft.fault("confidence", "With confidence: check, say why in check:."))
    if rule.authority is Authority.DEMAND and rule.kind is not Kind.GROUND:
        message = "A demand is a ground: a letter makes no deadline, bar or waiver in law."
        faults.append(draft.fault("authority", message))
    if rule.authority is Authority.DEMAND and not rule.asked_by:
        faults.append(draft.fault("authority", "A demand says who asked for it in asked_by:."))


def _word(draft: RuleDraft, field: str, words: type[Word], faults: list[Fault]) -> Word | None:
    raw = draft.entry.get(field)
    if raw is None:
        return None
    if raw in set(words):
        return words(str(raw))
    near = nearest_spelling(str(raw), words)
    hint = did_you_mean(near)
    message = f"{raw!r} is not a {field}.{hint} It is one of: {', '.join(words)}."
    faults.append(draft.fault(field, message))
    return None


def _lines(draft: RuleDraft, field: str, faults: list[Fault]) -> tuple[str, ...]:
    raw = draft.entry.get(field)
    if raw is None:
        return ()
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        faults.append(draft.fault(field, f"{field} is a list, one line each, of plain text."))
        return ()
    return tuple(str(item).strip() for item in raw)


def _stands_before(draft: RuleDraft, faults: list[Fault]) -> tuple[str, ...]:
    names = _lines(draft, "stands_before", faults)
    for name in names:
        if name not in set(Route) and not name.startswith(f"{draft.program}."):
            near = nearest_spelling(name, Route)
            hint = did_you_mean(near)
            message = f"{name!r} is neither a route nor a rule of this program.{hint}"
            faults.append(draft.fault("stands_before", message))
    return names


def _history(draft: RuleDraft, faults: list[Fault]) -> History:
    if draft.entry.get("in_force") is None:
        return NOT_SAID

    def wrong(message: str, line: int) -> None:
        faults.append(draft.fault("in_force", message, line))

    return read_history(draft.entry["in_force"], wrong)


def _day(draft: RuleDraft, field: str, raw: object, faults: list[Fault]) -> date | None:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    if raw is not None:
        message = f"{field}: {raw!r} is not a day written YYYY-MM-DD{without_quotes(raw)}."
        faults.append(draft.fault(field, message))
    return None


def _condition(draft: RuleDraft, reader: ConditionReader, faults: list[Fault]) -> Condition:
    raw = draft.entry.get("condition")
    if raw is None:
        return FALSE
    try:
        return reader.read_condition(str(raw).lower() if isinstance(raw, bool) else str(raw))
    except FaultyCondition as error:
        faults.extend(_placed(draft, "condition", error))
    return FALSE


def _deadline(draft: RuleDraft, reader: ConditionReader, faults: list[Fault]) -> Term | None:
    if "date" not in draft.entry:
        return None
    try:
        return reader.read_date(str(draft.entry["date"]))
    except FaultyCondition as error:
        faults.extend(_placed(draft, "date", error))
    return None


def _placed(draft: RuleDraft, field: str, error: FaultyCondition) -> Iterator[Fault]:
    first = draft.entry.line_of(field)
    for fault in error.faults:
        yield draft.fault(field, fault.message, first + fault.line - 1, fault.column)
