"""From `examples/*.yaml` to stories, with every fault of every file.

How they are written: docs/how-to/write-a-rule.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

from wayhome.law.faults import Fault, FaultyRulebook
from wayhome.law.rules import Kind, Rulebook
from wayhome.law.vocabulary import (
    SCREENING_DATE,
    Fact,
    FactType,
    Value,
    did_you_mean,
    nearest_spelling,
)
from wayhome.law.yaml_lines import Entry, UnreadableYaml, read_yaml
from wayhome.stories.story import (
    ANSWERS,
    CANNOT_TELL,
    DOES_NOT_HOLD,
    HOLDS,
    NO_DATE,
    NOT_IN_FORCE,
    Expectation,
    Story,
)

_FIELDS = ("name", "as_of", "over", "facts", "expect", "source")
_YES_NO = {"yes": True, "no": False, True: True, False: False}


def read_stories(folder: Path, rulebook: Rulebook, programs: Iterable[str]) -> list[Story]:
    """Every story of some programs. Raises FaultyRulebook with every fault of every file."""
    faults: list[Fault] = []
    paths = [p for name in programs for p in sorted((folder / name / "examples").glob("*.yaml"))]
    found = [story for path in paths for story in _of_file(path, rulebook, faults)]
    if faults:
        raise FaultyRulebook(faults)
    return found


def _of_file(path: Path, rulebook: Rulebook, faults: list[Fault]) -> Iterator[Story]:
    shown = f"{path.parent.parent.name}/examples/{path.name}"
    try:
        content = read_yaml(path)
    except UnreadableYaml as error:
        faults.append(Fault(shown, "", error.line, 0, f"This is not YAML: {error}."))
        return
    if content is None:
        return
    if not isinstance(content, list):
        faults.append(Fault(shown, "", 1, 0, "An examples file is a list, each from `- name:`."))
        return
    for entry in content:
        if isinstance(entry, Entry):
            yield _StoryReader(shown, rulebook, faults).read(entry)
        else:
            faults.append(Fault(shown, "", 0, 0, f"{entry!r} is not an example."))


class _StoryReader:
    def __init__(self, file: str, rulebook: Rulebook, faults: list[Fault]) -> None:
        self.file, self.rulebook, self.faults = file, rulebook, faults

    def wrong(self, line: int, message: str) -> None:
        self.faults.append(Fault(self.file, "", line, 0, message))

    def read(self, entry: Entry) -> Story:
        for name in entry:
            if name not in _FIELDS:
                self.wrong(entry.line_of(name), f"{name!r} is not a field of an example.")
        if not str(entry.get("name") or "").strip():
            self.wrong(entry.line, "An example has a name: a sentence with the legal point.")
        story = Story(
            name=str(entry.get("name", "")),
            as_of=self.day(entry, "as_of"),
            facts=self.facts(entry.get("facts"), entry),
            expect=tuple(self.expected(entry.get("expect"), entry)),
            file=self.file,
            line=entry.line,
            over=self.over(entry),
            source=str(entry.get("source", "")),
        )
        self.check_days(story)
        return story

    def check_days(self, story: Story) -> None:
        by_day = [e for e in story.expect if e.day is not None]
        if story.as_of and story.over == SCREENING_DATE and len(by_day) == len(story.expect) > 0:
            message = "as_of says nothing here: each expectation has its own days of the screening."
            self.wrong(story.line, message)
        needs = story.over != SCREENING_DATE or any(e.day is None for e in story.expect)
        if needs and story.as_of is None:
            self.wrong(story.line, "An example has as_of: a day written YYYY-MM-DD.")
        if story.over in story.facts:
            self.wrong(story.line, f"{story.over} is given in facts and tried over days as well.")

    def day(self, entry: Entry, name: str) -> date | None:
        raw = entry.get(name)
        if raw is None or (isinstance(raw, date) and not isinstance(raw, datetime)):
            return raw
        self.wrong(entry.line_of(name), f"{name}: {raw!r} is not a day written YYYY-MM-DD.")
        return None

    def over(self, entry: Entry) -> str:
        name = str(entry.get("over", SCREENING_DATE))
        if not self.is_fact(name, entry, "over"):
            return SCREENING_DATE
        if self.rulebook.vocabulary[name].type is not FactType.DATE:
            self.wrong(entry.line_of("over"), f"over: {name} is not a date.")
        return name

    def facts(self, raw: object, entry: Entry) -> dict[str, Value]:
        if raw is None:
            return {}
        if not isinstance(raw, Entry):
            self.wrong(entry.line_of("facts"), "facts is written {fact: value, ...}.")
            return {}
        for name, line in raw.repeated:
            self.wrong(line, f"{name!r} stands here twice.")
        return {
            name: self.value(name, value, raw)
            for name, value in raw.items()
            if self.is_fact(name, raw, name) and value is not None
        }

    def is_fact(self, name: str, entry: Entry, field: str) -> bool:
        if name in self.rulebook.vocabulary:
            return True
        hint = did_you_mean(self.rulebook.vocabulary.nearest(name))
        self.wrong(entry.line_of(field), f"There is no fact {name!r}.{hint}")
        return False

    def value(self, name: str, raw: object, entry: Entry) -> Value:
        fact = self.rulebook.vocabulary[name]
        value = _as_value(fact, raw)
        if value is None:
            allowed = f": {', '.join(fact.values)}" if fact.values else ""
            self.wrong(entry.line_of(name), f"{name}: {raw!r} is not a {fact.type}{allowed}.")
        return value

    def expected(self, raw: object, entry: Entry) -> Iterator[Expectation]:
        if not isinstance(raw, Entry) or not raw:
            self.wrong(entry.line_of("expect"), "An example expects something: {rule: holds}.")
            return
        for rule, answer in raw.items():
            if rule not in self.rulebook.rules:
                hint = did_you_mean(nearest_spelling(rule, self.rulebook.rules))
                self.wrong(raw.line_of(rule), f"There is no rule {rule!r}.{hint}")
            given = answer if isinstance(answer, Entry) else {"": answer}
            for said in given.values():
                self.check_answer_fits(rule, str(said), raw.line_of(rule))
            if isinstance(answer, Entry):
                yield from self.over_days(rule, answer)
            else:
                yield Expectation(rule, self.answer(rule, str(answer), raw.line_of(rule)))

    def check_answer_fits(self, rule: str, said: str, line: int) -> None:
        """A deadline answers with a date or `none`; every other rule holds or does not."""
        found = self.rulebook.rules.get(rule)
        if found is None:
            return
        is_deadline = found.kind is Kind.DEADLINE
        if is_deadline and said in (HOLDS, DOES_NOT_HOLD):
            advice = f"a deadline answers with a date, {NO_DATE}, {CANNOT_TELL} or {NOT_IN_FORCE}."
            self.wrong(line, f"{rule}: {said!r}: {advice}")
        if not is_deadline and (said == NO_DATE or _is_day(said)):
            self.wrong(line, f"{rule}: {said!r}: only a deadline answers with a date or {NO_DATE}.")

    def over_days(self, rule: str, days: Entry) -> Iterator[Expectation]:
        for day, answer in days.items():
            line = days.line_of(day)
            if _is_day(day):
                said = self.answer(rule, str(answer), line)
                yield Expectation(rule, said, date.fromisoformat(day))
            else:
                self.wrong(line, f"{rule}: {day!r} is not a day written YYYY-MM-DD.")

    def answer(self, rule: str, value: str, line: int) -> str:
        if value not in ANSWERS and not _is_day(value):
            message = f"{rule}: {value!r} is not an answer; write {', '.join(ANSWERS)} or a date."
            self.wrong(line, message)
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
