"""The hub over a log in memory: who gets what, when, and how it ends."""

from __future__ import annotations

import asyncio

import pytest

from offhold.live import asgi, hub, reader
from offhold.live.asgi import Application
from offhold.live.door import Viewer
from offhold.live.tests.browser import Browser, Guests, Log, until
from offhold.live.wire import Counters


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
