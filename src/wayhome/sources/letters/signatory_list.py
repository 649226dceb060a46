"""A list of signatories, alone or at the foot of a letter: which lines sign, and what the rest are.

Every line is accounted for.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from wayhome.sources.case_files.faults import CaseFileProblem
from wayhome.sources.case_files.text_lines import numbered_lines
from wayhome.sources.eoir.release import ReleaseProblem
from wayhome.sources.import_folder import fingerprint
from wayhome.sources.letters.contact import without_contact
from wayhome.sources.letters.one_line import (
    KIND,
    Signatory,
    bare,
    is_state,
    says_only_place_or_kind,
    signatory_of,
)
from wayhome.sources.letters.words import says_organization, words_of

MOST_BYTES = 5_000_000
LONGEST_NAME = 200
SENTENCE_WORDS = 12
LETTER_SENTENCES = 3  # a text with so many sentences is a letter, not a list

ENDS_SENTENCE = re.compile(r"[.?!:][\"'”’)]*$")
HEADING = re.compile(
    r"(the )?(undersigned|signatories|signers|signed( by)?|sincerely|respectfully( submitted)?|"
    r"in solidarity|endorsed by|organizations?|names?|"
    r"(national|state|local|regional|international)"
    r"(,? (and |& |/ ?)?(national|state|local|regional|international))*"
    r"( (organizations?|groups?|partners|signatories|signers|endorsers))?)[:,]?",
    re.IGNORECASE,
)
TABLE_HEADING = re.compile(
    r"(#\s*)?(name of )?(organizations?|signator\w+|groups?)( names?)?", re.I
)
FURNITURE = re.compile(r"(page\s*)?\d+(\s*(of|/)\s*\d+)?|[-–—_=*.\s]+|[A-Z]|[^\w]+", re.IGNORECASE)
OF_NO_STATE = frozenset({"national", "international"})
_IN_NAMES_OF_ORGANIZATIONS = frozenset({"for", "of", "against", "in", "with", "without", "para"})


class LineIs(StrEnum):
    """What became of a line that holds something."""

    SIGNATORY = "signatory"
    HEADING = "heading"
    FURNITURE = "page number or rule"
    SENTENCE = "sentence"
    LETTER = "of the letter above or below the list"


@dataclass(frozen=True)
class Line:
    number: int
    text: str
    is_a: LineIs


@dataclass(frozen=True)
class SignatoryList:
    """A list: who signs, in its order, and every line that is not blank."""

    file: str
    sha256: str
    signatories: tuple[Signatory, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]

    def count(self, is_a: LineIs) -> int:
        return sum(line.is_a is is_a for line in self.lines)


def read_signatories(path: Path, lines: tuple[int, int] | None = None) -> SignatoryList:
    """Read the list in a text file; `lines` says where it stands if it is not found.

    Raises ReleaseProblem, a sentence, for a file that is no text or holds no list.
    """
    sha256 = fingerprint(path)
    _check_text(path)
    notes: list[str] = []
    try:
        numbered = list(numbered_lines(path, notes))
        if path.suffix.lower() == ".csv":
            numbered = [(n, "\t".join(next(csv.reader([text]), []))) for n, text in numbered]
    except CaseFileProblem as error:
        raise ReleaseProblem(str(error)) from error
    except csv.Error as error:
        raise ReleaseProblem(f"{path.name} is no sound CSV ({error}): save it again.") from error
    notes = [note for note in notes if "blank lines" not in note]
    return signatories_in(numbered, file=path.name, sha256=sha256, notes=notes, lines=lines)


def signatories_in(
    numbered: Sequence[tuple[int, str]],
    *,
    file: str,
    sha256: str = "",
    notes: Sequence[str] = (),
    lines: tuple[int, int] | None = None,
) -> SignatoryList:
    """The list in lines that are numbered from 1; blank ones may be left out."""
    told = [Line(number, text, _kind_of_line(text)) for number, text in numbered if text.strip()]
    more = list(notes)
    if lines:
        told = [_outside(line, lines) for line in told]
    elif sum(line.is_a is LineIs.SENTENCE for line in told) >= LETTER_SENTENCES:
        runs = sorted(_runs(told), key=lambda run: run[2], reverse=True)
        if runs:
            told = [_outside(line, runs[0][:2]) for line in told]
            more += _other_runs(file, runs)
    signatories = tuple(_signatories(told))
    if not signatories:
        raise ReleaseProblem(
            f"{file}: no line of it looks like a signatory. Put each organization on a line of its "
            "own, or say where the list stands, as in --lines 37-139."
        )
    return SignatoryList(file, sha256, signatories, tuple(told), tuple(more))


def _check_text(path: Path) -> None:
    if path.stat().st_size > MOST_BYTES:
        raise ReleaseProblem(f"{path.name} is larger than 5 MB: that is no list of signatories.")
    start = path.read_bytes()[:4096]
    is_wide = start[:2] in (b"\xff\xfe", b"\xfe\xff")
    if start[:4] in (b"PK\x03\x04", b"%PDF") or (b"\0" in start and not is_wide):
        raise ReleaseProblem(
            f"{path.name} is no text file: copy the list out of it into one (.txt) and try again."
        )


def _kind_of_line(text: str) -> LineIs:
    said = bare(text)
    if not said or FURNITURE.fullmatch(said):
        return LineIs.FURNITURE
    words = len(said.split())
    raw = text.strip()
    if len(names := _between_semicolons(said)) > 1 and max(map(len, names)) <= LONGEST_NAME:
        return LineIs.SIGNATORY
    if len(said) > LONGEST_NAME or (words >= SENTENCE_WORDS and ENDS_SENTENCE.search(raw)):
        return LineIs.SENTENCE
    if _column(text) is not None:
        return LineIs.HEADING
    is_heading = raw.endswith(":") or HEADING.fullmatch(said) or is_state(said)
    return LineIs.HEADING if is_heading else LineIs.SIGNATORY


def _column(text: str) -> int | None:
    """Which cell of a table's heading is over the organizations; None for another line."""
    cells = [cell.strip() for cell in text.split("\t")]
    found = (place for place, cell in enumerate(cells) if TABLE_HEADING.fullmatch(cell))
    return next(found, None) if len(cells) > 1 else None


def _between_semicolons(text: str) -> list[str]:
    """The names of a line that holds three or more, "CASA; Mijente; UnLocal", or two that both say
    that they are organizations; else the line.
    """
    parts = (name.strip().removeprefix("and ") for name in text.split(";"))
    names = [name for name in parts if without_contact(name)[0]]
    are_two = len(names) == 2 and "\t" not in text and all(map(_is_organization, names))
    return names if len(names) > 2 or are_two else [text]


def _is_organization(text: str) -> bool:
    """ "Families for Freedom" says it by "for": no person is named so."""
    if says_only_place_or_kind(text):
        return False
    joins = not _IN_NAMES_OF_ORGANIZATIONS.isdisjoint(words_of(text))
    return (joins or says_organization(text)) and signatory_of(1, text).person is None


def may_be_two(printed: str) -> bool:
    """Whether a semicolon parts what may be two names, that were not read as two."""
    parts = [part.strip() for part in printed.split(";") if part.strip()]
    return len(parts) == 2 and not says_only_place_or_kind(parts[1])


Run = tuple[int, int, int]


def _runs(lines: Sequence[Line]) -> Iterator[Run]:
    """Stretches without a sentence or a colon: first line, last line, lines that may sign."""
    numbers: list[int] = []
    for line in [*lines, Line(0, "", LineIs.SENTENCE)]:
        breaks = line.is_a is LineIs.SENTENCE or line.text.rstrip().endswith(":")
        if not breaks and line.is_a is LineIs.SIGNATORY:
            numbers.append(line.number)
        elif breaks and numbers:
            yield numbers[0], numbers[-1], len(numbers)
            numbers = []


def _outside(line: Line, lines: tuple[int, int]) -> Line:
    is_inside = lines[0] <= line.number <= lines[1]
    return line if is_inside else Line(line.number, line.text, LineIs.LETTER)


def _other_runs(file: str, runs: Sequence[Run]) -> Iterator[str]:
    first, last, most = runs[0]
    yield f"{file} is a letter: its list was found in lines {first}-{last}."
    for other, end, count in runs[1:]:
        if count >= max(10, most // 4):
            yield (
                f"{file}: lines {other}-{end} look like a list too and were not read. If they "
                f"sign, say so: --lines {min(first, other)}-{max(last, end)}."
            )


def _signatories(lines: Sequence[Line]) -> Iterator[Signatory]:
    """Who signs; the kind of a heading holds to the next one, but for a state below "State"."""
    kind: str | None = None
    place: str | None = None
    column = 0
    for line in lines:
        if line.is_a is LineIs.HEADING:
            said = bare(line.text).rstrip(":")
            found = [kind.casefold() for kind in KIND.findall(said)]
            if (over := _column(line.text)) is not None:
                column = over
            elif is_state(said):
                place = said
                kind = None if kind in OF_NO_STATE else kind
            else:
                kind, place = " and ".join(found) or None, None
        elif line.is_a is LineIs.SIGNATORY:
            for name in _between_semicolons(_first(line.text, column)):
                yield signatory_of(line.number, name, kind=kind, place=place)


def _first(text: str, column: int) -> str:
    """A row of a table with the organization before its other cells."""
    cells = text.split("\t")
    if not 0 < column < len(cells):
        return text
    return "\t".join([cells[column], *cells[:column], *cells[column + 1 :]])
