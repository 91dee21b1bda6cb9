"""The network is asked who can read it, and the reply has moved on when it answers."""

from __future__ import annotations

from typing import Any

import msgspec

from offhold.connectors.contract import Receipt
from offhold.kernel import clock
from offhold.publishing import direct, proof, public, writers
from offhold.publishing.attempts import Opened
from offhold.publishing.graph import Confirmed, Unstated
from offhold.publishing.line import Line
from offhold.publishing.tests.office import Office
from offhold.publishing.tests.test_after import paged, said, taken_back
from offhold.publishing.tests.world import QUICK, World, wait_for
from tests.support import builders


def asking(world: World, line: Line[Any, Any], reply: int) -> Opened[Any, Any]:
    """The sender asks who can read this, and has not heard yet."""

    def take() -> Any:
        with world.tx() as tx:
            return writers.take(tx, world.company.id, world.channel_id, lease=60.0)

    opened = proof.begin(line, wait_for(take), reply, QUICK)
    assert opened is not None
    return opened


def shown_to(audience: Any) -> Receipt:
    return Receipt("item", clock.now(), audience)


def test_what_was_taken_back_while_the_network_was_asked_is_no_new_trouble(office: Office) -> None:
    builders.holds(office.company)
    _, reply = said(office)
    opened = asking(office, public.LINE, reply)
    taken_back(office, reply)
    proof.settle(public.LINE, opened, shown_to("private"))
    assert (office.state(reply), paged(office)) == ("sent", ["repair"])
    assert office.one("SELECT sending FROM channels WHERE id = %s", office.channel_id) == (True,)


def test_what_a_person_has_before_them_by_now_is_not_deleted_again(world: World) -> None:
    reply = world.whisper(world.asked_in_private())
    with world.sending():
        assert world.until(reply, "sent")
    opened = asking(world, direct.LINE, reply)
    with world.tx() as tx:  # as after its echo, and after it was deleted
        tx.run("UPDATE direct_replies SET state = 'needs_human', error_code = 'wrong_audience' WHERE id = %s", (reply,))
    proof.settle(direct.LINE, opened, shown_to("public"))
    assert (world.state(reply), paged(world)) == ("needs_human", [])
    assert world.direct_reply(reply).withdraw_at is None


def test_where_one_person_reads_it_counts_only_as_far_as_it_was_known(world: World) -> None:
    """Private in another conversation than we meant: no machine deletes on that, and none is content with it."""
    reply = world.direct_reply(world.whisper(world.asked_in_private()))
    assert reply.conversation is not None
    first = msgspec.structs.replace(reply, conversation=None)  # the network opened one for it
    for meant, told, event in (
        (reply, reply.conversation, Confirmed()),
        (reply, None, Confirmed()),
        (reply, "another", Unstated()),
        (first, "another", Confirmed()),
    ):
        assert direct.LINE.judge(meant, Receipt("item", clock.now(), "private", conversation=told)) == event


_CALLED = """
SELECT c.network_key FROM messages m
JOIN conversations c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id WHERE m.id = %s
"""


def test_a_direct_message_stands_in_the_conversation_it_was_meant_in_or_opened(world: World) -> None:
    """Also where the network does not say which that is."""
    meant = world.direct_reply(world.whisper(world.asked_in_private()))
    erik, fay = (world.direct_reply(world.whisper(world.asked_in_public(by=name))) for name in ("erik", "fay"))
    for n, (reply, told, called) in enumerate(
        (
            (meant, None, meant.conversation),
            (erik, "opened", "opened"),
            (fay, None, f"with:{fay.recipient_id}"),
        )
    ):
        with world.tx() as tx:
            receipt = Receipt(f"item-{n}", clock.now(), "private", conversation=told)
            message = direct.LINE.post(tx, reply, receipt, reply.case_id)
            assert tx.one(_CALLED, (message,)) == (called,)
