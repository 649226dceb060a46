"""Log lines that say where something went wrong, and nothing of what was in it.

A message or an exception's text may hold a name: `invalid literal: 'Marie'`. So a line says when,
which logger, how grave, which page, which exception, and the way through the code. Only our own
logger ("wayhome") is believed to say nothing personal.
"""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

OURS = "wayhome"


class Discreet(logging.Formatter):
    """Leaves out messages of other libraries, exceptions' texts, arguments and query strings."""

    def format(self, record: logging.LogRecord) -> str:
        when = self.formatTime(record, "%Y-%m-%dT%H:%M:%S")
        parts = [when, record.levelname, record.name]
        if record.name.split(".")[0] == OURS:
            parts.append(record.getMessage())
        else:
            parts.append(f"{Path(record.pathname).name}:{record.lineno}")
        parts += _about_the_request(record)
        if record.exc_info and record.exc_info[1]:
            parts.append(_told(record.exc_info[1]))
        return " ".join(parts)


def _about_the_request(record: logging.LogRecord) -> list[str]:
    status = getattr(record, "status_code", None)
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    said = [f"status={status}"] if isinstance(status, int) else []
    return [*said, f"page={match.view_name}"] if match else said


def _told(error: BaseException) -> str:
    """An exception and what it came from: their types and the lines of code, no text of theirs."""
    told, seen = [], set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.extract_tb(error.__traceback__)
        way = " > ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames[-12:])
        told.append(f"{type(error).__module__}.{type(error).__name__} at {way or 'nowhere'}")
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
    return " | from ".join(told)


try:
    from gunicorn.glogging import Logger
except ImportError:  # where there is no gunicorn (Windows)
    Logger = None


if Logger is not None:

    class DiscreetServerLog(Logger):  # type: ignore[misc]
        """The web server's own log, as discreet as the application's."""

        def setup(self, cfg: object) -> None:
            super().setup(cfg)
            for handler in self.error_log.handlers:
                handler.setFormatter(Discreet())
