"""Who may open a stream, and whether they still may. Runs in a thread: it asks the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import NamedTuple, Protocol

from django.conf import settings

from offhold.kernel.db.tx import transaction
from offhold.people import actors, rights

LONGEST_TOKEN = 200


class Viewer(NamedTuple):
    """A person at a screen, as far as the stream needs to know them. `sign_in` is the hash of their cookie's token."""

    sign_in: str
    membership_id: int
    workspace_id: int
    sees_private: bool


class Door(Protocol):
    """Lets people in, and says who must leave."""

    def admit(self, cookies: Mapping[str, str]) -> Viewer | None:
        """The person these cookies sign in, or None. Never counts as use of the sign-in."""

    def still(self, viewers: Collection[Viewer]) -> set[Viewer]:
        """Those of them whose sign-in, membership and role are as they were."""


STILL = """
SELECT known.sign_in, s.membership_id, s.workspace_id, s.role
FROM unnest(%s::text[]) AS known(sign_in) CROSS JOIN LATERAL signed_in(known.sign_in, %s, %s) s
"""


class People:
    """The door of the desk: sign-ins and memberships."""

    def admit(self, cookies: Mapping[str, str]) -> Viewer | None:
        token = cookies.get(settings.SESSION_COOKIE_NAME, "")
        if not 0 < len(token) <= LONGEST_TOKEN:
            return None
        actor = actors.actor_of(token, used=False)
        if actor is None:
            return None
        return Viewer(actors.key_hash(token), actor.membership_id, actor.workspace_id, actor.can.see_private)

    def still(self, viewers: Collection[Viewer]) -> set[Viewer]:
        sign_ins = sorted({viewer.sign_in for viewer in viewers})
        with transaction(None) as tx:
            rows = tx.rows(STILL, (sign_ins, tx.at - actors.idle_limit(), tx.at - actors.ABSOLUTE))
        return {Viewer(row[0], row[1], row[2], rights.of(row[3]).see_private) for row in rows}


def cookies_of(header: str) -> dict[str, str]:
    """The cookies of a request; none when the header is malformed."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}
