"""What a policy would have meant for the cases of the last days, beside what the one that holds means for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from offhold.cases.views import View
from offhold.kernel.db.tx import Tx
from offhold.promises import policies
from offhold.promises.histories import Case, Standing, read
from offhold.promises.policy import PromisePolicy
from offhold.promises.settling import Ground, Promise, settle

SPAN = timedelta(days=7)
MOST = 2_000  # cases, the newest

_CASES = """
SELECT workspace_id, id, state, opened_at, channel_id, last_audience, tags, vouched_at FROM cases
WHERE workspace_id = %s AND opened_at >= %s AND state <> 'merged' ORDER BY opened_at DESC LIMIT %s
"""


class Came(View, frozen=True, kw_only=True):
    """How many promises of a kind would be kept, broken, late and still owed, or owed with time left."""

    kind: str
    kept: int
    broken: int
    late: int
    waiting: int


class Preview(View, frozen=True, kw_only=True):
    """`cases` of the last seven days, at most 2,000 of them: as the policy in hand would have it, and as it is now."""

    cases: int
    then: list[Came]
    now: list[Came]


def preview(tx: Tx, workspace: int, policy: PromisePolicy) -> Preview:
    """Nothing is written."""
    cases = [Case(*row) for row in tx.rows(_CASES, (workspace, tx.at - SPAN, MOST))]
    standing = list(read(tx, cases).values()) if cases else []
    held = policies.load(tx, workspace).policy
    return Preview(cases=len(cases), then=_under(policy, standing), now=_under(held, standing))


def _under(policy: PromisePolicy, standing: list[Standing]) -> list[Came]:
    rows: list[Promise] = []
    for history, _, ground in standing:
        rows += settle(history, (), _only(policy, ground))
    return [
        _came(kind, [row for row in rows if row.kind == kind]) for kind in ("first_reply", "next_word", "resolution")
    ]


def _only(policy: PromisePolicy, ground: Ground) -> Ground:
    return ground._replace(version=0, policies={0: policy}, new_id=lambda: 0)


def _came(kind: str, rows: Iterable[Promise]) -> Came:
    told = [(row.state, row.late_at is not None) for row in rows]
    return Came(
        kind=kind, kept=told.count(("kept", False)), broken=told.count(("broken", True)),
        late=told.count(("open", True)), waiting=told.count(("open", False)),
    )  # fmt: skip
