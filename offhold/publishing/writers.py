"""One writer per channel: a lease with a fencing number that grows with every new holder.

Lease time is the database's own clock, the one all processes share; business time, which tests move, has no say here.
Whoever finds an ended lease becomes the next holder, and then looks up whatever the former one left open.
"""

from __future__ import annotations

import os
import secrets
import socket

import msgspec

from offhold.kernel.db.tx import Row, Tx


def name() -> str:
    """A name no other holder has or had."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


ME = name()


class Hold(msgspec.Struct, frozen=True):
    """A channel is ours. `taken`: it was somebody else's, or nobody's, until now."""

    workspace_id: int
    channel_id: int
    fence: int
    taken: bool


_TAKE = """
INSERT INTO channel_writers AS w (workspace_id, channel_id, holder, fence, until)
VALUES (%(workspace)s, %(channel)s, %(holder)s, 1, clock_timestamp() + make_interval(secs => %(lease)s))
ON CONFLICT (workspace_id, channel_id) DO UPDATE
SET holder = excluded.holder, fence = w.fence + 1, until = excluded.until
WHERE w.until <= clock_timestamp()
RETURNING fence
"""
_RENEW = """
UPDATE channel_writers SET until = clock_timestamp() + make_interval(secs => %s)
WHERE workspace_id = %s AND channel_id = %s AND fence = %s AND until > clock_timestamp()
"""
_SEEN = """
SELECT extract(epoch FROM until - clock_timestamp())::float8 FROM channel_writers
WHERE workspace_id = %s AND channel_id = %s AND fence = %s
"""
# Nobody takes the channel over between this look and the commit of what was decided on it.
_LEFT = _SEEN + "FOR SHARE"
_RELEASE = """
UPDATE channel_writers SET until = '-infinity' WHERE workspace_id = %s AND channel_id = %s AND fence = %s
"""


def take(tx: Tx, workspace: int, channel: int, *, lease: float, holder: str = ME) -> Hold | None:
    """Become the writer of a channel for `lease` seconds; None while somebody else is."""
    params = {"workspace": workspace, "channel": channel, "holder": holder, "lease": lease}
    row = tx.one(_TAKE, params)
    return None if row is None else Hold(workspace, channel, row[0], taken=True)


def renew(tx: Tx, hold: Hold, *, lease: float) -> bool:
    """Keep it for `lease` seconds from now. False: the lease ended meanwhile, and it may be somebody else's."""
    return tx.run(_RENEW, (lease, hold.workspace_id, hold.channel_id, hold.fence)) == 1


def seconds_left(tx: Tx, hold: Hold) -> float:
    """For how long it is ours yet, 0 or less when it is not; and nobody's but ours to the end of the transaction."""
    return _seconds(tx.one(_LEFT, (hold.workspace_id, hold.channel_id, hold.fence)))


def seconds_seen(tx: Tx, hold: Hold) -> float:
    """The same where nothing is written: whoever takes it over finds it ended first, and so do we. It locks nothing,
    so that this transaction has nothing to force to the disk."""
    return _seconds(tx.one(_SEEN, (hold.workspace_id, hold.channel_id, hold.fence)))


def _seconds(row: Row | None) -> float:
    return 0.0 if row is None else float(row[0])


def release(tx: Tx, hold: Hold) -> None:
    """Give it up at once, so that nobody waits for the lease to end. Only when nothing of ours is open."""
    tx.run(_RELEASE, (hold.workspace_id, hold.channel_id, hold.fence))
