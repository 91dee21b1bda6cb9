from __future__ import annotations

import pytest

from offhold.connectors.contract import Answer, NotSent, RateLimited, Refused
from offhold.networks.bluesky.connecting import connect, server_address
from offhold.networks.bluesky.tests.scripted import US, Script, jwt, no

CREATE = "com.atproto.server.createSession"
PROFILE = "app.bsky.actor.getProfile"
TYPED = {"identifier": "acme.example", "app_password": "abcd-efgh-ijkl-mnop"}


def did_doc(endpoint: str) -> dict[str, object]:
    return {"service": [{"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": endpoint}]}


def opened(scope: str = "com.atproto.appPassPrivileged", **more: object) -> dict[str, object]:
    return {"accessJwt": jwt(1, scope), "refreshJwt": "refresh", "did": US, "handle": "acme.example", **more}


def server(session: object) -> Script:
    profile = {"did": US, "handle": "acme.example", "displayName": "Acme", "followersCount": 1200}
    return Script().says(CREATE, session).says(PROFILE, profile)


async def test_what_connecting_finds_out() -> None:
    script = server(opened(didDoc=did_doc("https://morel.host.example")))
    connected = await connect(script, TYPED)
    assert (connected.account_id, connected.handle, connected.name) == (US, "acme.example", "Acme")
    assert connected.followers == 1200
    assert connected.config == {
        "service": "https://bsky.social",
        "pds": "https://morel.host.example",
        "chat_did": "did:web:api.bsky.chat",
        "direct": "yes",
    }
    assert connected.secrets == {
        "access_jwt": jwt(1),
        "refresh_jwt": "refresh",
        "app_password": "abcd-efgh-ijkl-mnop",
    }


async def test_a_copied_handle_loses_what_cannot_be_seen() -> None:
    script = server(opened())
    await connect(script, {"identifier": " \u202a@acme.example\u202c\n", "app_password": " abcd-efgh-ijkl-mnop "})
    assert script.asked(CREATE)[0].body == {"identifier": "acme.example", "password": "abcd-efgh-ijkl-mnop"}


async def test_an_app_password_without_direct_messages_connects_for_public() -> None:
    assert (await connect(server(opened("com.atproto.appPass")), TYPED)).config["direct"] == "no"


async def test_the_accounts_own_password_is_refused() -> None:
    with pytest.raises(Refused, match="account's own password") as refused:
        await connect(server(opened("com.atproto.access")), TYPED)
    assert refused.value.code == "main_password"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (no("AuthenticationRequired", "Invalid identifier or password", status=401), "bad_login"),
        (no("AuthFactorTokenRequired", "A sign in code has been sent", status=401), "main_password"),
        (no("AccountTakedown", status=401), "account_taken_down"),
        (no("SomethingNew", "No"), "login_refused"),
        (Answer(404, {}, b"<html>", ""), "login_refused"),
    ],
)
async def test_why_a_login_failed_is_said_in_words(answer: Answer, code: str) -> None:
    with pytest.raises(Refused) as refused:
        await connect(Script().says(CREATE, answer), TYPED)
    assert refused.value.code == code
    assert len(str(refused.value)) > 20


async def test_a_closed_account_is_refused() -> None:
    with pytest.raises(Refused, match="deactivated"):
        await connect(server(opened(active=False, status="deactivated")), TYPED)


@pytest.mark.parametrize("typed", [{}, {"identifier": "@", "app_password": "x"}, {"identifier": "x"}])
async def test_what_is_missing_is_asked_for(typed: dict[str, str]) -> None:
    with pytest.raises(Refused, match="Type the handle"):
        await connect(Script(), typed)


@pytest.mark.parametrize("body", [b"<html>It works!", b"{}", b""])
async def test_an_address_that_is_no_such_server_is_not_sent(body: bytes) -> None:
    with pytest.raises(NotSent):
        await connect(Script().says(CREATE, Answer(200, {}, body, "")), TYPED)


async def test_too_many_logins_say_how_long_to_wait() -> None:
    with pytest.raises(RateLimited):
        await connect(Script().says(CREATE, Answer(429, {}, b"", "")), TYPED)


async def test_a_new_account_without_a_profile_connects_by_its_handle() -> None:
    script = server(opened()).says(PROFILE, no("InvalidRequest", "Profile not found"))
    connected = await connect(script, TYPED)
    assert (connected.name, connected.followers) == ("acme.example", None)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("bsky.social", "https://bsky.social"),
        ("https://PDS.example/", "https://pds.example"),
        ("http://localhost:2583", "http://localhost:2583"),
    ],
)
def test_addresses(typed: str, address: str) -> None:
    assert server_address(typed) == address


@pytest.mark.parametrize(
    "typed", ["", "ftp://x", "https://", "https://u:p@x", "https://x/path", "https://x?q", "x:port", "file:///etc"]
)
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(Refused, match="must be an address"):
        server_address(typed)


@pytest.mark.parametrize(
    ("doc", "pds"),
    [
        (did_doc("http://plain.example"), "https://bsky.social"),  # tokens never go from https to plain http
        (did_doc("gopher://x"), "https://bsky.social"),
        ({"service": "x"}, "https://bsky.social"),
        ({"service": [3, {"id": 4}]}, "https://bsky.social"),
        ("text", "https://bsky.social"),
        (None, "https://bsky.social"),
    ],
)
async def test_a_document_that_leads_nowhere_good_is_not_followed(doc: object, pds: str) -> None:
    assert (await connect(server(opened(didDoc=doc)), TYPED)).config["pds"] == pds
