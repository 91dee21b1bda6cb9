"""Words that are said again and again, kept once.

What stands in braces is filled in when they are taken into the composer, where a person reads them before they go. The
same may be kept in several languages: the composer takes the customer's, where it is among them.
"""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec

from offhold.desk.shelf import Kept, Shelf, check_shared
from offhold.kernel import jsons
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Invalid
from offhold.people.actors import Actor
from offhold.publishing.guard.blanks import VARIABLES

For = Literal["public", "direct", "both"]

_BRACES = re.compile(r"\{\s*([a-z_.]+)\s*\}")


class SavedVersion(msgspec.Struct, frozen=True):
    """The words in one more language (ISO 639-1)."""

    lang: str
    text: str


class SavedReply(Kept, frozen=True, kw_only=True):
    """`audience`: whom the words may be said to. `lang`: of `text`, ISO 639-1, None for any. `versions`: the same in
    other languages."""

    text: str
    audience: For
    lang: str | None
    versions: tuple[SavedVersion, ...]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A saved reply as somebody wants it to be."""

    name: str
    text: str
    audience: For
    lang: str | None
    versions: tuple[SavedVersion, ...]
    shared: bool


def _shown(common: dict[str, Any], own: tuple[Any, ...]) -> SavedReply:
    text, audience, lang, versions = own
    kept = msgspec.json.decode(versions, type=tuple[SavedVersion, ...])
    return SavedReply(**common, text=text, audience=audience, lang=lang, versions=kept)


SHELF = Shelf("saved_replies", ("text", "audience", "lang", "versions"), _shown, documents=("versions",))


def check_wanted(actor: Actor, wanted: Wanted) -> None:
    """Raises `Forbidden`, and `Invalid` for a variable there is none of, or a language that is there twice."""
    check_shared(actor, shared=wanted.shared)
    texts = (wanted.text, *(version.text for version in wanted.versions))
    unknown = [name for text in texts for name in _BRACES.findall(text) if name not in VARIABLES]
    if unknown:
        raise Invalid("There is no such variable.", code="unknown_variable", name=unknown[0])
    langs = [version.lang for version in wanted.versions] + ([wanted.lang] if wanted.lang else [])
    twice = next((lang for lang in langs if langs.count(lang) > 1), None)
    if twice is not None:
        raise Invalid("There are two versions in one language.", code="language_twice", lang=twice)


def do_add(tx: Tx, actor: Actor, wanted: Wanted) -> SavedReply:
    return SHELF.do_add(tx, actor, name=wanted.name, shared=wanted.shared, own=_own(wanted))


def do_change(tx: Tx, actor: Actor, reply_id: int, wanted: Wanted) -> SavedReply:
    return SHELF.do_change(tx, actor, reply_id, name=wanted.name, shared=wanted.shared, own=_own(wanted))


def _own(wanted: Wanted) -> dict[str, Any]:
    versions = jsons.encode(wanted.versions).decode()
    return {"text": wanted.text, "audience": wanted.audience, "lang": wanted.lang, "versions": versions}
