"""One customer with one question, and the one reply a test of a fault is about."""

from __future__ import annotations

from offhold.connectors.contract import Audience
from offhold.publishing.tests.world import World

PUBLIC, PRIVATE = "It is in Lisbon.", "XK7QP2 is in Lisbon."


class Case:
    """One customer with one question, and the one reply a test is about."""

    def __init__(self, world: World, audience: Audience) -> None:
        self.world = world
        self.audience = audience
        self.other: Audience = "private" if audience == "public" else "public"
        self.text = PUBLIC if audience == "public" else PRIVATE
        self.case = world.asked_in_public() if audience == "public" else world.asked_in_private()

    def answer(self) -> int:
        return (self.world.say if self.audience == "public" else self.world.whisper)(self.case, self.text)

    def published(self) -> list[str]:
        """What the network took for this audience. Nothing must ever have gone to the other one."""
        assert self.text not in self.world.network.published(self.other)
        return [text for text in self.world.network.published(self.audience) if text == self.text]

    def later_post_of_ours(self) -> None:
        """The positive control: something of ours that is newer can be seen."""
        network = self.world.network
        if self.audience == "public":
            network.add("public", network.us, "Good morning everybody!")
        else:
            network.add("private", network.us, "Good morning, Erik!", to=network.customer("erik"))

    def error(self, reply: int) -> str | None:
        found = self.world.public_reply(reply) if self.audience == "public" else self.world.direct_reply(reply)
        return found.standing.error_code
