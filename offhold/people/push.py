"""Web push: which phones and browsers of a person are told, and what is due to be sent.

A row of `push_due` is taken before it is sent, so that a crash in between loses a push and never doubles one: the
notice itself stays in the list. It waits a moment first; who saw it on a screen meanwhile is not rung.
"""

from __future__ import annotations

import base64
import binascii
import logging
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from offhold.kernel import ids
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Invalid, NotFound
from offhold.kernel.secrets import Vault, WrongKey
from offhold.people import preferences
from offhold.people.actors import Actor
from offhold.people.quiet import Kind, is_quiet

log = logging.getLogger(__name__)

SEEN_FIRST = timedelta(seconds=15)
MOST_DEVICES = 20
MOST_TRIES = 4
MOST_FAILURES = 30
_LONGEST = 2000
_AUTH_BYTES = 16


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A browser that rings. `service`: the host that carries it there; the rest of its address is nobody's business."""

    id: str
    device: str
    service: str
    at: datetime
    last_at: datetime | None


class Due(NamedTuple):
    """One push to send. `key` seals its sign (VAPID), `p256dh` and `auth` its words."""

    workspace_id: int
    notice_id: int
    subscription_id: int
    tries: int
    endpoint: str
    p256dh: str
    auth: str
    kind: Kind
    case_id: int | None
    reference: str | None
    language: str
    private_key: str


class Asked(NamedTuple):
    """What a browser says when it wants to be rung."""

    endpoint: str
    p256dh: str
    auth: str
    device: str


_KEY = """
INSERT INTO push_keys (workspace_id, public, sealed, at) VALUES (%s, %s, %s, %s) ON CONFLICT (workspace_id) DO NOTHING
"""
_SUBSCRIBE = """
INSERT INTO push_subscriptions (workspace_id, id, membership_id, endpoint, p256dh, auth, device, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (workspace_id, endpoint) DO UPDATE SET membership_id = excluded.membership_id, p256dh = excluded.p256dh,
  auth = excluded.auth, device = excluded.device, failures = 0
"""
_MINE = """
SELECT id, device, endpoint, at, last_at FROM push_subscriptions
WHERE workspace_id = %s AND membership_id = %s ORDER BY id
"""
_ENQUEUE = """
INSERT INTO push_due (workspace_id, notice_id, subscription_id, due_at)
SELECT s.workspace_id, told.notice, s.id, %s
FROM unnest(%s::bigint[], %s::bigint[]) AS told(notice, member)
JOIN push_subscriptions s ON s.workspace_id = %s AND s.membership_id = told.member
"""
_TAKE = """
WITH due AS (
  SELECT workspace_id, notice_id, subscription_id FROM push_due WHERE due_at <= %s
  ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
), taken AS (
  DELETE FROM push_due d USING due WHERE d.workspace_id = due.workspace_id AND d.notice_id = due.notice_id
    AND d.subscription_id = due.subscription_id
  RETURNING d.workspace_id, d.notice_id, d.subscription_id, d.tries
)
SELECT t.workspace_id, t.notice_id, t.subscription_id, t.tries, s.endpoint, s.p256dh, s.auth, n.kind, n.case_id,
       n.reference, coalesce(p.language, 'system'), k.sealed, p.notices::text
FROM taken t
JOIN notices n ON n.workspace_id = t.workspace_id AND n.id = t.notice_id AND n.read_at IS NULL
JOIN push_subscriptions s ON s.workspace_id = t.workspace_id AND s.id = t.subscription_id
  AND s.membership_id = n.membership_id
JOIN memberships m ON m.id = n.membership_id
JOIN users u ON u.id = m.user_id AND u.is_active
JOIN push_keys k ON k.workspace_id = t.workspace_id
LEFT JOIN person_settings p ON p.workspace_id = t.workspace_id AND p.membership_id = n.membership_id
"""
_AGAIN = """
INSERT INTO push_due (workspace_id, notice_id, subscription_id, due_at, tries)
SELECT s.workspace_id, %s, s.id, %s, %s FROM push_subscriptions s
JOIN notices n ON n.workspace_id = s.workspace_id AND n.id = %s
WHERE s.workspace_id = %s AND s.id = %s ON CONFLICT DO NOTHING
"""


@cache
def _vault() -> Vault:
    return Vault(*settings.MASTER_KEYS)


def _place(workspace_id: int) -> str:
    return f"{workspace_id}/push_keys/{workspace_id}/sealed"


def _opened(workspace_id: int, sealed: str) -> str | None:
    try:
        return _vault().open(sealed, where=_place(workspace_id))
    except WrongKey:
        log.exception("the push key of workspace %s cannot be opened: is the master key another?", workspace_id)
        return None


def public_key(tx: Tx, workspace_id: int) -> str:
    """The workspace's key as browsers take it (uncompressed point, base64url); made when first asked for."""
    row = tx.one("SELECT public FROM push_keys WHERE workspace_id = %s", (workspace_id,))
    if row is not None:
        return str(row[0])
    made = ec.generate_private_key(ec.SECP256R1())
    secret = made.private_numbers().private_value.to_bytes(32, "big")
    sealed = _vault().seal(_text(secret), where=_place(workspace_id))
    tx.run(_KEY, (workspace_id, _text(_point(made.public_key())), sealed, tx.at))
    return public_key(tx, workspace_id)  # another process may have been faster


def do_subscribe(tx: Tx, actor: Actor, asked: Asked) -> None:
    """Ring this browser of one's own. Raises `Invalid` on what is no address to push to, `Conflict` on too many."""
    check(asked)
    if len(devices(tx, actor)) >= MOST_DEVICES:
        raise Conflict("Too many devices ring for you already; remove one.", code="too_many_devices")
    row = (actor.workspace_id, ids.new(), actor.membership_id, *asked[:3], asked.device[:120], tx.at)
    tx.run(_SUBSCRIBE, row)


def do_unsubscribe(tx: Tx, actor: Actor, device: int) -> None:
    """Ring it no more. Raises `NotFound`, also for anybody else's."""
    gone = "DELETE FROM push_subscriptions WHERE workspace_id = %s AND membership_id = %s AND id = %s"
    if not tx.run(gone, (actor.workspace_id, actor.membership_id, device)):
        raise NotFound


def devices(tx: Tx, actor: Actor) -> list[Device]:
    """What rings for oneself."""
    return [
        Device(id=str(row[0]), device=row[1], service=urlsplit(row[2]).hostname or "", at=row[3], last_at=row[4])
        for row in tx.rows(_MINE, (actor.workspace_id, actor.membership_id))
    ]


def check(asked: Asked) -> None:
    """Raises `Invalid` unless this could be a push service's address and a browser's keys. Whether the address leads
    out of the building is checked each time it is used."""
    split = _split(asked.endpoint)
    sound = split is not None and split.scheme == "https" and split.hostname and "@" not in split.netloc
    if not sound or len(asked.endpoint) > _LONGEST or not asked.endpoint.isascii() or not asked.endpoint.isprintable():
        raise Invalid("This is not an address of a push service.", code="bad_push_address")
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(asked.p256dh))
        sized = len(raw(asked.auth)) == _AUTH_BYTES
    except (ValueError, UnsupportedAlgorithm):
        sized = False
    if not sized:
        raise Invalid("These are not a browser's keys.", code="bad_push_keys")


def _split(address: str) -> Any:
    try:
        return urlsplit(address)
    except ValueError:
        return None


def enqueue(tx: Tx, workspace_id: int, told: list[tuple[int, int]]) -> None:
    """Let the devices of these people ring for these notices, given as (notice, membership), in a moment."""
    notices, members = [notice for notice, _ in told], [member for _, member in told]
    if told:
        tx.run(_ENQUEUE, (tx.at + SEEN_FIRST, notices, members, workspace_id))


def workspaces_due(tx: Tx) -> list[int]:
    """Where something is due now, of all workspaces."""
    return [workspace for (workspace,) in tx.rows("SELECT * FROM pushes_due(%s)", (tx.at,))]


def take(tx: Tx, most: int) -> list[Due]:
    """What is due now and rings, taken: nobody else sends it. What rests in quiet hours, or was seen, is let go."""
    due = []
    for *row, sealed, rings in tx.rows(_TAKE, (tx.at, most)):
        private = _opened(row[0], sealed)
        if private is None:
            continue
        found = Due._make([*row, private])
        wanted = preferences.read(rings) if rings else preferences.Preferences().notices
        if wanted.ring(found.kind).push and not is_quiet(wanted.quiet, tx.at, found.kind):
            due.append(found)
    return due


def rang(tx: Tx, due: Due) -> None:
    """The push service has it."""
    tx.run(
        "UPDATE push_subscriptions SET last_at = %s, failures = 0 WHERE workspace_id = %s AND id = %s",
        (tx.at, due.workspace_id, due.subscription_id),
    )


def gone(tx: Tx, due: Due) -> None:
    """The push service knows no such browser any more."""
    tx.run(
        "DELETE FROM push_subscriptions WHERE workspace_id = %s AND id = %s", (due.workspace_id, due.subscription_id)
    )


def failed(tx: Tx, due: Due, wait: timedelta | None) -> None:
    """It did not work: again after `wait`, a few times, or never (None). A device that never works is let go."""
    row = tx.one(
        "UPDATE push_subscriptions SET failures = failures + 1 WHERE workspace_id = %s AND id = %s RETURNING failures",
        (due.workspace_id, due.subscription_id),
    )
    if row is not None and row[0] >= MOST_FAILURES:
        gone(tx, due)
    elif wait is not None and due.tries + 1 < MOST_TRIES:
        tries, at = due.tries + 1, tx.at + wait
        tx.run(_AGAIN, (due.notice_id, at, tries, due.notice_id, due.workspace_id, due.subscription_id))


def raw(text: str) -> bytes:
    """Bytes of base64url, padded or not. Raises `ValueError`."""
    try:
        return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64") from error


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
