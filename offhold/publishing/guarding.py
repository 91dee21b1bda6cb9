"""What the guard needs to know around a reply, read from the case. The looking itself is pure (`guard.look`).

Used while somebody types and once more when they send; neither keeps the words, nor who typed them.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from offhold.connectors.contract import Audience
from offhold.kernel.db.tx import Tx
from offhold.people.actors import Actor
from offhold.publishing.guard.codes import learn_codes
from offhold.publishing.guard.findings import Finding
from offhold.publishing.guard.look import look
from offhold.publishing.guard.own import learn_contacts
from offhold.publishing.guard.said import Around, Picture, Said
from offhold.publishing.policies import guard_policy
from offhold.publishing.policy import PublishingPolicy
from offhold.publishing.replies import AskedPicture

MOST_PRIVATE, MOST_ELSEWHERE = 200, 200  # messages looked at, newest first

_CUSTOMER = """
SELECT cu.name, i.name, array(SELECT handle FROM identities o WHERE o.workspace_id = cu.workspace_id
  AND o.customer_id = cu.id), (SELECT m.lang FROM messages m WHERE m.workspace_id = c.workspace_id AND m.case_id = c.id
  AND m.identity_id IS NOT NULL AND m.lang IS NOT NULL ORDER BY m.at DESC LIMIT 1)
FROM cases c JOIN identities i ON i.workspace_id = c.workspace_id AND i.id = c.identity_id
JOIN customers cu ON cu.workspace_id = i.workspace_id AND cu.id = i.customer_id
WHERE c.workspace_id = %s AND c.id = %s
"""
_PRIVATE = """
SELECT text FROM messages WHERE workspace_id = %s AND case_id = %s AND audience = 'private' AND identity_id IS NOT NULL
  AND deleted_at IS NULL ORDER BY at DESC LIMIT %s
"""
_LAST_PUBLIC = """
SELECT text FROM messages WHERE workspace_id = %s AND case_id = %s AND audience = 'public' AND deleted_at IS NULL
ORDER BY at DESC LIMIT 1
"""
_ELSEWHERE = """
SELECT text FROM public_replies WHERE workspace_id = %s AND channel_id = %s AND state = 'sent' AND case_id <> %s
ORDER BY id DESC LIMIT %s
"""
_OURS = "SELECT handle FROM channels WHERE workspace_id = %s"
# Nobody's legal name is kept. An address such as maria.keller@ tells one all the same.
_ADDRESSES = """
SELECT split_part(u.email, '@', 1) FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.workspace_id = %s
"""
_NAME_PART = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]{2,})?")
PAGES = ("/c/",)  # where customers' secret pages are, under our own address


class Where(NamedTuple):
    """The case that is answered in, and the channel it would leave from."""

    case_id: int
    channel_id: int


def public_words(text: str, pictures: tuple[AskedPicture, ...], written_as: Audience) -> Said:
    """Words for everyone, as the guard takes them."""
    shown = tuple(Picture(alt=picture.alt) for picture in pictures)
    return Said(text=text, audience="public", written_as=written_as, pictures=shown)


def private_words(text: str, written_as: Audience) -> Said:
    """Words for one customer, as the guard takes them."""
    return Said(text=text, audience="private", written_as=written_as)


def findings(tx: Tx, actor: Actor, where: Where, said: Said, policy: PublishingPolicy) -> list[Finding]:
    """What should be known before those it is meant for read it; whatever the author let stand is in it too."""
    told = guard_policy(policy, where.channel_id, actor.role)
    return look(said, _around(tx, actor.workspace_id, where, policy), told)


def _around(tx: Tx, workspace_id: int, where: Where, policy: PublishingPolicy) -> Around:
    case_id, channel_id = where
    case = (workspace_id, case_id)
    row = tx.one(_CUSTOMER, case)
    assert row is not None  # the caller holds the case
    customer, shown_as, handles, lang = row
    private = _texts(tx, _PRIVATE, (*case, MOST_PRIVATE))
    elsewhere = _texts(tx, _ELSEWHERE, (workspace_id, channel_id, case_id, MOST_ELSEWHERE))
    last = tx.one(_LAST_PUBLIC, case)
    return Around(
        customer_name=shown_as or customer,
        customer_handles=tuple(handles),
        customer_lang=lang,
        case_codes=learn_codes(private, policy.guard.patterns),
        private_words=tuple(reversed(private)),
        last_public=None if last is None else last[0],
        earlier_elsewhere=tuple(reversed(elsewhere)),
        allowed_hosts=policy.guard.hosts,
        own_handles=tuple(_texts(tx, _OURS, (workspace_id,))),
        own_contacts=learn_contacts(elsewhere),
        colleagues=tuple(filter(None, map(full_name, _texts(tx, _ADDRESSES, (workspace_id,))))),
        page_hosts=(urlsplit(settings.PUBLIC_URL).hostname or "",),
        page_paths=PAGES,
    )


def full_name(address: str) -> str | None:
    """The name in the first part of an e-mail address, "maria.keller" -> "Maria Keller"; None: it tells none."""
    parts = re.split(r"[._]", address)
    if len(parts) < 2 or not all(_NAME_PART.fullmatch(part) for part in parts):
        return None
    return " ".join(part.title() for part in parts)


def _texts(tx: Tx, query: Any, params: tuple[Any, ...]) -> list[str]:
    return [row[0] for row in tx.rows(query, params)]
