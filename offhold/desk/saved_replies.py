"""Words that are said again and again, kept once: everybody's, which leads look after, and each person's own.

What stands in braces is filled in when they are taken into the composer, where a person reads them before they go.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Literal

import msgspec

from offhold.kernel import ids
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from offhold.people.actors import Actor
from offhold.publishing.guard.blanks import VARIABLES

For = Literal["public", "direct", "both"]
MOST = 2_000

_BRACES = re.compile(r"\{\s*([a-z_.]+)\s*\}")
_COLUMNS = "id, version, name, text, audience, lang, owner_id, changed_name, at"
# Everybody's and the reader's own. A colleague's own stay theirs.
_ALL = f"""
SELECT {_COLUMNS} FROM saved_replies WHERE workspace_id = %s AND (owner_id IS NULL OR owner_id = %s)
ORDER BY lower(name), id
"""
_ONE = f"SELECT {_COLUMNS} FROM saved_replies WHERE workspace_id = %s AND id = %s FOR UPDATE"
_COUNT = "SELECT count(*) FROM saved_replies WHERE workspace_id = %s"
_INSERT = """
INSERT INTO saved_replies (workspace_id, id, version, name, text, audience, lang, owner_id, changed_name, at)
VALUES (%(workspace)s, %(id)s, 1, %(name)s, %(text)s, %(audience)s, %(lang)s, %(owner)s, %(by)s, %(at)s)
"""
_UPDATE = """
UPDATE saved_replies SET version = version + 1, name = %(name)s, text = %(text)s, audience = %(audience)s,
  lang = %(lang)s, owner_id = %(owner)s, changed_name = %(by)s, at = %(at)s
WHERE workspace_id = %(workspace)s AND id = %(id)s
"""


class SavedReply(msgspec.Struct, frozen=True, kw_only=True):
    """`audience`: whom the words may be said to. `lang`: ISO 639-1, None for any. `shared`: everybody has it."""

    id: str
    version: int
    name: str
    text: str
    audience: For
    lang: str | None
    shared: bool
    may_edit: bool
    changed_by: str
    at: datetime


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A saved reply as somebody wants it to be."""

    name: str
    text: str
    audience: For
    lang: str | None
    shared: bool


def everything(tx: Tx, actor: Actor) -> list[SavedReply]:
    """Everybody's and the reader's own, by name."""
    return [_shown(row, actor) for row in tx.rows(_ALL, (actor.workspace_id, actor.membership_id))]


def check_wanted(tx: Tx, actor: Actor, wanted: Wanted) -> None:
    """Raises `Forbidden`, `Invalid` for a variable there is none of, and beyond the most there may be."""
    check_shared(actor, shared=wanted.shared)
    unknown = [name for name in _BRACES.findall(wanted.text) if name not in VARIABLES]
    if unknown:
        raise Invalid("There is no such variable.", code="unknown_variable", name=unknown[0])
    count = tx.one(_COUNT, (actor.workspace_id,))
    if count is not None and count[0] >= MOST:
        raise Invalid("There are too many saved replies already.", code="too_many", most=MOST)


def check_shared(actor: Actor, *, shared: bool) -> None:
    """What everybody has, leads look after. Raises `Forbidden`."""
    actor.check_may("answer")
    if shared and not actor.can.lead:
        raise Forbidden("Only a lead changes what everybody has.", code="leads_only")


def check_change(tx: Tx, actor: Actor, reply_id: int, version: int | None) -> SavedReply:
    """The saved reply, held. Raises `NotFound`, also for a colleague's own; `Forbidden`; `Conflict` with what is there
    when it is no longer `version`."""
    row = tx.one(_ONE, (actor.workspace_id, reply_id))
    if row is None or row[6] not in (None, actor.membership_id):
        raise NotFound
    there = _shown(row, actor)
    check_shared(actor, shared=there.shared)
    if version is not None and version != there.version:
        raise Conflict("Somebody else changed this meanwhile.", code="changed_meanwhile", there=there)
    return there


def do_add(tx: Tx, actor: Actor, wanted: Wanted) -> SavedReply:
    """Keep one more."""
    reply_id = ids.new()
    tx.run(_INSERT, _values(tx, actor, reply_id, wanted))
    return _found(tx, actor, reply_id)


def do_change(tx: Tx, actor: Actor, reply_id: int, wanted: Wanted) -> SavedReply:
    """Keep it like this."""
    tx.run(_UPDATE, _values(tx, actor, reply_id, wanted))
    return _found(tx, actor, reply_id)


def do_remove(tx: Tx, actor: Actor, reply_id: int) -> None:
    tx.run("DELETE FROM saved_replies WHERE workspace_id = %s AND id = %s", (actor.workspace_id, reply_id))


def _values(tx: Tx, actor: Actor, reply_id: int, wanted: Wanted) -> dict[str, Any]:
    owner = None if wanted.shared else actor.membership_id
    return {
        "workspace": actor.workspace_id, "id": reply_id, "name": wanted.name, "text": wanted.text,
        "audience": wanted.audience, "lang": wanted.lang, "owner": owner, "by": actor.duty_name, "at": tx.at,
    }  # fmt: skip


def _found(tx: Tx, actor: Actor, reply_id: int) -> SavedReply:
    row = tx.one(_ONE, (actor.workspace_id, reply_id))
    assert row is not None  # written by the caller
    return _shown(row, actor)


def _shown(row: tuple[Any, ...], actor: Actor) -> SavedReply:
    reply_id, version, name, text, audience, lang, owner, changed_by, at = row
    return SavedReply(
        id=str(reply_id), version=version, name=name, text=text, audience=audience, lang=lang, shared=owner is None,
        may_edit=owner is not None or actor.can.lead, changed_by=changed_by, at=at,
    )  # fmt: skip
