"""Forms about accounts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from wayhome.web.accounts.models import Organization, Role, User


class InvitationForm(forms.Form):
    email = forms.EmailField(label="Their email address", help_text="It is their sign-in name.")
    role = forms.ChoiceField(label="What they do", choices=Role.choices, initial=Role.CASEWORKER)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="What they do", choices=Role.choices)


class PasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label="A new password",
        help_text="At least 12 characters: four or five words that do not belong together.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=200,
    )
    again = forms.CharField(
        label="The same password again",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=200,
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        self.email = email
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.email))
        return password

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "password" in said and said["password"] != said.get("again"):
            self.add_error("again", "The two passwords are not the same.")
        return said


class NewAccountForm(PasswordForm):
    name = forms.CharField(
        label="Your name, as your team knows you",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "password", "again")


class SettingsForm(forms.ModelForm):
    class Meta:
        model = Organization
        fields = ("name", "months_kept", "takes_applications")

    name = forms.CharField(label="What the organization is called", max_length=200)
    months_kept = forms.IntegerField(
        label="Months for which a case is kept after its last step",
        min_value=1,
        max_value=600,
        help_text="Before a case is erased, a lead is told and has to agree.",
    )
    takes_applications = forms.TypedChoiceField(
        label="Applications by the portal",
        coerce=lambda said: said == "True",
        choices=((True, "Yes, people may choose us"), (False, "No, by phone and referral only")),
        help_text="Whoever asks for help chooses among all that say yes.",
    )
