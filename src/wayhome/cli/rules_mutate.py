"""`wayhome rules mutate`: would a story notice if the rulebook were changed?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wayhome.cli.problems import Exit, Problem, listed, number_of
from wayhome.cli.progress import bars
from wayhome.cli.rules import RulebookFolder, chosen_programs, chosen_rule, console, load

if TYPE_CHECKING:
    from wayhome.law.rules import Rulebook


def add_to(rules_app: typer.Typer) -> None:
    rules_app.command("mutate")(mutate)


def check_stories_agree(book: Rulebook, folder: Path) -> None:
    """Raises Problem where a story disagrees already: it would notice every change, and none."""
    from wayhome.law.faults import FaultyRulebook
    from wayhome.stories.reading import read_stories
    from wayhome.stories.story import disagreements

    try:
        stories = read_stories(folder, book, book.programs)
    except FaultyRulebook as error:
        text = listed([str(fault) for fault in error.faults], "fault")
        raise Problem(text, Exit.BAD_RULEBOOK) from error
    wrong = [found for story in stories for found in disagreements(story, book)]
    if wrong:
        message = (
            "The stories disagree with the rules as they stand, so they cannot tell a change: "
            "run `wayhome rules test` first."
        )
        raise Problem(f"{listed([str(found) for found in wrong], 'disagreement')}\n{message}")


def mutate(
    programs: Annotated[list[str] | None, typer.Argument(help="Programs; all if none.")] = None,
    rule: Annotated[
        str | None, typer.Option("--rule", help="Only this rule and its tables.")
    ] = None,
    rulebook: RulebookFolder = None,
) -> int:
    """Change every part of every rule, one at a time: does a story notice each change?

    Comparisons are flipped, dates moved by a day, NOT dropped or added, branches dropped, AND and
    OR exchanged, table rows dropped, and the dates of being in force moved by a day.
    """
    from wayhome.programs import FOLDER
    from wayhome.stories.mutation import places, places_of_rule, try_mutants

    book = load(rulebook)
    check_stories_agree(book, rulebook or FOLDER)
    chosen = places(book, chosen_programs(book, ",".join(programs or ())))
    if rule is not None:
        chosen = places_of_rule(chosen_rule(book, rule))
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
