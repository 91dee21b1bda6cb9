"""Streams end, and go on elsewhere: slow screens, sign-outs, a stop, a database that goes away."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from offhold.live import hub, reader
from offhold.live.asgi import Application
from offhold.live.door import Viewer
from offhold.live.tests.browser import Browser, Guests, Log, until


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
