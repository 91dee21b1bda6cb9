"""One installation and one Chromium for this folder; a page of its own for each test.

Both end with the folder, not with the run: while Playwright's loop is there, no other test could use asyncio or Django.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from offhold.app.cli.checks import BUILT_CLIENT
from tests.browser import chromium
from tests.browser.screen import Screen
from tests.browser.stage import Stage
from tests.browser.stage import stage as running_stage
from tests.support.database import Server

Opens = Callable[..., Screen]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder drives Chromium."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def executable() -> str:
    """Chromium; looked for before anything is started."""
    if not (BUILT_CLIENT / "index.html").is_file() and os.environ.get("CI") != "true":
        pytest.skip("the browser client is not built: make setup")
    return chromium.path()


@pytest.fixture(scope="package")
def stage(executable: str, database_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The installation all tests of this folder share."""
    with running_stage(database_server.copy(), tmp_path_factory.mktemp("stage")) as made:
        yield made


@pytest.fixture(scope="package")
def browser(executable: str, stage: Stage) -> Iterator[Browser]:
    """Started after the stage, whose database needs Django to be made."""
    expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong
    with sync_playwright() as playwright:
        launched = chromium.launched(playwright, executable)
        yield launched
        launched.close()


@pytest.fixture
def opens(browser: Browser, stage: Stage) -> Iterator[Opens]:
    """`opens("bob", width=390)`: a browser of his own, signed in. `who=None`: nobody is. Complaints fail the test."""
    screens: list[Screen] = []

    def opened(who: str | None = "alice", width: int = 1440, height: int = 900, **options: Any) -> Screen:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB", **options)
        if who:
            context.add_cookies(stage.cookies(who))  # type: ignore[arg-type]  # plain dicts
        screens.append(Screen(context, stage.url))
        return screens[-1]

    yield opened
    for screen in screens:
        screen.context.close()
    assert [told for screen in screens for told in screen.unexpected()] == []
