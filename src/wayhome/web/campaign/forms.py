"""The form by which an organization signs. It is public: nothing in it is believed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.core.validators import EmailValidator

from wayhome.sources.letters.one_line import signatory_of
from wayhome.web.campaign.choices import Kind
from wayhome.web.campaign.letters import CannotBe
from wayhome.web.campaign.models import LONGEST_NAME, Letter
from wayhome.web.campaign.plain_text import one_line
from wayhome.web.campaign.signing import Asking, check_name
from wayhome.web.campaign.wording import say

QUICKEST = timedelta(seconds=3)  # sooner, somebody is asked to press once more
_STAMP = TimestampSigner(salt="wayhome.campaign.form")
_LONGEST_OPEN = timedelta(hours=12)


class SignForm(forms.Form):
    """Labels and faults are in the language of the page. `is_robot`: answered, and not kept."""

    required_css_class = "required"
    name = forms.CharField(max_length=LONGEST_NAME)
    place = forms.CharField(max_length=120, required=False)
    kind = forms.ChoiceField(choices=(), required=False)
    signer = forms.CharField(max_length=120)
    email = forms.EmailField(max_length=254)
    is_organization = forms.BooleanField(required=False)
    website = forms.CharField(required=False)
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, letter: Letter, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.letter, self.language = letter, language
        self.is_robot, self.asks_whether_person = False, False
        for name, field in self.fields.items():
            self._word(name, field)
        kinds = [(kind.value, self._say(f"kind_{kind.value}")) for kind in Kind]
        self.fields["kind"].choices = [("", self._say("kind_none")), *kinds]  # type: ignore[attr-defined]
        self.fields["website"].label = self._say("trap")
        self.fields["website"].widget.attrs = {"tabindex": "-1", "autocomplete": "off"}
        autocompletes = {"name": "organization", "signer": "name", "email": "email"}
        for name, value in autocompletes.items():
            self.fields[name].widget.attrs["autocomplete"] = value
        self.new_stamp = _STAMP.sign(str(letter.pk))

    def _say(self, key: str) -> str:
        return say(self.language, f"sign.{key}")

    def _word(self, name: str, field: forms.Field) -> None:
        if name in ("website", "opened"):
            return
        field.label = self._say(name)
        if name in ("name", "place", "signer"):
            field.help_text = self._say(f"{name}_help")
        fault = {"email": "fault_email", "signer": "fault_signer"}.get(name, "fault_name")
        field.error_messages |= {
            "required": self._say(fault),
            "invalid": self._say(fault),
            "max_length": self._say("fault_long"),
            "invalid_choice": self._say("fault_kind"),
        }
        for check in field.validators:
            if isinstance(check, EmailValidator):
                check.message = self._say("fault_email")
            elif hasattr(check, "limit_value"):
                check.message = self._say("fault_long")

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        try:
            check_name(name)
        except CannotBe as why:
            raise forms.ValidationError(self._say(f"fault_{why}")) from None
        return name

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        self.is_robot = bool(told.get("website"))
        if self._was_too_quick() and not self.is_robot:
            self.new_stamp = told["opened"]  # sent once more it is old enough
            self.add_error(None, self._say("fault_quick"))
        if told.get("name") and not told.get("is_organization"):
            self.asks_whether_person = signatory_of(1, told["name"]).person is not None
            if self.asks_whether_person and not self.is_robot:
                self.add_error("name", self._say("fault_person"))
        return told

    def _was_too_quick(self) -> bool:
        """Whether it came back sooner than most write. One that lay for long is sent anew."""
        stamp = self.cleaned_data.get("opened") or ""
        try:
            if _STAMP.unsign(stamp, max_age=_LONGEST_OPEN) != str(self.letter.pk):
                raise BadSignature
        except BadSignature:
            self.add_error(None, self._say("fault_stale"))
            return False
        try:
            _STAMP.unsign(stamp, max_age=QUICKEST)
        except SignatureExpired:
            return False
        return True

    def asking(self) -> Asking:
        """What the form says, once it is valid."""
        told = self.cleaned_data
        return Asking(
            name=told["name"],
            place=one_line(told["place"]),
            kind=told["kind"],
            signer=one_line(told["signer"]),
            email=told["email"].strip(),
            language=self.language,
        )
