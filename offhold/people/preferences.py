"""How one person wants their desk: language, theme, what rings, what comes after sending.

Kept here, so that it is the same on every screen.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from offhold.kernel import jsons
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Invalid
from offhold.people.actors import Actor
from offhold.people.quiet import NoticeSettings, faults

Theme = Literal["system", "light", "dark"]
LONGEST_LANGUAGE = 20


class Preferences(msgspec.Struct, frozen=True, kw_only=True):
    """`language` is a code of the client's own, or "system". `send_next`: what was sent is done with, and the next case
    of the list opens."""

    language: str = "system"
    theme: Theme = "system"
    send_next: bool = True
    notices: NoticeSettings = NoticeSettings()


FIND = """
SELECT language, theme, send_next, notices::text FROM person_settings WHERE workspace_id = %s AND membership_id = %s
"""
_KEEP = """
INSERT INTO person_settings (workspace_id, membership_id, language, theme, send_next, notices)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (workspace_id, membership_id) DO UPDATE SET language = excluded.language, theme = excluded.theme,
  send_next = excluded.send_next, notices = excluded.notices
"""


def of(tx: Tx, workspace_id: int, membership_id: int) -> Preferences | None:
    """A person's; None: they never said."""
    row = tx.one(FIND, (workspace_id, membership_id))
    if row is None:
        return None
    return Preferences(language=row[0], theme=row[1], send_next=row[2], notices=read(row[3]))


def do_keep(tx: Tx, actor: Actor, wanted: Preferences) -> Preferences:
    """Keep one's own. Raises `Invalid` on hours or a zone there are not."""
    wrong = faults(wanted.notices.quiet)
    if wrong or not _is_code(wanted.language):
        raise Invalid("This cannot be kept.", code="bad_preference", field=wrong or "language")
    kept = jsons.encode(wanted.notices).decode()
    said = (wanted.language, wanted.theme, wanted.send_next, kept)
    tx.run(_KEEP, (actor.workspace_id, actor.membership_id, *said))
    return wanted


def read(kept: str) -> NoticeSettings:
    """What rings, as it was kept."""
    return msgspec.json.decode(kept, type=NoticeSettings)


def _is_code(language: str) -> bool:
    return 0 < len(language) <= LONGEST_LANGUAGE and language.replace("-", "").isalnum() and language.isascii()
