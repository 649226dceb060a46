"""`wayhome rules mutate`: would a story notice if the rulebook were changed?"""

from __future__ import annotations

from typing import Annotated

import typer

from wayhome.cli.problems import Exit, number_of
from wayhome.cli.progress import bars
from wayhome.cli.rules import RulebookFolder, chosen_programs, chosen_rule, console, load


def add_to(rules_app: typer.Typer) -> None:
    rules_app.command("mutate")(mutate)


def mutate(
    programs: Annotated[list[str] | None, typer.Argument(help="Programs; all if none.")] = None,
    rule: Annotated[str | None, typer.Option("--rule", help="Only this rule.")] = None,
    rulebook: RulebookFolder = None,
) -> int:
    """Change every part of every rule, one at a time: does a story notice each change?

    Comparisons are flipped, dates moved by a day, NOT dropped or added, branches dropped, AND and
    OR exchanged, table rows dropped, and the dates of being in force moved by a day.
    """
    from wayhome.programs import FOLDER
    from wayhome.stories.mutation import places, try_mutants

    book = load(rulebook)
    chosen = places(book, chosen_programs(book, ",".join(programs or ())))
    if rule is not None:
        chosen = [chosen_rule(book, rule).id]
    tried = unnoticed = 0
    with bars() as progress:
        for trial in try_mutants(
            rulebook or FOLDER, chosen, progress=lambda done, all_: progress("trying", done, all_)
        ):
            tried += trial.tried
            unnoticed += len(trial.unnoticed)
            for change in trial.unnoticed:
                console.print(f"Nobody would notice: {change}", markup=False, soft_wrap=True)
    noticed = tried - unnoticed
    share = f" ({noticed / tried:.1%})" if tried else ""
    console.print(f"{number_of(tried, 'change')} tried, {noticed:,} noticed by a story{share}.")
    return Exit.DISAGREES if unnoticed else Exit.OK
