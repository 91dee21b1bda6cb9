"""What is too long for one post goes out as several, each as long as the network takes them in public."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import msgspec

from offhold.connectors import counting
from offhold.connectors.contract import Counter, ThreadRule
from offhold.connectors.fake import FakeConnector, FakeNetwork
from offhold.publishing import check

TEXT = "We found it in Lisbon. It comes with the next flight. Somebody brings it to your door tonight."
MANIFEST = msgspec.structs.replace(
    FakeConnector(FakeNetwork()).manifest,
    public_text=Counter(40),
    private_text=Counter(80),
    thread=ThreadRule(most=9, numbered=False),
)


def test_each_post_is_one_that_the_network_takes_in_public() -> None:
    was: Any = SimpleNamespace(thread=1)  # it was several before somebody changed it
    _, changed = check.check_changed_text(TEXT, MANIFEST, was)
    _, meant = check.check_public_text(TEXT, MANIFEST, len(changed))
    assert meant == changed
    assert len(meant) > len(TEXT) / 80 + 1
    assert all(counting.fits(post, MANIFEST.public_text) for post in meant)
