"""Several acts under one name: words into the composer, tags, whose it is, and what happens once somebody sent it.

A macro only says what it would do. The screen does it act by act, through the same doors as a person; none of them
sends.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from offhold.desk.saved_replies import MOST, check_shared
from offhold.kernel import ids
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Invalid, NotFound
from offhold.people.actors import Actor

Lane = Literal["public", "direct", "note"]
Then = Literal["resolve", "snooze"]
WHOEVER = 0  # assign it to the one who uses the macro

_COLUMNS = "id, version, name, lane, text, tags, assign_to, then_do, snooze_hours, owner_id, changed_name, at"
_ALL = f"""
SELECT {_COLUMNS} FROM macros WHERE workspace_id = %s AND (owner_id IS NULL OR owner_id = %s) ORDER BY lower(name), id
"""
_ONE = f"SELECT {_COLUMNS} FROM macros WHERE workspace_id = %s AND id = %s FOR UPDATE"
_COUNT = "SELECT count(*) FROM macros WHERE workspace_id = %s"
_INSERT = """
INSERT INTO macros (workspace_id, id, version, name, lane, text, tags, assign_to, then_do, snooze_hours, owner_id,
  changed_name, at)
VALUES (%(workspace)s, %(id)s, 1, %(name)s, %(lane)s, %(text)s, %(tags)s, %(assign)s, %(then)s, %(hours)s, %(owner)s,
  %(by)s, %(at)s)
"""
_UPDATE = """
UPDATE macros SET version = version + 1, name = %(name)s, lane = %(lane)s, text = %(text)s, tags = %(tags)s,
  assign_to = %(assign)s, then_do = %(then)s, snooze_hours = %(hours)s, owner_id = %(owner)s, changed_name = %(by)s,
  at = %(at)s
WHERE workspace_id = %(workspace)s AND id = %(id)s
"""
_TAGS = "SELECT count(*) FROM tags WHERE workspace_id = %s AND archived_at IS NULL AND id = ANY (%s)"
_ANSWERS = "SELECT role <> 'observer' FROM memberships WHERE workspace_id = %s AND id = %s"


class Macro(msgspec.Struct, frozen=True, kw_only=True):
    """`lane` None: no words. `assign_to`: a colleague, or "me" for whoever uses it. `snooze_hours` None where
    `once_sent` is snooze: until the customer writes."""

    id: str
    version: int
    name: str
    lane: Lane | None
    text: str
    tags: list[str]
    assign_to: str | None
    once_sent: Then | None
    snooze_hours: int | None
    shared: bool
    may_edit: bool
    changed_by: str
    at: datetime


class MacroWanted(msgspec.Struct, frozen=True, kw_only=True):
    """A macro as somebody wants it to be. `assign_to`: a membership, or `WHOEVER`."""

    name: str
    lane: Lane | None
    text: str
    tags: tuple[int, ...]
    assign_to: int | None
    once_sent: Then | None
    snooze_hours: int | None
    shared: bool


def everything(tx: Tx, actor: Actor) -> list[Macro]:
    """Everybody's and the reader's own, by name."""
    return [_shown(row, actor) for row in tx.rows(_ALL, (actor.workspace_id, actor.membership_id))]


def check_wanted(tx: Tx, actor: Actor, wanted: MacroWanted) -> None:
    """Raises `Forbidden`, `NotFound` for a tag or a colleague there is none of, `Invalid` for one that does nothing."""
    check_shared(actor, shared=wanted.shared)
    if (wanted.lane is None) != (wanted.text.strip() == ""):
        raise Invalid("Say where the words go, or leave both out.", code="macro_words")
    if wanted.lane is None and not wanted.tags and wanted.assign_to is None and wanted.once_sent is None:
        raise Invalid("This would do nothing.", code="macro_empty")
    if wanted.snooze_hours is not None and wanted.once_sent != "snooze":
        raise Invalid("Only a snooze has an end.", code="macro_words")
    if wanted.tags and tx.one(_TAGS, (actor.workspace_id, list(wanted.tags))) != (len(set(wanted.tags)),):
        raise NotFound("There is no such tag.", code="no_such_tag")
    if wanted.assign_to and tx.one(_ANSWERS, (actor.workspace_id, wanted.assign_to)) != (True,):
        raise NotFound("Nobody of the team has this number.", code="no_such_colleague")
    count = tx.one(_COUNT, (actor.workspace_id,))
    if count is not None and count[0] >= MOST:
        raise Invalid("There are too many macros already.", code="too_many", most=MOST)


def check_change(tx: Tx, actor: Actor, macro_id: int, version: int | None) -> Macro:
    """The macro, held. Raises `NotFound`, also for a colleague's own; `Forbidden`; `Conflict` with what is there."""
    row = tx.one(_ONE, (actor.workspace_id, macro_id))
    if row is None or row[9] not in (None, actor.membership_id):
        raise NotFound
    there = _shown(row, actor)
    check_shared(actor, shared=there.shared)
    if version is not None and version != there.version:
        raise Conflict("Somebody else changed this meanwhile.", code="changed_meanwhile", there=there)
    return there


def do_add(tx: Tx, actor: Actor, wanted: MacroWanted) -> Macro:
    """Keep one more."""
    macro_id = ids.new()
    tx.run(_INSERT, _values(tx, actor, macro_id, wanted))
    return _found(tx, actor, macro_id)


def do_change(tx: Tx, actor: Actor, macro_id: int, wanted: MacroWanted) -> Macro:
    """Keep it like this."""
    tx.run(_UPDATE, _values(tx, actor, macro_id, wanted))
    return _found(tx, actor, macro_id)


def do_remove(tx: Tx, actor: Actor, macro_id: int) -> None:
    tx.run("DELETE FROM macros WHERE workspace_id = %s AND id = %s", (actor.workspace_id, macro_id))


def _values(tx: Tx, actor: Actor, macro_id: int, wanted: MacroWanted) -> dict[str, Any]:
    return {
        "workspace": actor.workspace_id, "id": macro_id, "name": wanted.name, "lane": wanted.lane,
        "text": wanted.text if wanted.lane else "", "tags": sorted(set(wanted.tags)), "assign": wanted.assign_to,
        "then": wanted.once_sent, "hours": wanted.snooze_hours, "owner": None if wanted.shared else actor.membership_id,
        "by": actor.duty_name, "at": tx.at,
    }  # fmt: skip


def _found(tx: Tx, actor: Actor, macro_id: int) -> Macro:
    row = tx.one(_ONE, (actor.workspace_id, macro_id))
    assert row is not None  # written by the caller
    return _shown(row, actor)


def _shown(row: tuple[Any, ...], actor: Actor) -> Macro:
    macro_id, version, name, lane, text, tags, assign, then, hours, owner, changed_by, at = row
    return Macro(
        id=str(macro_id), version=version, name=name, lane=lane, text=text, tags=[str(tag) for tag in tags],
        assign_to=None if assign is None else "me" if assign == WHOEVER else str(assign), once_sent=then,
        snooze_hours=hours, shared=owner is None, may_edit=owner is not None or actor.can.lead,
        changed_by=changed_by, at=at,
    )  # fmt: skip
