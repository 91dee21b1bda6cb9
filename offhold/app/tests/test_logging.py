"""One event is one line, whatever somebody put into it."""

from __future__ import annotations

import logging
import sys
from logging.config import dictConfigClass

import pytest

from offhold.app.logging_lines import OneLine, harmless, logging_settings


def written(message: str, *, failed: bool = False) -> str:
    """The line of an event."""
    info = None
    if failed:
        try:
            int(message)
        except ValueError:
            info = sys.exc_info()
    record = logging.LogRecord("offhold", logging.INFO, "x.py", 1, "from %s", (message,), info)
    return OneLine("%(levelname)s %(message)s").format(record)


@pytest.mark.parametrize(("status", "told"), [(500, True), (503, False)])
def test_what_is_away_is_no_error_with_a_traceback(status: int, told: bool) -> None:
    config = logging_settings("info")
    configured = dictConfigClass({**config, "root": {"handlers": [], "level": "INFO"}})
    (name,) = config["loggers"]["django.request"]["filters"]
    record = logging.makeLogRecord({"name": "django.request", "levelno": logging.ERROR, "status_code": status})
    assert configured.configure_filter(config["filters"][name]).filter(record) is told


def test_a_forged_line_is_no_line_of_its_own() -> None:
    assert written("eve\r\nINFO all is well\x1b[2J") == "INFO from eve\\r\n    INFO all is well\\x1b[2J"


def test_a_traceback_is_indented() -> None:
    lines = written("x", failed=True).split("\n")
    assert len(lines) > 2
    assert all(line.startswith("    ") for line in lines[1:])


def test_words_of_every_script_stay() -> None:
    assert harmless("Grüße 東京 👋") == "Grüße 東京 👋"
    assert harmless("\u202eevil\u2066") == "\\u202eevil\\u2066"
