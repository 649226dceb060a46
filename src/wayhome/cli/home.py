"""Opening the home of an installation (WAYHOME_HOME) for a command, with errors told in words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

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


def check_home() -> None:
    """Refuses a home that nobody has made: a forgotten WAYHOME_HOME would begin another one."""
    said = os.environ.get("WAYHOME_HOME")
    # As settings.HOME, which makes its secret as soon as it is read.
    home = Path(said) if said else Path.home() / ".wayhome"
    if home.is_dir() and any(home.iterdir()):
        return
    why = "WAYHOME_HOME says so" if said else "WAYHOME_HOME is not set, so it was looked for there"
    raise Problem(
        f"There is no home of Wayhome at {home} ({why}). Set WAYHOME_HOME to the folder where it "
        "is; wayhome serve makes a new one.",
        Exit.USAGE,
    )


def start_django() -> None:
    """Reads the settings from the environment and loads the application."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wayhome.web.settings")
    django.setup()


@contextmanager
def opened_home(*, may_be_new: bool = False) -> Iterator[None]:
    """Loads the application; a fault of its home or its databases is told as a Problem.

    Only what begins a home (serve, and the two that bring one back) makes it: `may_be_new`.
    """
    if not may_be_new:
        check_home()
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


def make_master_key() -> None:
    """Makes the first master key, and says once where it is: lost, nothing opens any more."""
    from django.conf import settings

    from wayhome.web.protection import master_keys
    from wayhome.web.protection.rotation import master_keys_in_use

    made = master_keys.make_master_key(master_keys_in_use())
    if made is not None and not settings.IS_DEMO:
        typer.echo(
            f"The master key was made: {made.resolve()}\n"
            "COPY IT NOW, to paper or a second stick, and keep the copy apart from the backups. "
            "Without it nothing opens, and nobody can make it again.",
            err=True,
        )


def reached_at(listening: str) -> str:
    """Where people open the application: WAYHOME_ORIGINS or WAYHOME_HOSTS, else where it listens.

    Whoever opens it by a name that is not among WAYHOME_HOSTS is refused.
    """
    from django.conf import settings

    if settings.CSRF_TRUSTED_ORIGINS:
        return f"{settings.CSRF_TRUSTED_ORIGINS[0].rstrip('/')}/"
    host = urlsplit(listening).hostname or ""
    named = [one for one in settings.ALLOWED_HOSTS if one]
    if not named or {host, f"[{host}]", "*"} & set(named):
        return listening
    return f"{'https' if settings.IS_SECURE else 'http'}://{named[0].lstrip('.')}/"


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
