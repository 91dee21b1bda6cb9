"""What the tables themselves refuse, whatever the code above them does."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from offhold.kernel.db.tx import transaction
from offhold.publishing import direct, public, writers
from offhold.publishing.tests.world import World
from tests.support.builders import Workspace
from tests.support.fixtures import OwnerSql


def change(world: World, statement: str, *params: Any) -> None:
    with world.tx() as tx:
        tx.run(statement, params)


def conversation(world: World, audience: str) -> int:
    return int(world.one("SELECT id FROM conversations WHERE audience = %s", audience)[0])


def copied(world: World, table: str, reply: int, **changes: str) -> None:
    """Insert a copy of a reply with some columns changed, given as SQL."""
    columns = [
        row[0]
        for row in world.all(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'", table
        )
    ]
    fresh = {"id": "id + 1", "key": "md5(key)", "client_key": "client_key || 'x'"} | changes
    values = ", ".join(fresh.get(column, column) for column in columns)
    change(world, f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE id = %s", reply)


def test_a_public_reply_cannot_stand_in_a_private_conversation(world: World) -> None:
    reply = world.say(world.asked_in_public())
    world.asked_in_private(by="erik")
    copied(world, "public_replies", reply)  # the copy itself is fine
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        copied(world, "public_replies", reply, id="id + 2", key="md5(md5(key))", client_key="client_key || 'y'",
               conversation_id=str(conversation(world, "private")))  # fmt: skip


def test_a_direct_reply_cannot_stand_in_a_public_conversation(world: World) -> None:
    world.asked_in_public(by="erik")
    reply = world.whisper(world.asked_in_private())
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        copied(world, "direct_replies", reply, conversation_id=str(conversation(world, "public")))


@pytest.mark.parametrize(("table", "audience"), [("public_replies", "'private'"), ("direct_replies", "'public'")])
def test_a_table_holds_one_audience(world: World, table: str, audience: str) -> None:
    reply = world.say(world.asked_in_public()) if table == "public_replies" else world.whisper(world.asked_in_private())
    with pytest.raises(psycopg.errors.CheckViolation, match="audience"):
        copied(world, table, reply, audience=audience)


@pytest.mark.parametrize(
    "assignment",
    [
        "text = 'Something else.'",
        "parent_id = 'item-2'",
        "channel_id = channel_id",
        "audience = 'public'",
        "key = md5(key)",
    ],
)
def test_what_was_meant_is_frozen(world: World, assignment: str) -> None:
    reply = world.say(world.asked_in_public())
    with pytest.raises(psycopg.errors.RaiseException, match="never changes"):
        change(world, f"UPDATE public_replies SET {assignment} WHERE id = %s", reply)


@pytest.mark.parametrize("assignment", ["recipient_id = 'acct-erik'", "conversation = 'dm:x'", "text = 'Other.'"])
def test_whom_a_direct_reply_is_for_is_frozen(world: World, assignment: str) -> None:
    reply = world.whisper(world.asked_in_private())
    with pytest.raises(psycopg.errors.RaiseException, match="never changes"):
        change(world, f"UPDATE direct_replies SET {assignment} WHERE id = %s", reply)


def test_whatever_moves_is_looked_at_again(world: World) -> None:
    reply = world.say(world.asked_in_public())
    with pytest.raises(psycopg.errors.CheckViolation):
        change(world, "UPDATE public_replies SET next_at = NULL WHERE id = %s", reply)


def test_replies_are_never_deleted(world: World) -> None:
    reply = world.say(world.asked_in_public())
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        change(world, "DELETE FROM public_replies WHERE id = %s", reply)


def test_another_company_sees_none_of_it(world: World, other_workspace: Workspace) -> None:
    world.say(world.asked_in_public())
    world.whisper(world.asked_in_private(by="erik"))
    with world.tx() as tx:
        writers.take(tx, world.company.id, world.channel_id, lease=1)
    tables = ("public_replies", "direct_replies", "public_attempts", "direct_attempts", "channel_writers")
    with transaction(other_workspace.id) as tx:
        assert [tx.one(f"SELECT count(*) FROM {table}") for table in tables] == [(0,)] * 5
    with transaction(None) as tx:
        assert [tx.one(f"SELECT count(*) FROM {table}") for table in tables] == [(0,)] * 5


def test_the_tables_are_fenced(owner_sql: OwnerSql) -> None:
    names = ["public_replies", "direct_replies", "public_attempts", "direct_attempts", "channel_writers"]
    assert owner_sql("SELECT bool_and(relrowsecurity), count(*) FROM pg_class WHERE relname = ANY (%s)", (names,)) == [
        (True, 5)
    ]


def test_one_client_key_is_one_reply_of_each_kind(world: World) -> None:
    case = world.asked_in_public()
    ask = world.public_ask(case)
    first = world.mean_publicly(ask)
    with world.tx() as tx:
        assert not public.insert(tx, first)
        assert public.by_client_key(tx, world.company.id, ask.client_key) is not None
        assert direct.by_client_key(tx, world.company.id, ask.client_key) is None


# --- the lease -----------------------------------------------------------------------------------------------


def test_a_lease_is_held_by_one_and_grows_its_fence(world: World) -> None:
    at = (world.company.id, world.channel_id)
    with world.tx() as tx:
        first = writers.take(tx, *at, lease=60)
        assert first is not None
        assert writers.take(tx, *at, lease=60) is None
        assert 50 < writers.seconds_left(tx, first) <= 60
        assert writers.renew(tx, first, lease=90)
        assert writers.seconds_left(tx, first) > 80
        writers.release(tx, first)
        second = writers.take(tx, *at, lease=60)
    assert second is not None
    assert second.fence == first.fence + 1


def test_who_lost_the_lease_holds_nothing(world: World) -> None:
    at = (world.company.id, world.channel_id)
    with world.tx() as tx:
        lost = writers.take(tx, *at, lease=0)
        assert lost is not None
        assert not writers.renew(tx, lost, lease=60)
        assert writers.seconds_left(tx, lost) <= 0
        kept = writers.take(tx, *at, lease=60)
        assert kept is not None
        writers.release(tx, lost)  # not its to give up
        assert writers.seconds_left(tx, kept) > 50
        assert writers.seconds_left(tx, lost) <= 0


AGREED = {"approved_at": "now()", "approved_name": "'Bo'", "approved_sha256": "text_sha256"}
ASKED = {"asks": """'[{"code": "everyone", "params": {}}]'::jsonb"""}


@pytest.mark.parametrize("table", ["public_replies", "direct_replies"])
@pytest.mark.parametrize(
    "agreed",
    [
        {},  # nobody did
        AGREED | {"approved_by": "author_id"},  # the author, who is not alone
        AGREED | {"approved_by": "author_id + 1", "approved_sha256": "sha256('other words')"},
        AGREED | {"approved_by": "author_id + 1", "approved_at": "NULL"},
    ],
)
def test_what_somebody_has_to_agree_to_stands_nowhere_without_that(
    world: World, table: str, agreed: dict[str, str]
) -> None:
    reply = world.say(world.asked_in_public()) if table == "public_replies" else world.whisper(world.asked_in_private())
    with pytest.raises(psycopg.errors.CheckViolation, match="agreed"):
        copied(world, table, reply, **ASKED, **agreed)


@pytest.mark.parametrize("table", ["public_replies", "direct_replies"])
def test_a_hash_that_was_agreed_to_is_one(world: World, table: str) -> None:
    reply = world.say(world.asked_in_public()) if table == "public_replies" else world.whisper(world.asked_in_private())
    with pytest.raises(psycopg.errors.CheckViolation, match="approved_sha256"):
        copied(world, table, reply, approved_sha256="'short'::bytea")


@pytest.mark.parametrize("attempts", ["public_attempts", "direct_attempts"])
def test_an_attempt_belongs_to_a_reply_of_its_own_kind(world: World, attempts: str) -> None:
    public, private = world.say(world.asked_in_public()), world.whisper(world.asked_in_private(by="erik"))
    other = private if attempts == "public_attempts" else public
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        change(
            world,
            f"INSERT INTO {attempts} (workspace_id, reply_id, n, fence, started_at, deadline)"
            " VALUES (%s, %s, 1, 1, now(), now())",
            world.company.id,
            other,
        )


@pytest.mark.parametrize("table", ["public_replies", "direct_replies"])
def test_the_hash_of_the_words_is_one(world: World, table: str) -> None:
    reply = world.say(world.asked_in_public()) if table == "public_replies" else world.whisper(world.asked_in_private())
    with pytest.raises(psycopg.errors.CheckViolation, match="text_sha256"):
        copied(world, table, reply, text_sha256="'short'::bytea")


@pytest.mark.parametrize("table", ["public_replies", "direct_replies"])
def test_what_was_changed_was_of_the_same_kind(world: World, table: str) -> None:
    public, private = world.say(world.asked_in_public()), world.whisper(world.asked_in_private(by="erik"))
    reply, other = (public, private) if table == "public_replies" else (private, public)
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        copied(world, table, reply, edited_from=str(other))


def test_a_message_has_the_audience_of_its_conversation(world: World) -> None:
    case = world.asked_in_public()
    world.asked_in_private(by="erik")
    other = conversation(world, "private")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        change(world, "UPDATE messages SET conversation_id = %s WHERE case_id = %s", other, case)


def test_only_what_is_public_is_repaired(world: World) -> None:
    case = world.asked_in_private()
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        change(
            world,
            "INSERT INTO repairs (workspace_id, id, reply_id, case_id, reason, said, by_id, by_name, lead_id, at)"
            " VALUES (%s, 1, %s, %s, '', '{}', 1, 'Mia', NULL, now())",
            world.company.id,
            world.whisper(case),
            case,
        )
