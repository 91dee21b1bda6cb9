"""What every network must do, as one test class. A network's tests subclass it and provide two fixtures:

    class TestBluesky(ConnectorConformance):
        @pytest.fixture
        def specimen(self) -> Specimen: ...      # what is pure: connector, channel, raw bodies it must parse

        @pytest.fixture
        async def world(self) -> AsyncIterator[World]: ...   # the network itself, with a customer to play

A check that the manifest makes pointless (webhooks of a network that has none) is skipped and says so.
"""

from __future__ import annotations

import pytest

# Before these are read, so that a failing assertion shows its values.
pytest.register_assert_rewrite(
    *(f"{__name__}.{part}" for part in ("parsing", "receiving", "sending", "trouble", "webhooks"))
)

from offhold.connectors.conformance.parsing import ParsingConformance  # noqa: E402
from offhold.connectors.conformance.receiving import ReceivingConformance  # noqa: E402
from offhold.connectors.conformance.sending import SendingConformance  # noqa: E402
from offhold.connectors.conformance.trouble import TroubleConformance  # noqa: E402
from offhold.connectors.conformance.webhooks import WebhookConformance  # noqa: E402
from offhold.connectors.conformance.world import Specimen, Trouble, World  # noqa: E402

__all__ = ["ConnectorConformance", "Specimen", "Trouble", "World"]


class ConnectorConformance(
    ParsingConformance, WebhookConformance, ReceivingConformance, SendingConformance, TroubleConformance
):
    """All of it."""
