"""Translations in bulk: out as JSON lines for a translator, and back in, merged and never lost."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from wayhome.law.vocabulary import did_you_mean, nearest_spelling
from wayhome.words.catalogs import Translation, blanks
from wayhome.words.english import Text


@dataclass(frozen=True)
class Brought:
    """What a file of translations did to a catalog, and a sentence for each line refused."""

    entries: tuple[Translation, ...]
    taken: int
    refused: tuple[str, ...]


def exported(entries: Mapping[str, Translation], texts: Iterable[Text], missing: bool) -> list[str]:
    """A JSON object a line: `context`, `english`, `translation`, and what was there before.

    With `missing` only texts whose translation is missing or stale. `previous` is the translation
    of `previous_english`, the sentence as it was.
    """
    lines = []
    for text in texts:
        entry = entries.get(text.context, Translation(text.context, text.english))
        is_current = entry.is_current and entry.english == text.english
        if missing and is_current:
            continue
        line = {"context": text.context, "english": text.english}
        line["translation"] = entry.text if is_current else ""
        if entry.text and not is_current:
            line |= {"previous_english": entry.previous or entry.english, "previous": entry.text}
        lines.append(json.dumps(line, ensure_ascii=False) + "\n")
    return lines


def brought_in(
    entries: Iterable[Translation], lines: Iterable[str], texts: Iterable[Text], name: str
) -> Brought:
    """The entries (up to date) with the translations of a file put in.

    A line is refused, and says why, if its English is not the English of today, if its blanks
    differ, or if it would write over what somebody has signed. `signed` (`NAME DATE`) on a line
    signs the entry. An empty translation changes nothing.
    """
    found = {entry.context: entry for entry in entries}
    english = {text.context: text.english for text in texts}
    taken, refused = 0, []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            entry = _entry(line, english, found)
        except ValueError as error:
            refused.append(f"{name}, line {number}: {error}")
            continue
        if entry:
            found[entry.context] = entry
            taken += 1
    return Brought(tuple(found.values()), taken, tuple(refused))


def _entry(
    line: str, english: Mapping[str, str], found: Mapping[str, Translation]
) -> Translation | None:
    context, said, translation, signed = _fields(line)
    if context not in english:
        hint = did_you_mean(nearest_spelling(context, english))
        raise ValueError(f"context: there is no text {context!r}.{hint}")
    if said != english[context]:
        raise ValueError(f"english: {context} is now {english[context]!r}; translate that.")
    if not translation:
        return None
    if blanks(translation) != blanks(said):
        wanted = ", ".join(blanks(said)) or "none"
        raise ValueError(f"translation: {context} must keep the blanks of the English ({wanted}).")
    old = found[context]
    if old.signed and translation != old.text and not signed:
        raise ValueError(
            f"translation: {context} was signed by {old.signed}; a line that changes it needs "
            "signed: the name and the date of who read the new one."
        )
    kept = signed or (old.signed if translation == old.text else "")
    return replace(old, text=translation, previous="", is_stale=False, signed=kept)


def _fields(line: str) -> Iterator[str]:
    """Context, English, translation and signature of a line."""
    try:
        content = json.loads(line)
    except ValueError as error:
        raise ValueError(f"this is not JSON: {error}.") from error
    if not isinstance(content, dict):
        raise ValueError("this is no JSON object with context, english and translation.")
    for field in ("context", "english", "translation", "signed"):
        value = content.get(field, "" if field == "signed" else None)
        if not isinstance(value, str):
            raise ValueError(f"{field}: it must be there, and a text.")
        yield " ".join(value.split())
