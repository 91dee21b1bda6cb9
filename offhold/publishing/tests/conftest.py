"""What several files of this folder stand on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from offhold.publishing.tests.office import Office
from offhold.publishing.tests.world import World


@pytest.fixture
def office(database: str) -> Iterator[Office]:
    made = Office()
    with made.installed():
        yield made


@pytest.fixture
def world(database: str) -> Iterator[World]:
    made = World()
    with made.installed():
        yield made
