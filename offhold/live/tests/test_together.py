"""Presence over two web processes and one PostgreSQL: it comes, goes, is kept nowhere, and stays in its company."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from offhold.live import together
from offhold.live.asgi import Application
from offhold.live.hub import Hub
from offhold.live.tests.browser import Browser, until
from offhold.live.tests.test_database import Person, in_thread, page_of, person
from tests.support import builders

OwnerSql = Callable[..., list[tuple[Any, ...]]]
CASE = 1234567890123456789
POST = {"origin": "http://127.0.0.1:8000", "content-type": "application/json"}


@pytest_asyncio.fixture
async def webs(database: str) -> AsyncIterator[list[Application]]:
    """Two web processes, as far as presence is concerned."""
    hubs = [Hub(), Hub()]
    yield [Application(hub) for hub in hubs]
    for hub in hubs:
        hub.stop()
    await until(lambda: not any(len(hub) for hub in hubs))


def here(page: Browser) -> dict[str, Any]:
    """Who is there, as the page was told last."""
    told = page.named("presence")
    return {one["id"]: one["doing"] for one in told[-1]["people"]} if told else {}


async def says(live: Application, who: Person, page: Browser, doing: str | None, **more: Any) -> Any:
    stream = page.named("hello")[0]["stream"]
    body = json.dumps({"doing": doing, **more}).encode()
    headers = {**POST, "cookie": f"offhold={who[0]}"}
    return await Browser(live, path=f"/live/streams/{stream}/doing", method="POST", headers=headers, body=body).json()


async def test_presence_goes_from_one_process_to_the_other_and_ends_with_the_tab(
    webs: list[Application], workspace: builders.Workspace
) -> None:
    alice, bob = [await in_thread(person, workspace.id) for _ in range(2)]
    ids = [str(who[1]) for who in (alice, bob)]
    hers = await page_of(webs[0], alice, f"case={CASE}")
    his = await page_of(webs[1], bob, f"case={CASE}")
    both = dict.fromkeys(ids, "looking")
    await hers.until(lambda page: here(page) == both)
    await his.until(lambda page: here(page) == both)
    await says(webs[0], alice, hers, "public")
    await his.until(lambda page: here(page) == {**both, ids[0]: "public"})
    assert his.named("presence")[-1] == {"case_id": str(CASE), "people": his.named("presence")[-1]["people"],
                                         "answering": ids[0]}  # fmt: skip
    await says(webs[1], bob, his, "direct", take=True)
    await hers.until(lambda page: page.named("presence")[-1]["answering"] == ids[1])
    await hers.leave()
    await his.until(lambda page: here(page) == {ids[1]: "direct"})


async def test_who_looks_elsewhere_is_not_there(webs: list[Application], workspace: builders.Workspace) -> None:
    alice, bob = [await in_thread(person, workspace.id) for _ in range(2)]
    hers, his = await page_of(webs[0], alice, f"case={CASE}"), await page_of(webs[0], bob, f"case={CASE}")
    await his.until(lambda page: len(here(page)) == 2)
    await says(webs[0], alice, hers, None)
    await his.until(lambda page: here(page) == {str(bob[1]): "looking"})
    await says(webs[0], alice, hers, "looking")
    await his.until(lambda page: len(here(page)) == 2)


async def test_a_process_that_starts_later_hears_who_is_there(
    webs: list[Application], workspace: builders.Workspace
) -> None:
    alice, bob = [await in_thread(person, workspace.id) for _ in range(2)]
    hers = await page_of(webs[0], alice, f"case={CASE}")
    await hers.until(lambda page: len(here(page)) == 1)
    await says(webs[0], alice, hers, "public")
    his = await page_of(webs[1], bob, f"case={CASE}")  # its ears open with the first stream
    await his.until(lambda page: here(page) == {str(alice[1]): "public", str(bob[1]): "looking"})
    assert his.named("presence")[-1]["answering"] == str(alice[1])


async def test_an_observer_does_not_learn_of_private_words(
    webs: list[Application], workspace: builders.Workspace
) -> None:
    alice, oscar = await in_thread(person, workspace.id), await in_thread(person, workspace.id, "observer")
    hers, his = await page_of(webs[0], alice, f"case={CASE}"), await page_of(webs[1], oscar, f"case={CASE}")
    await his.until(lambda page: len(here(page)) == 2)
    for doing in ("direct", "note", "public"):
        await says(webs[0], alice, hers, doing)
        await hers.until(lambda page: here(page).get(str(alice[1])) == doing)  # noqa: B023 - awaited right here
    await his.until(lambda page: here(page).get(str(alice[1])) == "public")
    assert b"direct" not in his.answer
    assert b"note" not in his.answer
    assert {told["answering"] for told in his.named("presence")[:-1]} == {None}


async def test_nobody_of_another_company_is_told_or_can_speak_for_a_stream(
    webs: list[Application], workspace: builders.Workspace, other_workspace: builders.Workspace
) -> None:
    ours, theirs = [await in_thread(person, w.id) for w in (workspace, other_workspace)]
    hers, stranger = await page_of(webs[0], ours, f"case={CASE}"), await page_of(webs[0], theirs, f"case={CASE}")
    await says(webs[0], ours, hers, "public")
    await hers.until(lambda page: here(page) == {str(ours[1]): "public"})
    await stranger.until(lambda page: here(page) == {str(theirs[1]): "looking"})
    assert str(ours[1]).encode() not in stranger.answer
    assert (await says(webs[0], theirs, hers, "looking"))["code"] == "not_found"
    assert here(hers) == {str(ours[1]): "public"}


async def test_it_is_told_again_after_the_database_was_gone(
    webs: list[Application], workspace: builders.Workspace, owner_sql: OwnerSql, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "RETRY", 0.05)
    alice, bob = [await in_thread(person, workspace.id) for _ in range(2)]
    hers, his = await page_of(webs[0], alice, f"case={CASE}"), await page_of(webs[1], bob, f"case={CASE}")
    await his.until(lambda page: len(here(page)) == 2)
    await in_thread(owner_sql, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
                               " current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'")  # fmt: skip
    await says(webs[0], alice, hers, "public")
    await his.until(lambda page: here(page)[str(alice[1])] == "public")


TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"


def everything(owner_sql: OwnerSql) -> dict[str, str]:
    """A digest of every table there is."""
    return {
        table: owner_sql(f"SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '')"
                         f" FROM {table} t")[0][0]
        for (table,) in owner_sql(TABLES)
    }  # fmt: skip


async def test_no_table_and_no_log_holds_any_of_it(
    webs: list[Application], workspace: builders.Workspace, owner_sql: OwnerSql, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    alice, bob = [await in_thread(person, workspace.id) for _ in range(2)]
    before = await in_thread(everything, owner_sql)
    assert len(before) > 50
    hers, his = await page_of(webs[0], alice, f"case={CASE}"), await page_of(webs[1], bob, f"case={CASE}")
    for doing in ("public", "direct", "note", "looking", None):
        await says(webs[0], alice, hers, doing, take=True)
    await says(webs[1], bob, his, "public")
    await hers.until(lambda page: here(page) == {str(bob[1]): "public"})
    await hers.leave()
    await his.leave()
    await asyncio.sleep(0)
    assert await in_thread(everything, owner_sql) == before
    assert str(CASE) not in caplog.text
    assert not [fact for page in (hers, his) for fact in page.facts]
