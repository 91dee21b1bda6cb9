"""Sessions: used until the server says they expired, renewed once, and never a login more than needed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec
import pytest

from offhold.connectors.contract import Answer, LoginExpired, NotSent, OutcomeUnknown, RateLimited
from offhold.networks.bluesky.session import Session
from offhold.networks.bluesky.tests.scripted import PDS, US, Call, Script, channel, jwt, no
from offhold.networks.bluesky.tokens import Keyring
from offhold.networks.bluesky.xrpc import Declined

CREATE = "com.atproto.server.createSession"
REFRESH = "com.atproto.server.refreshSession"
ASKED = "app.bsky.actor.getProfile"


class Thing(msgspec.Struct):
    ok: bool = False


def opened(n: int, **more: object) -> dict[str, object]:
    return {"accessJwt": jwt(n), "refreshJwt": f"refresh-{n}", "did": US, "handle": "acme.example", **more}


def takes_only(*tokens: str) -> Callable[[Call], object]:
    return lambda call: {"ok": True} if call.token in tokens else no("ExpiredToken", "Token has expired")


def server(good: int = 2) -> Script:
    """Access token `good` is taken; refreshing gives it; so does logging in."""
    return Script().on(ASKED, takes_only(jwt(good))).says(REFRESH, opened(good)).says(CREATE, opened(good))


async def test_a_good_session_is_simply_used() -> None:
    script = server(good=1)
    session = Session(script, channel(), Keyring())
    assert await session.get(ASKED, Thing) == Thing(ok=True)
    assert [call.nsid for call in script.calls] == [ASKED]
    assert session.rotated() is None


async def test_an_expired_session_is_renewed_and_both_tokens_are_handed_out() -> None:
    script = server()
    session = Session(script, channel(), Keyring())
    assert await session.get(ASKED, Thing) == Thing(ok=True)
    assert [call.nsid for call in script.calls] == [ASKED, REFRESH, ASKED]
    assert script.asked(REFRESH)[0].token == "refresh-0"
    assert session.rotated() == {"access_jwt": jwt(2), "refresh_jwt": "refresh-2", "app_password": "pass-word"}


async def test_the_next_session_knows_the_new_tokens_though_they_are_not_stored_yet() -> None:
    script, keyring = server(), Keyring()
    await Session(script, channel(), keyring).get(ASKED, Thing)
    again = Session(script, channel(), keyring)
    await again.get(ASKED, Thing)
    assert len(script.asked(REFRESH)) == 1
    assert again.rotated() is not None, "until they are stored, they are handed out"


async def test_stored_tokens_that_are_newer_win_over_memory() -> None:
    script, keyring = server(good=9), Keyring()
    script.says(REFRESH, opened(2))
    with pytest.raises(Declined):
        await Session(script, channel(), keyring).get(ASKED, Thing)
    assert await Session(script, channel(jwt(9)), keyring).get(ASKED, Thing) == Thing(ok=True)


async def test_many_calls_at_once_renew_once() -> None:
    script, keyring = server(), Keyring()
    answers = await asyncio.gather(*(Session(script, channel(), keyring).get(ASKED, Thing) for _ in range(20)))
    assert all(answer.ok for answer in answers)
    assert len(script.asked(REFRESH)) == 1
    assert not script.asked(CREATE)


async def test_a_dead_refresh_token_leads_to_one_login() -> None:
    script = server().on(REFRESH, lambda _call: no("ExpiredToken", "Token has been revoked"))
    session = Session(script, channel(), Keyring())
    assert await session.get(ASKED, Thing) == Thing(ok=True)
    [login] = script.asked(CREATE)
    assert login.body == {"identifier": US, "password": "pass-word"}
    assert "authorization" not in login.headers


async def test_a_dead_app_password_is_a_login_expired_and_is_not_tried_at_every_call() -> None:
    script, keyring = server(), Keyring()
    script.on(REFRESH, lambda _call: no("ExpiredToken"))
    script.on(CREATE, lambda _call: no("AuthenticationRequired", "Invalid identifier or password", status=401))
    for _ in range(5):
        with pytest.raises(LoginExpired, match=r"@acme\.example no longer works"):
            await Session(script, channel(), keyring).get(ASKED, Thing)
    assert len(script.asked(CREATE)) == 1


async def test_a_new_app_password_is_tried_at_once() -> None:
    script, keyring = server(), Keyring()
    script.on(REFRESH, lambda _call: no("ExpiredToken"))
    script.on(CREATE, lambda call: no("AuthenticationRequired") if call.body["password"] == "pass-word" else opened(2))
    with pytest.raises(LoginExpired):
        await Session(script, channel(), keyring).get(ASKED, Thing)
    anew = msgspec.structs.replace(channel(), secrets={**channel().secrets, "app_password": "another"})
    assert await Session(script, anew, keyring).get(ASKED, Thing) == Thing(ok=True)


async def test_a_closed_account_is_a_login_expired() -> None:
    script = server().says(REFRESH, opened(2, active=False, status="deactivated"))
    with pytest.raises(LoginExpired, match="deactivated"):
        await Session(script, channel(), Keyring()).get(ASKED, Thing)
    taken_down = no("AccountTakedown", "Account has been taken down", status=401)
    with pytest.raises(LoginExpired, match="taken down"):
        await Session(server().on(REFRESH, lambda _call: taken_down), channel(), Keyring()).get(ASKED, Thing)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(500, {}, b"", ""), NotSent),
        (Answer(200, {}, b"<html>", ""), NotSent),
        (Answer(429, {"retry-after": "5"}, b"", ""), RateLimited),
    ],
)
@pytest.mark.parametrize("where", [REFRESH, CREATE])
async def test_a_renewal_that_fails_means_that_the_call_was_not_made(
    where: str, answer: Answer, error: type[Exception]
) -> None:
    script = server().on(REFRESH, lambda _call: no("ExpiredToken")).on(where, lambda _call: answer)
    with pytest.raises(error):
        await Session(script, channel(), Keyring()).post(ASKED, Thing, {})


async def test_a_call_is_made_a_second_time_only_when_it_was_refused_for_its_token() -> None:
    script = Script().on(ASKED, lambda _call: Answer(500, {}, b"", "")).says(REFRESH, opened(2))
    with pytest.raises(OutcomeUnknown):
        await Session(script, channel(), Keyring()).post(ASKED, Thing, {})
    assert len(script.calls) == 1


async def test_a_service_that_does_not_take_our_token_does_not_cost_us_the_session() -> None:
    script = server().on("chat.bsky.convo.getLog", lambda _call: no("InvalidToken", "Bad token method"))
    with pytest.raises(Declined, match="Bad token method"):
        await Session(script, channel(), Keyring()).get("chat.bsky.convo.getLog", Thing, proxy="did:web:chat#bsky_chat")
    assert [call.headers["atproto-proxy"] for call in script.calls] == ["did:web:chat#bsky_chat"]


async def test_calls_go_to_the_accounts_own_server() -> None:
    script = server(good=1)
    session = Session(script, channel(pds="https://other.example"), Keyring())
    await session.get(ASKED, Thing)
    assert session.pds == "https://other.example" != PDS


async def test_a_rename_is_noticed_when_the_session_is_renewed() -> None:
    script, keyring = server().says(REFRESH, opened(2, handle="new.example")), Keyring()
    session = Session(script, channel(), keyring)
    assert session.renamed() is None
    await session.get(ASKED, Thing)
    told = session.renamed()
    assert told is not None
    assert msgspec.json.decode(told)["handle"] == "new.example"
    assert Session(script, channel(), keyring).renamed() == told, "the same bytes until the desk has learnt it"
    learnt = msgspec.structs.replace(channel(), handle="new.example")
    assert Session(script, learnt, keyring).renamed() is None


async def test_no_token_shows_in_a_repr() -> None:
    keyring = Keyring()
    login = keyring.login(channel())
    assert "refresh-0" not in f"{login.tokens!r} {login!r} {keyring!r} {Session(Script(), channel(), keyring)!r}"


def test_one_account_in_two_event_loops() -> None:
    """The worker may speak for a channel from several threads, each with a loop."""
    script, keyring = server(), Keyring()
    for _ in range(2):
        assert asyncio.run(Session(script, channel(), keyring).get(ASKED, Thing)) == Thing(ok=True)
    assert len(script.asked(REFRESH)) == 1
