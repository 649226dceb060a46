"""The commands, a file each; heavy libraries load only when a command needs them."""

from __future__ import annotations

from typing import Annotated

import typer

from wayhome import __version__
from wayhome.cli.problems import EXIT_CODES_HELP, run

app = typer.Typer(
    name="wayhome",
    help=(
        "On what ground could this person be free, stay, or come home; what stands in the way; "
        "and which missing fact would settle it? A lead for a lawyer, not advice."
    ),
    epilog=EXIT_CODES_HELP,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"wayhome {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    pass


def build() -> typer.Typer:
    """The command line with every command in it."""
    from wayhome.cli import (
        backup,
        closing_plan,
        daily,
        demands,
        demo,
        doctor,
        entanglement,
        explain,
        facilities,
        fetch,
        import_agreements,
        import_detention_stats,
        import_population,
        importing,
        keys,
        ledger,
        people,
        publish,
        retention,
        rules,
        rules_diff,
        rules_docs,
        rules_mutate,
        screen,
        serve,
        signatories,
        simulate,
        synth,
        template,
        web,
        web_states,
        words,
    )

    if not app.registered_commands:
        for module in (demo, template, screen, explain, simulate, importing, synth, rules, words):
            module.add_to(app)
        signatories.add_to(app)
        closing_plan.add_to(app)
        entanglement.add_to(app)
        import_detention_stats.add_to(importing.import_app)
        import_population.add_to(importing.import_app)
        import_agreements.add_to(importing.import_app)
        rules_mutate.add_to(rules.rules_app)
        rules_docs.add_to(rules.rules_app)
        rules_diff.add_to(rules.rules_app)
        ledger.add_to(app)
        facilities.add_to(app)
        for module in (fetch, publish, demands):
            module.add_to(app)
        for module in (serve, daily, backup, keys, people, retention, doctor):
            module.add_to(app)
        web.add_to(app)
        web_states.add_to(web.web_app)
    return app


def main() -> None:
    """The `wayhome` command."""
    run(build())
