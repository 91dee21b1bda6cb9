"""What the tests of this folder share."""

from __future__ import annotations

import os

import pytest

from offhold.app.cli.checks import BUILT_CLIENT


@pytest.fixture
def built_client() -> None:
    """Needs the built browser client. In CI it is there or the test fails; elsewhere `make setup` builds it."""
    if not (BUILT_CLIENT / "index.html").is_file() and os.environ.get("CI") != "true":
        pytest.skip("the browser client is not built: make setup")
