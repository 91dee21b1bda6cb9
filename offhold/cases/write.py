"""What a batch writes: what threading decided, in sets, in the one order in which locks are taken.

cases (locked by `load`), case_references, queue_counters (by a trigger), workspace_clock (with the facts, last).
Unique keys have the last word: a row that turns out to exist raises `Outrun`, and the whole batch is decided again.
Nothing is awaited before all is sent, but the numbers of new cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from operator import attrgetter
from typing import Any, LiteralString

import psycopg

from offhold.cases.known import Case, Incoming, Known
from offhold.cases.sets import columns
from offhold.cases.threading import NewMessage, Plan
from offhold.connectors.contract import Media
from offhold.kernel import jsons
from offhold.kernel.db.tx import Params, Row, Tx


class Outrun(Exception):
    """Somebody wrote the same thing between our look and our write: decide the batch again."""


class Writes:
    """Statements sent one after another without awaiting any: the database works at one while we make the next."""

    def __init__(self, tx: Tx) -> None:
        self.tx = tx

    def send(self, query: LiteralString, params: Params) -> psycopg.Cursor[Any]:
        return self.tx.send(query, params)

    def send_rows(self, query: LiteralString, rows: list[tuple[Any, ...]]) -> None:
        self.send(query, columns(rows, len(rows[0])))


# What is new to us may be there by now. Skipping it (ON CONFLICT) would have every row looked up once more, and marked
# as not certain until it is.
_KEYS = frozenset(
    {
        "identities_workspace_id_network_account_key",
        "conversations_workspace_id_channel_id_audience_network_key_key",
        "messages_workspace_id_channel_id_network_id_key",
    }
)


@contextmanager
def writing(tx: Tx) -> Iterator[Writes]:
    """Send within the block; its end awaits it all. Raises `Outrun`."""
    try:
        with tx.conn.pipeline():
            yield Writes(tx)
    except psycopg.errors.UniqueViolation as error:
        if error.diag.constraint_name not in _KEYS:
            raise
        raise Outrun(f"some of the {error.diag.table_name} existed already") from error


def write(writes: Writes, known: Known, plan: Plan) -> None:
    """Everything but changes of people and of stored messages, adoption and facts."""
    _customers(writes, known)
    _conversations(writes, known)
    numbers = _numbers(writes, plan.opened)
    messages = [_message(new) for new in plan.messages]  # while the database thinks of the numbers
    if numbers is not None:
        _new_cases(writes, plan.opened, numbers.fetchall())
    for renamed in plan.renamed:
        writes.send(_RENAME, (renamed.network_id, renamed.workspace, renamed.id))
    if messages:
        writes.send_rows(_MESSAGES, messages)
    _touched_cases(writes, [c for c in known.cases.values() if c.touched and not c.new])
    _woken_cases(writes, [c for c in known.cases.values() if c.woken])
    _early(writes, known, plan)


_CUSTOMERS = """
INSERT INTO customers (workspace_id, id, name, created_at)
SELECT workspace_id, id, name, at FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[])
  AS n(workspace_id, id, name, at)
"""
_IDENTITIES = """
INSERT INTO identities (workspace_id, id, network, account, customer_id, handle, name, avatar_url, followers, seen_at)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::text[], %s::text[],
  %s::text[],
  %s::bigint[], %s::timestamptz[])
"""


def _customers(writes: Writes, known: Known) -> None:
    new = [i for i in known.identities.values() if i.new]
    if new:
        writes.send(_CUSTOMERS, columns([(i.workspace, i.customer, i.customer_name, i.seen_at) for i in new], 4))
        rows = [
            (i.workspace, i.id, i.network, i.account, i.customer, i.handle, i.name, i.avatar_url, i.followers,
             i.seen_at)
            for i in new
        ]  # fmt: skip
        writes.send_rows(_IDENTITIES, rows)


_CONVERSATIONS = """
INSERT INTO conversations (workspace_id, id, channel_id, audience, network_key, identity_id, others, last_at)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::int[],
  %s::timestamptz[])
"""
_CONVERSATIONS_TOUCHED = """
UPDATE conversations c SET identity_id = n.identity_id, others = n.others, last_at = n.last_at
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::int[], %s::timestamptz[])
  AS n(workspace_id, id, identity_id, others, last_at)
WHERE c.workspace_id = n.workspace_id AND c.id = n.id
"""


def _conversations(writes: Writes, known: Known) -> None:
    new = [c for c in known.conversations.values() if c.new]
    if new:
        rows = [(c.workspace, c.id, c.channel, c.audience, c.key, c.identity, c.others, c.last_at) for c in new]
        writes.send_rows(_CONVERSATIONS, rows)
    touched = [c for c in known.conversations.values() if c.touched and not c.new]
    if touched:
        rows_ = [(c.workspace, c.id, c.identity, c.others, c.last_at) for c in touched]
        writes.send(_CONVERSATIONS_TOUCHED, columns(rows_, 5))


_REFERENCES = """
INSERT INTO case_references AS r (workspace_id, last)
SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS n(workspace_id, count) ORDER BY 1
ON CONFLICT (workspace_id) DO UPDATE SET last = r.last + excluded.last RETURNING workspace_id, last
"""
# What a case shows, as columns with their types and the copy's fields: said once, for new cases and for changed ones.
_SHOWS = {
    "state": ("text", "state"), "resolved_at": ("timestamptz", "resolved_at"), "channel_id": ("bigint", "channel"),
    "opened_at": ("timestamptz", "opened_at"), "last_at": ("timestamptz", "last_at"),
    "last_in_at": ("timestamptz", "last_in_at"), "last_out_at": ("timestamptz", "last_out_at"),
    "waiting_since": ("timestamptz", "waiting_since"), "title": ("text", "title"),
    "title_private": ("bool", "title_private"), "title_at": ("timestamptz", "title_at"), "snippet": ("text", "snippet"),
    "snippet_at": ("timestamptz", "snippet_at"), "snippet_private": ("bool", "snippet_private"),
    "last_audience": ("text", "last_audience"), "holds_public": ("bool", "holds_public"),
    "holds_private": ("bool", "holds_private"), "messages": ("int", "messages"),
}  # fmt: skip
_shown_by = attrgetter(*(field for _, field in _SHOWS.values()))
_SHOWN_TYPES = ", ".join(f"%s::{kind}[]" for kind, _ in _SHOWS.values())
_NEW_CASES = f"""
INSERT INTO cases (workspace_id, id, reference, customer_id, identity_id, queue_id, linked_case_id, {", ".join(_SHOWS)})
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
  {_SHOWN_TYPES})
"""
_TOUCHED = f"""
UPDATE cases c SET {", ".join(f"{name} = n.{name}" for name in _SHOWS)}, version = c.version + 1
FROM unnest(%s::bigint[], %s::bigint[], {_SHOWN_TYPES}) AS n(workspace_id, id, {", ".join(_SHOWS)})
WHERE c.workspace_id = n.workspace_id AND c.id = n.id
"""


def references(tx: Tx, workspaces: list[int]) -> list[int]:
    """The next case number for each entry, e.g. [w, w, v] -> [4821, 4822, 17]. Held to the commit: no gaps,
    no doubles."""
    return _following(workspaces, tx.rows(_REFERENCES, _counts(workspaces)))


def _counts(workspaces: list[int]) -> tuple[str, ...]:
    return columns(sorted(Counter(workspaces).items()), 2)


def _following(workspaces: list[int], given: list[Row]) -> list[int]:
    counts = Counter(workspaces)
    following = {w: last - counts[w] for w, last in given}
    numbers = []
    for workspace in workspaces:
        following[workspace] += 1
        numbers.append(following[workspace])
    return numbers


def _numbers(writes: Writes, opened: list[Case]) -> psycopg.Cursor[Any] | None:
    return writes.send(_REFERENCES, _counts([c.workspace for c in opened])) if opened else None


def _new_cases(writes: Writes, opened: list[Case], given: list[Row]) -> None:
    for case, number in zip(opened, _following([c.workspace for c in opened], given), strict=True):
        case.reference = number
    rows = [(c.workspace, c.id, c.reference, c.customer, c.identity, c.queue, c.linked, *_shown_by(c)) for c in opened]
    writes.send(_NEW_CASES, columns(rows, 7 + len(_SHOWS)))


_MESSAGES = """
INSERT INTO messages (workspace_id, id, channel_id, network_id, audience, conversation_id, case_id, identity_id,
  text, at,
  parent, quotes, lang, url, media, native, version, version_at, edited_at, owed, reason, client_key)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::bigint[],
  %s::bigint[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::text[], %s::text[], %s::jsonb[], %s::jsonb[],
  %s::text[], %s::timestamptz[], %s::timestamptz[], %s::bool[], %s::text[], %s::text[])
"""


_RENAME = "UPDATE messages SET network_id = %s WHERE workspace_id = %s AND id = %s"


def _message(new: NewMessage) -> tuple[Any, ...]:
    m, p = new.message, new.posted
    return (
        m.workspace, m.id, m.channel, m.network_id, m.audience, m.conversation, m.case, m.identity, p.text, m.at,
        p.parent, p.quotes, p.lang, p.url, as_json(p.media), as_json(p.native), p.version,
        new.stamp, p.edited_at, m.owed, m.reason, p.client_key,
    )  # fmt: skip


def as_json(value: tuple[Media, ...] | object) -> str | None:
    """JSON text for a jsonb column, NULL for nothing."""
    return jsons.encode(value).decode() if value else None


def _touched_cases(writes: Writes, touched: list[Case]) -> None:
    if touched:
        writes.send(_TOUCHED, columns([(c.workspace, c.id, *_shown_by(c)) for c in touched], 2 + len(_SHOWS)))
    for case in touched:
        case.version += 1


# Apart from what every message changes: hardly any case rests. Its version was raised with the rest.
_WOKEN = """
UPDATE cases c SET snoozed_at = NULL, snoozed_until = NULL
FROM unnest(%s::bigint[], %s::bigint[]) AS n(workspace_id, id) WHERE c.workspace_id = n.workspace_id AND c.id = n.id
"""


def _woken_cases(writes: Writes, woken: list[Case]) -> None:
    if woken:
        writes.send(_WOKEN, columns([(c.workspace, c.id) for c in woken], 2))


_KEEP = """
INSERT INTO early_signals (workspace_id, channel_id, network_id, signal, at, key)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::jsonb[], %s::timestamptz[], %s::text[])
ON CONFLICT DO NOTHING
"""
_SETTLE = """
DELETE FROM early_signals e USING unnest(%s::bigint[], %s::bigint[], %s::text[]) AS k(workspace_id, channel_id,
  network_id)
WHERE e.workspace_id = k.workspace_id AND e.channel_id = k.channel_id AND e.network_id = k.network_id
"""


def _early(writes: Writes, known: Known, plan: Plan) -> None:
    if plan.settled:
        writes.send(_SETTLE, columns(plan.settled, 3))
    kept = [(key, item) for key, item in plan.waiting if item in known.early.get(key, ())]
    if kept:
        rows = [(*key, jsons.encode(item).decode(), item.received_at, _early_key(item)) for key, item in kept]
        writes.send(_KEEP, columns(rows, 6))


def _early_key(item: Incoming) -> str:
    """Two copies of one signal are one row."""
    signal = item.signal
    told = (type(signal).__name__, getattr(signal, "audience", None) or "", getattr(signal, "version", ""))
    return "|".join((*told, signal.at.isoformat()))  # type: ignore[union-attr]
