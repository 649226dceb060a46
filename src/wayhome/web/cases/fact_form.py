"""The form in which a fact is stated: a widget for its type, and always two ways not to answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from wayhome.law.days_to_come import why_not_to_come, year_to_come
from wayhome.law.vocabulary import Fact, FactType, Value
from wayhome.sources.case_files.answers import NotAnAnswer, answer_reader
from wayhome.sources.case_files.countries import country_names
from wayhome.web.cases.facts import Answer, NoAnswer
from wayhome.web.cases.models import Source
from wayhome.web.cases.partial_dates import year_alone, year_note

UNKNOWN, DECLINED = "?unknown", "?declined"
_NO_ANSWERS = {UNKNOWN: NoAnswer.UNKNOWN, DECLINED: NoAnswer.DECLINED}
_NO_ANSWER_CHOICES = [(UNKNOWN, "Does not know"), (DECLINED, "Would rather not say")]
_HINTS = {
    FactType.DATE: "As 2019-05-31; or 2019-05, or 2019, where no more of it is known.",
    FactType.DATETIME: "As 2019-05-31 14:30, the local time of the place.",
    FactType.INT: "A whole number.",
}
# Up to this many words of a category are shown side by side; more are a list to open.
_MOST_RADIOS = 5


class FactForm(forms.Form):
    """One statement of a fact. `answer` comes out as a value of the fact, or a NoAnswer."""

    def __init__(
        self,
        fact: Fact,
        data: Mapping[str, Any] | None = None,
        *,
        may_speak_as: list[str],
        today: date,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"said_on": today.isoformat(), **(initial or {})})
        self.fact, self.today = fact, today
        self.fields.update(_answer_fields(fact))
        sources = [choice for choice in Source.choices if choice[0] in may_speak_as]
        self.fields["source"] = forms.ChoiceField(
            choices=sources, widget=forms.RadioSelect, label="Who says so?"
        )
        self.fields["said_on"] = forms.DateField(
            label="Said, or written, on",
            help_text="As 2019-05-31.",
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
        self.fields["note"] = forms.CharField(
            required=False,
            max_length=500,
            label="Where it stands, or how they said it",
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields["edition"] = forms.IntegerField(widget=forms.HiddenInput)

    def clean_answer(self) -> Answer | None:
        said = self.cleaned_data["answer"].strip()
        if said in _NO_ANSWERS:
            return _NO_ANSWERS[said]
        if year := self._year(said):
            if wrong := year_to_come(self.fact.name, year, self.today):
                raise ValidationError(wrong)
            return NoAnswer.UNKNOWN
        try:
            found = answer_reader(self.fact)(said) if said else None
        except NotAnAnswer as error:
            raise ValidationError(error.told("If it is not known, say so below.")) from error
        if wrong := why_not_to_come(self.fact.name, found, self.today):
            raise ValidationError(wrong)
        return found

    def _year(self, said: str) -> int | None:
        """The year, where no more than that is said of a day."""
        return year_alone(said) if self.fact.type in (FactType.DATE, FactType.DATETIME) else None

    def clean_said_on(self) -> date:
        day: date = self.cleaned_data["said_on"]
        if day > self.today:
            raise ValidationError(f"{day} has not come yet. Write the day on which it was said.")
        return day

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        instead = found.get("instead")
        answer = found.get("answer")
        if "answer" in self.errors:
            return found
        typed = str(self.data.get(self.add_prefix("answer"), "")).strip()
        if year := self._year(typed):
            found["note"] = year_note(year, found.get("note", ""))
        if instead and answer is not None:
            self.add_error("answer", "There is an answer and a reason for none. Leave one of them.")
        elif instead:
            found["answer"] = _NO_ANSWERS[instead]
        elif answer is None:
            self.add_error("answer", "Write an answer, or say why there is none.")
        return found


def _answer_fields(fact: Fact) -> dict[str, forms.Field]:
    """A choice holds the two ways not to answer; beside a text they have a field of their own."""
    hint = fact.help or _HINTS.get(fact.type, "")
    if choices := _choices(fact):
        many = len(choices) > _MOST_RADIOS + len(_NO_ANSWER_CHOICES)
        widget = forms.Select if many else forms.RadioSelect
        shown = [*([("", "Choose")] if many else []), *choices]
        answer = forms.ChoiceField(
            choices=shown, widget=widget, label="Answer", help_text=hint, required=False
        )
        return {"answer": answer}
    return {
        "answer": forms.CharField(
            required=False,
            max_length=200,
            label="Answer",
            help_text=" ".join(filter(None, [fact.help, _HINTS.get(fact.type, "")])),
            widget=forms.TextInput(attrs=_typing(fact)),
        ),
        "instead": forms.ChoiceField(
            required=False,
            choices=_NO_ANSWER_CHOICES,
            widget=forms.RadioSelect,
            label="Or no answer",
        ),
    }


def _typing(fact: Fact) -> dict[str, str]:
    keyboard = {"inputmode": "numeric"} if fact.type is FactType.INT else {}
    return {"autocomplete": "off", **keyboard}


def _choices(fact: Fact) -> list[tuple[str, str]]:
    if fact.type is FactType.BOOL:
        return [("yes", "Yes"), ("no", "No"), *_NO_ANSWER_CHOICES]
    if fact.type is FactType.CATEGORY:
        # With a capital, as the hint beside it begins.
        words = ((word, capfirst(in_words(word))) for word in fact.values)
        return [*words, *_NO_ANSWER_CHOICES]
    if fact.type is FactType.CODE and fact.unit.startswith("ISO 3166-1"):
        names = ((code, english) for code, (english, _) in country_names().items())
        by_name = sorted(names, key=lambda pair: pair[1])
        return [*by_name, *_NO_ANSWER_CHOICES]
    return []


def in_words(word: str) -> str:
    """A value of a category as people write it."""
    return _WRITTEN.get(word, word.replace("_", " "))


# Values that are not their own words with spaces between.
_WRITTEN = {
    "administrative_238b": "administrative removal, INA 238(b)",
    "bona_fide": "found “bona fide”",
    "cbp_one": "CBP One",
    "dui_without_intent": "DUI without intent",
    "eligible_not_requested": "eligible, not requested",
    "old_plea_212c": "old plea, former INA 212(c)",
    "remain_in_mexico": "Remain in Mexico (MPP)",
    "s_t_or_u": "S, T or U visa",
    "title_42": "Title 42",
}


def value_text(fact: Fact, value: Value) -> str:
    """A value as a page of staff writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if fact.type is FactType.CATEGORY:
        return in_words(str(value))
    if fact.type is FactType.CODE and str(value) in country_names():
        return f"{country_names()[str(value)][0]} ({value})"
    return str(value)
