"""Opening the home of an installation (WAYHOME_HOME) for a command, with errors told in words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from wayhome.cli.problems import Exit, Problem

PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        help="A file whose first line is the passphrase. Without it: WAYHOME_PASSPHRASE, or ask.",
    ),
]
Passphrase = Annotated[
    bool, typer.Option("--passphrase", help="Sealed with a passphrase, not with the master key.")
]


@contextmanager
def opened_home() -> Iterator[None]:
    """Loads the application; a fault of its home or its databases is told as a Problem."""
    from wayhome.cli.web import start_django

    start_django()
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.db import DatabaseError, OperationalError

    from wayhome.web.protection.sealing import CannotOpen

    os.umask(0o077)
    Path(settings.HOME).mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        yield
    except ImproperlyConfigured as error:
        raise Problem(str(error)) from error
    except CannotOpen as error:
        raise Problem(f"{error} See: wayhome doctor") from error
    except OperationalError as error:
        # It speaks of tables, locks and servers, never of a row.
        said = str(error).strip().splitlines()[0]
        raise Problem(f"The database does not do it: {said}. See: wayhome doctor") from error
    except DatabaseError as error:
        name = type(error).__name__
        raise Problem(f"The database does not do it ({name}). See: wayhome doctor") from error


def passphrase_of(file: Path | None, *, twice: bool) -> str:
    """The passphrase: from a file, the environment, or asked for; `twice` for a new one."""
    if file is not None:
        lines = file.read_text(encoding="utf-8").splitlines()
        said = lines[0].strip() if lines else ""
    else:
        said = os.environ.get("WAYHOME_PASSPHRASE", "") or str(
            typer.prompt("Passphrase", hide_input=True, confirmation_prompt=twice)
        )
    if twice and len(said) < 20:
        raise Problem(
            "The passphrase is shorter than 20 characters; take six words that do not belong "
            "together.",
            Exit.USAGE,
        )
    return said
