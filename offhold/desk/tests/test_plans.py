"""How the web's role finds what the desk shows: by indexes alone, whatever is asked for, and planned once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import psycopg
import pytest

from offhold.desk import case, inbox
from offhold.desk.filters import ViewName
from offhold.kernel import ids
from offhold.kernel.db.tx import Look, Question, Row, connected, looking
from offhold.people.actors import Actor
from tests.support import builders

CASES = 4_000
LARGE = {"cases", "messages", "customers", "identities", "conversations", "case_events", "notes", "public_replies",
         "direct_replies", "message_versions"}  # fmt: skip
# Every other case waits, every fourth is resolved, every eighth is somebody's; queue and channel go by other turns.
_STORE = """
INSERT INTO customers (workspace_id, id, name, created_at) SELECT {ws}, {id} + n, 'Dora', now() FROM {numbers};
INSERT INTO identities (workspace_id, id, network, account, customer_id, handle, name, avatar_url, seen_at)
  SELECT {ws}, {id} + n, 'sandbox', 'a' || n, {id} + n, 'dora', 'Dora', '', now() FROM {numbers};
INSERT INTO queues (workspace_id, id, name) SELECT {ws}, {id} + n, n FROM generate_series(1, 9) n;
INSERT INTO cases (workspace_id, id, reference, customer_id, identity_id, channel_id, queue_id, state, assignee_id,
    opened_at, resolved_at, last_at, waiting_since, last_audience)
  SELECT {ws}, {id} + n, n, {id} + n, {id} + n, (ARRAY[{channels}])[1 + n % 2], {id} + 1 + n / 3 % 9,
    CASE WHEN n % 4 = 0 THEN 'resolved' ELSE 'open' END, CASE WHEN n % 8 = 1 THEN {id} END, now(),
    CASE WHEN n % 4 = 0 THEN now() END, now() + n * interval '1 s', CASE WHEN n % 4 > 1 THEN now() END, 'public'
  FROM {numbers};
INSERT INTO conversations (workspace_id, id, channel_id, audience, network_key, last_at)
  SELECT {ws}, {id} + n, (ARRAY[{channels}])[1 + n % 2], 'public', n, now() FROM {numbers};
INSERT INTO messages (workspace_id, id, channel_id, network_id, audience, conversation_id, case_id, identity_id, text,
    at, version_at, owed, reason)
  SELECT {ws}, {id} + n * 4 + m, (ARRAY[{channels}])[1 + n % 2], n || '-' || m, 'public', {id} + n,
    CASE WHEN m < 3 THEN {id} + n END, {id} + n, 'Where is it?', now(), now(), m < 3, 'question'
  FROM {numbers} CROSS JOIN generate_series(0, 3) m;
ANALYZE
"""


class Stored(NamedTuple):
    """A workspace with years behind it. `id` is where its ids begin."""

    actor: Actor
    channel: int
    id: int

    def asked(self, **params: Any) -> list[Question]:
        """What a page of the inbox asks."""
        with looking(self.actor.workspace_id) as tx:
            heard = Listening(tx.conn, tx.at, [self.actor.workspace_id])
            inbox.page(heard, self.actor, **{"queue": None, "channel": None, "cursor": None, "limit": 50} | params)
        return heard.questions


class Listening(Look):
    """Remembers what it was asked."""

    questions: list[Question]

    def together(self, *asked: Question) -> list[list[Row]]:
        self.questions = [*getattr(self, "questions", []), *asked]
        return super().together(*asked)


@pytest.fixture(scope="module")
def stored(database: str) -> Stored:
    workspace, first = builders.workspace(), ids.new()
    channels = [builders.channel(workspace).id for _ in range(2)]
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute(
            _STORE.format(
                ws=workspace.id,
                id=first,
                channels=",".join(map(str, channels)),
                numbers=f"generate_series(1, {CASES}) n",
            )
        )
    return Stored(Actor(0, first, workspace.id, "agent", "Mia", "M", "mia@example.com"), channels[0], first)


@pytest.mark.parametrize("queue", [False, True], ids=["", "queue"])
@pytest.mark.parametrize("channel", [False, True], ids=["", "channel"])
@pytest.mark.parametrize("view", ["to_answer", "open", "unassigned", "snoozed", "resolved"])
def test_a_list_is_read_in_its_order_and_nothing_is_fetched_in_vain(
    stored: Stored, view: ViewName, channel: bool, queue: bool
) -> None:
    asked = stored.asked(
        view=view, queue=stored.id + 1 if queue else None, channel=stored.channel if channel else None,
        cursor=f"{2**50}-1",
    )  # fmt: skip
    scans = [scan for scan in scanned(stored, asked[-1]) if scan["Relation Name"] == "cases"]
    assert [(scan["Node Type"], scan.get("Filter")) for scan in scans] == [("Index Scan", None)]
    page = next(node for node in plan(stored, asked[-1]) if node["Node Type"] == "Limit")
    assert "Sort" not in {node["Node Type"] for node in nodes(page)}


def test_no_large_table_is_read_whole(stored: Stored) -> None:
    with looking(stored.actor.workspace_id) as tx:
        heard = Listening(tx.conn, tx.at, [stored.actor.workspace_id])
        case.page(heard, stored.actor, stored.id + 7)
    for question in heard.questions + stored.asked(view="mine"):
        for scan in scanned(stored, question):
            assert scan["Relation Name"] not in LARGE or scan["Node Type"] != "Seq Scan", question.text


def test_pages_are_planned_once(stored: Stored) -> None:
    for _ in range(3):
        question = stored.asked(view="open")[-1]
    said = connected().execute("SELECT statement, generic_plans, custom_plans FROM pg_prepared_statements").fetchall()
    plans = [(generic, custom) for statement, generic, custom in said if bare(statement) == bare(question.text)]
    assert plans
    assert all(generic >= 3 and custom == 0 for generic, custom in plans)


def bare(text: str) -> str:
    """A statement without the names of its parameters."""
    return re.sub(r"%\(\w+\)s|%s|\$\d+", "?", text)


def scanned(stored: Stored, question: Question) -> list[dict[str, Any]]:
    return [node for node in plan(stored, question) if "Relation Name" in node]


def plan(stored: Stored, question: Question) -> list[dict[str, Any]]:
    """The nodes of how the web's role answers a question."""
    with looking(stored.actor.workspace_id) as tx:
        ((told,),) = tx.rows("EXPLAIN (FORMAT JSON) " + question.text, question.params)
    return list(nodes((told if isinstance(told, list) else msgspec.json.decode(told))[0]["Plan"]))


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", []):
        yield from nodes(below)
