"""What is near a case over HTTP: what others say around it, cases like it, the same person elsewhere."""

from __future__ import annotations

import msgspec
from ninja import Router

from offhold.desk import around, similar
from offhold.desk import case as case_pages
from offhold.desk.around import AroundPage, Kind
from offhold.desk.similar import Namesake, Similar
from offhold.kernel.db.tx import looking
from offhold.people.web import Asked, Id, shown, signed_in

router = Router(auth=signed_in, tags=["around"])


class SimilarAnswer(msgspec.Struct, frozen=True):
    similar: list[Similar]
    namesakes: list[Namesake]


@router.get("/cases/{case_id}/around", response=shown(AroundPage))
def around_page(
    request: Asked, case_id: Id, thread: Id | None = None, kind: Kind | None = None, cursor: Id | None = None
) -> AroundPage:
    """Others' words in the public threads of a case, counted by what they are, newest first."""
    actor = request.auth
    with looking(actor.workspace_id) as tx:
        row = case_pages.case_row(tx, actor, case_id)
        last = cursor or 2**63 - 1
        return around.page(tx, actor.workspace_id, int(row.id), thread=thread, kind=kind, before=last)


@router.get("/cases/{case_id}/similar", response=shown(SimilarAnswer))
def similar_page(request: Asked, case_id: Id) -> SimilarAnswer:
    """Cases like this one and accounts that may be the same person's, each with the reason."""
    actor = request.auth
    with looking(actor.workspace_id) as tx:
        row = case_pages.case_row(tx, actor, case_id)
        return SimilarAnswer(
            similar.similar(tx, actor, int(row.id)), similar.namesakes(tx, actor, int(row.customer.id))
        )
