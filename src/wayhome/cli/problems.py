"""How a command ends when something is wrong: a sentence, no traceback, a known exit code."""

from __future__ import annotations

import errno
import sys
from enum import IntEnum

import typer


class Exit(IntEnum):
    """Exit codes, documented in docs/generated/commands.md and in `wayhome --help`."""

    OK = 0
    DISAGREES = 1
    USAGE = 2
    BAD_INPUT = 3
    BAD_RULEBOOK = 4
    CANNOT_WRITE = 5
    INTERRUPTED = 130


EXIT_CODES_HELP = (
    "Exit codes: 0 done; 1 an example or a check disagrees; 2 the command was not understood; "
    "3 something is wrong with the input; 4 something is wrong with the rulebook; "
    "5 the result could not be written; 130 interrupted (nothing is left half-written)."
)

# Past this many, the rest of the faults are a number: the file is wrong as a whole.
MOST_SHOWN = 50


class Problem(Exception):
    """Something that a person can mend. Its text says where and how."""

    def __init__(self, message: str, code: Exit = Exit.BAD_INPUT) -> None:
        super().__init__(message)
        self.code = code


def run(app: typer.Typer) -> None:
    """Runs the command line and exits with a documented code."""
    try:
        result = app(standalone_mode=False)
    except Problem as problem:
        _stop(str(problem), problem.code)
    except (typer.Abort, KeyboardInterrupt):
        _stop("Interrupted. Nothing was left half-written.", Exit.INTERRUPTED)
    except typer.TyperException as error:
        _stop(_usage(error), Exit.USAGE)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(Exit.OK)
    except OSError as error:
        _stop(_sentence_of(error), _code_of(error))
    sys.exit(result if isinstance(result, int) else Exit.OK)


def _usage(error: typer.TyperException) -> str:
    """What was not understood, and where the help is."""
    said = getattr(error, "format_message", lambda: str(error))()
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "wayhome"
    return f"{said}\nSee: {path} --help"


def _stop(message: str, code: int) -> None:
    print(message, file=sys.stderr)
    sys.exit(code)


def _sentence_of(error: OSError) -> str:
    place = f"{error.filename}: " if error.filename else ""
    advice = " Free some space and run the command again." if error.errno == errno.ENOSPC else ""
    return f"{place}{error.strerror or error}.{advice}"


def _code_of(error: OSError) -> Exit:
    reading = (errno.ENOENT, errno.EISDIR, errno.ENOTDIR)
    return Exit.BAD_INPUT if error.errno in reading else Exit.CANNOT_WRITE


def listed(lines: list[str], what: str) -> str:
    """Many of `what` (a fault) as text, a line each, the first shown and the others counted."""
    shown = lines[:MOST_SHOWN]
    if len(lines) > MOST_SHOWN:
        shown.append(f"… and {number_of(len(lines) - MOST_SHOWN, f'more {what}')}.")
    return "\n".join(shown)


def number_of(count: int, noun: str) -> str:
    """A number with its noun: `1 row`, `12 rows`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
