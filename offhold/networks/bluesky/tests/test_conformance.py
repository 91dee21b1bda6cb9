"""What every network must do, against the real one; and what is pure, against bodies recorded from it."""

from __future__ import annotations

import pytest

from offhold.connectors.conformance import ConnectorConformance, Specimen
from offhold.networks.bluesky.connector import BlueskyConnector
from offhold.networks.bluesky.tests.chat_stub import ChatService
from offhold.networks.bluesky.tests.people import Account
from offhold.networks.bluesky.tests.real_network import RealNetwork
from offhold.networks.bluesky.tests.recorded import BRAND, bodies
from offhold.networks.bluesky.tests.world import RealWorld


@pytest.fixture(scope="module")
def customer(atproto: RealNetwork) -> Account:
    return atproto.account("dora", "Dora Customer")


@pytest.fixture(scope="module")
def brand(atproto: RealNetwork) -> Account:
    return atproto.account("brand", "Brand Care")


class TestBluesky(ConnectorConformance):
    @pytest.fixture
    async def world(self, atproto: RealNetwork, chats: ChatService, brand: Account, customer: Account) -> RealWorld:
        """The same two people for all checks, connected anew with an app password of its own for each."""
        return await RealWorld(atproto, chats, brand, customer).open()

    @pytest.fixture
    def specimen(self) -> Specimen:
        return Specimen(BlueskyConnector(), BRAND, tuple(bodies().values()))
