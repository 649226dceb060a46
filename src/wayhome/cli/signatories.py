"""`wayhome signatories`: who signs a letter, who signs twice, and who signed both of two."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wayhome.cli.problems import Exit, Problem, number_of

if TYPE_CHECKING:
    from wayhome.sources.letters.one_line import Signatory
    from wayhome.sources.letters.same_organization import Pair
    from wayhome.sources.letters.signatory_list import SignatoryList


class ListFormat(StrEnum):
    """How the list is written to the terminal."""

    TEXT = "text"
    JSON = "json"


def add_to(app: typer.Typer) -> None:
    app.command("signatories")(signatories)


def signatories(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="A text with a list of signatories, or a whole letter; or two of them. "
            "hundred-days and chance-to-come-home are built in."
        ),
    ],
    lines: Annotated[
        str | None,
        typer.Option("--lines", metavar="FIRST-LAST", help="Where the list stands in FILE."),
    ] = None,
    format: Annotated[ListFormat, typer.Option("--format", help="text or json.")] = ListFormat.TEXT,
) -> None:
    """Tell who signs: each organization, which signed twice, and which signed both of two lists.

    A list may be pasted from anywhere: bullets, numbers, blank lines. What may be one organization
    but is not certain, and a line that looks like a person, is left for you to decide.
    """
    from wayhome.sources.eoir.release import ReleaseProblem
    from wayhome.sources.letters.same_organization import duplicates, in_both

    if len(files) > 2:
        raise Problem("Give one list, or two to compare.", Exit.USAGE)
    if lines and len(files) > 1:
        raise Problem("--lines is for one list: give one file.", Exit.USAGE)
    try:
        lists = [_list(path, lines) for path in files]
    except ReleaseProblem as error:
        raise Problem(str(error)) from error
    repeated = [duplicates(found.signatories) for found in lists]
    both = in_both(lists[0].signatories, lists[1].signatories) if len(lists) == 2 else ()
    if format is ListFormat.JSON:
        told = [_list_json(*pair) for pair in zip(lists, repeated, strict=True)]
        written = {"lists": told, "both": [_pair_json(pair) for pair in both]}
        typer.echo(json.dumps(written, ensure_ascii=False, indent=1))
        return
    for found, twice in zip(lists, repeated, strict=True):
        _echo(_list_lines(found, twice))
    if len(lists) == 2:
        _echo(_both_lines(lists, both))


def _list(path: Path, lines: str | None) -> SignatoryList:
    """The list of a file, or of a letter that is built in where no file has its name."""
    from wayhome.sources.letters.signatory_list import read_signatories
    from wayhome.sources.letters.the_letters import letters

    built_in = next((letter for letter in letters() if letter.id == str(path)), None)
    if built_in and not path.exists():
        return built_in.as_list()
    return read_signatories(path, _range(lines))


def _range(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    first, dash, last = text.partition("-")
    if not (dash and first.strip().isdecimal() and last.strip().isdecimal()):
        raise Problem(f"--lines: {text!r} is not FIRST-LAST, as in 37-139.", Exit.USAGE)
    return int(first), int(last)


def _echo(lines: Iterator[str]) -> None:
    for line in lines:
        typer.echo(line)


def _list_lines(found: SignatoryList, twice: Sequence[Pair]) -> Iterator[str]:
    from wayhome.sources.letters.signatory_list import LineIs

    yield f"{found.file}: {number_of(len(found.signatories), 'line')} of signatories"
    for signatory in found.signatories:
        yield f"{signatory.line:>5}  {signatory.name}{_beside(signatory)}"
    others = [f"{count} {is_a}" for is_a in LineIs if (count := found.count(is_a))][1:]
    if others:
        yield f"Other lines: {', '.join(others)}."
    yield from found.notes
    people = [s for s in found.signatories if s.person]
    if people:
        yield "Look like a person: does an organization sign, or they themselves?"
        yield from (f"{s.line:>5}  {s.printed}" for s in people)
    yield from _pairs("Signed twice:", "twice", twice)
    yield ""


def _beside(signatory: Signatory) -> str:
    told = [t for t in (signatory.acronym, signatory.place, signatory.kind) if t]
    return f"  [{'; '.join(told)}]" if told else ""


def _both_lines(lists: Sequence[SignatoryList], both: Sequence[Pair]) -> Iterator[str]:
    yield f"{lists[0].file} and {lists[1].file}"
    yield from _pairs("Signed both:", "both", both)


def _pairs(title: str, what: str, pairs: Sequence[Pair]) -> Iterator[str]:
    """The certain pairs, with both spellings where they differ, then the questions."""
    from wayhome.sources.letters.same_organization import Verdict

    certain = [pair for pair in pairs if pair.likeness.verdict is Verdict.SAME]
    asked = [pair for pair in pairs if pair.likeness.verdict is Verdict.ASK]
    yield f"{title} {len(certain) or 'nobody'}"
    for pair in certain:
        yield f"{pair.one.line:>5} {pair.other.line:>5}  {pair.one.printed}"
        if not pair.spelt_alike:
            yield f"{'':>11}  spelt also: {pair.other.printed}"
    if asked:
        yield f"Perhaps {what}, for you to decide: {len(asked)}"
    for pair in asked:
        yield f"{pair.one.line:>5} {pair.other.line:>5}  {pair.one.printed} / {pair.other.printed}"
        yield f"{'':>11}  {pair.likeness.because}"


def _list_json(found: SignatoryList, twice: Sequence[Pair]) -> dict[str, object]:
    return {
        "file": found.file,
        "sha256": found.sha256,
        "signatories": [asdict(signatory) for signatory in found.signatories],
        "other_lines": [
            {"line": line.number, "is": line.is_a}
            for line in found.lines
            if line.is_a != "signatory"
        ],
        "notes": found.notes,
        "twice": [_pair_json(pair) for pair in twice],
    }


def _pair_json(pair: Pair) -> dict[str, object]:
    return {
        "verdict": pair.likeness.verdict,
        "likeness": pair.likeness.likeness,
        "because": pair.likeness.because,
        "lines": [pair.one.line, pair.other.line],
        "printed": [pair.one.printed, pair.other.printed],
    }
