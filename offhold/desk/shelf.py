"""What people keep to use again: everybody's, which leads look after, and each person's own.

Saved replies and macros lie on a shelf each. Whose a thing is, who may change it, that nobody overwrites what they have
not seen, how many there may be and that screens hear of it is decided here for both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

import msgspec

from offhold.kernel import ids
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from offhold.kernel.facts import Recorded
from offhold.people.actors import Actor
from offhold.people.facts import DeskChanged

MOST = 2_000


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of everything on a shelf. `shared`: everybody has it."""

    id: str
    version: int
    name: str
    shared: bool
    may_edit: bool
    changed_by: str
    at: datetime


Thing = TypeVar("Thing", bound=Kept)


class Shelf(Generic[Thing]):
    """One table of things. `columns` are their own; `thing` makes one of what all have and of these columns' values,
    those in `documents` as the JSON they hold."""

    def __init__(
        self,
        table: Literal["saved_replies", "macros"],
        columns: tuple[str, ...],
        thing: Callable[[dict[str, Any], tuple[Any, ...]], Thing],
        documents: tuple[str, ...] = (),
    ) -> None:
        own, given = ", ".join(columns), ", ".join(f"%({column})s" for column in columns)
        told = ", ".join(f"{column}::text" if column in documents else column for column in columns)
        read = f"SELECT id, version, name, owner_id, changed_name, at, {told} FROM {table} WHERE workspace_id = %s"
        self._table: Literal["saved_replies", "macros"] = table
        self._thing = thing
        # A colleague's own stay theirs.
        self._all = f"{read} AND (owner_id IS NULL OR owner_id = %s) ORDER BY lower(name), id"
        self._one = f"{read} AND id = %s FOR UPDATE"
        self._count = f"SELECT count(*) FROM {table} WHERE workspace_id = %s"
        self._remove = f"DELETE FROM {table} WHERE workspace_id = %s AND id = %s"
        self._insert = f"""
INSERT INTO {table} (workspace_id, id, version, name, owner_id, changed_name, at, {own})
VALUES (%(workspace)s, %(id)s, 1, %(name)s, %(owner)s, %(by)s, %(at)s, {given})
"""
        self._update = f"""
UPDATE {table} SET version = version + 1, name = %(name)s, owner_id = %(owner)s, changed_name = %(by)s, at = %(at)s,
  {", ".join(f"{column} = %({column})s" for column in columns)}
WHERE workspace_id = %(workspace)s AND id = %(id)s
"""

    def everything(self, tx: Tx, actor: Actor) -> list[Thing]:
        """Everybody's and the reader's own, by name."""
        return [self._shown(row, actor) for row in tx.rows(self._all, (actor.workspace_id, actor.membership_id))]

    def check_room(self, tx: Tx, actor: Actor) -> None:
        """Raises `Invalid` where there are as many as there may be already."""
        count = tx.one(self._count, (actor.workspace_id,))
        if count is not None and count[0] >= MOST:
            raise Invalid("There are too many of these already.", code="too_many", most=MOST)

    def check_change(self, tx: Tx, actor: Actor, thing_id: int, version: int | None) -> Thing:
        """It, held. Raises `NotFound`, also for a colleague's own; `Forbidden`; `Conflict` with what is there when it
        is no longer `version`."""
        row = tx.one(self._one, (actor.workspace_id, thing_id))
        if row is None or row[3] not in (None, actor.membership_id):
            raise NotFound
        there = self._shown(row, actor)
        check_shared(actor, shared=there.shared)
        if version is not None and version != there.version:
            raise Conflict("Somebody else changed this meanwhile.", code="changed_meanwhile", there=there)
        return there

    def do_add(self, tx: Tx, actor: Actor, *, name: str, shared: bool, own: Mapping[str, Any]) -> Thing:
        """Keep one more. `own`: the values of its own columns."""
        return self._do_write(tx, actor, self._insert, ids.new(), name=name, shared=shared, own=own)

    def do_change(
        self, tx: Tx, actor: Actor, thing_id: int, *, name: str, shared: bool, own: Mapping[str, Any]
    ) -> Thing:
        """Keep it like this."""
        return self._do_write(tx, actor, self._update, thing_id, name=name, shared=shared, own=own)

    def do_remove(self, tx: Tx, actor: Actor, thing_id: int) -> None:
        tx.run(self._remove, (actor.workspace_id, thing_id))
        self._tell(tx, actor)

    def _do_write(
        self, tx: Tx, actor: Actor, how: str, thing_id: int, *, name: str, shared: bool, own: Mapping[str, Any]
    ) -> Thing:
        values = {
            "workspace": actor.workspace_id, "id": thing_id, "name": name, "by": actor.duty_name, "at": tx.at,
            "owner": None if shared else actor.membership_id, **own,
        }  # fmt: skip
        tx.run(how, values)
        self._tell(tx, actor)
        row = tx.one(self._one, (actor.workspace_id, thing_id))
        assert row is not None  # written above
        return self._shown(row, actor)

    def _tell(self, tx: Tx, actor: Actor) -> None:
        """Every screen reads them again."""
        tx.record(Recorded(actor.workspace_id, DeskChanged(what=self._table)))

    def _shown(self, row: tuple[Any, ...], actor: Actor) -> Thing:
        thing_id, version, name, owner, changed_by, at, *own = row
        common = {
            "id": str(thing_id), "version": version, "name": name, "shared": owner is None,
            "may_edit": owner is not None or actor.can.lead, "changed_by": changed_by, "at": at,
        }  # fmt: skip
        return self._thing(common, tuple(own))


def check_shared(actor: Actor, *, shared: bool) -> None:
    """What everybody has, leads look after. Raises `Forbidden`."""
    actor.check_may("answer")
    if shared and not actor.can.lead:
        raise Forbidden("Only a lead changes what everybody has.", code="leads_only")
