"""What is kept about a person who works here, for that person: everything, by where it stands and why.

Every column that names a person is in `KEPT`; a test reads the schema and finds the one that is not. Nothing else about
people is kept: presence and typing are shown and forgotten, and there are no figures of a person.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, LiteralString, NamedTuple

import msgspec
from ninja import Router

from offhold.kernel.db.tx import Tx, looking
from offhold.people import preferences, push
from offhold.people.actors import Actor
from offhold.people.web import Asked, shown, signed_in

router = Router(auth=signed_in, tags=["me"])


class Place(NamedTuple):
    """Rows that name a person in `column`; `at`: when each came to be."""

    table: LiteralString
    column: LiteralString
    at: LiteralString


KEPT: dict[LiteralString, tuple[Place, ...]] = {
    "public_replies": (Place("public_replies", "author_id", "created_at"),),
    "direct_replies": (Place("direct_replies", "author_id", "created_at"),),
    "edited": (
        Place("public_replies", "edited_by", "created_at"), Place("direct_replies", "edited_by", "created_at"),
    ),
    "approved": (
        Place("public_replies", "approved_by", "approved_at"), Place("direct_replies", "approved_by", "approved_at"),
    ),
    "notes": (Place("notes", "author_id", "at"),),
    "drafts": (
        Place("public_drafts", "by_id", "at"), Place("direct_drafts", "by_id", "at"),
        Place("note_drafts", "by_id", "at"),
    ),
    "cases": (Place("cases", "assignee_id", "opened_at"),),
    "rearranged": (Place("merges", "by_id", "at"),),
    "pictures": (Place("media", "by_id", "at"),),
    "repairs": (Place("repairs", "by_id", "at"),),
    "stops": (Place("publishing_stops", "by_id", "at"),),
    "policies": (
        Place("publishing_policy_versions", "changed_by", "at"), Place("promise_policy_versions", "changed_by", "at"),
    ),
    "promises": (Place("promises", "given_by", "made_at"), Place("promises", "released_by", "ended_at")),
    "pledges": (
        Place("pledges", "decided_by", "asked_at"), Place("pledges", "reached_by", "reached_at"),
        Place("pledges", "released_by", "ended_at"), Place("pledges", "looked_by", "ended_at"),
    ),
    "pages": (Place("pages", "taken_by", "taken_at"),),
    "notices": (Place("notices", "membership_id", "at"),),
    "invitations": (Place("invitations", "by_id", "at"), Place("invitations", "membership_id", "at")),
    "views": (Place("saved_views", "by_id", "at"), Place("saved_views", "owner_id", "at")),
    "saved": (Place("saved_replies", "owner_id", "at"), Place("macros", "owner_id", "at")),
    "links": (Place("external_references", "by_id", "at"), Place("link_templates", "by_id", "at")),
    "devices": (Place("push_subscriptions", "membership_id", "at"),),
}  # fmt: skip
# Named by a person's id and shown whole, in `about` and `details`.
SHOWN_WHOLE = {
    ("memberships", "user_id"), ("sessions", "user_id"), ("person_settings", "membership_id"),
    ("account_emailaddress", "user_id"),
}  # fmt: skip


class Count(msgspec.Struct, frozen=True):
    """How many rows name this person, and from when to when."""

    what: str
    count: int
    oldest: datetime | None
    newest: datetime | None


class Kept(msgspec.Struct, frozen=True):
    """`about`: who they are here. `kept`: what they did. `details`: what else stands there, for a copy of it all."""

    about: dict[str, Any]
    kept: list[Count]
    details: dict[str, Any]


_USER = "SELECT u.email, u.last_login, u.is_active FROM users u WHERE u.id = %s"
_SIGN_INS = "SELECT began_at, seen_at FROM sessions WHERE user_id = %s ORDER BY began_at DESC"
_NOTICES = """
SELECT kind, reference, at, read_at FROM notices WHERE workspace_id = %s AND membership_id = %s
ORDER BY id DESC LIMIT 1000
"""


@router.get("/me/kept", response=shown(Kept))
def kept(request: Asked) -> Kept:
    """Everything that is kept about whoever asks; nobody else can ask for it."""
    with looking(request.auth.workspace_id) as tx:
        return Kept(_about(tx, request.auth), counts(tx, request.auth), _details(tx, request.auth))


def counts(tx: Tx, actor: Actor) -> list[Count]:
    """What they did, by kind."""
    return [_count(tx, actor, what, places) for what, places in KEPT.items()]


def _count(tx: Tx, actor: Actor, what: LiteralString, places: tuple[Place, ...]) -> Count:
    each: list[LiteralString] = [
        f"SELECT {p.at} AS at FROM {p.table} WHERE workspace_id = %(ws)s AND {p.column} = %(me)s"  # noqa: S608 - ours
        for p in places
    ]
    query: LiteralString = f"SELECT count(*), min(at), max(at) FROM ({' UNION ALL '.join(each)}) named"  # noqa: S608
    row = tx.one(query, {"ws": actor.workspace_id, "me": actor.membership_id})
    assert row is not None  # an aggregate has one row
    return Count(what, *row)


def _about(tx: Tx, actor: Actor) -> dict[str, Any]:
    row = tx.one(_USER, (actor.user_id,))
    assert row is not None  # they are signed in
    wanted = preferences.of(tx, actor.workspace_id, actor.membership_id)
    return {
        "email": row[0],
        "duty_name": actor.duty_name,
        "initials": actor.initials,
        "role": actor.role,
        "last_login": row[1],
        "language": wanted.language if wanted else None,
        "theme": wanted.theme if wanted else None,
    }


def _details(tx: Tx, actor: Actor) -> dict[str, Any]:
    wanted = preferences.of(tx, actor.workspace_id, actor.membership_id)
    return {
        "sign_ins": [{"began_at": began, "seen_at": seen} for began, seen in tx.rows(_SIGN_INS, (actor.user_id,))],
        "devices": push.devices(tx, actor),
        "preferences": wanted,
        "notices": [
            {"kind": kind, "reference": reference, "at": at, "read_at": read}
            for kind, reference, at, read in tx.rows(_NOTICES, (actor.workspace_id, actor.membership_id))
        ],
    }
