"""The names of countries and courts behind the codes that a docket is counted by."""

from __future__ import annotations

from wayhome.report.words import Words
from wayhome.sources.case_files.countries import country_names
from wayhome.sources.eoir.codes import courts


def group_label(group: str, label: str | None, words: Words) -> str:
    """A nationality, a court or a year as a reader knows it; a code without a name stays a code."""
    if label is None:
        return words.say("not_known")
    if group == "nationality":
        english, spanish = country_names().get(label, (label, label))
        return spanish if words.language == "es" else english
    return _court_name(label) if group == "court" else label


def _court_name(code: str) -> str:
    court = courts().get(code)
    return f"{court.place} ({code})" if court else code
