"""The form for whom a case is about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from wayhome.law.days_to_come import why_not_to_come
from wayhome.sources.case_files.answers import NotAnAnswer, read_date
from wayhome.web.cases.models import Case
from wayhome.web.cases.partial_dates import year_alone
from wayhome.web.cases.people_around import other_names_of
from wayhome.web.cases.search import digits_of

_TYPED = {"autocomplete": "off"}
ONLY_YEAR = (
    "A year alone cannot stand here. Leave this as it was, and state the year as a fact of the "
    "case: “State a fact”, date of birth."
)


class PersonForm(forms.Form):
    name = forms.CharField(
        max_length=200,
        label="Name",
        help_text="In any script, all surnames.",
        widget=forms.TextInput(attrs={**_TYPED, "dir": "auto"}),
    )
    other_names = forms.CharField(
        required=False,
        max_length=500,
        label="Other names and spellings",
        help_text="One in a line.",
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    birth_date = forms.CharField(
        required=False,
        max_length=10,
        label="Birth date",
        help_text="As 1990-12-31; or 1990-12 where only the month is known.",
        widget=forms.TextInput(attrs=_TYPED),
    )
    a_number = forms.CharField(
        required=False,
        max_length=20,
        label="A-number",
        help_text="Eight or nine digits, with or without the A.",
        widget=forms.TextInput(attrs={**_TYPED, "inputmode": "numeric"}),
    )
    where = forms.CharField(
        required=False,
        max_length=200,
        label="Where the person is now",
        widget=forms.TextInput(attrs=_TYPED),
    )
    edition = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def of(cls, case: Case) -> PersonForm:
        """The form with what is kept of a case's person."""
        person = case.person
        return cls(
            initial={
                "name": person.name,
                "other_names": "\n".join(other_names_of(person)),
                "birth_date": person.birth_date,
                "a_number": person.a_number,
                "where": person.where,
                "edition": case.edition,
            }
        )

    def clean_birth_date(self) -> str:
        text = self.cleaned_data["birth_date"].strip()
        if not text:
            return ""
        if year_alone(text):
            raise ValidationError(ONLY_YEAR)
        try:
            born = read_date(text)
        except NotAnAnswer as error:
            raise ValidationError(error.told("Leave it empty if it is not known.")) from error
        if wrong := why_not_to_come("birth_date", born, timezone.now().date()):
            raise ValidationError(wrong)
        return born.isoformat()

    def clean_a_number(self) -> str:
        text = self.cleaned_data["a_number"].strip()
        digits = digits_of(text)
        if text and len(digits) != 9:
            raise ValidationError(f"This has {len(digits)} digits; an A-number has eight or nine.")
        return digits

    def person(self) -> dict[str, Any]:
        """The fields of Person."""
        return {k: v for k, v in self.cleaned_data.items() if k != "edition"}
