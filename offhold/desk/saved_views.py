"""Views that people keep: a filter and an order under a name, for oneself, for a queue, or for everybody."""

from __future__ import annotations

from typing import Literal

import msgspec

from offhold.cases.views import View
from offhold.desk.filters import ME, NOBODY, Filter, Sort
from offhold.desk.inbox import counting
from offhold.kernel import ids, jsons
from offhold.kernel.db.tx import Question, Tx
from offhold.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from offhold.kernel.facts import Recorded
from offhold.people.actors import Actor
from offhold.people.facts import DeskChanged

Scope = Literal["mine", "queue", "everyone"]
LONGEST_NAME = 60
MOST = 50  # one's own, and shared ones of a workspace
COUNTED = 1_000  # a longer list is said to have more than that


class SavedView(View, frozen=True, kw_only=True):
    """`count`: how many cases it has now, at most 1,000; `more`: and then some. `may_change`: by who asks."""

    id: str
    name: str
    scope: Scope
    queue_id: str | None
    filter: Filter
    sort: Sort
    may_change: bool
    count: int
    more: bool


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A view as somebody wants it kept. `queue_id`: of which queue, for the scope `queue` alone."""

    name: str
    scope: Scope
    queue_id: int | None
    filter: Filter
    sort: Sort


# Another's own are not read at all.
_SEEN = """
SELECT v.id, v.name, v.owner_id, v.queue_id, v.filter::text, v.sort FROM saved_views v
WHERE v.workspace_id = %s AND (v.owner_id IS NULL OR v.owner_id = %s)
ORDER BY v.owner_id IS NULL, v.queue_id NULLS FIRST, lower(v.name), v.id
"""


def views(tx: Tx, actor: Actor) -> list[SavedView]:
    """One's own, then the shared ones, by name; each with how many cases it has."""
    ((*rows,),) = tx.together(Question(_SEEN, (actor.workspace_id, actor.membership_id)))
    filters = [msgspec.json.decode(row[4], type=Filter) for row in rows]
    counts = tx.together(*(counting(actor, wanted, COUNTED + 1) for wanted in filters)) if rows else []
    return [
        SavedView(
            id=str(view), name=name, scope=_scope(owner, queue), queue_id=str(queue) if queue else None, filter=wanted,
            sort=sort, may_change=owner is not None or actor.can.lead, count=min(count, COUNTED), more=count > COUNTED,
        )
        for (view, name, owner, queue, _, sort), wanted, ((count,),) in zip(rows, filters, counts, strict=True)
    ]  # fmt: skip


def _scope(owner: int | None, queue: int | None) -> Scope:
    return "mine" if owner is not None else "queue" if queue is not None else "everyone"


_NAMED = {
    "queues": "SELECT id FROM queues WHERE workspace_id = %s AND id = ANY(%s)",
    "channels": "SELECT id FROM channels WHERE workspace_id = %s AND id = ANY(%s)",
    "assignees": "SELECT id FROM memberships WHERE workspace_id = %s AND id = ANY(%s)",
    "tags": "SELECT id FROM tags WHERE workspace_id = %s AND id = ANY(%s)",
    "without_tags": "SELECT id FROM tags WHERE workspace_id = %s AND id = ANY(%s)",
}


def check_view(tx: Tx, actor: Actor, wanted: Wanted, *, but: int | None = None) -> None:
    """Whoever leads makes shared views, anybody their own; what a filter names is of this workspace. Raises
    `Forbidden`, `Invalid`, `NotFound`, `Conflict`."""
    name = wanted.name
    if not name or name != name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(f"A view's name has 1 to {LONGEST_NAME} characters.", code="bad_name")
    if wanted.scope != "mine" and not actor.can.lead:
        raise Forbidden
    if (wanted.queue_id is not None) != (wanted.scope == "queue"):
        raise Invalid("A queue's view names its queue.", code="invalid")
    _check_named(tx, actor.workspace_id, wanted)
    if but is None:
        _check_room(tx, actor, wanted.scope)


def _check_named(tx: Tx, workspace_id: int, wanted: Wanted) -> None:
    queues = (str(wanted.queue_id),) if wanted.queue_id is not None else ()
    for kind, query in _NAMED.items():
        said = getattr(wanted.filter, kind) + (queues if kind == "queues" else ())
        named = {int(one) for one in said if one not in (ME, NOBODY)}
        if named and len(tx.rows(query, (workspace_id, sorted(named)))) < len(named):
            raise NotFound


def _check_room(tx: Tx, actor: Actor, scope: Scope) -> None:
    owner = actor.membership_id if scope == "mine" else None
    row = tx.one(
        "SELECT count(*) FROM saved_views WHERE workspace_id = %s AND owner_id IS NOT DISTINCT FROM %s",
        (actor.workspace_id, owner),
    )
    if row is not None and row[0] >= MOST:
        raise Conflict(f"There are {MOST} views already.", code="too_many", most=MOST)


_KEEP = """
INSERT INTO saved_views (workspace_id, id, name, owner_id, queue_id, filter, sort, by_id, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_CHANGE = """
UPDATE saved_views SET name = %s, owner_id = %s, queue_id = %s, filter = %s, sort = %s, by_id = %s, at = %s
WHERE workspace_id = %s AND id = %s
"""


def do_add_view(tx: Tx, actor: Actor, wanted: Wanted) -> int:
    """Keep one more. Returns its id."""
    view = ids.new()
    tx.run(_KEEP, (actor.workspace_id, view, *_values(actor, wanted), actor.membership_id, tx.at))
    _told(tx, actor)
    return view


def check_own_view(tx: Tx, actor: Actor, view: int) -> None:
    """One's own or, for those who lead, a shared one. Raises `NotFound`, also for another's own; `Forbidden`."""
    row = tx.one("SELECT owner_id FROM saved_views WHERE workspace_id = %s AND id = %s FOR UPDATE",
                 (actor.workspace_id, view))  # fmt: skip
    if row is None or row[0] not in (None, actor.membership_id):
        raise NotFound
    if row[0] is None and not actor.can.lead:
        raise Forbidden


def do_change_view(tx: Tx, actor: Actor, view: int, wanted: Wanted) -> None:
    """Another name, filter, order or readership."""
    tx.run(_CHANGE, (*_values(actor, wanted), actor.membership_id, tx.at, actor.workspace_id, view))
    _told(tx, actor)


def do_remove_view(tx: Tx, actor: Actor, view: int) -> None:
    """It is no longer offered; its cases are where they were."""
    tx.run("DELETE FROM saved_views WHERE workspace_id = %s AND id = %s", (actor.workspace_id, view))
    _told(tx, actor)


def _values(actor: Actor, wanted: Wanted) -> tuple[object, ...]:
    owner = actor.membership_id if wanted.scope == "mine" else None
    return wanted.name, owner, wanted.queue_id, jsons.encode(wanted.filter).decode(), wanted.sort


def _told(tx: Tx, actor: Actor) -> None:
    tx.record(Recorded(actor.workspace_id, DeskChanged(what="views")))
