"""The replies of a case, for its timeline: each kind from its own table."""

from __future__ import annotations

from offhold.publishing import direct, public
from offhold.publishing.tests.world import World


def test_each_kind_is_read_from_its_own(world: World) -> None:
    asked, whispered = world.asked_in_public(), world.asked_in_private(by="emil")
    reply, message = world.say(asked), world.whisper(whispered)
    with world.tx() as tx:
        assert [one.id for one in public.of_cases(tx, world.company.id, [asked, whispered])] == [reply]
        assert [one.id for one in direct.of_cases(tx, world.company.id, [asked, whispered])] == [message]
