"""The languages in which the law is told."""

from __future__ import annotations

from dataclasses import dataclass

from wayhome.law.vocabulary import did_you_mean, nearest_spelling

ENGLISH = "en"


@dataclass(frozen=True)
class Language:
    """One language: its code (ISO 639-1), its name in English and in itself, how it is written."""

    code: str
    english_name: str
    own_name: str
    direction: str = "ltr"


LANGUAGES = {
    language.code: language
    for language in (
        Language(ENGLISH, "English", "English"),
        Language("es", "Spanish", "Español"),
        Language("ht", "Haitian Creole", "Kreyòl ayisyen"),
        Language("fr", "French", "Français"),
        Language("pt", "Portuguese", "Português"),
        Language("ar", "Arabic", "العربية", "rtl"),
    )
}
TRANSLATIONS = tuple(code for code in LANGUAGES if code != ENGLISH)


class UnknownLanguage(ValueError):
    """There are no words in this language."""


def language_of(code: str) -> Language:
    """A language by its code. Raises UnknownLanguage with the nearest code or name."""
    if code in LANGUAGES:
        return LANGUAGES[code]
    by_name = {language.english_name: language.code for language in LANGUAGES.values()}
    near = nearest_spelling(code, by_name) or nearest_spelling(code, LANGUAGES)
    hint = did_you_mean(by_name.get(near, near) if near else None)
    listed = ", ".join(LANGUAGES)
    raise UnknownLanguage(f"There are no words in {code!r}.{hint} There are: {listed}.")
