"""Trouble while sending: the class of the error alone decides what happens next, so it must be the right one."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable

import pytest

from offhold.connectors.conformance.world import Desk, Trouble, World, keep_secrets
from offhold.connectors.contract import (
    DeliveryError,
    Found,
    LoginExpired,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Refused,
)
from offhold.connectors.faults import Fault, FaultyEgress

AFTER_EFFECT: tuple[Fault, ...] = ("lost_answer", "error_after_effect", "garbled_answer")


class TroubleConformance:
    async def test_no_connection_is_not_sent(self, world: World) -> None:
        desk = Desk(world)
        out = desk.public(await desk.asked_in_public())
        egress = _spoilt(world, "unreachable")
        error = await _failure(world, world.connector.deliver_public(egress, world.channel, out))
        assert isinstance(error, NotSent), repr(error)
        assert out.text not in await world.public_texts()

    async def test_no_connection_is_not_sent_in_private_either(self, world: World) -> None:
        desk = Desk(world)
        out = desk.direct(await desk.asked_in_private())
        egress = _spoilt(world, "unreachable")
        error = await _failure(world, world.connector.deliver_direct(egress, world.channel, out))
        assert isinstance(error, NotSent), repr(error)
        assert out.text not in await world.private_texts()

    @pytest.mark.parametrize("fault", AFTER_EFFECT)
    async def test_no_readable_answer_is_an_unknown_outcome_that_read_back_settles(
        self, world: World, fault: Fault
    ) -> None:
        desk = Desk(world)
        out = desk.public(await desk.asked_in_public())
        egress = _spoilt(world, fault)
        error = await _failure(world, world.connector.deliver_public(egress, world.channel, out))
        assert isinstance(error, OutcomeUnknown), repr(error)
        assert egress.writes == 1, "a connector never sends again by itself"
        assert isinstance(await world.connector.read_back_public(world.egress, world.channel, out), Found)
        assert (await world.public_texts()).count(out.text) == 1

    @pytest.mark.parametrize("fault", AFTER_EFFECT)
    async def test_the_same_holds_for_a_direct_message(self, world: World, fault: Fault) -> None:
        desk = Desk(world)
        out = desk.direct(await desk.asked_in_private())
        egress = _spoilt(world, fault)
        error = await _failure(world, world.connector.deliver_direct(egress, world.channel, out))
        assert isinstance(error, OutcomeUnknown), repr(error)
        assert egress.writes == 1, "a connector never sends again by itself"
        assert isinstance(await world.connector.read_back_direct(world.egress, world.channel, out), Found)
        assert (await world.private_texts()).count(out.text) == 1

    async def test_a_refusal_is_refused(self, world: World) -> None:
        error = await _injected(world, "refused")
        assert isinstance(error, Refused)
        assert error.code
        assert str(error), "the agent is told nothing"

    async def test_too_often_is_rate_limited(self, world: World) -> None:
        error = await _injected(world, "rate_limited")
        assert isinstance(error, RateLimited)
        assert error.retry_after > 0

    async def test_a_dead_login_is_login_expired(self, world: World) -> None:
        assert isinstance(await _injected(world, "login_expired"), LoginExpired)

    async def test_a_misstated_audience_is_passed_on(self, world: World) -> None:
        """The network says `private` of what was meant for everyone, or the other way: publishing must get to know."""
        desk = Desk(world)
        out = desk.public(await desk.asked_in_public())
        await world.inject("misstated_audience")
        receipt = await world.connector.deliver_public(world.egress, world.channel, out)
        keep_secrets(world, receipt)
        assert receipt.audience == "private"

    async def test_secrets_are_in_no_repr(self, world: World) -> None:
        _no_secret(world, repr(world.channel), str(world.channel), f"{world.channel}", repr(world.connector))

    async def test_a_failing_read_keeps_the_secrets(self, world: World) -> None:
        if not world.connector.manifest.can.polls:
            pytest.skip("this network is not polled")
        egress = FaultyEgress(world.egress, is_write=lambda _method, _url: True)
        for fault in ("unreachable", *AFTER_EFFECT):
            egress.spoil(fault)
            await _failure(world, world.connector.poll(egress, world.channel, None))


def _spoilt(world: World, *faults: Fault) -> FaultyEgress:
    egress = FaultyEgress(world.egress, world.is_write)
    egress.spoil(*faults)
    return egress


async def _injected(world: World, trouble: Trouble) -> DeliveryError:
    desk = Desk(world)
    out = desk.public(await desk.asked_in_public())
    await world.inject(trouble)
    error = await _failure(world, world.connector.deliver_public(world.egress, world.channel, out))
    assert out.text not in await world.public_texts(), "it was published all the same"
    return error


async def _failure(world: World, act: Awaitable[object]) -> DeliveryError:
    """The error of an act that must fail, after looking for secrets in all that a log would show of it."""
    with pytest.raises(DeliveryError) as failed:
        await act
    _no_secret(world, "".join(traceback.format_exception(failed.value)), repr(failed.value))
    return failed.value


def _no_secret(world: World, *texts: str) -> None:
    for name, secret in world.channel.secrets.items():
        # Shorter than this is no secret but a word that may stand anywhere.
        assert len(secret) < 6 or not any(secret in text for text in texts), f"the secret {name!r} shows"
