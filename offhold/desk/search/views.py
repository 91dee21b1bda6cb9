"""What a search shows."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from offhold.cases.views import CaseRow, IdentityView, View
from offhold.connectors.contract import Audience


class Part(View, frozen=True, kw_only=True):
    """A stretch of a text; `found`: it is what was asked for."""

    text: str
    found: bool


class Hit(View, frozen=True, kw_only=True):
    """A message or a note that was found, with the words around what was asked for. `author`: as they are called;
    null: said by us."""

    id: str
    kind: Literal["message", "note"]
    audience: Audience | None
    at: datetime
    author: str | None
    handle: str | None
    channel_id: str | None
    cut: bool
    parts: list[Part]


class Group(View, frozen=True, kw_only=True):
    """A case with what was found in it, newest first; without a case: a voice."""

    case: CaseRow | None
    hits: list[Hit]


class KnownPerson(View, frozen=True, kw_only=True):
    """Somebody whose name or handle begins like that, and their newest case."""

    identity: IdentityView
    case: CaseRow


class SearchPage(View, frozen=True, kw_only=True):
    """`looked_back_to`: there was more to look through than one page may cost, `next` goes on from there. `filed_to`:
    what came later is not filed yet."""

    groups: list[Group]
    people: list[KnownPerson]
    case: CaseRow | None
    next: str | None
    looked_back_to: datetime | None
    filed_to: datetime | None


class QuickPage(View, frozen=True, kw_only=True):
    """What a few letters may mean: cases by their reference, people by what they are called."""

    cases: list[CaseRow]
    people: list[KnownPerson]
