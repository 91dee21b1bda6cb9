"""The hub over a log in memory: who gets what, when, and how it ends."""

from __future__ import annotations

import asyncio
import json

import psycopg
import pytest

from offhold.live import asgi, hub, reader
from offhold.live.asgi import Application
from offhold.live.door import Viewer
from offhold.live.tests.browser import Browser, Guests, Log, until
from offhold.live.wire import Counters

POST = {"origin": "http://127.0.0.1:8000", "content-type": "application/json"}


async def test_facts_reach_the_screen_in_order_and_in_few_writes(live: Application, log: Log) -> None:
    log.add(10, "channel.changed")
    page = await Browser(live).opened()
    assert page.named("hello")[0]["seq"] == "1"
    for _ in range(20):
        log.add(10, "channel.changed", "channel.changed")
    await page.until(lambda page: page.seqs[-1:] == [41])
    assert page.seqs == list(range(2, 42))
    assert len(page.named("facts")) <= 2


async def test_a_page_that_comes_back_gets_what_it_missed_and_then_the_present(live: Application, log: Log) -> None:
    log.add(10, *["channel.changed"] * 10)
    page = await Browser(live, "after=2", headers={"last-event-id": "4"}).opened()
    await page.until(lambda page: page.seqs[-1:] == [10])
    log.add(10, "channel.changed")
    await page.until(lambda page: page.seqs[-1:] == [11])
    assert page.seqs == list(range(5, 12))
    assert page.named("hello")[0]["seq"] == "4"
    assert page.counters, "figures come with what was missed"


async def test_a_snapshot_newer_than_the_reader_gets_nothing_twice(live: Application, log: Log) -> None:
    log.add(10, "channel.changed")
    other = await Browser(live).opened()
    await until(lambda: log.asked)
    log.heard = lambda: None  # the reader does not hear of these
    log.add(10, *["channel.changed"] * 3)
    page = await Browser(live, "after=3").opened()
    live.hub._wake.set()
    await page.until(lambda page: page.seqs)
    await other.until(lambda page: page.seqs[-1:] == [4])
    assert (page.seqs, other.seqs) == ([4], [2, 3, 4])


@pytest.mark.parametrize("said", ["-1", "abc", str(2**70), "9", "٣", "0; DROP TABLE facts"])
async def test_a_number_that_cannot_be_is_a_resync(live: Application, log: Log, said: str) -> None:
    log.add(10, "channel.changed")
    page = await Browser(live, headers={"last-event-id": said.encode().decode("latin-1")}).opened()
    await page.until(lambda page: page.named("resync"))
    log.add(10, "channel.changed")
    await page.until(lambda page: page.seqs)
    assert page.seqs == [2]


async def test_who_was_away_too_long_fetches_the_snapshot(
    live: Application, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asgi, "MOST_FACTS", 5)
    log.add(10, *["channel.changed"] * 7)
    page = await Browser(live, "after=1").opened()
    await page.until(lambda page: page.named("resync"))
    assert page.seqs == []
    within = await Browser(live, "after=2").opened()
    await within.until(lambda page: page.seqs == [3, 4, 5, 6, 7])


async def test_who_missed_too_many_bytes_fetches_the_snapshot(
    live: Application, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asgi, "MOST_BYTES", 3)
    log.add(10, *["channel.changed"] * 7)
    page = await Browser(live, "after=1").opened()
    await page.until(lambda page: page.named("resync"))


async def test_facts_that_are_no_longer_kept_are_a_resync(live: Application, log: Log) -> None:
    log.add(10, *["channel.changed"] * 7)
    del log.kept[10][:4]
    page = await Browser(live, "after=2").opened()
    await page.until(lambda page: page.named("resync"))
    assert page.seqs == []


async def test_facts_lost_to_the_reader_are_a_resync_for_every_screen(live: Application, log: Log) -> None:
    pages = [await Browser(live).opened() for _ in range(3)]
    log.kept[10] = []
    for _ in range(4):
        log.add(10, "channel.changed")
    del log.kept[10][:2]
    for page in pages:
        await page.until(lambda page: page.named("resync"))
    log.add(10, "channel.changed")
    await pages[0].until(lambda page: page.seqs == [5])


async def test_more_than_is_read_at_once_arrives_whole(
    live: Application, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "CHUNK", 3)
    page = await Browser(live).opened()
    log.add(10, *["channel.changed"] * 10)
    await page.until(lambda page: page.seqs == list(range(1, 11)))


async def test_news_read_for_screens_that_have_left_do_not_skip_facts_of_those_that_came(
    live: Application, log: Log
) -> None:
    log.add(10, "channel.changed")
    page = await Browser(live).opened()
    await until(lambda: log.asked)
    log.heard = lambda: None
    log.add(10, *["channel.changed"] * 4)
    await live.hub._deliver(log.news({10: reader.Asked(3, frozenset())})[0])  # asked when others stood at number 3
    await page.until(lambda page: page.seqs[-1:] == [5])
    assert page.seqs == [2, 3, 4, 5]


async def test_nothing_crosses_from_one_workspace_to_another(live: Application, log: Log, guests: Guests) -> None:
    guests.viewers["eve"] = Viewer("eve", 2, 20, sees_private=True)
    ours = await Browser(live, "case=7").opened()
    theirs = await Browser(live, "case=7", headers={"cookie": "offhold=eve"}).opened()
    log.add(10, "case.changed", "message.posted")
    log.add(20, "message.posted")
    await ours.until(lambda page: len(page.seqs) == 2)
    await theirs.until(lambda page: page.seqs)
    assert [fact["kind"] for fact in theirs.facts] == ["message.posted"]


async def test_only_workspaces_with_an_open_screen_are_read(live: Application, log: Log) -> None:
    page = await Browser(live).opened()
    log.add(20, "channel.changed")
    log.add(10, "channel.changed")
    await page.until(lambda page: page.seqs)
    assert set().union(*log.asked) == {10}
    await page.leave()
    log.asked.clear()
    log.add(10, "channel.changed")
    await asyncio.sleep(hub.TICK * 2)
    assert log.asked == []
    assert len(live.hub) == 0


async def test_an_observer_gets_no_private_word(live: Application, log: Log, guests: Guests) -> None:
    guests.viewers["olga"] = Viewer("olga", 2, 10, sees_private=False)
    bob = await Browser(live, "case=7").opened()
    olga = await Browser(live, "case=7", headers={"cookie": "offhold=olga"}).opened()
    log.add(10, "message.posted", "reply.changed", "note.added", "case.changed", private=True)
    log.add(10, "message.posted")
    await olga.until(lambda page: page.seqs[-1:] == [5])
    await bob.until(lambda page: page.seqs[-1:] == [5])
    assert bob.seqs == [1, 2, 3, 4, 5]
    assert olga.seqs == [4, 5]
    assert b"4321" in bob.answer
    assert b"4321" not in olga.answer
    away = await Browser(live, "case=7&after=0", headers={"cookie": "offhold=olga"}).opened()
    await away.until(lambda page: page.seqs[-1:] == [5])
    assert away.seqs == [4, 5]
    assert b"4321" not in away.answer


async def test_figures_come_when_they_change_and_own_ones_to_whom_they_concern(
    live: Application, log: Log, guests: Guests
) -> None:
    guests.viewers["carol"] = Viewer("carol", 2, 10, sees_private=True)
    bob, carol = await Browser(live).opened(), await Browser(live, headers={"cookie": "offhold=carol"}).opened()
    log.figures, log.own = Counters(1, 2, 3, 0), {1: 4, 2: 5}
    log.add(10, "case.event")
    await bob.until(lambda page: len(page.counters) == 2)
    await carol.until(lambda page: len(page.counters) == 2)
    assert bob.counters == [{"to_answer": 1, "unassigned": 2, "open": 3, "snoozed": 0}, {"mine": 4}]
    assert carol.counters[1] == {"mine": 5}
    log.own = {1: 6, 2: 5}
    log.add(10, "case.event")
    await bob.until(lambda page: page.counters[-1] == {"mine": 6})
    log.add(10, "channel.changed")
    await carol.until(lambda page: page.seqs)
    assert (len(bob.counters), len(carol.counters)) == (3, 2)


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


async def test_a_slow_screen_holds_up_nobody_and_is_told_to_start_over(
    live: Application, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("offhold.live.stream.KEPT_BYTES", 3000)
    slow, quick = await Browser(live).opened(), await Browser(live).opened()
    slow.gate.clear()
    for _ in range(6):
        log.add(10, *["channel.changed"] * 10)
        await until(lambda: quick.seqs[-1:] == [log.last(10)])
    assert quick.seqs == list(range(1, 61))
    assert slow.seqs == []
    slow.gate.set()
    await slow.until(lambda page: page.named("resync"))
    log.add(10, "channel.changed")
    await slow.until(lambda page: page.seqs[-1] == 61)
    after = [event for event in slow.events if event.name in ("facts", "resync")]
    names = [event.name for event in after]
    seqs = [int(f["seq"]) for e in after[names.index("resync") + 1 :] for f in e.data if "seq" in f]
    assert seqs == list(range(seqs[0], 62)), "nothing is missing after the resync"
    assert not quick.named("resync")


async def test_who_is_signed_out_loses_the_stream_at_once_when_people_change(
    live: Application, log: Log, guests: Guests
) -> None:
    guests.viewers["carol"] = Viewer("carol", 2, 10, sees_private=True)
    bob, carol = await Browser(live).opened(), await Browser(live, headers={"cookie": "offhold=carol"}).opened()
    del guests.viewers["bob"]
    log.add(10, "person.changed")
    await bob.until(lambda page: page.finished)
    assert bob.named("bye") == [{"reason": "signed_out"}]
    await bob.task
    assert not carol.finished
    assert (await Browser(live).json())["code"] == "signed_out"


async def test_who_is_signed_out_silently_is_found_out_by_the_regular_check(
    live: Application, guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "CHECK_EVERY", 0.05)
    page = await Browser(live).opened()
    guests.viewers["bob"] = guests.viewers["bob"]._replace(sees_private=False)  # another role is another sight
    await page.until(lambda page: page.named("bye"))


async def test_a_heartbeat_keeps_a_quiet_stream_and_finds_what_no_announcement_told(
    live: Application, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "CHECK_EVERY", 0.05)
    log.add(10, "channel.changed")
    page = await Browser(live, "case=9").opened()
    log.heard = lambda: None
    log.add(10, "message.posted", "channel.changed", "message.posted")
    await page.until(lambda page: page.seqs == [3])
    await page.until(lambda page: b"\n:\n" in page.answer)
    assert page.last_id == "4"


async def test_stop_says_good_bye_to_a_thousand_at_once(live: Application, log: Log, guests: Guests) -> None:
    for number in range(20):
        guests.viewers[f"u{number}"] = Viewer(f"u{number}", number, 10, sees_private=True)
    pages = [Browser(live, headers={"cookie": f"offhold=u{number % 20}"}) for number in range(1000)]
    for page in pages:
        await page.opened()
    assert len(live.hub) == 1000
    loop = asyncio.get_running_loop()
    began = loop.time()
    await asyncio.to_thread(live.hub.stop)
    await asyncio.gather(*(page.task for page in pages))
    assert loop.time() - began < 1.0
    assert all(page.named("bye") == [{"reason": "stopping"}] and page.finished for page in pages)
    assert (await Browser(live).json())["code"] == "unavailable"


async def test_who_does_not_take_the_good_bye_is_cut(
    live: Application, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "LAST_CALL", 0.05)
    page = await Browser(live).opened()
    page.gate.clear()
    log.add(10, "channel.changed")
    await asyncio.sleep(hub.TICK * 2)
    live.hub.stop()
    await page.task  # returns, and raises nothing
    assert not page.finished
    assert len(live.hub) == 0


async def test_a_database_that_goes_away_costs_time_and_no_fact(
    live: Application, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "RETRY", 0.01)
    page = await Browser(live).opened()
    news = log.news
    failures = iter([psycopg.OperationalError("gone"), psycopg.OperationalError("still gone")])

    def failing(asked: dict[int, reader.Asked]) -> list[reader.News]:
        failure = next(failures, None)
        if failure is not None:
            raise failure
        return news(asked)

    monkeypatch.setattr(log, "news", failing)
    log.add(10, "channel.changed")
    await page.until(lambda page: page.seqs == [1])
    monkeypatch.setattr(log, "last", lambda _: (_ for _ in ()).throw(psycopg.OperationalError("gone")))
    assert (await Browser(live).json())["code"] == "unavailable"


async def test_a_part_that_fails_sends_the_screens_round_again(live: Application, log: Log) -> None:
    log.failure = RuntimeError("a bug")
    page = await Browser(live).opened()
    await page.until(lambda page: page.named("bye"))
    log.failure = None
    again = await Browser(live).opened()
    log.add(10, "channel.changed")
    await again.until(lambda page: page.seqs == [1])


async def test_a_web_socket_is_closed(live: Application) -> None:
    sent: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    await live({"type": "websocket", "path": "/live/stream"}, None, send)  # type: ignore[arg-type]
    assert sent == [{"type": "websocket.close", "code": 1000}]
