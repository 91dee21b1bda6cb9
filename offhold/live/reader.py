"""What the hub reads: facts after a number, in order, and the figures that go with them.

Everything here is synchronous and runs in a thread, one transaction of one workspace at a time, as the web's role.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from offhold.kernel.db.tx import Tx, transaction
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


NEWS = "SELECT workspace_id FROM live_news(%s::bigint[], %s::bigint[])"
STATE = """
SELECT seq, to_answer::bigint, unassigned::bigint, open::bigint FROM workspace_clock CROSS JOIN (
  SELECT coalesce(sum(to_answer), 0), coalesce(sum(unassigned), 0), coalesce(sum(open), 0) FROM queue_counters
  WHERE workspace_id = %(workspace)s
) AS figures (to_answer, unassigned, open) WHERE workspace_id = %(workspace)s
"""
FACTS = """
SELECT seq, kind, case_id, private, payload::text, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
FROM facts WHERE workspace_id = %s AND seq > %s AND seq <= %s ORDER BY seq LIMIT %s
"""
MINE = """
SELECT member.id, count(c.id) FROM unnest(%s::bigint[]) AS member(id)
LEFT JOIN cases c ON c.workspace_id = %s AND c.assignee_id = member.id AND c.state = 'open' GROUP BY member.id
"""


class Database:
    """Facts from PostgreSQL."""

    def news(self, asked: Mapping[int, Asked]) -> list[News]:
        found = [self._since(workspace_id, asked[workspace_id]) for workspace_id in moved(asked)]
        return [news for news in found if news.last > news.after]

    def last(self, workspace_id: int) -> int:
        with transaction(workspace_id) as tx:
            return state(tx, workspace_id)[0]

    def past(self, workspace_id: int, after: int, upto: int, member: int) -> News:
        with transaction(workspace_id) as tx:
            _, counters = state(tx, workspace_id)
            facts = read(tx, workspace_id, after, upto)
            return found(workspace_id, after, upto, facts, counters, mine(tx, workspace_id, [member]))

    def _since(self, workspace_id: int, asked: Asked) -> News:
        after = asked.after
        with transaction(workspace_id) as tx:
            seq, counters = state(tx, workspace_id)
            if not 0 < seq - after <= FARTHEST_BEHIND:
                return News(workspace_id, after, seq, lost=seq > after)
            facts = read(tx, workspace_id, after, seq)
            own = mine(tx, workspace_id, concerned(facts, asked.members))
            return found(workspace_id, after, seq, facts, counters, own)


def moved(asked: Mapping[int, Asked]) -> list[int]:
    """Which of several workspaces have news; one alone is cheaper to read than to ask about."""
    if len(asked) == 1:
        return list(asked)
    with transaction(None) as tx:
        return [row[0] for row in tx.rows(NEWS, (list(asked), [of.after for of in asked.values()]))]


def state(tx: Tx, workspace_id: int) -> tuple[int, Counters]:
    """The number of the last fact, and the inbox's figures. Every change of those comes with a fact, so they end up
    right with the last one."""
    row = tx.one(STATE, {"workspace": workspace_id})
    assert row is not None  # made with the workspace
    return int(row[0]), Counters(*row[1:])


def read(tx: Tx, workspace_id: int, after: int, upto: int) -> list[Stored]:
    """Up to `CHUNK` facts in their order."""
    return [Stored(*row) for row in tx.rows(FACTS, (workspace_id, after, upto, CHUNK))]


def mine(tx: Tx, workspace_id: int, members: Iterable[int]) -> dict[int, int]:
    """Open cases of each of these memberships."""
    asked = list(members)
    return dict(tx.rows(MINE, (asked, workspace_id))) if asked else {}


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
