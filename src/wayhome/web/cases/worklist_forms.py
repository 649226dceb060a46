"""The filters of the worklist, and the box of the search."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError

from wayhome.engine.outcomes import OUTCOME_WORDS
from wayhome.programs import rulebook
from wayhome.report.words import words
from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, may
from wayhome.web.cases.models import State
from wayhome.web.cases.partial_dates import year_alone
from wayhome.web.cases.search import opened_text, sealed_text
from wayhome.web.cases.worklist import ALL, ME, NOBODY, OPEN
from wayhome.words import LANGUAGES

_DAYS = {"7": "in 7 days", "30": "in 30 days", "90": "in 90 days"}


class FilterForm(forms.Form):
    """What of the worklist is shown. `query` is what stands in the address, the text sealed."""

    state = forms.ChoiceField(required=False, label="State")
    assigned = forms.ChoiceField(required=False, label="Assigned to")
    within = forms.ChoiceField(
        required=False, label="Deadline", choices=[("", "any"), *_DAYS.items()]
    )
    language = forms.ChoiceField(required=False, label="Language")
    program = forms.ChoiceField(required=False, label="Program")
    outcome = forms.ChoiceField(
        required=False, label="Outcome", choices=[("", "any"), *OUTCOME_WORDS.items()]
    )
    text = forms.CharField(
        required=False, max_length=100, label="Name, birth date, A-number or code"
    )
    emergency = forms.BooleanField(required=False, label="Emergencies only")
    late = forms.BooleanField(
        required=False, label="Late only: those that should have left their state by now"
    )

    def __init__(self, data: Any, member: Membership) -> None:
        super().__init__(data)
        self.member = member
        said = words()
        states = [(OPEN, "open"), (ALL, "all"), *State.choices]
        self._choose("state", states)
        self._choose("assigned", [("", "anybody"), *_people(member)])
        languages = [(code, language.english_name) for code, language in LANGUAGES.items()]
        self._choose("language", [("", "any"), *languages])
        programs = [(name, said.program(name)) for name in rulebook().programs]
        self._choose("program", [("", "any"), *programs])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(found.get("program")) != bool(found.get("outcome")):
            missing = "outcome" if found.get("program") else "program"
            self.add_error(missing, "Choose a program and an outcome together.")
        return found

    def clean_text(self) -> str:
        return _no_year_alone(self.cleaned_data["text"])

    def query(self) -> str:
        """The filters as an address says them."""
        chosen = {k: v for k, v in self.cleaned_data.items() if v}
        if text := chosen.get("text"):
            chosen["text"] = sealed_text(self.member.organization_id, text)
        chosen |= {box: "1" for box in ("emergency", "late") if box in chosen}
        return urlencode(chosen)


def filters_of(query: Any) -> dict[str, Any]:
    """The filters in an address; open cases where it says nothing of a state."""
    names = FilterForm.base_fields
    found = {name: query[name] for name in names if query.get(name)}
    return {"state": OPEN, **found}


def shown_form(query: Any, member: Membership) -> FilterForm:
    """The form with what an address says, the text opened for the eyes of whoever sealed it."""
    values = filters_of(query)
    if "text" in values:
        values["text"] = opened_text(member.organization_id, values["text"])
    return FilterForm(values, member)


def _people(member: Membership) -> list[tuple[str, str]]:
    found = [(ME, "me"), (NOBODY, "nobody")]
    if may(member, Deed.ASSIGN):
        others = member.organization.memberships.filter(is_active=True).select_related("user")
        able = (m for m in others.order_by("user__name") if may(m, Deed.CHANGE_CASE))
        found += [(str(m.user_id), str(m.user)) for m in able]
    return found


class SearchForm(forms.Form):
    text = forms.CharField(
        max_length=100,
        label="Name, birth date, A-number or case code",
        help_text="In any script or spelling: Mohamed finds محمد. A date as 1990-12-31.",
    )

    def clean_text(self) -> str:
        return _no_year_alone(self.cleaned_data["text"])


def _no_year_alone(text: str) -> str:
    """People are found by a whole birth date: no part of one is kept where it could be searched."""
    if year_alone(text.strip()):
        raise ValidationError(
            "A year alone finds nobody: write the whole birth date, as 1990-12-31."
        )
    return text


class SaveViewForm(forms.Form):
    name = forms.CharField(max_length=60, label="Name of this view")
    query = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)
