"""The forms of a case's panels."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError

from wayhome.sources.case_files.answers import NotAnAnswer, read_date
from wayhome.web.accounts.models import Membership
from wayhome.web.accounts.permissions import Deed, may
from wayhome.web.casework.actions import LONGEST_TEXT
from wayhome.words import LANGUAGES

_TYPED = {"autocomplete": "off", "dir": "auto"}
CHANNELS = {
    "call": "Phone call",
    "whatsapp": "WhatsApp",
    "signal": "Signal",
    "sms": "Text message",
    "email": "Email",
    "none": "No call, no letter: only messages on their page",
}
HOURS_FROM = [(h, f"{h:02}:00") for h in range(24)]
HOURS_TO = [(h, f"{h:02}:00") for h in range(1, 25)]


def _line(label: str, *, required: bool = False, longest: int = 200, hint: str = "") -> Any:
    return forms.CharField(
        required=required,
        max_length=longest,
        label=label,
        help_text=hint,
        widget=forms.TextInput(attrs=_TYPED),
    )


def _text(label: str, hint: str = "") -> Any:
    return forms.CharField(
        max_length=LONGEST_TEXT,
        label=label,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


class MessageForm(forms.Form):
    text = _text("Message to the applicant", "They see it when they open their case.")


class NoteForm(forms.Form):
    text = _text("Note")
    for_whom = forms.ChoiceField(
        choices=[("team", "The team only"), ("applicant", "The applicant sees it too")],
        widget=forms.RadioSelect,
        label="Who sees it",
    )


class TaskForm(forms.Form):
    what = _line("What is to be done", required=True, longest=500)
    due = forms.CharField(
        required=False,
        max_length=10,
        label="Due",
        help_text="As 2026-12-31.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    owner = forms.ChoiceField(required=False, label="Who does it")

    def __init__(self, *args: Any, members: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(m.user_id): m for m in members}
        names = [(key, str(m.user)) for key, m in self.members.items()]
        self.fields["owner"].choices = [("", "Nobody yet"), *names]  # type: ignore[attr-defined]

    def clean_due(self) -> date | None:
        text = self.cleaned_data["due"].strip()
        try:
            return read_date(text) if text else None
        except NotAnAnswer as error:
            raise ValidationError(error.told("Leave it empty if there is none.")) from error

    def clean_owner(self) -> Membership | None:
        return self.members.get(self.cleaned_data["owner"])


def task_owners(member: Membership) -> list[Membership]:
    """Whom a task can be given to."""
    others = member.organization.memberships.filter(is_active=True).select_related("user")
    return [m for m in others.order_by("user__name") if may(m, Deed.CHANGE_CASE)]


class ContactForm(forms.Form):
    name = _line("Name of this person", required=True)
    relation = _line("Who they are to the person", hint="As “the person themselves” or “sister”.")
    channel = forms.ChoiceField(choices=list(CHANNELS.items()), label="How to reach them")
    address = _line("Number or address")
    time_zone = forms.ChoiceField(label="Their time zone")
    from_hour = forms.TypedChoiceField(choices=HOURS_FROM, coerce=int, label="Safe from")
    to_hour = forms.TypedChoiceField(choices=HOURS_TO, coerce=int, label="Safe until")
    code_word = _line("Code word", hint="Say it first, so that they know who calls.")
    may_leave_message = forms.ChoiceField(
        choices=[("no", "No, leave no message"), ("yes", "Yes")],
        widget=forms.RadioSelect,
        label="May a message be left?",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(z for z in available_timezones() if "/" in z and not z.startswith("Etc/"))
        choices = [("", "Choose"), ("UTC", "UTC"), *((z, z.replace("_", " ")) for z in zones)]
        self.fields["time_zone"].choices = choices  # type: ignore[attr-defined]
        for name in ("from_hour", "to_hour"):
            field: Any = self.fields[name]
            field.choices = [("", "Choose"), *field.choices]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("channel") != "none" and not found.get("address"):
            self.add_error(
                "address", "Write the number or address, or choose “No call, no letter”."
            )
        hours = found.get("from_hour"), found.get("to_hour")
        if None not in hours and hours[0] == hours[1]:
            self.add_error("to_hour", "Safe hours begin and end at different hours.")
        found["may_leave_message"] = found.get("may_leave_message") == "yes"
        return found


class HouseholdForm(forms.Form):
    name = _line("Name", required=True)
    relation = _line("Who they are to the person", hint="As “daughter”.")
    birth_year = forms.RegexField(
        r"^(19|20)\d\d$",
        required=False,
        label="Year of birth",
        error_messages={"invalid": "Write a year, as 2012."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    where = _line("Where they live now")


class ConsentForm(forms.Form):
    words = forms.ChoiceField(label="What they agreed to")
    language = forms.ChoiceField(
        choices=[(code, language.english_name) for code, language in LANGUAGES.items()],
        label="In which language it was said",
    )
    how = _line("How they agreed", required=True, hint="As “on the phone on May 3, read aloud”.")
    proxy = _line("Who agreed for them, if it was somebody else", hint="Name and relation.")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].choices = choices  # type: ignore[attr-defined]
