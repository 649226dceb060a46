"""`wayhome words`: keep the translations of the law whole, and bring in new ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table as Grid

from wayhome.cli.problems import Exit, Problem, listed, number_of

if TYPE_CHECKING:
    from wayhome.words.catalogs import Translation
    from wayhome.words.exchange import Brought

words_app = typer.Typer(no_args_is_help=True, help="Keep the translations of the law whole.")
console = Console()

LanguageCode = Annotated[str, typer.Argument(help="The language: es, ht, fr, pt or ar.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(words_app, name="words")


@words_app.command("status")
def status() -> None:
    """Say for each language how many texts are translated, stale, missing, and signed."""
    from wayhome.words.catalogs import MACHINE, catalog_path, read_catalog, tally
    from wayhome.words.english import english_texts
    from wayhome.words.languages import LANGUAGES, TRANSLATIONS

    grid = Grid(box=None, pad_edge=False)
    for heading in ("language", "translated", "stale", "missing", "signed"):
        grid.add_column(heading, justify="left" if heading == "language" else "right")
    with _problems():
        texts = english_texts()
        for code in TRANSLATIONS:
            counts = tally(read_catalog(catalog_path(code)), texts)
            grid.add_row(f"{code} {LANGUAGES[code].english_name}", *(f"{n:,}" for n in counts))
    console.print(grid)
    console.print(f"{number_of(len(texts), 'text')}. Not signed means: translated: {MACHINE}.")


@words_app.command("check")
def check(
    rulebook: Annotated[
        Path | None,
        typer.Option("--rulebook", help="The English words of another folder of programs."),
    ] = None,
) -> int:
    """List every missing or stale translation, differing blank, and text too hard to read.

    Another rulebook's words are in English only, so of those the reading level is looked at.
    """
    from wayhome.cli.rules import load
    from wayhome.programs import FOLDER
    from wayhome.words.catalogs import catalog_faults
    from wayhome.words.english import english_texts
    from wayhome.words.languages import ENGLISH, TRANSLATIONS
    from wayhome.words.reading_level import MEASURED, too_hard

    if rulebook is not None:
        load(rulebook)  # A folder that is no rulebook is told as everywhere.
    with _problems():
        texts = english_texts(rulebook or FOLDER)
        codes = TRANSLATIONS if rulebook is None else ()
        faults = [fault for code in codes for fault in catalog_faults(code, texts)]
        measured = MEASURED if rulebook is None else (ENGLISH,)
        faults += [fault for code in measured for fault in too_hard(texts, code)]
    if faults:
        typer.echo(listed(faults, "fault"))
    typer.echo(f"{number_of(len(texts), 'text')}, {number_of(len(faults), 'fault')}.")
    return Exit.DISAGREES if faults else Exit.OK


@words_app.command("update")
def update() -> None:
    """Rewrite every catalog from the English: new texts empty, changed ones marked stale."""
    from wayhome.words.catalogs import brought_up_to_date, catalog_path, rewrite
    from wayhome.words.english import english_texts
    from wayhome.words.languages import TRANSLATIONS

    with _problems():
        texts = english_texts()
        for path in filter(Path.exists, map(catalog_path, TRANSLATIONS)):
            entries = rewrite(path, lambda old: brought_up_to_date(old, texts))
            stale = sum(entry.is_stale for entry in entries)
            missing = sum(not entry.text for entry in entries)
            typer.echo(f"{path.name}: {stale} stale, {missing} missing of {len(entries)}.")


@words_app.command("export")
def export(
    language: LanguageCode,
    out: Annotated[Path, typer.Option("--out", help="The file to write (.jsonl).")],
    missing: Annotated[
        bool, typer.Option("--missing", help="Only texts whose translation is missing or stale.")
    ] = False,
) -> None:
    """Write texts to translate, a JSON object a line: context, english, translation."""
    from wayhome.report.result_files import write_text
    from wayhome.words.catalogs import read_catalog
    from wayhome.words.english import english_texts
    from wayhome.words.exchange import exported

    with _problems():
        lines = exported(read_catalog(_catalog(language)), english_texts(), missing)
    write_text("".join(lines), out)
    typer.echo(f"{out}: {number_of(len(lines), 'text')}.")


@words_app.command("import")
def bring_in(
    language: LanguageCode,
    file: Annotated[Path, typer.Argument(help="Lines as export writes them, translated.")],
) -> int:
    """Put translations into a catalog. A line whose English has changed is refused, and said."""
    from wayhome.words.catalogs import brought_up_to_date, rewrite
    from wayhome.words.english import english_texts
    from wayhome.words.exchange import brought_in

    done: list[Brought] = []

    def change(old: Mapping[str, Translation]) -> Iterable[Translation]:
        done.append(brought_in(brought_up_to_date(old, texts), lines, texts, file.name))
        return done[-1].entries if done[-1].taken else old.values()

    with _problems():
        texts = english_texts()
        lines = _lines(file)
        path = _catalog(language)
        rewrite(path, change)
    taken, refused = done[-1].taken, list(done[-1].refused)
    if refused:
        typer.echo(listed(refused, "refused line"))
    typer.echo(f"{path.name}: {number_of(taken, 'translation')} put in, {len(refused)} refused.")
    return Exit.BAD_INPUT if refused else Exit.OK


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise Problem(f"{file.name}: this is not a text file in UTF-8.") from error


def _catalog(code: str) -> Path:
    from wayhome.words.catalogs import catalog_path
    from wayhome.words.languages import ENGLISH, UnknownLanguage, language_of

    try:
        found = language_of(code).code
    except UnknownLanguage as error:
        raise Problem(str(error), Exit.USAGE) from error
    if found == ENGLISH:
        raise Problem("en: English is written beside the law, and not translated.", Exit.USAGE)
    return catalog_path(found)


@contextmanager
def _problems() -> Iterator[None]:
    """What is wrong with the words as sentences, and no traceback."""
    from wayhome.law.faults import FaultyRulebook
    from wayhome.words.catalogs import UnreadableCatalog

    try:
        yield
    except FaultyRulebook as error:
        text = listed([str(fault) for fault in error.faults], "fault")
        raise Problem(text, Exit.BAD_RULEBOOK) from error
    except UnreadableCatalog as error:
        raise Problem(str(error)) from error
