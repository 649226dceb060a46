"""`wayhome ledger`: which releases were imported, and what changed from one to the next."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wayhome.cli.problems import Exit, Problem
from wayhome.cli.progress import bars

if TYPE_CHECKING:
    from wayhome.sources.eoir.store import DocketStore
    from wayhome.sources.ledger.comparison import Comparison
    from wayhome.sources.ledger.entries import LedgerEntry
    from wayhome.sources.ledger.workbook import Workbook

ledger_app = typer.Typer(
    no_args_is_help=True, help="Which releases were imported, and what changed between them."
)

# Makes the comparison; given the folder that is being written, if one was asked for.
Comparing = Callable[[Path | None], "Comparison"]


class LedgerFormat(StrEnum):
    """How the ledger or a comparison is written to the terminal."""

    TEXT = "text"
    JSON = "json"


AsText = Annotated[LedgerFormat, typer.Option("--format", help="text or json.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(ledger_app, name="ledger")


@ledger_app.command("list")
def list_releases(
    folder: Annotated[Path, typer.Argument(help="The folder in which the docket stores lie.")],
    format: AsText = LedgerFormat.TEXT,
) -> None:
    """Show every release that was imported here, or compared.

    Says so, and ends with 1, when a line of the ledger was altered or cannot be read.
    """
    from wayhome.report.ledger_terminal import show_ledger
    from wayhome.sources.ledger.ledger_file import LEDGER, read_ledger

    ledger = read_ledger(folder)
    if not ledger.path.exists():
        raise Problem(
            f"There is no ledger in {folder} ({LEDGER}): `wayhome import eoir` makes one beside "
            "the docket store."
        )
    if format is LedgerFormat.JSON:
        told = {"releases": [entry.as_json() for entry in ledger.entries], "faults": ledger.faults}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        show_ledger(ledger)
    if ledger.faults:
        raise Problem(f"{ledger.path}: see what is wrong with it above.", Exit.DISAGREES)


@ledger_app.command("compare")
def compare(
    old: Annotated[Path, typer.Argument(help="A docket store, or a statistics workbook (.xlsx).")],
    new: Annotated[Path, typer.Argument(help="The newer one, of the same kind.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Write a page, CSV and the keys to this folder.")
    ] = None,
    ledger: Annotated[
        Path | None,
        typer.Option("--ledger", help="Keep the ledger in this folder, not beside each of them."),
    ] = None,
    format: AsText = LedgerFormat.TEXT,
    samples: Annotated[
        int, typer.Option("--samples", min=0, help="Rows to show of each kind and table.")
    ] = 10,
    memory: Annotated[float, typer.Option("--memory", help="At most this many GB.")] = 4.0,
    threads: Annotated[int, typer.Option("--threads", help="Processor threads to use.")] = 2,
) -> None:
    """Tell which rows were added, changed and vanished from one release to the next.

    For docket stores: by table and by month of the case. Both releases are entered in the ledger.
    """
    from wayhome.sources.eoir.release import ReleaseProblem
    from wayhome.sources.ledger.workbook import is_workbook, open_workbook

    try:
        if is_workbook(old) or is_workbook(new):
            _both_workbooks(old, new)
            books = (open_workbook(old), open_workbook(new))
            written = _compared(_of_workbooks(*books), books[1].is_synthetic, out, format, samples)
            entries = [(book.path, _entry_of_workbook(book)) for book in books]
        else:
            stores = _opened(old, new)
            comparing = _of_stores(*stores, samples, memory, threads)
            written = _compared(comparing, stores[1].is_synthetic, out, format, samples)
            entries = [(store.path, _entry_of_store(store)) for store in stores]
    except ReleaseProblem as error:
        raise Problem(str(error)) from error
    except KeyboardInterrupt as error:
        message = "Interrupted. Nothing was left half-written."
        raise Problem(message, Exit.INTERRUPTED) from error
    if written:
        typer.echo(f"Written: {written}", err=format is LedgerFormat.JSON)
    for path, entry in entries:
        for sentence in entered(ledger or path.resolve().parent, entry):
            typer.echo(sentence, err=True)


def enter_import(path: Path) -> list[str]:
    """Enter a store that was just imported in the ledger; what a person should be told of it."""
    from wayhome.sources.eoir.store import open_store
    from wayhome.sources.ledger.entries import BY_IMPORT, entry_of_store

    entry = entry_of_store(open_store(path), _now(), BY_IMPORT)
    return list(entered(path.resolve().parent, entry, again=True))


def entered(folder: Path, entry: LedgerEntry, *, again: bool = False) -> Iterator[str]:
    """Enter a release in the ledger of a folder; yields what a person should be told.

    That it was seen before is told only with `again`: a comparison is of releases seen before.
    """
    from wayhome.sources.ledger.ledger_file import enter

    try:
        told = enter(folder, entry)
    except OSError as error:
        yield f"The ledger in {folder} cannot be written ({error.strerror}): nothing was entered."
        return
    if again or not told.seen:
        yield from told.sentences()
    else:
        yield from told.faults


def _now() -> datetime:
    return datetime.now(UTC)


def _both_workbooks(old: Path, new: Path) -> None:
    from wayhome.sources.ledger.workbook import is_workbook

    if not (is_workbook(old) and is_workbook(new)):
        raise Problem(
            f"{old.name} and {new.name} are not of one kind: give two docket stores, or two "
            "workbooks (.xlsx).",
            Exit.USAGE,
        )


def _opened(old: Path, new: Path) -> tuple[DocketStore, DocketStore]:
    from wayhome.sources.eoir.store import open_store

    return open_store(old), open_store(new)


def _entry_of_store(store: DocketStore) -> LedgerEntry:
    from wayhome.sources.ledger.entries import BY_COMPARISON, entry_of_store

    return entry_of_store(store, _now(), BY_COMPARISON)


def _entry_of_workbook(book: Workbook) -> LedgerEntry:
    from wayhome.sources.ledger.entries import entry_of_workbook

    return entry_of_workbook(book.path, book.rows(), _now(), synthetic=book.is_synthetic)


def _of_stores(
    old: DocketStore, new: DocketStore, samples: int, memory: float, threads: int
) -> Comparing:
    from wayhome.sources.ledger.comparison_files import KEYS
    from wayhome.sources.ledger.docket_comparison import compare_stores

    def comparing(folder: Path | None) -> Comparison:
        with bars() as progress:
            return compare_stores(
                old,
                new,
                samples=samples,
                keys_folder=folder / KEYS if folder else None,
                scratch=folder,
                memory_gb=memory,
                threads=threads,
                progress=progress,
            )

    return comparing


def _of_workbooks(old: Workbook, new: Workbook) -> Comparing:
    from wayhome.sources.ledger.workbook_comparison import compare_workbooks

    return lambda folder: compare_workbooks(old, new)


def _compared(
    comparing: Comparing, is_synthetic: bool, out: Path | None, format: LedgerFormat, samples: int
) -> Path | None:
    """Compare, write and show; returns the folder that was written."""
    from wayhome.report.ledger_page import ledger_page
    from wayhome.report.ledger_terminal import show_comparison
    from wayhome.sources.eoir.store import store_path
    from wayhome.sources.ledger.comparison_files import comparison_json, write_files

    target = store_path(out, is_synthetic) if out else None
    with _folder(target) as folder:
        comparison = comparing(folder)
        if folder:
            write_files(folder, comparison, samples)
            page = ledger_page(comparison, samples)
            (folder / "index.html").write_text(page, encoding="utf-8")
    if format is LedgerFormat.JSON:
        told = comparison_json(comparison, samples)
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        show_comparison(comparison, samples=samples)
    return target


@contextmanager
def _folder(target: Path | None) -> Iterator[Path | None]:
    from wayhome.sources.ledger.comparison_files import folder_beside

    with folder_beside(target) if target else nullcontext() as folder:
        yield folder
