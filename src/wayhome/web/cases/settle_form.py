"""The form in which somebody settles which of several statements counts, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from wayhome.web.cases.case_page import shown
from wayhome.web.cases.models import Source, Statement


class SettleForm(forms.Form):
    """`statement` comes out as one of those that can be chosen."""

    def __init__(
        self, choices: Sequence[Statement], edition: int, data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={"edition": edition}, prefix="settle")
        self.by_id = {str(said.pk): said for said in choices}
        self.fields["statement"] = forms.ChoiceField(
            label="What counts",
            choices=[(pk, _described(said)) for pk, said in self.by_id.items()],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose which statement counts."},
        )
        self.fields["why"] = forms.CharField(
            label="Why",
            help_text="For whoever reads this later: what you saw or asked that decides it.",
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 2}),
            error_messages={"required": "Write why this counts and not the other."},
        )
        self.fields["edition"] = forms.IntegerField(widget=forms.HiddenInput)

    def clean_statement(self) -> Statement:
        return self.by_id[self.cleaned_data["statement"]]


def _described(said: Statement) -> str:
    """A statement in a line: 2019-05-01, says a record (May 3, 2021)."""
    by = Source(said.source).label
    return (
        f"{shown(said).text}, says {by} ({said.said_on:%b} {said.said_on.day}, {said.said_on.year})"
    )
