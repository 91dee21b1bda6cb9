"""One act on many cases: each is decided by itself, so one that cannot take part never stops the rest.

A preview decides all and does nothing. What was done says what each case was before and after; undoing it changes back
only what still is as the act left it, so nobody's later work is taken back with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import msgspec

from offhold.cases import acts, moving, resting, tagging
from offhold.cases.acts import Locked
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, NotFound, OffholdError
from offhold.people.actors import Actor
from offhold.promises.pledge import rows as pledges
from offhold.publishing import unsent

MOST = 100  # cases in one request; whoever has chosen more asks again


class Assign(msgspec.Struct, frozen=True, tag="assign"):
    assignee_id: int | None


class Move(msgspec.Struct, frozen=True, tag="move"):
    queue_id: int


class Tags(msgspec.Struct, frozen=True, tag="tags"):
    """These on, those off; what else a case has stays."""

    add: tuple[int, ...] = ()
    remove: tuple[int, ...] = ()


class Snooze(msgspec.Struct, frozen=True, tag="snooze"):
    until: datetime | None


class Wake(msgspec.Struct, frozen=True, tag="wake"):
    pass


class Resolve(msgspec.Struct, frozen=True, tag="resolve"):
    pass


class Reopen(msgspec.Struct, frozen=True, tag="reopen"):
    pass


Act = Assign | Move | Tags | Snooze | Wake | Resolve | Reopen


class Standing(msgspec.Struct, frozen=True):
    """What acts change of a case."""

    state: str
    assignee: int | None
    queue: int
    tags: tuple[int, ...]
    snoozed: bool
    until: datetime | None


class Step(msgspec.Struct, frozen=True):
    """What an act changed of one case, for undoing it."""

    case_id: int
    before: Standing
    after: Standing


class Refused(msgspec.Struct, frozen=True):
    """A case that cannot take part, and why: a code the client translates with `params`."""

    case_id: int
    reference: str
    code: str
    params: dict[str, Any]
    message: str


class Outcome(msgspec.Struct, frozen=True):
    """`changed`: which cases the act changes or has changed. `unchanged`: how many were so already."""

    changed: list[int]
    unchanged: int
    refused: list[Refused]
    steps: list[Step]


class _Case(msgspec.Struct, frozen=True):
    held: Locked
    reference: str
    now: Standing


_STANDING = """
SELECT id, 'OH-' || reference, merged_into, state, assignee_id, queue_id, coalesce(tags, '{}'), snoozed_at IS NOT NULL,
       snoozed_until, identity_id, customer_id, home
FROM cases WHERE workspace_id = %s AND id = ANY(%s) ORDER BY id FOR UPDATE
"""


def _hold(tx: Tx, workspace_id: int, cases: Iterable[int]) -> tuple[list[_Case], list[Refused]]:
    """Locked in the order everybody locks cases in. What is not of this workspace, or was merged, is refused."""
    wanted = sorted(set(cases))
    held, refused = [], []
    for row in tx.rows(_STANDING, (workspace_id, wanted)):
        case, reference, merged, state, assignee, queue, tags, snoozed, until, identity, customer, home = row
        if merged is not None:
            why = Conflict("This case was merged into another.", code="case_merged")
            refused.append(_refused(case, reference, why))
            continue
        locked = Locked(workspace_id, case, state, assignee, identity, customer, home, snoozed)
        held.append(_Case(locked, reference, Standing(state, assignee, queue, tuple(tags), snoozed, until)))
    found = {case.held.id for case in held} | {each.case_id for each in refused}
    refused += [_refused(case, "", NotFound()) for case in wanted if case not in found]
    return held, refused


def _refused(case: int, reference: str, error: OffholdError) -> Refused:
    return Refused(case, reference, error.code, error.params, str(error))


def preview(tx: Tx, actor: Actor, cases: Iterable[int], act: Act) -> Outcome:
    """What `do` would do."""
    held, refused = _hold(tx, actor.workspace_id, cases)
    return _each(held, refused, lambda case: _after(tx, case, act))


def do(tx: Tx, actor: Actor, cases: Iterable[int], act: Act) -> Outcome:
    """Do it to all that can take part."""
    held, refused = _hold(tx, actor.workspace_id, cases)
    return _each(held, refused, lambda case: _bring(tx, actor, case, _after(tx, case, act)))


def undo(tx: Tx, actor: Actor, steps: list[Step]) -> Outcome:
    """Bring each case back to how it was, in what still is as the act left it."""
    meant = {step.case_id: step for step in steps}
    held, refused = _hold(tx, actor.workspace_id, meant)
    return _each(held, refused, lambda case: _bring(tx, actor, case, _back(tx, case, meant[case.held.id])))


def _each(held: list[_Case], refused: list[Refused], decide: Callable[[_Case], Standing]) -> Outcome:
    steps, unchanged = [], 0
    for case in held:
        try:
            after = decide(case)
        except OffholdError as error:
            refused.append(_refused(case.held.id, case.reference, error))
            continue
        if after == case.now:
            unchanged += 1
        else:
            steps.append(Step(case.held.id, case.now, after))
    return Outcome([step.case_id for step in steps], unchanged, refused, steps)


def _after(tx: Tx, case: _Case, act: Act) -> Standing:
    """How the act leaves it. Raises whatever the same act on one case would."""
    now, replace = case.now, msgspec.structs.replace
    match act:
        case Assign(assignee_id):
            after = replace(now, assignee=assignee_id)
        case Move(queue_id):
            after = replace(now, queue=queue_id)
        case Tags(add, remove):
            after = replace(now, tags=tuple(sorted(set(now.tags).union(add).difference(remove))))
        case Snooze(until):
            after = replace(now, snoozed=True, until=until)
        case Wake():
            after = replace(now, snoozed=False, until=None)
        case Resolve():
            after = replace(now, state="resolved", snoozed=False, until=None)
        case Reopen():
            after = replace(now, state="open")
    _check(tx, case, after)
    return after


def _check(tx: Tx, case: _Case, after: Standing) -> None:
    """Raises what refuses this change."""
    now, held = case.now, case.held
    if after.assignee != now.assignee:
        acts.check_assign(tx, held, after.assignee)
    if after.queue != now.queue:
        moving.check_move(tx, held, after.queue)
    if after.tags != now.tags:
        tagging.check_tags(tx, held, set(after.tags))
    if after.state == "open" != now.state:
        acts.check_reopen(tx, held)
    if after.state == "resolved" != now.state:
        pledges.check_may_close(tx, held.workspace, held.id)
    if after.snoozed and (after.until != now.until or not now.snoozed):
        resting.check_snooze(tx, held, after.until)


def _back(tx: Tx, case: _Case, step: Step) -> Standing:
    """What the step changed, as it was; refused where somebody has changed that since."""
    now, before, after = case.now, step.before, step.after
    if step.case_id != case.held.id:
        raise NotFound
    fields = [name for name in Standing.__struct_fields__ if getattr(before, name) != getattr(after, name)]
    if any(getattr(now, name) != getattr(after, name) for name in fields if name != "tags"):
        raise Conflict("Somebody has changed this since.", code="changed_since")
    back = {name: getattr(before, name) for name in fields}
    if "tags" in back:
        kept = set(now.tags) - (set(after.tags) - set(before.tags)) | (set(before.tags) - set(after.tags))
        back["tags"] = tuple(sorted(kept))
    if before.snoozed and "state" in back:
        back |= {"snoozed": False, "until": None}  # solved and opened again: it does not go to rest by itself
    wanted = msgspec.structs.replace(now, **back)
    _check(tx, case, wanted)
    return wanted


def _bring(tx: Tx, actor: Actor, of: _Case, after: Standing) -> Standing:
    """Do what was decided, by the acts on one case that everybody does, before the next case is decided."""
    case, now, by = of.held, of.now, actor.duty_name
    if after.assignee != now.assignee:
        acts.do_assign(tx, case, after.assignee, by, by_id=actor.membership_id)
    if after.queue != now.queue:
        moving.do_move(tx, case, after.queue, by)
    if after.tags != now.tags:
        tagging.do_set_tags(tx, case, set(after.tags), by)
    if after.state != now.state:
        _settle(tx, actor, case, after.state)
    elif after.snoozed and (after.until != now.until or not now.snoozed):
        resting.do_snooze(tx, case, after.until, by)
    elif now.snoozed and not after.snoozed:
        resting.do_wake(tx, case, by)
    return after


def _settle(tx: Tx, actor: Actor, case: Locked, state: str) -> None:
    if state == "resolved":
        acts.do_resolve(tx, case, actor.duty_name, actor.membership_id)
        unsent.lapse_of_case(tx, actor.workspace_id, case.id)
    else:
        acts.do_reopen(tx, case, actor.duty_name)
