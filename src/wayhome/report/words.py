"""The words of the reports in a person's language, and how numbers and days are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from wayhome.law.conditions import fact_of_term
from wayhome.law.history import InForce
from wayhome.law.kleene import Truth
from wayhome.law.rules import Rule
from wayhome.law.vocabulary import Fact, Value, Vocabulary
from wayhome.programs import FOLDER
from wayhome.words import help_line, question
from wayhome.words import sentence as sentence_of

LANGUAGES = ("en", "es")

MONTHS = {
    "en": ("January February March April May June July August September October November December"),
    "es": (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    ),
}


class UnknownLanguage(ValueError):
    """There are no words in this language."""


@dataclass(frozen=True)
class Words:
    """Every sentence of the reports in one language, and those of a folder of programs."""

    language: str
    texts: Mapping[str, Any]
    folder: Path = FOLDER

    def say(self, key: str, **values: object) -> str:
        """A sentence with its blanks filled in; `outcomes.open` is the key `open` of `outcomes`."""
        found: Any = self.texts
        for part in key.split("."):
            found = found[part]
        return str(found).format(**values) if values else str(found)

    def count_of(self, key: str, number: int) -> str:
        """A number with its noun: `1 person`, `12 people`."""
        form = "one" if number == 1 else "many"
        return self.say(f"{key}.{form}", n=f"{number:,}")

    def program(self, name: str) -> str:
        """A program's title; its own name made readable where the words know no title."""
        return self._of_program(name, "title") or name.replace("_", " ").capitalize()

    def reading_order(self, name: str) -> int:
        """Where a program stands among the others: the known ones first, in their order here."""
        known = list(self.texts["programs"])
        return known.index(name) if name in known else len(known)

    def program_question(self, name: str) -> str:
        return self._of_program(name, "question")

    def _of_program(self, name: str, what: str) -> str:
        return str(self.texts["programs"].get(name, {}).get(what, ""))

    def day(self, day: date) -> str:
        month = MONTHS[self.language].split()[day.month - 1]
        if self.language == "es":
            return f"{day.day} de {month} de {day.year}"
        return f"{month} {day.day}, {day.year}"

    def days_until(self, day: date, as_of: date) -> str:
        days = (day - as_of).days
        if days <= 0:
            return self.say("passed" if days else "today")
        return self.count_of("in_days", days)

    def deadline(self, rule: Rule, day: date, as_of: date) -> str:
        """A deadline's day: `2021-08-18 (in 48 days)`. A first day is no chance lost once past."""
        if day < as_of and rule.id in self.texts["passed_as"]:
            return self.say(self.texts["passed_as"][rule.id], day=day)
        return f"{day} ({self.days_until(day, as_of)})"

    def date_not_known(self, fact: str | None) -> str:
        """What stands in the place of a deadline's day, with the fact that would tell it."""
        not_known = self.say("date_not_known")
        return f"{not_known}: {fact}" if fact else not_known

    def date_not_known_in(self, cases: str, rule: Rule) -> str:
        fact = fact_of_term(rule.due) if rule.due else None
        return self.say("date_not_known_in", count=cases, fact=fact or rule.id)

    def open_ground(self, only_a_bar_is_open: bool) -> str:
        """Why a program is open although a ground holds."""
        return self.say(
            f"open_with_ground.{'only_a_bar' if only_a_bar_is_open else 'other_ground'}"
        )

    def waivers(self, bar: Rule, rules: Mapping[str, Rule]) -> list[tuple[str, str]]:
        """The title and the id of each answer to a bar; no id for one only said in words."""
        return [(rules[w].title, w) if w in rules else (w, "") for w in bar.waivers]

    def as_of(self, days: tuple[date, ...]) -> str:
        """The sentence that names the date of the law, or the dates."""
        if len(days) == 1:
            return self.say("as_of_one", day=self.day(days[0]), iso=days[0])
        first, last = self.day(days[0]), self.day(days[-1])
        return self.say("as_of_many", count=len(days), first=first, last=last)

    def question(self, fact: Fact) -> str:
        """The plain question for a fact; its meaning where no person can be asked."""
        return question(fact, self.language) or fact.meaning

    def question_of(self, fact: str | None, vocabulary: Vocabulary) -> str:
        """The plain question for a fact by its name; empty where there is none."""
        return self.question(vocabulary[fact]) if fact and fact in vocabulary else ""

    def sentence(self, rule: Rule, answer: Truth) -> str:
        """What a person is told for a rule's answer; empty where the rule has no words."""
        return sentence_of(rule, answer, self.language, self.folder)

    def help(self, fact: Fact) -> str:
        """The line of help beside a question."""
        return help_line(fact, self.language)

    def programs(self, names: Iterable[str]) -> str:
        return "; ".join(self.program(name) for name in names)

    def truth(self, value: Truth) -> str:
        return self.say(f"answers.{'unknown' if value is None else str(value).lower()}")

    def value(self, value: Value) -> str:
        """A fact's value as a person would write it."""
        if value is None:
            return self.say("not_known").lower()
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        return value.isoformat(" ", "minutes") if isinstance(value, datetime) else str(value)

    def in_force(self, rule: Rule) -> str:
        return "; ".join(self._stretch(stretch) for stretch in rule.in_force)

    def _stretch(self, stretch: InForce) -> str:
        if stretch.end is None:
            return self.say("since", start=self.day(stretch.start))
        last = self.day(stretch.end - timedelta(days=1))
        return self.say("from_through", start=self.day(stretch.start), last=last)

    def confidence(self, rule: Rule) -> str:
        return self.say(f"confidence.{rule.confidence}", day=self.day(rule.checked))

    def provenance(self, what: str) -> str:
        """The name of a line of provenance; a table of a release keeps its own."""
        return str(self.texts["provenance_lines"].get(what, what))

    def step(self, text: str) -> str:
        """A heading of the explanation tree in plain words; a condition's own text as it is."""
        return str(self.texts["steps"].get(text, text))


@cache
def words(language: str = "en", folder: Path = FOLDER) -> Words:
    """The words of a language, rules' own from a folder of programs. Raises UnknownLanguage."""
    if language not in LANGUAGES:
        listed = ", ".join(LANGUAGES)
        raise UnknownLanguage(f"There are no words in {language!r} yet. There are: {listed}.")
    text = resources.files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    return Words(language, yaml.safe_load(text)[language], folder)


def share(part: int, whole: int) -> str:
    """A share in percent, never rounded to nothing or to everything: `<0.1%`, `>99.9%`."""
    if not whole:
        return "–"
    percent = 100 * part / whole
    if 0 < percent < 0.1:
        return "<0.1%"
    if 99.9 < percent < 100:
        return ">99.9%"
    return f"{percent:.1f}%"
