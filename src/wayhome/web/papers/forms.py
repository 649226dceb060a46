"""The forms of papers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from wayhome.web.cases.models import Document
from wayhome.web.papers.models import PaperWords

_LONGEST_ACCOUNT = 60_000
_AUTO = {"dir": "auto", "autocomplete": "off"}
WORDS = {
    "own_words": ("The person's account, in their own words", "An empty line begins a paragraph."),
    "own_language": ("Language of the account", "As English names it: Haitian Creole."),
    "translation": ("The account in English", "Leave it empty where it was told in English."),
    "translator": ("Translator", ""),
    "counsel": ("Attorney or representative", ""),
    "counsel_address": ("Their address", ""),
    "court": ("Immigration court", ""),
}
_LONG = ("own_words", "translation")


class WordsForm(forms.Form):
    """What papers need besides the facts."""

    def __init__(self, data: Any = None, *, words: PaperWords | None = None) -> None:
        held = {name: getattr(words, name) for name in WORDS} if words else {}
        super().__init__(data, initial=held)
        for name, (label, help_text) in WORDS.items():
            widget = forms.Textarea({**_AUTO, "rows": 8}) if name in _LONG else None
            self.fields[name] = forms.CharField(
                required=False,
                max_length=_LONGEST_ACCOUNT if name in _LONG else 300,
                label=label,
                help_text=help_text,
                widget=widget or forms.TextInput(_AUTO),
            )


class ExhibitsForm(forms.Form):
    """A place for each document: 1 comes first; no number leaves it out."""

    def __init__(self, data: Any, *, documents: list[Document], chosen: list[Document]) -> None:
        places = {document.pk: place for place, document in enumerate(chosen, 1)}
        super().__init__(data)
        for document in documents:
            self.fields[f"place_{document.pk.hex}"] = forms.IntegerField(
                required=False,
                min_value=1,
                max_value=999,
                initial=places.get(document.pk),
                label=str(document.title),
                widget=forms.NumberInput({"inputmode": "numeric"}),
            )
        self.documents = documents

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        places = [place for place in found.values() if place]
        if len(places) != len(set(places)):
            raise ValidationError("Two documents have the same place. Give each its own number.")
        return found

    def in_order(self) -> list[Any]:
        """The ids of the documents that have a place, in the order of their places."""
        places = {d.pk: self.cleaned_data.get(f"place_{d.pk.hex}") for d in self.documents}
        return sorted((key for key, place in places.items() if place), key=lambda k: places[k] or 0)
