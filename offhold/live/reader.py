"""What the hub reads: facts after a number, in order, and the figures that go with them.

Everything here is synchronous and runs in threads. What all open screens get next is read in one transaction over their
workspaces, on a connection of its own that acts as the pipeline does: one of each workspace, fourteen times a second,
cost the web and PostgreSQL half a core. What one stream missed is read as the web's role, of its workspace alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import psycopg

from offhold.kernel.db import raw
from offhold.kernel.db.roles import PIPELINE
from offhold.kernel.db.tx import Tx, transaction
from offhold.kernel.facts import lines
from offhold.live.sight import CASE_EVENT, Stored, assignee
from offhold.live.wire import Counters

# Facts read at once.
CHUNK = 1_000
# A hub this far behind tells its screens to fetch the snapshot again; that is cheaper than reading it all.
FARTHEST_BEHIND = 20_000


class Asked(NamedTuple):
    """What is known of a workspace: the last number read, and whose screens are open."""

    after: int
    members: frozenset[int]


class News(NamedTuple):
    """What a workspace has since `after`. `lost`: facts in between are no longer kept, or too many.

    `mine`: open cases by membership, for those of the open screens whose figure may have changed.
    """

    workspace_id: int
    after: int
    last: int
    facts: Sequence[Stored] = ()
    counters: Counters | None = None
    mine: Mapping[int, int] = {}
    lost: bool = False

    @property
    def more(self) -> bool:
        """Was as much read as is read at once."""
        return len(self.facts) >= CHUNK


class Source(Protocol):
    """Where facts come from."""

    def news(self, asked: Mapping[int, Asked]) -> list[News]:
        """The next facts of those workspaces that have any."""

    def last(self, workspace_id: int) -> int:
        """The number of a workspace's last fact."""

    def past(self, workspace_id: int, after: int, upto: int, member: int) -> News:
        """Facts `after < seq <= upto`, at most `CHUNK`, with the figures of one member."""


STATES = """
SELECT c.workspace_id, c.seq, coalesce(sum(q.to_answer), 0)::bigint, coalesce(sum(q.unassigned), 0)::bigint,
       coalesce(sum(q.open), 0)::bigint, coalesce(sum(q.snoozed), 0)::bigint
FROM unnest(%s::bigint[], %s::bigint[]) AS known(workspace_id, seq)
JOIN workspace_clock c ON c.workspace_id = known.workspace_id AND c.seq > known.seq
LEFT JOIN queue_counters q ON q.workspace_id = c.workspace_id GROUP BY c.workspace_id, c.seq
"""
FACTS = f"""
SELECT known.workspace_id, known.after, b.first, b.facts,
       to_char(b.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS known(workspace_id, after, upto)
JOIN fact_batches b ON b.workspace_id = known.workspace_id AND b.last > known.after AND b.last <= known.upto
  AND b.first <= known.after + {CHUNK}
ORDER BY known.workspace_id, b.last
"""
MINE = """
SELECT member.workspace_id, member.id, count(c.id) FROM unnest(%s::bigint[], %s::bigint[]) AS member(workspace_id, id)
LEFT JOIN cases c ON c.workspace_id = member.workspace_id AND c.assignee_id = member.id AND c.state = 'open'
  AND c.snoozed_at IS NULL
GROUP BY member.workspace_id, member.id
"""
Span = tuple[int, int, int]  # workspace, after, upto


class Database:
    """Facts from PostgreSQL. `news` is called by one thread at a time."""

    def __init__(self) -> None:
        self._conn: psycopg.Connection[Any] | None = None

    def news(self, asked: Mapping[int, Asked]) -> list[News]:
        if self._conn is None or self._conn.closed:
            self._conn = raw.connect(PIPELINE)
        try:
            with raw.transaction_on(self._conn, asked) as tx:
                return _news(tx, asked)
        except psycopg.Error:
            self._conn.close()
            raise

    def last(self, workspace_id: int) -> int:
        with transaction(workspace_id) as tx:
            return states(tx, {workspace_id: -1})[workspace_id][0]

    def past(self, workspace_id: int, after: int, upto: int, member: int) -> News:
        with transaction(workspace_id) as tx:
            _, counters = states(tx, {workspace_id: -1})[workspace_id]
            facts = read(tx, [(workspace_id, after, upto)]).get(workspace_id, [])
            own = mine(tx, [(workspace_id, member)]).get(workspace_id, {})
            return found(workspace_id, after, upto, facts, counters, own)


def _news(tx: Tx, asked: Mapping[int, Asked]) -> list[News]:
    moved = states(tx, {workspace: of.after for workspace, of in asked.items()})
    near = [
        (workspace, asked[workspace].after, seq)
        for workspace, (seq, _) in moved.items()
        if seq - asked[workspace].after <= FARTHEST_BEHIND
    ]
    facts = read(tx, near)
    own = mine(tx, [(w, m) for w, told in facts.items() for m in concerned(told, asked[w].members)])
    told = [
        found(workspace, after, seq, facts.get(workspace, []), moved[workspace][1], own.get(workspace, {}))
        for workspace, after, seq in near
    ]
    far = moved.keys() - {workspace for workspace, _, _ in near}
    return told + [News(workspace, asked[workspace].after, moved[workspace][0], lost=True) for workspace in far]


def states(tx: Tx, known: Mapping[int, int]) -> dict[int, tuple[int, Counters]]:
    """For those workspaces with facts after the known number: the last one's, and the inbox's figures. Every change of
    those comes with a fact, so they end up right with the last one."""
    rows = tx.rows(STATES, (list(known), list(known.values())))
    return {workspace: (seq, Counters(*figures)) for workspace, seq, *figures in rows}


def read(tx: Tx, spans: Sequence[Span]) -> dict[int, list[Stored]]:
    """At least `CHUNK` facts of each workspace if there are as many, in their order: what one transaction told is not
    parted."""
    facts: dict[int, list[Stored]] = {}
    if spans:
        for workspace, after, first, batch, at in tx.rows(FACTS, tuple(map(list, zip(*spans, strict=True)))):
            told = [
                Stored(seq, line.kind, line.case_id, line.private, bytes(line.payload).decode(), at)
                for seq, line in enumerate(lines(batch), first)
                if seq > after
            ]
            facts.setdefault(workspace, []).extend(told)
    return facts


def mine(tx: Tx, members: Sequence[tuple[int, int]]) -> dict[int, dict[int, int]]:
    """Open cases of each of these memberships, given and returned by workspace."""
    own: dict[int, dict[int, int]] = {}
    if members:
        for workspace, member, count in tx.rows(MINE, tuple(list(column) for column in zip(*members, strict=True))):
            own.setdefault(workspace, {})[member] = count
    return own


def found(
    workspace_id: int, after: int, upto: int, facts: Sequence[Stored], figures: Counters, own: Mapping[int, int]
) -> News:
    """What was read, as news. Numbers have no gaps: where the first does not follow on, older facts are gone."""
    if not facts or facts[0].seq != after + 1:
        return News(workspace_id, after, upto, lost=True)
    return News(workspace_id, after, facts[-1].seq, facts, figures, own)


def concerned(facts: Sequence[Stored], members: frozenset[int]) -> frozenset[int]:
    """Whose number of own cases may have changed. A case's row names only its new owner, so an event counts for all."""
    if any(fact.kind == CASE_EVENT for fact in facts):
        return members
    return members & {who for fact in facts if (who := assignee(fact)) is not None}
