"""What is set up over HTTP where cases are concerned: queues, and what becomes of a leaving colleague's cases."""

from __future__ import annotations

import msgspec
from ninja import Router, Status

from offhold.cases.views import CaseRow
from offhold.desk import leaving, queues
from offhold.desk.queues import Queue
from offhold.desk.sight import row_for
from offhold.kernel.db.tx import Tx, looking, transaction
from offhold.people.actions import member_of
from offhold.people.web import Asked, Body, Id, Line, shown, signed_in

router = Router(auth=signed_in, tags=["settings"])


class QueuesAnswer(msgspec.Struct, frozen=True):
    queues: list[Queue]


class MovedAnswer(msgspec.Struct, frozen=True):
    """`moved` cases went; where `more`, ask again for the rest."""

    moved: int
    more: bool


class LeavingAnswer(msgspec.Struct, frozen=True):
    """Somebody's open cases: how many, and the first of them."""

    open: int
    cases: list[CaseRow]


class QueueBody(Body):
    name: Line


class MoveBody(Body):
    to: Id


@router.get("/queues", response=shown(QueuesAnswer))
def in_use(request: Asked) -> QueuesAnswer:
    """The queues, and what is in them."""
    with looking(request.auth.workspace_id) as tx:
        return _queues(tx, request)


@router.post("/queues", response={201: shown(QueuesAnswer)})
def add(request: Asked, body: QueueBody) -> Status[QueuesAnswer]:
    """A new queue."""
    request.auth.check_may("lead")
    with transaction(request.auth.workspace_id) as tx:
        queues.do_add(tx, request.auth.workspace_id, body.name)
        return Status(201, _queues(tx, request))


@router.put("/queues/{queue_id}", response=shown(QueuesAnswer))
def rename(request: Asked, queue_id: Id, body: QueueBody) -> QueuesAnswer:
    """Another name."""
    request.auth.check_may("lead")
    with transaction(request.auth.workspace_id) as tx:
        queues.do_rename(tx, request.auth.workspace_id, queue_id, body.name)
        return _queues(tx, request)


@router.post("/queues/{queue_id}/move", response=shown(MovedAnswer))
def move(request: Asked, queue_id: Id, body: MoveBody) -> MovedAnswer:
    """Move its open cases, a part at a time, and let its channels put new ones there too."""
    request.auth.check_may("lead")
    with transaction(request.auth.workspace_id) as tx:
        queues.do_redirect(tx, request.auth.workspace_id, queue_id, body.to)
        moved = queues.do_move_cases(tx, request.auth.workspace_id, queue_id, body.to, request.auth.duty_name)
    return MovedAnswer(moved, moved == queues.AT_ONCE)


@router.delete("/queues/{queue_id}", response=shown(QueuesAnswer))
def remove(request: Asked, queue_id: Id) -> QueuesAnswer:
    """Take an empty queue away."""
    request.auth.check_may("lead")
    with transaction(request.auth.workspace_id) as tx:
        queues.do_remove(tx, request.auth.workspace_id, queue_id)
        return _queues(tx, request)


@router.get("/team/{member_id}/cases", response=shown(LeavingAnswer))
def cases_of(request: Asked, member_id: Id) -> LeavingAnswer:
    """What would be nobody's if this colleague left."""
    request.auth.check_may("lead")
    with transaction(request.auth.workspace_id) as tx:
        member_of(member_id)
        return _leaving(tx, request, leaving.open_cases_of(tx, request.auth.workspace_id, member_id))


@router.post("/team/{member_id}/remove", response=shown(LeavingAnswer))
def leave(request: Asked, member_id: Id) -> LeavingAnswer:
    """Shut a colleague out at once; the answer says which cases are nobody's now."""
    request.auth.check_may("lead")
    with transaction(request.auth.workspace_id) as tx:
        return _leaving(tx, request, leaving.do_remove(tx, request.auth, member_id))


def _queues(tx: Tx, request: Asked) -> QueuesAnswer:
    return QueuesAnswer(queues.queues(tx, request.auth.workspace_id))


def _leaving(tx: Tx, request: Asked, cases: list[int]) -> LeavingAnswer:
    first = leaving.shown(tx, request.auth.workspace_id, cases)
    return LeavingAnswer(len(cases), [row_for(request.auth.can, row) for row in first])
