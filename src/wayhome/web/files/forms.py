"""The forms for a document and for a new version of it."""

from __future__ import annotations

from django import forms

from wayhome.web.cases.documents import KINDS, LONGEST_TITLE

ACCEPT = "application/pdf,image/*,.pdf,.docx,.xlsx"


class DocumentForm(forms.Form):
    file = forms.FileField(
        label="File",
        max_length=500,
        help_text="A PDF, a photo, a Word or an Excel file, up to 25 MB. A photo is made a PDF; "
        "where and when it was taken is not kept.",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    title = forms.CharField(
        max_length=LONGEST_TITLE,
        label="What it is",
        help_text="As “Order of March 3, 2019”, in any language.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    kind = forms.ChoiceField(choices=list(KINDS.items()), label="Kind", initial="other")


class VersionForm(forms.Form):
    file = forms.FileField(
        label="New version",
        max_length=500,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
