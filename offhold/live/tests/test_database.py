"""The hub over PostgreSQL: order of commits, tenancy, lost announcements, sign-ins that end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from django.db import connection

from offhold.kernel import clock, ids
from offhold.kernel.db.tx import connected, transaction
from offhold.kernel.facts import Fact, Recorded
from offhold.live.asgi import Application
from offhold.live.hub import Hub
from offhold.live.reader import Asked, Database
from offhold.live.tests.browser import Browser, until
from offhold.live.wire import Counters
from offhold.people.actions import do_create_user, do_disable_user, do_set_role
from offhold.people.actors import key_hash
from offhold.people.models import Membership, Session
from tests.support import builders

OwnerSql = Callable[..., list[tuple[Any, ...]]]
Person = tuple[str, int]  # the token of their cookie, their membership


class Said(Fact, frozen=True, tag="message.posted"):
    text: str


class Moved(Fact, frozen=True, tag="channel.changed"):
    text: str = ""


def commit(workspace_id: int, *facts: Fact, case_id: int | None = None) -> None:
    with transaction(workspace_id) as tx:
        tx.record(*(Recorded(workspace_id, fact, case_id=case_id) for fact in facts))


def person(workspace_id: int, role: str = "agent") -> Person:
    """Somebody signed in."""
    token = f"token-{ids.new()}"
    member = do_create_user(
        workspace_id, email=f"p{ids.new()}@example.com", password="correct horse battery", role=role, duty_name="Mia"
    )
    with transaction(workspace_id) as tx:
        user = Membership.objects.get(pk=member).user_id
        Session.objects.create(key_hash=key_hash(token), user_id=user, data="", began_at=tx.at, seen_at=tx.at)
    return token, member


@pytest_asyncio.fixture
async def live(database: str) -> AsyncIterator[Application]:
    hub = Hub()
    yield Application(hub)
    hub.stop()
    await until(lambda: len(hub) == 0)


async def in_thread(job: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """Run something synchronous as another request would: with a connection that is given back."""

    def lent() -> Any:
        try:
            return job(*args, **named)
        finally:
            connection.close()

    return await asyncio.to_thread(lent)


async def page_of(live: Application, who: Person, query: str = "") -> Browser:
    return await Browser(live, query, headers={"cookie": f"offhold={who[0]}"}).opened()


async def test_two_open_transactions_committed_in_reverse_lose_nothing_on_screen(
    live: Application, workspace: builders.Workspace
) -> None:
    page = await page_of(live, await in_thread(person, workspace.id))
    wrote, go_on = threading.Event(), threading.Event()

    def first_to_write_last_to_commit() -> None:
        with transaction(workspace.id) as tx:
            tx.record(Recorded(workspace.id, Moved(text="opened first")))
            tx.run("UPDATE queues SET name = 'written first' WHERE workspace_id = %s", (workspace.id,))
            wrote.set()
            go_on.wait(10)

    slow = asyncio.create_task(in_thread(first_to_write_last_to_commit))
    await in_thread(wrote.wait, 10)
    await in_thread(commit, workspace.id, Moved(text="committed first"))
    await page.until(lambda page: page.facts)
    go_on.set()
    await slow
    await page.until(lambda page: len(page.facts) == 2)
    assert [fact["payload"]["text"] for fact in page.facts] == ["committed first", "opened first"]
    assert page.seqs[1] == page.seqs[0] + 1


async def test_many_writers_at_once_reach_the_screen_whole_and_in_order(
    live: Application, workspace: builders.Workspace
) -> None:
    who = await in_thread(person, workspace.id)
    page = await page_of(live, who)
    start = int(page.named("hello")[0]["seq"])

    def write() -> None:
        for _ in range(25):
            commit(workspace.id, Moved(), Moved())

    await asyncio.gather(*(in_thread(write) for _ in range(4)))
    await page.until(lambda page: page.seqs[-1:] == [start + 200])
    assert page.seqs == list(range(start + 1, start + 201))
    again = await page_of(live, who, f"after={start + 50}")
    await again.until(lambda page: page.seqs == list(range(start + 51, start + 201)))


async def test_another_workspaces_facts_never_arrive(
    live: Application, workspace: builders.Workspace, other_workspace: builders.Workspace
) -> None:
    ours, theirs = [await in_thread(person, w.id) for w in (workspace, other_workspace)]
    case = ids.new()
    page = await page_of(live, ours, f"case={case}&after=0")
    stranger = await page_of(live, theirs, f"case={case}&after=0")
    for w, text in ((other_workspace, "theirs"), (workspace, "ours"), (other_workspace, "theirs")):
        await in_thread(commit, w.id, Said(text=text), Moved(text=text), case_id=case)
    await page.until(lambda page: b'"ours"' in page.answer)
    await stranger.until(lambda page: page.answer.count(b'"theirs"') == 4)
    assert b'"theirs"' not in page.answer
    assert b'"ours"' not in stranger.answer


@pytest.fixture
def own_backend(workspace: builders.Workspace) -> int:
    """The process that serves this test's own connection."""
    return connected().info.backend_pid


async def test_facts_committed_while_the_database_was_gone_arrive(
    live: Application, workspace: builders.Workspace, own_backend: int, owner_sql: OwnerSql
) -> None:
    page = await page_of(live, await in_thread(person, workspace.id))
    await in_thread(commit, workspace.id, Moved(text="before"))
    await page.until(lambda page: len(page.facts) == 1)
    ours = await in_thread(
        owner_sql,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid NOT IN (pg_backend_pid(), %s)",
        (own_backend,),
    )
    assert len(ours) >= 2, "the ears and the reader"
    await in_thread(commit, workspace.id, Moved(text="meanwhile"))
    await page.until(lambda page: len(page.facts) == 2)
    assert not page.named("resync")


async def test_who_is_disabled_loses_the_stream_and_cannot_come_back(
    live: Application, workspace: builders.Workspace
) -> None:
    bob, carol = [await in_thread(person, workspace.id) for _ in range(2)]
    page, other = await page_of(live, bob), await page_of(live, carol)
    await in_thread(do_disable_user, workspace.id, bob[1])
    await page.until(lambda page: page.finished)
    assert (await Browser(live, headers={"cookie": f"offhold={bob[0]}"}).json())["code"] == "signed_out"
    assert not other.finished


async def test_another_role_is_another_stream(live: Application, workspace: builders.Workspace) -> None:
    bob = await in_thread(person, workspace.id)
    page = await page_of(live, bob)
    await in_thread(do_set_role, workspace.id, bob[1], "observer")
    await page.until(lambda page: page.finished)
    assert page.named("bye") == [{"reason": "signed_out"}]


async def test_an_open_screen_does_not_keep_anybody_signed_in(
    live: Application, workspace: builders.Workspace, clock_offset: Callable[[float], None]
) -> None:
    bob = await in_thread(person, workspace.id)

    def seen_at() -> Any:
        return Session.objects.get(key_hash=key_hash(bob[0])).seen_at

    before = await in_thread(seen_at)
    clock_offset(3600)
    page = await page_of(live, bob)
    await in_thread(commit, workspace.id, Moved())
    await page.until(lambda page: page.facts)
    assert await in_thread(seen_at) == before
    clock_offset(9 * 3600)
    live.hub._recheck.set()
    await page.until(lambda page: page.finished)


def test_figures_are_the_inboxes_and_the_members_own(
    workspace: builders.Workspace, other_workspace: builders.Workspace, owner_sql: OwnerSql
) -> None:
    member = ids.new()
    for of, waiting, assignee, state in [
        (workspace, True, member, "open"),
        (workspace, False, member, "open"),
        (workspace, True, None, "open"),
        (workspace, False, member, "resolved"),
        (other_workspace, True, member, "open"),
    ]:
        add_case(of, waiting=waiting, assignee=assignee, state=state)
    database = Database()
    before = database.last(workspace.id)
    commit(workspace.id, Moved())
    past = database.past(workspace.id, before, before + 1, member)
    assert past.counters == Counters(to_answer=2, unassigned=1, open=3, snoozed=0)
    assert past.mine == {member: 2}


def add_case(of: builders.Workspace, *, waiting: bool, assignee: int | None, state: str) -> None:
    channel = builders.channel(of)
    customer, identity, now = ids.new(), ids.new(), clock.now()
    with transaction(of.id) as tx:
        tx.run("INSERT INTO customers (workspace_id, id, name, created_at) VALUES (%s, %s, 'Dora', %s)",
               (of.id, customer, now))  # fmt: skip
        tx.run("INSERT INTO identities (workspace_id, id, network, account, customer_id, handle, name, avatar_url,"
               " seen_at) VALUES (%s, %s, 'sandbox', %s, %s, 'dora', 'Dora', '', %s)",
               (of.id, identity, str(identity), customer, now))  # fmt: skip
        tx.run("INSERT INTO cases (workspace_id, id, reference, customer_id, identity_id, channel_id, queue_id, state,"
               " assignee_id, opened_at, resolved_at, last_at, waiting_since, last_audience)"
               " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'public')",
               (of.id, ids.new(), ids.new(), customer, identity, channel.id, of.queue_id, state, assignee, now,
                now if state == "resolved" else None, now, now if waiting else None))  # fmt: skip


def test_only_what_moved_is_read_and_a_hub_far_behind_reads_nothing(
    workspace: builders.Workspace, other_workspace: builders.Workspace
) -> None:
    database = Database()
    start = {w.id: database.last(w.id) for w in (workspace, other_workspace)}
    commit(workspace.id, Moved(), Moved())
    asked = {w: Asked(after, frozenset({1})) for w, after in start.items()}
    (news,) = database.news(asked)
    assert (news.workspace_id, len(news.facts), news.last, news.lost) == (
        workspace.id,
        2,
        start[workspace.id] + 2,
        False,
    )
    far = {workspace.id: Asked(news.last - 30_000, frozenset())}
    (lost,) = database.news(far)
    assert (lost.lost, lost.last, list(lost.facts)) == (True, news.last, [])
