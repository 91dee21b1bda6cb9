"""The webhook route as a network sees it: never 200 for what is not stored, never stored for what is not theirs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from offhold.connectors.contract import Answered, Channel, Verdict, WebhookRequest
from offhold.connectors.fake import FakeConnector, FakeNetwork
from offhold.connectors.registry import networks
from offhold.intake import webhooks
from offhold.intake.tests.delivering import body, deliver
from offhold.intake.tests.world import World
from offhold.intake.webhooks import MOST_BYTES, Webhooks
from offhold.kernel.db.tx import transaction
from tests.support.parallel import in_thread


async def test_a_signed_delivery_is_in_the_log_as_it_came(world: World, http: httpx.AsyncClient) -> None:
    said = body()
    assert await deliver(http, world, said) == 200
    assert world.log() == [said]


async def test_a_second_copy_is_taken_and_has_no_effect(world: World, http: httpx.AsyncClient) -> None:
    said = body()
    assert [await deliver(http, world, said) for _ in range(3)] == [200, 200, 200]
    assert world.log() == [said]
    assert len(world.queue()) == 1


async def test_forged_deliveries_are_refused_and_leave_nothing(
    world: World, http: httpx.AsyncClient, app: Webhooks
) -> None:
    said = body()
    right = dict(world.signed(said).headers)["x-fake-signature"]
    wrong_secret = dict(FakeNetwork.sign(said, "another secret").headers)["x-fake-signature"]
    forged = [wrong_secret, "", "sha256=", right[:-1], right.upper(), right + "0", "é", f"{right}, {right}"]
    for signature in forged:
        answer = await http.post(world.path, content=said, headers={b"x-fake-signature": signature.encode()})
        assert answer.status_code == 401, signature
    assert (await http.post(world.path, content=said)).status_code == 401
    twice = [("x-fake-signature", right), ("x-fake-signature", right)]
    assert (await http.post(world.path, content=said, headers=twice)).status_code == 401
    assert (await deliver(http, world, said + b" ", **{"x-fake-signature": right})) == 401
    assert world.log() == []
    await in_thread(app.pulse.flush)
    assert await in_thread(_forged, world) == len(forged) + 3


def _forged(world: World) -> int:
    with transaction(world.workspace.id) as tx:
        return int(tx.rows("SELECT forged FROM channel_health")[0][0])


async def test_mutated_signatures_are_never_accepted(world: World, http: httpx.AsyncClient) -> None:
    said = body()
    right = bytearray(dict(world.signed(said).headers)["x-fake-signature"].encode())
    for place in range(len(right)):
        bent = bytearray(right)
        bent[place] ^= 1
        answer = await http.post(world.path, content=said, headers={b"x-fake-signature": bytes(bent)})
        assert answer.status_code == 401, place
    assert world.log() == []


async def test_a_signature_for_another_companys_channel_counts_for_nothing(
    world: World, http: httpx.AsyncClient, other: World
) -> None:
    theirs = FakeNetwork.sign(body(), "the other company's own")
    answer = await http.post(world.path, content=theirs.body, headers=dict(theirs.headers))
    assert (answer.status_code, world.log(), other.log()) == (401, [], [])


async def test_the_same_body_for_two_channels_is_two_arrivals(
    world: World, http: httpx.AsyncClient, other: World
) -> None:
    said = body()
    assert [await deliver(http, world, said), await deliver(http, other, said)] == [200, 200]
    assert (world.log(), other.log()) == ([said], [said])


@pytest.mark.parametrize("token", ["", "nobody", "../hooks", "%00", "é", "x" * 2000])
async def test_an_unknown_address_is_404(world: World, http: httpx.AsyncClient, token: str) -> None:
    assert (await http.post(f"/hooks/{token}", content=body())).status_code == 404


async def test_a_paused_channel_takes_nothing(world: World, http: httpx.AsyncClient, owner_sql: Any) -> None:
    owner_sql("UPDATE channels SET paused = true WHERE id = %s", (world.channel.id,))
    assert await deliver(http, world, body()) == 404
    assert world.log() == []


async def test_packed_and_too_large_bodies_are_refused(world: World, http: httpx.AsyncClient) -> None:
    said = body()
    assert await deliver(http, world, said, **{"content-encoding": "gzip"}) == 415
    assert await deliver(http, world, said, **{"content-encoding": "identity"}) == 200
    assert await deliver(http, world, b"x" * (MOST_BYTES + 1)) == 413
    assert await deliver(http, world, said, **{"content-length": str(MOST_BYTES + 1)}) == 413
    assert world.log() == [said]


async def test_a_body_without_a_length_is_cut_at_the_limit(world: World, http: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1_000_000

    answer = await http.post(world.path, content=endless(), headers={"x-fake-signature": "none"})
    assert answer.status_code == 413


async def test_a_body_that_trickles_is_given_up(world: World, app: Webhooks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "READ_SECONDS", 0.05)
    sent = await by_hand(app, world, waits=True)
    assert sent[0]["status"] == 408
    assert world.log() == []


async def test_a_sender_that_hangs_up_leaves_nothing(world: World, app: Webhooks) -> None:
    sent = await by_hand(app, world, waits=False)
    assert sent[0]["status"] == 400
    assert world.log() == []


async def by_hand(app: Webhooks, world: World, *, waits: bool) -> list[dict[str, Any]]:
    """A request whose body never ends: the sender stays silent, or hangs up."""
    messages = [{"type": "http.request", "body": b"{", "more_body": True}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop()
        if waits:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    await app({"type": "http", "method": "POST", "path": world.path, "headers": [], "query_string": b""}, receive, send)
    return sent


class Challenging(FakeConnector):
    """A network that asks whether we are there before it delivers."""

    def verify(self, channel: Channel, request: WebhookRequest) -> Verdict:
        if request.method == "GET" and "challenge" in request.query:
            return Answered(request.query["challenge"].encode(), "text/plain")
        return super().verify(channel, request)


async def test_a_challenge_is_answered_and_nothing_is_stored(world: World, http: httpx.AsyncClient) -> None:
    with networks.lend(Challenging(world.network)):
        answer = await http.get(world.path, params={"challenge": "abc 123"})
        assert (answer.status_code, answer.text, world.log()) == (200, "abc 123", [])
        assert (await http.get(world.path)).status_code == 401


async def test_a_network_whose_folder_is_gone_is_asked_to_wait(
    world: World, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.delitem(networks._loaded, "fake")
        assert await deliver(http, world, body()) == 503
    assert await deliver(http, world, body()) == 200
