"""What each series of the record, and each field of a facility, is called."""

from __future__ import annotations

from wayhome.public_record.demands.wording import unit_word
from wayhome.public_record.series import every_series
from wayhome.web.observatory.wording import say, says


def series_name(series: str, language: str) -> str:
    """The name of a series in plain words; its id where none are written."""
    declared = every_series().get(series)
    return declared.title[language] if declared else series.replace("_", " ").capitalize()


def unit_name(unit: str, language: str) -> str:
    """A unit in plain words."""
    return unit_word(unit, language)


def field_name(field: str, language: str) -> str:
    """The name of a field of a facility in plain words."""
    key = f"fields.{field}"
    return say(language, key) if says(key) else field.replace("_", " ")
