"""What is done to channels: connecting, switching sending, pausing, taking away; and noting their health."""

from __future__ import annotations

from psycopg import errors

from offhold.channels import health as pure
from offhold.channels.credentials import do_forget_secrets, do_store_secrets
from offhold.channels.facts import ChannelChanged, ChannelRemoved
from offhold.channels.models import hook_token
from offhold.channels.queries import channel_view
from offhold.channels.views import ChannelView
from offhold.connectors.contract import Connected
from offhold.kernel import ids, jsons
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, NotFound
from offhold.kernel.facts import Recorded

INSERT = """
INSERT INTO channels (id, workspace_id, network, account_id, handle, name, followers, config, queue_id, hook_token,
                      sending, paused, connected_at)
SELECT %(id)s, %(ws)s, %(network)s, %(account)s, %(handle)s, %(name)s, %(followers)s, %(config)s::jsonb, min(q.id),
       %(token)s, false, false, %(at)s
FROM queues q WHERE q.workspace_id = %(ws)s AND q.removed_at IS NULL
"""
RENEW = """
UPDATE channels SET handle = %(handle)s, name = %(name)s, followers = %(followers)s, config = %(config)s::jsonb
WHERE id = %(id)s AND account_id = %(account)s
"""
HEALTH = """
SELECT state, message, last_event_at, last_look_at, lag_seconds, usual_gap, complete_until
FROM channel_health WHERE workspace_id = %s AND channel_id = %s FOR UPDATE
"""
SET_HEALTH = """
UPDATE channel_health SET state = %s, message = %s, last_event_at = %s, last_look_at = %s, lag_seconds = %s,
       usual_gap = %s, complete_until = %s
WHERE workspace_id = %s AND channel_id = %s
"""


def do_add_channel(tx: Tx, workspace_id: int, network: str, account: Connected) -> ChannelView:
    """Keep an account that was just connected, watch-only. Raises `Conflict` when it is connected already."""
    channel_id = ids.new()
    params = {**_columns(account), "id": channel_id, "ws": workspace_id, "network": network, "token": hook_token()}
    try:
        tx.run(INSERT, {**params, "at": tx.at})
    except errors.UniqueViolation as error:
        raise Conflict("This account is connected already.", code="already_connected") from error
    tx.run("INSERT INTO channel_health (workspace_id, channel_id) VALUES (%s, %s)", (workspace_id, channel_id))
    do_store_secrets(tx, workspace_id, channel_id, account.secrets)
    return announce(tx, workspace_id, channel_id)


def do_renew_channel(tx: Tx, workspace_id: int, channel_id: int, account: Connected) -> ChannelView:
    """New credentials for a channel. Raises `Conflict` when they belong to another account, `NotFound`."""
    channel_view(tx, channel_id)
    if not tx.run(RENEW, {**_columns(account), "id": channel_id}):
        raise Conflict("These credentials belong to another account.", code="other_account")
    do_forget_secrets(tx, channel_id)
    do_store_secrets(tx, workspace_id, channel_id, account.secrets)
    tx.run("UPDATE channel_health SET state = 'starting', message = '' WHERE channel_id = %s", (channel_id,))
    return announce(tx, workspace_id, channel_id)


def do_set_sending(tx: Tx, workspace_id: int, channel_id: int, *, on: bool) -> ChannelView:
    """Let a channel send, or make it watch-only again; what is already being sent is not called back.

    Letting it send lifts a freeze.
    """
    if on:
        tx.run("UPDATE channel_health SET frozen = NULL WHERE channel_id = %s AND frozen IS NOT NULL", (channel_id,))
    return _switched(tx, workspace_id, channel_id, tx.run(
        "UPDATE channels SET sending = %s WHERE id = %s", (on, channel_id)
    ))  # fmt: skip


def do_freeze(tx: Tx, workspace_id: int, channel_id: int, why: str) -> ChannelView:
    """Turn sending off because something went wrong with it: `why` is shown until somebody turns it on again."""
    tx.run("UPDATE channel_health SET frozen = %s WHERE channel_id = %s", (why, channel_id))
    return do_set_sending(tx, workspace_id, channel_id, on=False)


def do_set_paused(tx: Tx, workspace_id: int, channel_id: int, *, paused: bool) -> ChannelView:
    """Stop reading a channel for a while, or go on from where it stood."""
    return _switched(tx, workspace_id, channel_id, tx.run(
        "UPDATE channels SET paused = %s WHERE id = %s", (paused, channel_id)
    ))  # fmt: skip


def do_remove_channel(tx: Tx, workspace_id: int, channel_id: int) -> bool:
    """Take a channel away. True: it is gone. False: things were said on it; it stays, paused, without credentials.

    Raises `NotFound`.
    """
    channel_view(tx, channel_id)
    do_forget_secrets(tx, channel_id)
    if _deleted(tx, channel_id):
        tx.record(Recorded(workspace_id, ChannelRemoved(channel_id=str(channel_id))))
        return True
    tx.run("UPDATE channels SET paused = true, sending = false WHERE id = %s", (channel_id,))
    tx.run(
        "UPDATE channel_health SET state = 'login_expired', message = 'Disconnected.' WHERE channel_id = %s",
        (channel_id,),
    )
    announce(tx, workspace_id, channel_id)
    return False


def do_note_health(tx: Tx, workspace_id: int, channel_id: int, seen: pure.Seen) -> None:
    """Write down what was seen of a channel; screens learn of it when its state or its words change,
    and once a minute of how far it got."""
    row = tx.one(HEALTH, (workspace_id, channel_id))
    if row is None:  # taken away while its worker was at it
        return
    before = pure.Health(
        state=row[0], message=row[1], last_event_at=row[2], last_look_at=row[3], lag_seconds=row[4], usual_gap=row[5],
        complete_until=row[6],
    )  # fmt: skip
    now = pure.after(before, seen, tx.at)
    if now == before:
        return
    tx.run(SET_HEALTH, (
        now.state, now.message, now.last_event_at, now.last_look_at, now.lag_seconds, now.usual_gap,
        now.complete_until, workspace_id, channel_id,
    ))  # fmt: skip
    if (now.state, now.message) != (before.state, before.message) or pure.went_on(before, now):
        announce(tx, workspace_id, channel_id)


def announce(tx: Tx, workspace_id: int, channel_id: int) -> ChannelView:
    """Tell every screen how a channel is now."""
    view = channel_view(tx, channel_id)
    tx.record(Recorded(workspace_id, ChannelChanged(channel=view)))
    return view


def _switched(tx: Tx, workspace_id: int, channel_id: int, touched: int) -> ChannelView:
    if not touched:
        raise NotFound
    return announce(tx, workspace_id, channel_id)


def _deleted(tx: Tx, channel_id: int) -> bool:
    try:
        with tx.conn.transaction():
            tx.run("DELETE FROM channels WHERE id = %s", (channel_id,))
    except errors.ForeignKeyViolation:
        return False
    return True


def _columns(account: Connected) -> dict[str, object]:
    return {
        "account": account.account_id,
        "handle": account.handle,
        "name": account.name,
        "followers": account.followers,
        "config": jsons.encode(dict(account.config)).decode(),
    }
