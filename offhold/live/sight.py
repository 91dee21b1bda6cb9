"""Who may see which fact. Pure; what is not named here reaches nobody.

Every screen of a workspace shows its cases, channels and people. Notices go to the screens of the one person they are
for. All else belongs to a case and goes to the streams that follow that case. Direct messages and notes stay with the
roles that may see them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from offhold.kernel import jsons

CASE_CHANGED = "case.changed"
PERSON_CHANGED = "person.changed"
CASE_EVENT = "case.event"
FOR_EVERY_SCREEN = frozenset(
    {
        CASE_CHANGED,
        "channel.changed",
        "channel.removed",
        "clock.changed",
        "desk.changed",
        PERSON_CHANGED,
        "unsent.changed",
        "stop.changed",
        "page.changed",
        "pledge.changed",
    }
)
# Its payload says for whom (`to`, a membership): their screens get it, and no others.
FOR_ONE_PERSON = frozenset({"notice.added", "notice.read"})
# A note is said to the team only, whether or not its fact is marked private: an observer is not of the team.
FOR_THE_TEAM = frozenset({"note.added", "note.changed"})


class Stored(NamedTuple):
    """A fact as it stands in the log: `payload` is JSON text, `at` is ISO 8601 in UTC."""

    seq: int
    kind: str
    case_id: int | None
    private: bool
    payload: str
    at: str


def audience_case(fact: Stored) -> int | None:
    """The case a stream must follow to get this fact; None: every screen gets it."""
    return None if fact.kind in FOR_EVERY_SCREEN else fact.case_id


def seen(fact: Stored, *, sees_private: bool) -> Stored | None:
    """The fact as such a role sees it, its private words masked; None when it is withheld whole."""
    if fact.kind in FOR_ONE_PERSON or (fact.kind not in FOR_EVERY_SCREEN and fact.case_id is None):
        return None
    if sees_private:
        return fact
    if fact.kind == CASE_CHANGED:
        return masked(fact)
    return None if fact.private or fact.kind in FOR_THE_TEAM else fact


def masked(fact: Stored) -> Stored | None:
    """A `case.changed` without the words of direct messages: the row's own marks say which of its words they are.

    A fact marked private whose row does not say why loses both; one that cannot be read is withheld.
    """
    try:
        payload = jsons.decode(fact.payload)
        row = payload["case"]
        hidden = private_fields(row)
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
        return None
    if not hidden and not fact.private:
        return fact
    for name in hidden or ("title", "snippet"):
        row[name] = None
    return fact._replace(payload=jsons.encode(payload).decode())


def private_fields(row: dict[str, Any]) -> list[str]:
    """The fields of a case's row that hold words of a direct message; a missing mark counts as private."""
    hidden = []
    if row.get("title_private", True):
        hidden.append("title")
    if row.get("snippet_private", True):
        hidden.append("snippet")
    return hidden


class _ForOne(msgspec.Struct):
    to: str


_for_one = msgspec.json.Decoder(_ForOne)


def addressee(fact: Stored) -> int | None:
    """The membership a fact is for alone; None where it is for more, or cannot be read: then it reaches nobody."""
    if fact.kind not in FOR_ONE_PERSON:
        return None
    try:
        return int(_for_one.decode(fact.payload).to)
    except (msgspec.DecodeError, ValueError):
        return None


class _Assignee(msgspec.Struct):
    id: str


class _Row(msgspec.Struct):
    assignee: _Assignee | None = None


class _CaseChanged(msgspec.Struct):
    case: _Row


_case_changed = msgspec.json.Decoder(_CaseChanged)


def assignee(fact: Stored) -> int | None:
    """The membership a `case.changed` says the case belongs to; None for nobody, other kinds and odd payloads."""
    if fact.kind != CASE_CHANGED:
        return None
    try:
        who = _case_changed.decode(fact.payload).case.assignee
        return int(who.id) if who else None
    except (msgspec.DecodeError, ValueError):
        return None
