"""The form of one step: who does it, until when, and what is known of it."""

from __future__ import annotations

from typing import Any

from django import forms

from wayhome.web.accounts.models import Membership, User
from wayhome.web.accounts.permissions import Deed, may
from wayhome.web.journey.models import Step


class StepForm(forms.Form):
    owner = forms.ChoiceField(required=False, label="Who does it")
    due = forms.DateField(
        required=False, label="Until when", widget=forms.DateInput(attrs={"type": "date"})
    )
    details = forms.CharField(
        required=False,
        max_length=4000,
        label="What is known",
        help_text="A flight, a name, a number to call. Sealed with the case.",
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(self, member: Membership, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(m.user_id): m.user for m in _who_may(member)}
        choices = [("", "nobody yet"), *((pk, user.name) for pk, user in self.people.items())]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]

    @classmethod
    def of(cls, member: Membership, step: Step) -> StepForm:
        due = step.due.isoformat() if step.due else ""
        initial = {"owner": str(step.owner_id or ""), "due": due, "details": step.details}
        return cls(member, initial=initial)

    def owner_chosen(self) -> User | None:
        return self.people.get(self.cleaned_data["owner"])


def _who_may(member: Membership) -> list[Membership]:
    others = member.organization.memberships.filter(is_active=True).select_related("user")
    return [m for m in others.order_by("user__name") if may(m, Deed.CHANGE_CASE)]
