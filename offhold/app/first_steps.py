"""The first steps of a new desk, read off what is really there: it is set up when a customer was answered."""

from __future__ import annotations

import msgspec
from ninja import Router

from offhold.kernel.db.tx import looking
from offhold.people.web import Asked, shown, signed_in

router = Router(auth=signed_in, tags=["me"])


class Steps(msgspec.Struct, frozen=True):
    """What is done. `answered`: a customer was, which ends it."""

    channel: bool
    case: bool
    sending: bool
    colleague: bool
    answered: bool


STEPS = """
SELECT EXISTS (SELECT FROM channels WHERE workspace_id = %(ws)s),
       EXISTS (SELECT FROM cases WHERE workspace_id = %(ws)s),
       EXISTS (SELECT FROM channels WHERE workspace_id = %(ws)s AND sending),
       EXISTS (SELECT FROM memberships WHERE workspace_id = %(ws)s OFFSET 1)
         OR EXISTS (SELECT FROM invitations WHERE workspace_id = %(ws)s AND withdrawn_at IS NULL),
       EXISTS (SELECT FROM public_replies WHERE workspace_id = %(ws)s AND state = 'sent')
         OR EXISTS (SELECT FROM direct_replies WHERE workspace_id = %(ws)s AND state = 'sent')
"""


@router.get("/first-steps", response=shown(Steps))
def first_steps(request: Asked) -> Steps:
    """How far this desk is set up."""
    with looking(request.auth.workspace_id) as tx:
        row = tx.one(STEPS, {"ws": request.auth.workspace_id})
    assert row is not None  # five answers to five questions
    return Steps(*row)
