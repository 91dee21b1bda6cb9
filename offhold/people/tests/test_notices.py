"""Notices: told to one person, read by nobody else, on all of their screens and on no other."""

from __future__ import annotations

import json

import pytest

from offhold.kernel.db.tx import transaction
from offhold.kernel.errors import NotFound
from offhold.live import wire
from offhold.live.sight import Stored, addressee, seen
from offhold.people import notices
from offhold.people.actors import Actor
from offhold.people.pages import About, do_page
from tests.support.builders import Workspace
from tests.support.fixtures import OwnerSql
from tests.support.site import Member


def actor(workspace: Workspace, role: str = "agent") -> Actor:
    """A colleague who could be told something."""
    member = Member(workspace, role)
    return Actor(1, member.id, workspace.id, role, "Mia", "M", member.email)


def test_one_person_is_told_and_reads_it(workspace: Workspace, owner_sql: OwnerSql) -> None:
    mia, bob = actor(workspace), actor(workspace)
    with transaction(workspace.id) as tx:
        notices.do_notice(tx, workspace.id, mia.membership_id, "mention", None, by="Bob")
        notices.do_notice(tx, workspace.id, mia.membership_id, "handed_over", None, by="Bob")
    with transaction(workspace.id) as tx:
        newest, first = notices.page_of(tx, mia, None)
        assert (first.kind, first.params, first.read) == ("mention", {"by": "Bob"}, False)
        assert notices.unread(tx, mia) == 2
        assert (notices.page_of(tx, bob, None), notices.unread(tx, bob)) == ([], 0)
        with pytest.raises(NotFound):
            notices.do_read(tx, bob, int(first.id))
    with transaction(workspace.id) as tx:
        assert notices.do_read_upto(tx, mia, int(first.id)) == 1, "what came later stays unread"
        assert notices.do_read(tx, mia, int(newest.id)) == 0
    facts = owner_sql(
        "SELECT kind, payload->>'to', payload->>'unread' FROM facts WHERE workspace_id = %s ORDER BY seq",
        (workspace.id,),
    )
    me = str(mia.membership_id)
    told = [fact for fact in facts if fact[0].startswith("notice.")]
    assert told == [
        ("notice.added", me, None), ("notice.added", me, None), ("notice.read", me, "1"), ("notice.read", me, "0")
    ]  # fmt: skip


def test_nobody_of_another_workspace_is_told(workspace: Workspace, other_workspace: Workspace) -> None:
    stranger = actor(other_workspace)
    with transaction(workspace.id) as tx:
        notices.do_notice(tx, workspace.id, stranger.membership_id, "mention", None)
        assert not tx.recorded
    with transaction(other_workspace.id) as tx:
        assert notices.unread(tx, stranger) == 0


def test_those_who_lead_are_told_of_a_page_once(workspace: Workspace) -> None:
    lead, admin, agent = actor(workspace, "lead"), actor(workspace, "admin"), actor(workspace)
    for _ in range(2):
        with transaction(workspace.id) as tx:
            do_page(tx, workspace.id, "repair", About(subject="1"), by="Mia")
    with transaction(workspace.id) as tx:
        assert [notices.unread(tx, one) for one in (lead, admin, agent)] == [1, 1, 0]
        assert notices.page_of(tx, lead, None)[0].params == {"page": "repair"}


def stored(kind: str, payload: object) -> Stored:
    return Stored(7, kind, None, False, json.dumps(payload), "2026-11-22T12:00:00.000Z")


def test_a_notice_reaches_the_screens_of_one_person() -> None:
    told = stored("notice.added", {"to": "12", "notice": {}})
    assert addressee(told) == 12
    assert [seen(told, sees_private=private) for private in (True, False)] == [None, None], "in nobody's shared bytes"
    assert list(wire.personal([told, stored("notice.added", {"to": "13"}), stored("case.changed", {"to": "14"})])) == [
        12, 13
    ]  # fmt: skip


@pytest.mark.parametrize("payload", [{}, {"to": None}, {"to": "x"}, []])
def test_a_notice_for_nobody_reaches_nobody(payload: object) -> None:
    assert addressee(stored("notice.added", payload)) is None
    assert wire.personal([stored("notice.added", payload)]) == {}
