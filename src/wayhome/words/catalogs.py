"""The translations: a PO file a language, rewritten from the English without losing any.

PO is gettext's format, which translators and their tools know. Babel reads and writes the entries.
An entry is found by its context alone, so that a changed English sentence keeps its translation,
marked `fuzzy` (stale) with the English that was translated, until somebody looks at it again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, denormalize, generate_po, read_po

from wayhome.words.english import Text
from wayhome.words.languages import LANGUAGES

CATALOGS = Path(__file__).parent / "catalogs"
MACHINE = "machine, needs a human reader"
_SIGNED = "signed: "
_PREVIOUS = "| msgid "
_BLANK = re.compile(r"\{[^{}]*\}")
_NEVER_WRAPPED = 1_000_000
_HEADER = """\
# Wayhome's law in {name}, translated from the English beside the law.
# translated: {machine}
# An entry that somebody has read has the comment "signed: NAME DATE". See docs/how-to/translate.md.
msgid ""
msgstr ""
"Project-Id-Version: wayhome\\n"
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"X-Translated: {machine}\\n"

"""


class UnreadableCatalog(ValueError):
    """A file that is no PO file, with the line where reading stopped."""


@dataclass(frozen=True)
class Translation:
    """One entry of a catalog: the English and what it is in the other language.

    `text` is empty while missing. `previous` is the English that was translated, where that is no
    longer the English of today (the entry is stale). `signed` is who has read it, and when.
    """

    context: str
    english: str
    text: str = ""
    previous: str = ""
    signed: str = ""
    comments: tuple[str, ...] = ()
    is_stale: bool = False

    @property
    def is_current(self) -> bool:
        return bool(self.text) and not self.is_stale


def catalog_path(language: str, folder: Path = CATALOGS) -> Path:
    return folder / f"{language}.po"


def read_catalog(path: Path) -> dict[str, Translation]:
    """The entries by context; none where there is no file. Raises UnreadableCatalog, OSError."""
    return _parsed(path.read_bytes(), path.name) if path.exists() else {}


def rewrite(
    path: Path, change: Callable[[dict[str, Translation]], Iterable[Translation]]
) -> list[Translation]:
    """Read a catalog, change it, and put it back whole; again if it was changed meanwhile.

    Two people may so bring in translations at once. Raises UnreadableCatalog, OSError.
    """
    while True:
        before = path.read_bytes() if path.exists() else b""
        entries = list(change(_parsed(before, path.name)))
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_text(_written(entries, path.stem), encoding="utf-8")
        if (path.read_bytes() if path.exists() else b"") == before:
            os.replace(beside, path)  # noqa: PTH105
            return entries
        beside.unlink()


def brought_up_to_date(
    entries: Mapping[str, Translation], texts: Iterable[Text]
) -> Iterator[Translation]:
    """An entry for every English text, in that order, each with the translation there is.

    A text that moved within its page keeps its translation. Where the English changed, the old
    translation stays and is stale; a signature for it no longer counts.
    """
    by_english = {(_place(e.context), e.english): e for e in entries.values() if e.is_current}
    for text in texts:
        old = entries.get(text.context)
        moved = by_english.get((_place(text.context), text.english))
        if old and old.english == text.english and old.text:
            yield old
        elif moved:
            yield replace(moved, context=text.context)
        elif old and old.text:
            yield _stale(old, text)
        else:
            yield Translation(text.context, text.english)


def _place(context: str) -> str:
    """A page's texts may change places; a rule's and a fact's stand where they stand."""
    kind, name, *_ = context.split()
    return f"{kind} {name}" if kind == "page" else context


def _stale(old: Translation, text: Text) -> Translation:
    translated_from = old.previous or old.english
    is_stale = translated_from != text.english
    return replace(
        old,
        english=text.english,
        previous=translated_from if is_stale else "",
        signed="" if is_stale else old.signed,
        is_stale=is_stale,
    )


def catalog_faults(language: str, texts: Iterable[Text], folder: Path = CATALOGS) -> Iterator[str]:
    """A sentence for each thing that must not ship: missing, stale, of no English, other blanks."""
    path = catalog_path(language, folder)
    if not path.exists():
        yield f"{path.name}: there is no catalog of {LANGUAGES[language].english_name} yet."
        return
    entries = read_catalog(path)
    for text in texts:
        entry = entries.pop(text.context, None)
        if fault := _fault(entry, text):
            yield f"{path.name}: {text.context}: {fault}"
    for context in entries:
        yield f"{path.name}: {context}: there is no such English text; run wayhome words update."


def tally(entries: Mapping[str, Translation], texts: Sequence[Text]) -> tuple[int, int, int, int]:
    """How many texts are translated as they are now, stale, missing, and signed."""
    found = [entries[text.context] for text in texts if text.context in entries]
    english = {text.context: text.english for text in texts}
    current = [e for e in found if e.is_current and e.english == english[e.context]]
    with_text = sum(bool(entry.text) for entry in found)
    signed = sum(bool(entry.signed) for entry in current)
    return len(current), with_text - len(current), len(texts) - with_text, signed


def _fault(entry: Translation | None, text: Text) -> str:
    if entry is None or not entry.text:
        return f"the translation is missing of {text.english!r}."
    if entry.english != text.english:
        return f"the English is now {text.english!r}; run wayhome words update."
    if entry.is_stale:
        return f"the translation is stale; the English is now {text.english!r}."
    if blanks(entry.text) != blanks(text.english):
        wanted = ", ".join(blanks(text.english)) or "none"
        return f"the blanks are not those of the English ({wanted})."
    return ""


def blanks(text: str) -> list[str]:
    """The blanks of a text that a program fills in: `{day}`."""
    return sorted(_BLANK.findall(text))


def _parsed(content: bytes, name: str) -> dict[str, Translation]:
    try:
        catalog = read_po(BytesIO(content), charset="utf-8", abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        line = f", line {error.lineno + 1}" if isinstance(error, PoFileError) else ""
        raise UnreadableCatalog(f"{name}{line}: this is not a PO file: {error}.") from error
    entries = (_entry(message) for message in catalog if message.id)
    return {entry.context: entry for entry in entries}


def _entry(message: Message) -> Translation:
    previous = signed = ""
    comments = []
    for comment in message.user_comments:
        if comment.startswith(_PREVIOUS):
            previous = denormalize(comment.removeprefix(_PREVIOUS))
        elif comment.startswith(_SIGNED):
            signed = comment.removeprefix(_SIGNED)
        else:
            comments.append(comment)
    return Translation(
        context=message.context or "",
        english=str(message.id),
        text=str(message.string or ""),
        previous=previous,
        signed=signed,
        comments=tuple(comments),
        is_stale=message.fuzzy,
    )


def _written(entries: Iterable[Translation], language: str) -> str:
    catalog = Catalog()
    for entry in entries:
        catalog[entry.english] = _message(entry)
    header = _HEADER.format(name=LANGUAGES[language].english_name, code=language, machine=MACHINE)
    body = generate_po(catalog, omit_header=True, include_previous=True, width=_NEVER_WRAPPED)
    return header + "".join(body).rstrip("\n") + "\n"


def _message(entry: Translation) -> Message:
    signed = [f"{_SIGNED}{entry.signed}"] if entry.signed else []
    return Message(
        entry.english,
        entry.text,
        flags=["fuzzy"] if entry.is_stale else [],
        user_comments=[*signed, *entry.comments],
        previous_id=entry.previous,
        context=entry.context,
    )
