"""Examples: short stories at the legal edge that say what a rule must answer.

They are the rulebook's tests, written by whoever writes the rule (docs/how-to/write-a-rule.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from wayhome.engine.plain import Reading
from wayhome.law.faults import Fault, FaultyRulebook
from wayhome.law.rules import Kind, Rulebook
from wayhome.law.vocabulary import Fact, FactType, Value, Vocabulary, did_you_mean, nearest_spelling
from wayhome.law.yaml_lines import Entry, UnreadableYaml, read_yaml

HOLDS, DOES_NOT_HOLD, CANNOT_TELL = "holds", "does not hold", "cannot tell"
NOT_IN_FORCE, NO_DATE = "not in force", "none"
_ANSWERS = (HOLDS, DOES_NOT_HOLD, CANNOT_TELL, NOT_IN_FORCE, NO_DATE)
_WORDS = {True: HOLDS, False: DOES_NOT_HOLD, None: CANNOT_TELL}
_YES_NO = {"yes": True, "no": False, True: True, False: False}


@dataclass(frozen=True)
class Example:
    """One story: facts on a date, and what some rules must answer."""

    name: str
    as_of: date
    facts: dict[str, Value]
    expect: dict[str, str]
    file: str
    line: int


@dataclass(frozen=True)
class Disagreement:
    """A rule that answers otherwise than its example says."""

    example: Example
    rule: str
    expected: str
    answered: str

    def __str__(self) -> str:
        place = f"{self.example.file}, line {self.example.line}"
        return (
            f"{place}: “{self.example.name}”: on {self.example.as_of} {self.rule} should say "
            f"“{self.expected}” and says “{self.answered}”."
        )


def read_examples(folder: Path, rulebook: Rulebook, programs: Iterable[str]) -> list[Example]:
    """Every example of some programs. Raises FaultyRulebook with every fault of every file."""
    faults: list[Fault] = []
    paths = [p for name in programs for p in sorted((folder / name / "examples").glob("*.yaml"))]
    found = [example for path in paths for example in _of_file(path, rulebook, faults)]
    if faults:
        raise FaultyRulebook(faults)
    return found


def disagreements(example: Example, rulebook: Rulebook) -> Iterator[Disagreement]:
    """Where the rules do not say what the example expects."""
    reading = Reading(rulebook, example.as_of, example.facts)
    for rule, expected in example.expect.items():
        answered = answer_in_words(reading, rule)
        if answered != expected:
            yield Disagreement(example, rule, expected, answered)


def answer_in_words(reading: Reading, rule_id: str) -> str:
    """A rule's answer as an example writes it; a deadline answers with its date."""
    rule = reading.rulebook.rules[rule_id]
    if not rule.is_in_force(reading.as_of):
        return NOT_IN_FORCE
    answer = reading.answer(rule_id)
    if rule.kind is not Kind.DEADLINE or rule.due is None or answer is None:
        return _WORDS[answer]
    due = reading.value(rule.due) if answer else NO_DATE
    return CANNOT_TELL if due is None else str(due)


def _of_file(path: Path, rulebook: Rulebook, faults: list[Fault]) -> Iterator[Example]:
    shown = f"{path.parent.parent.name}/examples/{path.name}"
    try:
        content = read_yaml(path)
    except UnreadableYaml as error:
        faults.append(Fault(shown, "", error.line, 0, f"This is not YAML: {error}."))
        return
    if not isinstance(content, list):
        faults.append(Fault(shown, "", 1, 0, "An examples file is a list, each from `- name:`."))
        return
    for entry in content:
        if isinstance(entry, Entry):
            yield _ExampleReader(shown, rulebook, faults).read(entry)
        else:
            faults.append(Fault(shown, "", 0, 0, f"{entry!r} is not an example."))


class _ExampleReader:
    def __init__(self, file: str, rulebook: Rulebook, faults: list[Fault]) -> None:
        self.file, self.rulebook, self.faults = file, rulebook, faults

    def wrong(self, line: int, message: str) -> None:
        self.faults.append(Fault(self.file, "", line, 0, message))

    def read(self, entry: Entry) -> Example:
        for name in entry:
            if name not in ("name", "as_of", "facts", "expect", "source"):
                self.wrong(entry.line_of(name), f"{name!r} is not a field of an example.")
        as_of = entry.get("as_of")
        if not isinstance(as_of, date):
            self.wrong(entry.line, "An example has as_of: a day written YYYY-MM-DD.")
        return Example(
            name=str(entry.get("name", "")),
            as_of=as_of if isinstance(as_of, date) else date.min,
            facts=self.facts(entry.get("facts"), entry),
            expect=self.expected(entry.get("expect"), entry),
            file=self.file,
            line=entry.line,
        )

    def facts(self, raw: object, entry: Entry) -> dict[str, Value]:
        if raw is None:
            return {}
        if not isinstance(raw, Entry):
            self.wrong(entry.line_of("facts"), "facts is written {fact: value, ...}.")
            return {}
        return {
            name: self.value(name, value, raw)
            for name, value in raw.items()
            if self.is_fact(name, raw) and value is not None
        }

    def is_fact(self, name: str, raw: Entry) -> bool:
        vocabulary: Vocabulary = self.rulebook.vocabulary
        if name in vocabulary:
            return True
        near = vocabulary.nearest(name)
        hint = did_you_mean(near)
        self.wrong(raw.line_of(name), f"There is no fact {name!r}.{hint}")
        return False

    def value(self, name: str, raw: object, entry: Entry) -> Value:
        fact = self.rulebook.vocabulary[name]
        value = _as_value(fact, raw)
        if value is None:
            allowed = f": {', '.join(fact.values)}" if fact.values else ""
            self.wrong(entry.line_of(name), f"{name}: {raw!r} is not a {fact.type}{allowed}.")
        return value

    def expected(self, raw: object, entry: Entry) -> dict[str, str]:
        if not isinstance(raw, Entry) or not raw:
            self.wrong(entry.line_of("expect"), "An example expects something: {rule: holds}.")
            return {}
        return {rule: self.answer(rule, str(value), raw) for rule, value in raw.items()}

    def answer(self, rule: str, value: str, entry: Entry) -> str:
        if rule not in self.rulebook.rules:
            near = nearest_spelling(rule, self.rulebook.rules)
            hint = did_you_mean(near)
            self.wrong(entry.line_of(rule), f"There is no rule {rule!r}.{hint}")
        if value not in _ANSWERS and not _is_day(value):
            self.wrong(
                entry.line_of(rule),
                f"{rule}: {value!r} is not an answer; write {', '.join(_ANSWERS)} or a date.",
            )
        return value


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _as_value(fact: Fact, raw: object) -> Value:
    """The fact's value, or None where the raw value is not of its type."""
    is_day = isinstance(raw, date) and not isinstance(raw, datetime)
    match fact.type:
        case FactType.BOOL:
            return _YES_NO.get(raw) if isinstance(raw, bool | str) else None
        case FactType.INT:
            return raw if isinstance(raw, int) and not isinstance(raw, bool) else None
        case FactType.DATE:
            return raw if is_day else None  # type: ignore[return-value]
        case FactType.DATETIME:
            return raw if isinstance(raw, datetime) else None
    word = str(raw)
    return None if fact.values and word not in fact.values else word
