"""What every network must do, as one test class. A network's tests subclass it and provide two fixtures:

    class TestBluesky(ConnectorConformance):
        @pytest.fixture
        def specimen(self) -> Specimen: ...      # what is pure: connector, channel, raw bodies it must parse

        @pytest.fixture
        async def world(self) -> AsyncIterator[World]: ...   # the network itself, with a customer to play

A check that the manifest makes pointless (webhooks of a network that has none) is skipped and says so.
"""

from __future__ import annotations

from offhold.connectors.conformance.parsing import ParsingConformance
from offhold.connectors.conformance.receiving import ReceivingConformance
from offhold.connectors.conformance.sending import SendingConformance
from offhold.connectors.conformance.trouble import TroubleConformance
from offhold.connectors.conformance.webhooks import WebhookConformance
from offhold.connectors.conformance.world import Specimen, Trouble, World

__all__ = ["ConnectorConformance", "Specimen", "Trouble", "World"]


class ConnectorConformance(
    ParsingConformance, WebhookConformance, ReceivingConformance, SendingConformance, TroubleConformance
):
    """All of it."""
