"""Print the description of the HTTP API, OpenAPI 3.1, as JSON.

The browser client's types are made from it: after a change of the API run

    offhold openapi > client/openapi.json

and a test fails until that was done. A running Offhold serves the same at /api/openapi.json, readable at /api/docs.
"""

from __future__ import annotations

import argparse

from offhold.app.cli.django_process import set_up

HELP = "print the description of the HTTP API"
# Nothing is asked of a database: the API is described from the code alone.
NO_DATABASE = "postgresql:///none"


def configure(parser: argparse.ArgumentParser) -> None:
    """It takes no options."""


def run(args: argparse.Namespace) -> int:  # noqa: ARG001 - every command's signature
    """Print it."""
    set_up(NO_DATABASE, "app")
    from offhold.app.api import description

    print(description(), end="")
    return 0
