"""Words that are said again and again, kept once.

What stands in braces is filled in when they are taken into the composer, where a person reads them before they go.
"""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec

from offhold.desk.shelf import Kept, Shelf, check_shared
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Invalid
from offhold.people.actors import Actor
from offhold.publishing.guard.blanks import VARIABLES

For = Literal["public", "direct", "both"]

_BRACES = re.compile(r"\{\s*([a-z_.]+)\s*\}")


class SavedReply(Kept, frozen=True, kw_only=True):
    """`audience`: whom the words may be said to. `lang`: ISO 639-1, None for any."""

    text: str
    audience: For
    lang: str | None


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A saved reply as somebody wants it to be."""

    name: str
    text: str
    audience: For
    lang: str | None
    shared: bool


def _shown(common: dict[str, Any], own: tuple[Any, ...]) -> SavedReply:
    text, audience, lang = own
    return SavedReply(**common, text=text, audience=audience, lang=lang)


SHELF = Shelf("saved_replies", ("text", "audience", "lang"), _shown)


def check_wanted(actor: Actor, wanted: Wanted) -> None:
    """Raises `Forbidden`, and `Invalid` for a variable there is none of."""
    check_shared(actor, shared=wanted.shared)
    unknown = [name for name in _BRACES.findall(wanted.text) if name not in VARIABLES]
    if unknown:
        raise Invalid("There is no such variable.", code="unknown_variable", name=unknown[0])


def do_add(tx: Tx, actor: Actor, wanted: Wanted) -> SavedReply:
    return SHELF.do_add(tx, actor, name=wanted.name, shared=wanted.shared, own=_own(wanted))


def do_change(tx: Tx, actor: Actor, reply_id: int, wanted: Wanted) -> SavedReply:
    return SHELF.do_change(tx, actor, reply_id, name=wanted.name, shared=wanted.shared, own=_own(wanted))


def _own(wanted: Wanted) -> dict[str, Any]:
    return {"text": wanted.text, "audience": wanted.audience, "lang": wanted.lang}
