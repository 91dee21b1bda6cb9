"""Webhooks: the genuine ones are let in, and nothing else is, whoever made it."""

from __future__ import annotations

import random

import msgspec
import pytest

from offhold.connectors.conformance.world import Specimen, World
from offhold.connectors.contract import Accepted, Answered, Channel, Forged, Verdict, WebhookRequest

MUTATIONS = 2_000


class WebhookConformance:
    def test_a_network_without_webhooks_lets_none_in(self, specimen: Specimen) -> None:
        if specimen.connector.manifest.can.webhooks:
            pytest.skip("this network has webhooks")
        for body in specimen.bodies:
            for method in ("POST", "GET"):
                request = WebhookRequest(method, (("content-type", "application/json"),), {}, body)
                assert isinstance(specimen.connector.verify(specimen.channel, request), Forged)

    async def test_a_genuine_delivery_is_let_in(self, world: World, specimen: Specimen) -> None:
        for body in _bodies(specimen):
            assert isinstance(_verify(world, world.sign(world.channel, body)), Accepted)

    async def test_a_changed_body_or_signature_is_forged(self, world: World, specimen: Specimen) -> None:
        chance = random.Random(5)  # noqa: S311 - to be the same each time
        genuine = [world.sign(world.channel, body) for body in _bodies(specimen)]
        for _ in range(MUTATIONS):
            request = chance.choice(genuine)
            changed = _changed(request, _signatures(world, request), chance)
            assert not isinstance(_verify(world, changed), Accepted), changed

    async def test_exactly_one_signature_counts(self, world: World, specimen: Specimen) -> None:
        for body in _bodies(specimen):
            request = world.sign(world.channel, body)
            signatures = _signatures(world, request)
            assert signatures, "no header of this delivery matters"
            for name in signatures:
                [value] = request.all(name)
                without = [header for header in request.headers if header[0] != name]
                for headers in (
                    without,
                    [*request.headers, (name, value)],
                    [*request.headers, (name, "sha256=0")],
                    [(name, "sha256=0"), *request.headers],
                    [*without, (name, "")],
                    [*without, (name, "é\u2028")],
                ):
                    forged = msgspec.structs.replace(request, headers=tuple(headers))
                    assert isinstance(_verify(world, forged), Forged), headers

    async def test_another_secret_or_none_is_forged(self, world: World, specimen: Specimen) -> None:
        for body in _bodies(specimen):
            for secret in ("", "another-secret"):
                foreign = _with_secrets(world.channel, secret)
                assert isinstance(_verify(world, world.sign(foreign, body)), Forged)

    async def test_an_empty_secret_lets_nothing_in(self, world: World, specimen: Specimen) -> None:
        """A channel whose secret was lost must not take what anybody can sign: with the empty key."""
        for body in _bodies(specimen):
            for channel in (_with_secrets(world.channel, ""), msgspec.structs.replace(world.channel, secrets={})):
                signed = world.sign(_with_secrets(world.channel, ""), body)
                assert isinstance(world.connector.verify(channel, signed), Forged)

    def test_verifying_never_fails(self, specimen: Specimen) -> None:
        chance = random.Random(7)  # noqa: S311 - to be the same each time
        names = [
            "x-hub-signature-256",
            "x-twitter-webhooks-signature",
            "x-signature",
            "content-type",
            "x-fake-signature",
        ]
        for _ in range(500):
            headers = tuple(
                (chance.choice(names), "".join(chr(chance.randrange(1, 0x2FF)) for _ in range(chance.randrange(80))))
                for _ in range(chance.randrange(4))
            )
            query = {"crc_token": "é" * chance.randrange(3), "hub.challenge": "x"} if chance.random() < 0.5 else {}
            request = WebhookRequest(chance.choice(["POST", "GET"]), headers, query, chance.randbytes(40))
            assert isinstance(specimen.connector.verify(specimen.channel, request), Accepted | Answered | Forged)


def _bodies(specimen: Specimen) -> tuple[bytes, ...]:
    if not specimen.connector.manifest.can.webhooks:
        pytest.skip("this network has no webhooks")
    return specimen.bodies


def _verify(world: World, request: WebhookRequest) -> Verdict:
    return world.connector.verify(world.channel, request)


def _with_secrets(channel: Channel, value: str) -> Channel:
    return msgspec.structs.replace(channel, secrets=dict.fromkeys(channel.secrets, value))


def _signatures(world: World, request: WebhookRequest) -> list[str]:
    """The headers that make it genuine: without one of them it is forged."""
    names = dict.fromkeys(name for name, _ in request.headers)
    return [name for name in names if isinstance(_verify(world, _without(request, name)), Forged)]


def _without(request: WebhookRequest, name: str) -> WebhookRequest:
    return msgspec.structs.replace(request, headers=tuple(header for header in request.headers if header[0] != name))


def _changed(request: WebhookRequest, signatures: list[str], chance: random.Random) -> WebhookRequest:
    """One byte of the body or one character of a signature is another one."""
    if chance.random() < 0.5:
        at = chance.randrange(len(request.body))
        other = bytes([request.body[at] ^ (1 << chance.randrange(8))])
        return msgspec.structs.replace(request, body=request.body[:at] + other + request.body[at + 1 :])
    name = chance.choice(signatures)
    headers = tuple((n, _other_text(v, chance) if n == name else v) for n, v in request.headers)
    return msgspec.structs.replace(request, headers=headers)


def _other_text(value: str, chance: random.Random) -> str:
    at = chance.randrange(len(value))
    match chance.randrange(3):
        case 0:
            return value[:at]
        case 1:
            return value[:at] + chr((ord(value[at]) + chance.randrange(1, 90) - 33) % 90 + 33) + value[at + 1 :] + "="
        case _:
            return value[:at] + "0f"[value[at] == "0"] + value[at + 1 :]
