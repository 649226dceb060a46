"""Forms of organizers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from wayhome.public_record.demands.built_in import built_in_demands
from wayhome.public_record.series import every_series
from wayhome.web.campaign.choices import TARGETS, WAYS, Kind
from wayhome.web.campaign.letters import FIXED, WHY_FIXED, WHY_SAID, CannotBe, check_day
from wayhome.web.campaign.models import LONGEST_NAME, LONGEST_TEXT, Letter

_SAID_IN_TIME = "It can be corrected. The letter was taken in as one that was sent, and stays so."
_SAID_TOO_LATE = "It was empty when the letter was opened here, and stays so."
# No figure of the public record comes near it, nor does a share or a sum of any.
MOST_PEOPLE = 1e9
_DAY = forms.DateInput(attrs={"type": "date"})


class LetterForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is about a letter."""

    class Meta:
        model = Letter
        fields = ("title", "recipient", "slug", "order", "deadline", "contact", "signers_said")
        labels = {
            "title": "Title",
            "recipient": "To whom",
            "slug": "Short name, for its address",
            "order": "Signatories stand",
            "deadline": "Last day to sign",
            "contact": "Address of mail that everybody sees",
            "signers_said": "How many signers the letter itself says that it has",
        }
        help_texts = {
            "slug": "Small letters, digits and hyphens. It stays once the letter is open.",
            "deadline": "To the end of that day in Washington.",
            "contact": "Whoever finds their organization named by mistake writes there.",
            "signers_said": "Only for a letter that was sent before it came in here.",
        }
        widgets = {"deadline": _DAY}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deadline"].required = False
        if self.instance.opened_at is not None:
            for name in FIXED:
                self.fields[name].widget.attrs["readonly"] = True
                self.fields[name].help_text = "It was signed with the text, and stays as it is."
            said, was_sent = self.fields["signers_said"], self.instance.was_sent_before
            said.widget.attrs["readonly"] = not was_sent
            said.help_text = _SAID_IN_TIME if was_sent else _SAID_TOO_LATE

    def clean_deadline(self) -> date | None:
        told: date | None = self.cleaned_data["deadline"]
        try:
            check_day(told)
        except CannotBe as why:
            raise forms.ValidationError(str(why)) from None
        return told

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.opened_at is None:
            return told
        for name in FIXED:
            if name in told and told[name] != self.initial[name]:
                self.add_error(name, WHY_FIXED)
        if bool(told.get("signers_said")) != bool(self.initial["signers_said"]):
            self.add_error("signers_said", WHY_SAID)
        return told


class TextForm(forms.Form):
    """A text of a letter."""

    text = forms.CharField(
        label="The text",
        help_text="Markdown: # before a heading, - before an item, **strong**, [words](address).",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 22}),
    )
    why = forms.CharField(
        label="Why it changes",
        help_text="Everybody reads this beside what changed.",
        max_length=500,
        required=False,
    )


class DateForm(forms.Form):
    """The letter's date. It is entered with where it is known from, or left open."""

    dated = forms.DateField(label="Date of the letter", widget=_DAY, required=False)
    known_from = forms.CharField(
        label="Known from",
        help_text="A page, a copy of the letter. Everybody reads this beside the date.",
        max_length=500, required=False,
    )  # fmt: skip
    sent_before = forms.BooleanField(
        label="It was sent before it came in here",
        help_text="To be ticked for a date before the first text was opened here.",
        required=False,
    )


class SignatureForm(forms.Form):
    """How an organization is printed."""

    name = forms.CharField(label="Name, exactly as it is printed", max_length=LONGEST_NAME)
    place = forms.CharField(label="Place", max_length=120, required=False)
    kind = forms.ChoiceField(
        label="It works", required=False, choices=[("", "nobody has said"), *Kind.choices]
    )


class SignerForm(forms.Form):
    """Whoever signs for an organization that came from a list, so that they can be asked."""

    name = forms.CharField(label="Who signs for it", max_length=120)
    email = forms.EmailField(label="Their e-mail address", max_length=254)


class PasteForm(forms.Form):
    """A list from anywhere."""

    text = forms.CharField(
        label="The list",
        help_text=(
            "From an e-mail, a page, a table or a whole letter. Bullets, numbers and blank lines "
            "may stay. Nothing is taken in before you have seen what was read."
        ),
        max_length=300_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    how_known = forms.CharField(
        label="How you know that these organizations sign",
        help_text="For instance: the letter as it was published, with its address.",
        max_length=300,
    )
    lines = forms.RegexField(
        r"^\s*\d+\s*-\s*\d+\s*$",
        label="Where the list stands, if it is not found",
        help_text="From which line to which, like 37-139.",
        required=False,
        error_messages={"invalid": "Two numbers of lines, like 37-139."},
    )


class DemandForm(forms.Form):
    """A demand, and by which number it is told."""

    words = forms.CharField(label="The demand", max_length=500)
    words_es = forms.CharField(label="The same in Spanish", max_length=500, required=False)
    slug = forms.SlugField(label="Short name, for its address", max_length=60)
    owner = forms.CharField(
        label="Who looks after it",
        help_text="Everybody sees it on the public page: leave it empty if that is not meant.",
        max_length=120,
        required=False,
    )
    known_as = forms.ChoiceField(
        label="It is one of the demands whose measure is built in", required=False
    )
    series = forms.ChoiceField(label="Else: the figures that tell it", required=False)
    direction = forms.ChoiceField(
        label="Which way", required=False, choices=[("", "not chosen"), *WAYS]
    )
    target = forms.FloatField(
        label="The target", required=False, min_value=-MOST_PEOPLE, max_value=MOST_PEOPLE
    )
    target_is = forms.ChoiceField(label="The target is", choices=TARGETS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        built_in = [(one.id, one.words["en"]) for one in built_in_demands().values()]
        self.fields["known_as"].choices = [("", "no"), *built_in]  # type: ignore[attr-defined]
        series = [(id, one.title["en"]) for id, one in every_series().items()]
        self.fields["series"].choices = [("", "none: no figure tells it"), *series]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        measured = [told.get("series"), told.get("direction"), told.get("target") is not None]
        if told.get("known_as") and any(measured):
            raise forms.ValidationError(
                "It is measured as the built-in demand, or by figures of its own, not both: leave "
                "one of them empty."
            )
        if any(measured) and not all(measured):
            raise forms.ValidationError(
                "A measure needs all three: the figures, which way, and the target."
            )
        return told


class EvidenceForm(forms.Form):
    """What bears on a demand."""

    on = forms.DateField(label="Day", widget=_DAY)
    source = forms.CharField(
        label="Source", help_text="A title and an address, so that anybody can check.",
        max_length=500,
    )  # fmt: skip
    quote = forms.CharField(
        label="Quote", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    file = forms.FileField(
        label="or a file", help_text="A PDF or a picture of at most 5 MB.", required=False
    )


class NoteForm(forms.Form):
    """A note beside a status; it changes nothing of it."""

    on = forms.DateField(label="Day", widget=_DAY)
    text = forms.CharField(label="Note", max_length=1000)
