"""Log lines: one event, one line, whatever somebody put into a name or an address.

Nothing of what customers write, no credential and no cookie is ever given to a logger; ids are. What is left to do here
is to keep control characters of foreign input from forging lines or colouring a terminal.
"""

from __future__ import annotations

import logging
import logging.config
from typing import Any


class OneLine(logging.Formatter):
    """Time, level, logger, words; a traceback follows indented, so that no line of it looks like an event."""

    def format(self, record: logging.LogRecord) -> str:
        first, *rest = super().format(record).split("\n")
        return "\n    ".join(map(harmless, (first, *rest)))


def harmless(text: str) -> str:
    """`text` with everything that is not printable written as an escape."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


class SaidElsewhere(logging.Filter):
    """Django would write every 503 as an error, with a traceback if there is one. It is no fault of ours that a network
    or the database is away, and whoever answered 503 has said which in one line."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) != 503


def logging_settings(level: str) -> dict[str, Any]:
    """The `logging.config` dictionary: everything to standard error, where systemd or a file picks it up."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": OneLine, "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        },
        "filters": {"said_elsewhere": {"()": SaidElsewhere}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        # They say everything twice, or name secret addresses.
        "loggers": {
            **{name: {"level": "WARNING"} for name in ("httpx", "httpcore", "asyncio", "uvicorn.access")},
            "django.request": {"level": "ERROR", "filters": ["said_elsewhere"]},
        },
    }


def set_up(level: str) -> None:
    """Use it in this process."""
    logging.config.dictConfig(logging_settings(level))
