"""`wayhome import agreements`: ICE's lists of 287(g) agreements, and what changed between them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wayhome.cli.problems import Problem, number_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wayhome.sources.agreements.counting import Count
    from wayhome.sources.agreements.importing import ImportedAgreements


def add_to(app: typer.Typer) -> None:
    app.command("agreements")(import_agreements)


def import_agreements(
    files: Annotated[
        list[Path], typer.Argument(help="ICE's lists of agreements (.xlsx), of any dates.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The folder to make or replace.")],
    decisions: Annotated[
        Path | None,
        typer.Option(
            "--decisions", help="Where decisions are remembered, if not in OUT-decisions.csv."
        ),
    ] = None,
) -> None:
    """Read ICE's lists of agencies with 287(g) agreements: who is new, ended, changed, renamed.

    The day of each list is read from its name. Where two spellings may be one agency and it is
    not certain, review.csv asks: write same or different in its column decision and import again.
    """
    from wayhome.sources.agreements import importing
    from wayhome.sources.eoir.release import ReleaseProblem

    try:
        made = importing.import_agreements(files, out, decisions=decisions)
    except ReleaseProblem as error:
        raise Problem(str(error)) from error
    for line in _told(made):
        typer.echo(line)


def _told(made: ImportedAgreements) -> Iterator[str]:
    yield from _lists(made)
    yield from _changes(made)
    yield from _counts(made)
    yield from made.notes
    if made.questions:
        what = number_of(len(made.questions), "question")
        yield (
            f"{what} for a person in {made.folder / 'review.csv'}: until they are answered, names "
            "that may be one are counted apart, and history.csv says so."
        )
    yield f"Written: {made.folder}, in {made.seconds:.1f} seconds."


def _lists(made: ImportedAgreements) -> Iterator[str]:
    from wayhome.sources.agreements.agreement_list import Became

    header = ("list", "published", "rows", "agreements", "agencies", "set aside")
    rows = []
    for published in made.lists:
        (total,) = (c for c in made.counts if c.file == published.file and c.by == "all")
        rows.append(
            (
                published.file,
                f"{published.published} {published.part}".strip(),
                f"{len(published.rows):,}",
                f"{total.agreements:,}",
                f"{total.agencies:,}",
                f"{published.count(Became.SET_ASIDE) + published.count(Became.TWICE):,}",
            )
        )
    yield from _table(header, rows)


def _changes(made: ImportedAgreements) -> Iterator[str]:
    from wayhome.sources.agreements.history import Event

    rows = [
        (
            f"{before.published} to {after.published}",
            *(f"{counts[event]:,}" for event in Event),
        )
        for before, after, counts in made.events()
    ]
    if rows:
        yield ""
        yield from _table(("between", *Event), rows)


def _counts(made: ImportedAgreements) -> Iterator[str]:
    """The newest list by model and type of agency, and its states with most agreements."""
    newest = made.lists[-1].file
    for by, most in (("model", 10), ("agency type", 10), ("state", 5)):
        found = [c for c in made.counts if c.file == newest and c.by == by]
        found.sort(key=lambda count: -count.agreements)
        yield ""
        yield from _table((by, "agreements", "agencies"), [_count(c) for c in found[:most]])
        if len(found) > most:
            yield f"and {number_of(len(found) - most, f'more {by}')}: see counts.csv"
    yield ""


def _count(count: Count) -> tuple[str, ...]:
    return count.value, f"{count.agreements:,}", f"{count.agencies:,}"


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[place]) for row in (header, *rows)) for place in range(len(header))]
    for row in (header, *rows):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield "  ".join(cells).rstrip()
