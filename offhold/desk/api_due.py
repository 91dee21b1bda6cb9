"""Over HTTP: what is due in the whole desk."""

from __future__ import annotations

from typing import Annotated

from ninja import Router
from pydantic import Field

from offhold.desk import due
from offhold.desk.due import DuePage
from offhold.kernel.db.tx import looking
from offhold.people.web import Asked, Cursor, shown, signed_in

router = Router(auth=signed_in, tags=["promises"])


@router.get("/promises/due", response=shown(DuePage))
def what_is_due(
    request: Asked, cursor: Cursor | None = None, limit: Annotated[int, Field(ge=1, le=due.MOST_ROWS)] = 50
) -> DuePage:
    """Every open case that owes something, by when it is due; what is late comes first."""
    with looking(request.auth.workspace_id) as tx:
        return due.page(tx, request.auth, cursor, limit)
