"""A page says which case it follows; whatever else asks is refused, in words."""

from __future__ import annotations

import json

import pytest

from offhold.live import hub
from offhold.live.asgi import Application
from offhold.live.door import Viewer
from offhold.live.tests.browser import Browser, Guests, Log

POST = {"origin": "http://127.0.0.1:8000", "content-type": "application/json"}


async def follow(live: Application, stream: str, body: bytes, **headers: str) -> Browser:
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    page = Browser(live, path=f"/live/streams/{stream}/follow", method="POST", body=body, headers={**POST, **said})
    await page.task
    return page


async def test_a_page_follows_another_case(live: Application, log: Log) -> None:
    page = await Browser(live).opened()
    stream = page.named("hello")[0]["stream"]
    log.add(10, "message.posted")
    asked = await follow(live, stream, b'{"case_id": "7"}')
    assert asked.status == 200
    seq = int(json.loads(asked.answer)["seq"])
    log.add(10, "message.posted")
    await page.until(lambda page: page.seqs[-1:] == [2])
    assert [s for s in (1, 2) if s > seq] == page.seqs
    await follow(live, stream, b'{"case_id": null}')
    log.add(10, "message.posted", "channel.changed")
    await page.until(lambda page: page.seqs[-1:] == [4])
    assert 3 not in page.seqs


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "https://evil.test"}, 403),
        ({"origin": ""}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"content_type": "text/plain"}, 403),
        ({"host": "evil.test"}, 403),
        ({"cookie": "offhold=eve"}, 404),
        ({"cookie": "offhold=nobody"}, 401),
        ({"cookie": ""}, 401),
    ],
)
async def test_only_the_own_page_steers_a_stream(
    live: Application, guests: Guests, headers: dict[str, str], status: int
) -> None:
    guests.viewers["eve"] = Viewer("eve", 3, 10, sees_private=True)
    page = await Browser(live).opened()
    asked = await follow(live, page.named("hello")[0]["stream"], b'{"case_id": "7"}', **headers)
    assert asked.status == status


async def test_a_body_that_is_no_request_is_refused(live: Application) -> None:
    page = await Browser(live).opened()
    stream = page.named("hello")[0]["stream"]
    assert (await follow(live, stream, b"x" * 5000)).status == 422
    assert (await follow(live, stream, b'{"case_id": 7}')).status == 422


@pytest.mark.parametrize(
    ("path", "method", "headers", "status", "code"),
    [
        ("/live/stream", "GET", {"cookie": ""}, 401, "signed_out"),
        ("/live/stream", "GET", {"cookie": "offhold=\x00; a=" + "x" * 5000}, 401, "signed_out"),
        ("/live/stream", "GET", {"origin": "https://evil.test"}, 403, "forbidden"),
        ("/live/stream", "GET", {"sec-fetch-site": "same-site"}, 403, "forbidden"),
        ("/live/stream", "GET", {"host": "rebound.test"}, 403, "forbidden"),
        ("/live/stream", "GET", {"host": ""}, 403, "forbidden"),
        ("/live/stream", "POST", {}, 405, "method_not_allowed"),
        ("/live/stream", "HEAD", {}, 405, "method_not_allowed"),
        ("/live/stream/", "GET", {}, 404, "not_found"),
        ("/live/stream/../stream", "GET", {}, 404, "not_found"),
        ("/live//stream", "GET", {}, 404, "not_found"),
        ("/live/stream\x00", "GET", {}, 404, "not_found"),
        ("/live/stream;x", "GET", {}, 404, "not_found"),
        ("/live", "GET", {}, 404, "not_found"),
        ("/live/streams/*/follow", "POST", {}, 404, "not_found"),
        ("/live/streams/aaaaaaaaaaaaaaaaaaaaaa/follow", "GET", {}, 405, "method_not_allowed"),
    ],
)
async def test_what_is_refused_says_so_in_json(
    live: Application, path: str, method: str, headers: dict[str, str], status: int, code: str
) -> None:
    page = Browser(live, path=path, method=method, headers=headers)
    assert (await page.json())["code"] == code
    assert page.status == status
    assert len(live.hub) == 0


async def test_too_many_windows_of_one_sign_in_are_refused(live: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "MOST_PER_SIGN_IN", 2)
    pages = [await Browser(live).opened() for _ in range(2)]
    assert (await Browser(live).json())["code"] == "too_many_streams"
    await pages[0].leave()
    await Browser(live).opened()
