"""The promises of a case with the why, and what is due next in any number of cases. Always of one workspace."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from offhold.kernel.db.tx import Question, Row, Tx
from offhold.kernel.errors import NotFound
from offhold.people.actors import Actor
from offhold.promises import policies, stored
from offhold.promises.clocks import Step
from offhold.promises.policy import PromisePolicy, Target
from offhold.promises.settling import Promise, calendars_of, deadline
from offhold.promises.views import Clock, PromiseItem, WhyStep, clock_of

MOST = 100  # of a case, the newest
_OF_CASE = f"""
SELECT {stored.COLUMNS}, p.reason, p.released_name FROM promises p WHERE p.workspace_id = %s AND p.case_id = %s
ORDER BY p.state = 'open' DESC, CASE p.state WHEN 'open' THEN p.due_at END, p.starts_at DESC, p.id LIMIT {MOST}
"""
# Of `case_watch w`, for `clock_of`.
CLOCK = "w.promise_id, w.kind, w.starts_at, w.due_at, w.paused, w.late, w.owed"
_CLOCKS = """
SELECT case_id, promise_id, kind, starts_at, due_at, paused, late, owed FROM case_watch
WHERE workspace_id = %s AND case_id = ANY(%s::bigint[]) AND promise_id IS NOT NULL
"""
_WIDTH = 26


def standing_for(tx: Tx, actor: Actor, case_id: int) -> int:
    """The case this one is part of now, or itself. Raises `NotFound`."""
    row = tx.one("SELECT merged_into FROM cases WHERE workspace_id = %s AND id = %s", (actor.workspace_id, case_id))
    if row is None:
        raise NotFound
    return case_id if row[0] is None else standing_for(tx, actor, row[0])


def of_case(tx: Tx, actor: Actor, case_id: int) -> list[PromiseItem]:
    """The promises of a case: what is owed by when it is due, then what is over, newest first.

    What people wrote about them is the team's.
    """
    workspace, words = actor.workspace_id, actor.can.see_private
    rows = tx.rows(_OF_CASE, (workspace, case_id))
    promises = [(stored.promise(row[:_WIDTH]), row[_WIDTH:]) for row in rows]
    versions = {(workspace, one.policy) for one, _ in promises if one.policy is not None}
    known = {version: policy for (_, version), policy in policies.earlier(tx, versions).items()}
    items = [_item(one, reason, by, known) for one, (reason, by) in promises]
    return items if words else [replace(item, about=None, reason=None) for item in items]


def _item(one: Promise, reason: str | None, released_by: str | None, known: dict[int, PromisePolicy]) -> PromiseItem:
    return PromiseItem(
        id=str(one.id), kind=one.kind, state=one.state, starts_at=one.starts_at, due_at=one.due_at,
        late_at=one.late_at, ended_at=one.ended_at, how=one.how, audience=one.audience, target=one.target,
        rule=one.rule, policy=one.policy, hours=list(one.hours or ()), by=one.given_name, about=one.about,
        rhythm=one.rhythm, reason=reason, released_by=released_by, wall=one.wall, business=one.business,
        why=list(_why(one, known)),
    )  # fmt: skip


def _why(one: Promise, known: dict[int, PromisePolicy]) -> Iterable[WhyStep]:
    """Counted once more by what its row says: the same steps that made the deadline."""
    if one.target is None or one.policy is None:
        yield _line(Step("starts", one.starts_at, 0.0))
        yield _line(Step("due", one.due_at, (one.due_at - one.starts_at).total_seconds()))
        return
    policy = known.get(one.policy, policies.NOTHING_SAID.policy)
    open_when = calendars_of(policy, one.hours or (), one.starts_at)
    told = deadline(one.starts_at, Target(one.target, one.hours or ()), open_when, one.pauses)
    for step in told.steps:
        yield _line(step)


def _line(step: Step) -> WhyStep:
    return WhyStep(what=step.what, at=step.at, until=step.until, counted=round(step.counted), name=step.name)


def clocks(workspace: int, cases: Iterable[int]) -> Question:
    """What is due next in each of these cases, for `clocks_of`."""
    return Question(_CLOCKS, (workspace, list(cases)))


def clocks_of(rows: Iterable[Row]) -> dict[str, Clock]:
    """By case; one that owes nothing is not among them."""
    return {str(case): clock_of(tuple(line)) for case, *line in rows}
