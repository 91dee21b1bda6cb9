"""The desk's own rules: pages of the inbox, notes, acts and their refusals, voices, long cases."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from offhold.cases import acts, merging, voices
from offhold.cases.tests.stories import direct, public
from offhold.cases.views import EventItem, MessageItem
from offhold.connectors import registry
from offhold.connectors.fake import FakeConnector, FakeNetwork
from offhold.desk import case as case_pages
from offhold.desk import inbox, timeline
from offhold.desk.notes import do_add_note
from offhold.desk.tests.company import SECRET, Company, actor, plain
from offhold.kernel.db.tx import Tx, transaction
from offhold.kernel.errors import Conflict, Invalid, NotFound
from offhold.people.actors import Actor
from tests.support import builders
from tests.support.site import Browser, Member, signed_in


@pytest.fixture
def company(database: str) -> Company:
    return Company()


# --- pages


@settings(max_examples=15, deadline=None, phases=(Phase.explicit, Phase.generate),
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(minutes=st.lists(st.integers(0, 4), min_size=1, max_size=15), limit=st.integers(1, 7))
def test_pages_of_a_still_inbox_are_the_whole_of_it(database: str, minutes: list[int], limit: int) -> None:
    """In order, each once, also where many cases have the same time."""
    company = Company()
    company.hear(*[public(f"p{n}", f"customer{n}", "Where is it?", minute) for n, minute in enumerate(minutes)])
    whole = [row.id for row in company.page(company.bob, "open").rows]
    assert len(whole) == len(minutes)
    found: list[str] = []
    cursor = None
    while (page := company.page(company.bob, "open", cursor, limit)).rows:
        assert len(page.rows) <= limit
        found += [row.id for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert found == whole
    times = [(row.last_message_at, int(row.id)) for row in company.page(company.bob, "open").rows]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("cursor", ["", "x", "1-", "-1-1", "1-99999999999999999999", "1 OR 1=1", "١-١"])
def test_a_cursor_that_is_none_of_ours_is_refused(company: Company, cursor: str) -> None:
    with pytest.raises(Invalid):
        company.page(company.bob, "open", cursor)


def test_the_inbox_of_another_company_is_empty(company: Company, other_workspace: builders.Workspace) -> None:
    company.hear(public("p1", "ann", "Where is it?", 0))
    eve, (case,) = actor(other_workspace, "admin"), company.cases()
    with transaction(other_workspace.id) as tx:
        assert inbox.page(tx, eve, "open", queue=None, channel=None, cursor=None, limit=50).rows == []
        with pytest.raises(NotFound):
            case_pages.page(tx, eve, case)


@pytest.mark.parametrize(
    ("profile", "leads_to"),
    [
        ("", None),
        ("https://network.example/of/{account}", "https://network.example/of/id-ann%2F..%3F"),
        ("https://network.example/@{handle}", "https://network.example/@ann%2F..%3F"),
    ],
)
def test_a_customers_account_leads_to_their_profile(company: Company, profile: str, leads_to: str | None) -> None:
    fake = FakeConnector(FakeNetwork())
    fake.manifest = msgspec.structs.replace(fake.manifest, profile=profile)
    company.hear(public("p1", "ann/..?", "Where is it?", 0))
    (case,) = company.cases()
    with registry.networks.lend(fake):
        (identity,) = company.case(company.bob, case).customer.identities
    assert identity.url == leads_to


# --- acts


def lock(tx: Any, company: Company, case: int) -> acts.Locked:
    return acts.lock(tx, company.workspace.id, case)


def events(company: Company, case: int) -> list[str]:
    return [item.kind for item in company.case(company.bob, case).timeline if isinstance(item, EventItem)]


def the_case(company: Company, who: str = "ann") -> int:
    company.minutes += 1
    company.hear(public(f"p-{uuid.uuid4()}", who, "Where is it?", company.minutes))
    return company.cases()[-1]


def test_assigned_resolved_and_reopened(company: Company) -> None:
    case = the_case(company)
    steps: list[tuple[Callable[[Tx, acts.Locked], None], tuple[str, str | None]]] = [
        (lambda tx, c: acts.do_assign(tx, c, company.bob.membership_id, "Lead"), ("open", "Agent")),
        (lambda tx, c: acts.do_resolve(tx, c, "Agent"), ("resolved", "Agent")),
        (lambda tx, c: acts.do_reopen(tx, c, "Agent"), ("open", "Agent")),
        (lambda tx, c: acts.do_assign(tx, c, None, "Lead"), ("open", None)),
    ]
    for act, shown in steps:
        with transaction(company.workspace.id) as tx:
            act(tx, lock(tx, company, case))
        row = company.case(company.bob, case).case
        assert (row.state, row.assignee.duty_name if row.assignee else None) == shown
    assert events(company, case) == [
        "case.opened", "case.assigned", "case.resolved", "case.reopened", "case.assigned",
    ]  # fmt: skip


def test_doing_it_again_says_nothing_new(company: Company) -> None:
    case = the_case(company)
    for _ in range(2):
        with transaction(company.workspace.id) as tx:
            acts.do_assign(tx, lock(tx, company, case), company.bob.membership_id, "Lead")
            acts.do_resolve(tx, lock(tx, company, case), "Agent")
    assert events(company, case) == ["case.opened", "case.assigned", "case.resolved"]


def test_only_colleagues_who_answer_can_have_a_case(company: Company, other_workspace: builders.Workspace) -> None:
    case = the_case(company)
    with transaction(company.workspace.id) as tx:
        locked = lock(tx, company, case)
        with pytest.raises(Invalid):
            acts.check_assign(tx, locked, company.oscar.membership_id)
        with pytest.raises(NotFound):
            acts.check_assign(tx, locked, 1)
    stranger = actor(other_workspace, "agent")
    with transaction(company.workspace.id) as tx, pytest.raises(NotFound):
        acts.check_assign(tx, lock(tx, company, case), stranger.membership_id)


def test_an_old_case_stays_closed_while_a_newer_one_is_open(company: Company) -> None:
    first = the_case(company)
    with transaction(company.workspace.id) as tx:
        acts.do_resolve(tx, lock(tx, company, first), "Agent")
        tx.run("UPDATE cases SET resolved_at = resolved_at - interval '1 year' WHERE id = %s", (first,))
    company.minutes += 10_000_000
    second = the_case(company)
    assert second != first
    with transaction(company.workspace.id) as tx, pytest.raises(Conflict):
        acts.check_reopen(tx, lock(tx, company, first))
    with transaction(company.workspace.id) as tx:
        acts.do_resolve(tx, lock(tx, company, second), "Agent")
        acts.check_reopen(tx, lock(tx, company, first))


def test_a_merged_cases_page_is_that_of_what_it_became(company: Company) -> None:
    one, other = the_case(company, "ann"), the_case(company, "bob")
    with transaction(company.workspace.id) as tx:
        case, into = merging.lock_two(tx, company.workspace.id, one, other)
        merging.do_merge(tx, case, into, by="Lead", by_id=company.alice.membership_id)
    page = company.case(company.bob, one)
    assert page.case.id == str(other)
    assert len([i for i in page.timeline if isinstance(i, MessageItem)]) == 2
    with transaction(company.workspace.id) as tx:
        acts.do_resolve(tx, lock(tx, company, one), "Agent")
    assert company.case(company.bob, other).case.state == "resolved"


# --- notes


def add(company: Company, case: int, key: uuid.UUID, text: str, who: Actor | None = None) -> Any:
    with transaction(company.workspace.id) as tx:
        return do_add_note(tx, who or company.bob, lock(tx, company, case), key, text)


def test_a_note_with_the_same_key_is_one_note(company: Company) -> None:
    case, other, key = the_case(company), the_case(company, "bob"), uuid.uuid4()
    first = add(company, case, key, "Called them")
    assert add(company, case, key, "Called them again") == first
    assert add(company, case, key, "Not mine", company.alice) is None
    assert add(company, other, key, "Elsewhere") is None
    assert company.rows("SELECT text FROM notes") == [("Called them",)]
    assert company.rows("SELECT count(*) FROM facts WHERE kind = 'note.added'") == [(1,)]


# --- voices


def test_voices_become_cases_one_or_many_at_once(company: Company) -> None:
    company.hear(public("root", "us", "We are sorry about today.", 0))
    for n, who in enumerate(("ann", "ann", "bob")):
        company.hear(public(f"v{n}", who, "same here", n + 1, root="root", parent="root", to_us=False))
    company.hear(direct("d1", "cem", "Thanks!", 5))
    found = company.rows("SELECT id FROM messages WHERE case_id IS NULL AND identity_id IS NOT NULL ORDER BY id")
    assert company.page(company.bob, "open").counters.voices == len(found) == 4
    ids = [message for (message,) in found]
    with transaction(company.workspace.id) as tx:
        rows = voices.do_promote(tx, company.workspace.id, ids, "Bob")
    assert sorted((row.customer.name, row.messages) for row in rows) == [("Ann", 2), ("Bob", 1), ("Cem", 1)]
    counters = company.page(company.bob, "open").counters
    assert (counters.voices, counters.open, counters.to_answer) == (0, 3, 3)
    with transaction(company.workspace.id) as tx:
        assert voices.do_promote(tx, company.workspace.id, ids, "Bob") == [], "a second time is no act"
    with transaction(company.workspace.id) as tx, pytest.raises(NotFound):
        voices.do_promote(tx, company.workspace.id, [ids[0], 1], "Bob")


# --- long cases


def test_a_long_case_is_read_page_by_page(company: Company) -> None:
    """300 messages with notes and acts in between, several at the same instant."""
    for start in range(0, 300, 50):
        company.hear(*[direct(f"d{n}", "ann", f"word {n}", n // 3) for n in range(start, start + 50)])
    (case,) = company.cases()
    for n in range(130):
        add(company, case, uuid.uuid4(), f"note {n}")
    for n in range(130):
        with transaction(company.workspace.id) as tx:
            to = company.bob.membership_id if n % 2 == 0 else None
            acts.do_assign(tx, lock(tx, company, case), to, "Lead")
    page = company.case(company.bob, case)
    items, more = list(page.timeline), page.more_before
    pages = 1
    while more is not None:
        with transaction(company.workspace.id) as tx:
            earlier = timeline.page(tx, company.bob, case, more)
        known = {(type(item), item.id) for item in items}
        items = [item for item in earlier.items if (type(item), item.id) not in known] + items
        assert earlier.more_before != more, "it would never end"
        more, pages = earlier.more_before, pages + 1
    assert len(items) == 300 + 130 + 130 + 1
    assert [(i.at, int(i.id)) for i in items] == sorted((i.at, int(i.id)) for i in items)
    assert pages >= 6


def test_more_than_a_page_of_events_alone(company: Company) -> None:
    case = the_case(company)
    for n in range(timeline.MOST + 20):
        with transaction(company.workspace.id) as tx:
            to = company.bob.membership_id if n % 2 == 0 else None
            acts.do_assign(tx, lock(tx, company, case), to, "Lead")
    assert company.case(company.bob, case).more_before is not None


def test_many_at_one_instant_do_not_end_the_pages(company: Company) -> None:
    for start in range(0, 250, 50):
        company.hear(*[direct(f"d{n}", "ann", f"word {n}", 0) for n in range(start, start + 50)])
    (case,) = company.cases()
    seen, more = set[str](), None
    for _ in range(10):
        with transaction(company.workspace.id) as tx:
            page = timeline.page(tx, company.bob, case, more)
        seen |= {item.id for item in page.items if isinstance(item, MessageItem)}
        if (more := page.more_before) is None:
            break
    assert len(seen) == 250


# --- over HTTP, by role


@pytest.fixture
def browsers(company: Company, site: str) -> dict[str, Browser]:
    return {role: signed_in(site, Member(company.workspace, role)) for role in ("agent", "observer")}


def test_an_observer_reads_and_does_nothing(company: Company, browsers: dict[str, Browser]) -> None:
    case = the_case(company)
    company.hear(direct("d1", "ann", f"My {SECRET}", company.minutes + 1))
    add(company, case, uuid.uuid4(), f"It is {SECRET}")
    observer = browsers["observer"]
    for path in ("/api/inbox?view=open", f"/api/cases/{case}", "/api/voices"):
        answer = observer.get(path)
        assert answer.status_code == 200
        assert SECRET not in answer.text
    assert SECRET in browsers["agent"].get(f"/api/cases/{case}").text
    row = observer.get("/api/inbox?view=open").json()["rows"][0]
    assert (row["snippet"], row["snippet_private"]) == (None, True)
    note = {"client_key": str(uuid.uuid4()), "text": "hello"}
    for path, body in (("notes", note), ("assign", {"assignee_id": None}), ("resolve", {}), ("reopen", {})):
        assert observer.post(f"/api/cases/{case}/{path}", json=body).status_code == 403, path
    assert observer.post("/api/voices/promote", json={"message_ids": ["1"]}).status_code == 403
    assert plain(company.case(company.bob, case).case)["state"] == "open"
