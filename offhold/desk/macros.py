"""Several acts under one name: words into the composer, tags, whose it is, and what happens once somebody sent it.

A macro only says what it would do. The screen does it act by act, through the same doors as a person; none of them
sends.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from offhold.desk.shelf import Kept, Shelf, check_shared
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Invalid, NotFound
from offhold.people.actors import Actor

Lane = Literal["public", "direct", "note"]
Then = Literal["resolve", "snooze"]
WHOEVER = 0  # assign it to the one who uses the macro

_TAGS = "SELECT count(*) FROM tags WHERE workspace_id = %s AND archived_at IS NULL AND id = ANY (%s)"
_ANSWERS = "SELECT role <> 'observer' FROM memberships WHERE workspace_id = %s AND id = %s"


class Macro(Kept, frozen=True, kw_only=True):
    """`lane` None: no words. `assign_to`: a colleague, or "me" for whoever uses it. `snooze_hours` None where
    `once_sent` is snooze: until the customer writes."""

    lane: Lane | None
    text: str
    tags: list[str]
    assign_to: str | None
    once_sent: Then | None
    snooze_hours: int | None


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


def _shown(common: dict[str, Any], own: tuple[Any, ...]) -> Macro:
    lane, text, tags, assign, then, hours = own
    return Macro(
        **common, lane=lane, text=text, tags=[str(tag) for tag in tags],
        assign_to=None if assign is None else "me" if assign == WHOEVER else str(assign), once_sent=then,
        snooze_hours=hours,
    )  # fmt: skip


SHELF = Shelf("macros", ("lane", "text", "tags", "assign_to", "then_do", "snooze_hours"), _shown)


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


def do_add(tx: Tx, actor: Actor, wanted: MacroWanted) -> Macro:
    return SHELF.do_add(tx, actor, name=wanted.name, shared=wanted.shared, own=_own(wanted))


def do_change(tx: Tx, actor: Actor, macro_id: int, wanted: MacroWanted) -> Macro:
    return SHELF.do_change(tx, actor, macro_id, name=wanted.name, shared=wanted.shared, own=_own(wanted))


def _own(wanted: MacroWanted) -> dict[str, Any]:
    return {
        "lane": wanted.lane, "text": wanted.text if wanted.lane else "", "tags": sorted(set(wanted.tags)),
        "assign_to": wanted.assign_to, "then_do": wanted.once_sent, "snooze_hours": wanted.snooze_hours,
    }  # fmt: skip
