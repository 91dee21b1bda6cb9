"""Who acts: from the cookie of a sign-in to a person's place in their workspace, in one look-up.

Both the API and the live stream stand on this, so a disabled person, a changed role or an ended sign-in counts for
either from the next request or check on.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

import msgspec
import psycopg
from django.conf import settings

from offhold.kernel import clock
from offhold.kernel.db.tx import connected
from offhold.kernel.errors import Forbidden
from offhold.people import rights

ABSOLUTE = timedelta(hours=12)
SIGNED_IN = """
SELECT user_id, membership_id, workspace_id, role, duty_name, initials, email, seen_at FROM signed_in(%s, %s, %s)
"""
TOUCH = "UPDATE sessions SET seen_at = greatest(seen_at, %s) WHERE key_hash = %s"
# `seen_at` is written at most this often: a busy screen must not turn every read into a write.
TOUCH_EVERY = timedelta(minutes=1)


class Actor(msgspec.Struct, frozen=True):
    """A signed-in person in their workspace. Customers see `duty_name` and `initials`, never the e-mail address."""

    user_id: int
    membership_id: int
    workspace_id: int
    role: str
    duty_name: str
    initials: str
    email: str

    @property
    def can(self) -> rights.Can:
        """What their role allows."""
        return rights.of(self.role)

    def check_may(self, right: rights.Right) -> None:
        """Raises `Forbidden` when the role does not allow it."""
        if not getattr(self.can, right):
            raise Forbidden


def key_hash(key: str) -> str:
    """How a sign-in's token is kept: SHA-256 in hex. The token has 256 random bits, so no salt is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


def idle_limit() -> timedelta:
    """How long a sign-in may be left unused."""
    return timedelta(hours=settings.SESSION_IDLE_HOURS)


def actor_of(key: str, *, used: bool) -> Actor | None:
    """The person whose sign-in has this token, or None: unknown, ended, too old, disabled, or in no workspace.

    `used`: a person did something, so the idle time starts again. The live stream looks with `used=False`: a screen
    left open must not keep somebody signed in.
    """
    now = clock.now()
    # One statement for itself: around it a transaction would cost every request three more trips to the database.
    cursor = psycopg.Cursor(connected())
    row = cursor.execute(SIGNED_IN, (key_hash(key), now - idle_limit(), now - ABSOLUTE)).fetchone()
    if row is None:
        return None
    if used and now - row[7] >= TOUCH_EVERY:
        cursor.execute(TOUCH, (now, key_hash(key)))
    return Actor(*row[:7])
