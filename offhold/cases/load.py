"""What a batch reads: hand-written SQL in sets, never a statement per message.

`load` reads what the signals of a batch name and locks the cases they may touch, in id order, so that acts of people
and other lanes wait and nobody deadlocks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import LiteralString

import msgspec

from offhold.cases.known import Case, Conversation, Identity, Incoming, Known, Message, Policy, Shown
from offhold.cases.namesakes import aside, said_in_private
from offhold.cases.sets import columns
from offhold.connectors.contract import Deleted, Edited, Hidden, Posted, Reacted
from offhold.kernel.db.tx import Question, Row, Tx

# The queue of a solved case: the one it would wait in if it were opened again, which a trigger puts it into.
CASE_COLUMNS = """
c.id, c.workspace_id, c.customer_id, c.identity_id, c.channel_id,
CASE c.state WHEN 'open' THEN c.queue_id ELSE queue_in_use(c.workspace_id, c.queue_id, c.channel_id) END,
c.state, c.opened_at, c.resolved_at,
c.last_at, c.last_in_at, c.last_out_at, c.waiting_since, c.title, c.title_private, c.title_at, c.snippet, c.snippet_at,
c.snippet_private,
c.last_audience, c.holds_public, c.holds_private, c.messages, c.linked_case_id, c.reference, c.version, u.name
"""
_SHOWN = "i.network, i.handle, i.name, i.avatar_url, i.followers"
_ASIDE = "c.assignee_id, p.duty_name, p.initials, c.snoozed_at, c.snoozed_until, c.tags"


def load(tx: Tx, batch: list[Incoming]) -> Known:
    """Everything the batch's signals name, with the cases locked. Two or three round trips, whatever its size."""
    policies, said = tx.together(_policies(batch), _messages(_names(batch)))
    known = Known(policies={w: Policy(timedelta(hours=hours), busy) for w, hours, busy in policies})
    _found(known, said)
    if apart := _namesakes(known, batch):
        _found(known, tx.rows(*_messages(apart)))
    asked = (_people(known, batch), _threads(known, batch), _before(known, batch))
    people, threads, before = tx.together(*asked)  # none needs another's answer
    homes = _identities(known, people)
    _conversations(known, threads)
    _early(known, before)
    pins, talks = tx.together(_pins(known), _talks(known, batch))
    known.pins = {(identity, conversation): case for _, identity, conversation, case in pins}
    known.talks = {(identity, thread) for identity, thread in talks}
    wanted = {(m.workspace, m.case) for m in known.messages.values() if m.case is not None}
    merged = lock_cases(tx, known, wanted | set(homes.values()) | {(w, case) for w, _, _, case in pins})
    for key, (_, case_id) in homes.items():
        known.identities[key].home = known.cases[merged.get(case_id, case_id)]
    for pin, case_id in known.pins.items():
        known.pins[pin] = merged.get(case_id, case_id)
    return known


def _policies(batch: list[Incoming]) -> Question:
    query: LiteralString = "SELECT id, reopen_hours, busy_post_replies FROM workspaces WHERE id = ANY(%s)"
    return Question(query, (list({i.workspace for i in batch}),))


_MESSAGES = """
SELECT m.workspace_id, m.channel_id, m.network_id, m.id, m.audience, m.conversation_id, m.case_id, m.identity_id, m.at,
       m.version, m.version_at, m.deleted_at, m.owed, m.reason
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS k(workspace_id, channel_id, network_id)
JOIN messages m USING (workspace_id, channel_id, network_id)
"""


def _names(batch: list[Incoming]) -> list[tuple[int, int, str]]:
    return list({(i.workspace, i.channel, name) for i in batch for name in _named(i)})


def _messages(keys: list[tuple[int, int, str]]) -> Question:
    return Question(_MESSAGES, columns(keys, 3))


def _namesakes(known: Known, batch: list[Incoming]) -> list[tuple[int, int, str]]:
    """Where the private messages are kept whose ids public ones have."""
    told = {(i.workspace, i.channel, name) for i in batch if (name := said_in_private(i.signal)) is not None}
    taken = [key for key in told if key in known.messages and known.messages[key].audience == "public"]
    return [(workspace, channel, aside(name)) for workspace, channel, name in taken]


def _found(known: Known, rows: list[Row]) -> None:
    for row in rows:
        known.messages[(row[0], row[1], row[2])] = Message(
            id=row[3], workspace=row[0], channel=row[1], network_id=row[2], audience=row[4], conversation=row[5],
            case=row[6], identity=row[7], at=row[8], version=row[9], version_at=row[10], deleted_at=row[11],
            owed=row[12], reason=row[13],
        )  # fmt: skip


def _named(item: Incoming) -> Iterable[str]:
    signal = item.signal
    if isinstance(signal, Posted):
        return (signal.id, signal.parent) if signal.parent else (signal.id,)
    return (signal.id,) if isinstance(signal, Edited | Deleted | Hidden | Reacted) else ()


# The home of an identity: its own open case, else an open one of the same customer, else its latest.
_IDENTITIES = """
SELECT i.workspace_id, i.network, i.account, i.id, i.customer_id, i.handle, i.name, i.avatar_url, i.followers,
       i.seen_at, u.name, coalesce(own.id, theirs.id, latest.id)
FROM (
  SELECT i.* FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS k(workspace_id, network, account)
  JOIN identities i USING (workspace_id, network, account)
  UNION
  SELECT i.* FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id) JOIN identities i USING (workspace_id, id)
) i
JOIN customers u ON u.workspace_id = i.workspace_id AND u.id = i.customer_id
LEFT JOIN LATERAL (SELECT id FROM cases c WHERE c.workspace_id = i.workspace_id AND c.identity_id = i.id
                   AND c.state = 'open' AND c.home) own ON true
LEFT JOIN LATERAL (SELECT id FROM cases c WHERE own.id IS NULL AND c.workspace_id = i.workspace_id
                   AND c.customer_id = i.customer_id AND c.state = 'open' AND c.home
                     ORDER BY opened_at LIMIT 1) theirs ON true
LEFT JOIN LATERAL (SELECT id FROM cases c WHERE own.id IS NULL AND theirs.id IS NULL AND c.workspace_id = i.workspace_id
                   AND c.identity_id = i.id AND c.home ORDER BY opened_at DESC LIMIT 1) latest ON true
"""


def _people(known: Known, batch: list[Incoming]) -> Question:
    keys = set()
    for item in batch:
        if isinstance(item.signal, Posted):
            people = (item.signal.author, item.signal.counterpart)
            keys |= {(item.workspace, item.network, p.id) for p in people if p is not None and p.id != item.account}
    ids = {(m.workspace, m.identity) for m in known.messages.values() if m.identity is not None}
    return Question(_IDENTITIES, (*columns(list(keys), 3), *columns(list(ids), 2)))


def _identities(known: Known, rows: list[Row]) -> dict[tuple[int, str, str], tuple[int, int]]:
    """Returns where each has its home, as (workspace, case)."""
    homes = {}
    for row in rows:
        key = (row[0], row[1], row[2])
        known.identities[key] = Identity(
            id=row[3], workspace=row[0], network=row[1], account=row[2], customer=row[4], handle=row[5], name=row[6],
            avatar_url=row[7], followers=row[8], seen_at=row[9], customer_name=row[10],
        )  # fmt: skip
        if row[11] is not None:
            homes[key] = (row[0], row[11])
    return homes


# What is named twice comes twice; to sort that out here costs more.
_CONVERSATIONS = """
SELECT c.workspace_id, c.channel_id, c.audience, c.network_key, c.id, c.identity_id, c.others, c.last_at FROM (
  SELECT c.* FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) AS k(workspace_id, channel_id,
    audience, network_key)
  JOIN conversations c USING (workspace_id, channel_id, audience, network_key)
  UNION ALL
  SELECT c.* FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id,
    id) JOIN conversations c USING (workspace_id, id)
) c
"""


def _threads(known: Known, batch: list[Incoming]) -> Question:
    keys = {
        (i.workspace, i.channel, i.signal.audience, i.signal.conversation)
        for i in batch
        if isinstance(i.signal, Posted)
    }
    ids = {(m.workspace, m.conversation) for m in known.messages.values()}
    return Question(_CONVERSATIONS, (*columns(list(keys), 4), *columns(list(ids), 2)))


def _conversations(known: Known, rows: list[Row]) -> None:
    for row in rows:
        known.conversations[(row[0], row[1], row[2], row[3])] = Conversation(
            id=row[4], workspace=row[0], channel=row[1], audience=row[2], key=row[3], identity=row[5], others=row[6],
            last_at=row[7],
        )  # fmt: skip


_EARLY = """
SELECT e.workspace_id, e.channel_id, e.network_id, e.signal
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS k(workspace_id, channel_id, network_id)
JOIN early_signals e USING (workspace_id, channel_id, network_id) ORDER BY e.at, e.key
"""


def _before(known: Known, batch: list[Incoming]) -> Question:
    keys = [
        key
        for i in batch
        if isinstance(i.signal, Posted)
        and known.message(key := (i.workspace, i.channel, i.signal.id), i.signal.audience) is None
    ]
    return Question(_EARLY, columns(keys, 3))


def _early(known: Known, rows: list[Row]) -> None:
    for workspace, channel, network_id, stored in rows:
        kept = msgspec.json.decode(stored, type=Incoming)
        known.early.setdefault((workspace, channel, network_id), []).append(kept)


_PINS = """
SELECT p.workspace_id, p.identity_id, p.conversation_id, p.case_id
FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, identity_id)
JOIN case_pins p USING (workspace_id, identity_id)
"""


def _pins(known: Known) -> Question:
    return Question(_PINS, columns({(i.workspace, i.id) for i in known.identities.values()}, 2))


# In which threads have these identities asked us something: asked only for what is not said to us by itself.
_TALKS = """
SELECT DISTINCT m.identity_id, m.conversation_id
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS k(workspace_id, identity_id, conversation_id)
JOIN cases c ON c.workspace_id = k.workspace_id AND c.identity_id = k.identity_id
JOIN messages m ON m.workspace_id = c.workspace_id AND m.case_id = coalesce(c.merged_into, c.id)
  AND m.conversation_id = k.conversation_id AND m.identity_id = k.identity_id AND m.owed
"""


def _talks(known: Known, batch: list[Incoming]) -> Question:
    pairs = set()
    for item in batch:
        signal = item.signal
        if isinstance(signal, Posted) and not signal.mentions_us and signal.author.id != item.account:
            identity = known.identities.get((item.workspace, item.network, signal.author.id))
            thread = known.conversations.get((item.workspace, item.channel, signal.audience, signal.conversation))
            if identity is not None and thread is not None:
                pairs.add((item.workspace, identity.id, thread.id))
    return Question(_TALKS, columns(pairs, 3))


_LOCK = f"""
SELECT {_SHOWN}, c.merged_into, {_ASIDE}, {CASE_COLUMNS}
FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id) JOIN cases c USING (workspace_id, id)
JOIN customers u ON u.workspace_id = c.workspace_id AND u.id = c.customer_id
JOIN identities i ON i.workspace_id = c.workspace_id AND i.id = c.identity_id
LEFT JOIN memberships p ON p.workspace_id = c.workspace_id AND p.id = c.assignee_id
ORDER BY c.id FOR UPDATE OF c
"""


def lock_cases(tx: Tx, known: Known, wanted: set[tuple[int, int]]) -> dict[int, int]:
    """Load and lock cases, following merges. Returns, for each merged one, the id of the case it is part of now."""
    merged: dict[int, int] = {}
    while wanted:
        further = set()
        in_order = sorted(wanted, key=_by_id)
        for row in tx.rows(_LOCK, columns(in_order, 2)):
            into, case = row[5], Case(*(*row[12:], Shown(*row[:5]), *row[6:12]))
            known.cases[case.id] = case
            if into is not None:
                merged[case.id] = into
                further.add((case.workspace, into))
        wanted = {(w, c) for w, c in further if c not in known.cases}
    return {case: _end(merged, case) for case in merged}


def _by_id(key: tuple[int, int]) -> int:
    return key[1]


def _end(merged: dict[int, int], case: int) -> int:
    while case in merged:
        case = merged[case]
    return case
