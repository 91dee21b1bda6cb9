"""Who may deliver: 10,000 mutations of a genuine delivery, none of them let in."""

from __future__ import annotations

import random

import pytest

from offhold.connectors.contract import Accepted, Forged, Verdict, WebhookRequest
from offhold.networks.sandbox.signature import HEADER, sign, verify
from offhold.networks.sandbox.world import push

BODY = b'{"account":"a1","events":[]}'
SECRETS = {"webhook_secret": "new-secret", "webhook_secret_previous": "old-secret"}


def delivered(*signatures: str, body: bytes = BODY, method: str = "POST") -> WebhookRequest:
    return WebhookRequest(method, tuple((HEADER, s) for s in signatures), {}, body)


def verdict(*signatures: str, secrets: dict[str, str] = SECRETS) -> Verdict:
    return verify(secrets, delivered(*signatures))


def signed(secret: str) -> str:
    return sign(BODY, secret).decode()


def test_the_network_and_we_sign_alike() -> None:
    assert push.sign(BODY, "new-secret").encode() == sign(BODY, "new-secret")


@pytest.mark.parametrize("secret", ["new-secret", "old-secret"])
def test_both_secrets_count_during_a_rotation(secret: str) -> None:
    assert verdict(signed(secret)) == Accepted()


def test_the_old_secret_is_gone_once_it_is_not_stored() -> None:
    assert isinstance(verdict(signed("old-secret"), secrets={"webhook_secret": "new-secret"}), Forged)


@pytest.mark.parametrize(
    "secrets", [{}, {"webhook_secret": ""}, {"webhook_secret": "  "}, {"webhook_secret_previous": ""}]
)
def test_an_empty_secret_lets_nothing_in(secrets: dict[str, str]) -> None:
    assert isinstance(verdict(signed(""), secrets=secrets), Forged)
    assert isinstance(verdict(signed("  "), secrets=secrets), Forged)


@pytest.mark.parametrize(
    "signatures",
    [
        [],
        [signed("new-secret"), signed("new-secret")],
        [signed("new-secret"), "sha256="],
        [""],
        ["sha256="],
        [signed("new-secret").upper()],
        [signed("new-secret") + " "],
        [signed("new-secret").replace("sha256", "sha1")],
        ["é" * 71],
        ["\udcff"],
    ],
)
def test_exactly_one_exact_signature(signatures: list[str]) -> None:
    assert isinstance(verdict(*signatures), Forged)


def test_only_a_post_delivers() -> None:
    assert isinstance(verify(SECRETS, delivered(signed("new-secret"), method="GET")), Forged)


def test_ten_thousand_mutations() -> None:
    dice = random.Random(11)
    genuine = signed("new-secret")
    for _ in range(10_000):
        body, signature = bytearray(BODY), list(genuine)
        if dice.random() < 0.5:
            body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
        else:
            at = dice.randrange(len(signature))
            signature[at] = chr((ord(signature[at]) + dice.randrange(1, 100)) % 0x250 or 1)
            if "".join(signature) == genuine:
                continue
        assert isinstance(verify(SECRETS, delivered("".join(signature), body=bytes(body))), Forged)
