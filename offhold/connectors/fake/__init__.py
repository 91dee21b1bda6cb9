"""A whole network in memory, shipped with the port, so that tests of later stages need no mocks.

`FakeNetwork` is somebody else's system: customers act on it, it can be made to fail in every way that matters, and it
keeps the truth about all that was published. `FakeConnector` speaks to it as any connector speaks to its network, over
`network.egress`; nothing in it is scripted.

    network = FakeNetwork()
    connector, channel = FakeConnector(network), network.channel(1, workspace_id=1)
    asked = network.post("Where is my parcel?")
    network.fail("lose_answer")
    ... await connector.deliver_public(network.egress, channel, out)  # raises OutcomeUnknown
    assert network.published("public") == ["On its way."]
"""

from __future__ import annotations

from offhold.connectors.fake.connector import FakeConnector
from offhold.connectors.fake.network import Failure, FakeNetwork, Publication

__all__ = ["Failure", "FakeConnector", "FakeNetwork", "Publication"]
