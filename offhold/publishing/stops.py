"""Stopping whatever goes out of a workspace, a network or a channel, at once and until a moment that is named.

A stop is a row, and once it is committed nothing begins under it (`barrier`). What had begun before is in
`stop_flights`, and each sender that could have such an attempt in hand says when its own door is shut (`stopping`);
only then the stop is confirmed.

End times are business time. For how long a sender that does not answer could still open something is the database's
time, as leases are.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from offhold.cases.views import View
from offhold.kernel import ids
from offhold.kernel.db.tx import Row, Tx
from offhold.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from offhold.kernel.facts import Fact, Recorded
from offhold.people.actors import Actor
from offhold.publishing import barrier
from offhold.publishing.barrier import COVERS

Scope = Literal["workspace", "network", "channel"]

AGENTS_LONGEST = timedelta(minutes=10)
AGENTS_AGAIN_AFTER = timedelta(hours=1)
USUAL = timedelta(hours=4)
LONGEST = timedelta(days=30)
SHOWN_FOR = timedelta(days=7)

# By anybody who does not lead: agents taking turns would be the same as one who repeats it.
_STOPPED_LATELY = """
SELECT s.at FROM publishing_stops s JOIN memberships m ON m.workspace_id = s.workspace_id AND m.id = s.by_id
WHERE s.workspace_id = %s AND s.scope = 'channel' AND s.channel_id = %s AND s.at > %s AND m.role = 'agent'
ORDER BY s.at DESC LIMIT 1
"""
_SHOWN = """
s.id, s.scope, s.network, s.channel_id, s.allow, s.reason, s.by_name, s.by_id, s.at, s.until, s.lifted_at, s.lifted_by,
  (SELECT CASE WHEN bool_and(k.confirmed_at IS NOT NULL OR k.until <= clock_timestamp())
     THEN max(coalesce(k.confirmed_at, k.until)) END
   FROM stop_confirmations k WHERE k.workspace_id = s.workspace_id AND k.stop_id = s.id),
  NOT EXISTS (SELECT 1 FROM stop_confirmations k WHERE k.workspace_id = s.workspace_id AND k.stop_id = s.id)
"""
_BY_ID = f"SELECT {_SHOWN} FROM publishing_stops s WHERE s.workspace_id = %s AND s.id = %s"
_RECENT = f"""
SELECT {_SHOWN} FROM publishing_stops s WHERE s.workspace_id = %(workspace)s
  AND (s.lifted_at IS NULL AND s.until > %(at)s OR coalesce(s.lifted_at, s.until) > %(since)s)
ORDER BY s.number DESC
"""
_INSERT = """
INSERT INTO publishing_stops (workspace_id, id, number, scope, network, channel_id, allow, reason, by_id, by_name, at,
  until)
SELECT %s, %s, coalesce(max(number), 0) + 1, %s, %s, %s, %s, %s, %s, %s, %s, %s
FROM publishing_stops WHERE workspace_id = %s
"""
# Every sender there is, whether or not it has a channel just now; and whoever holds a lease, seen of late or not.
_WHO_MUST_CONFIRM = """
INSERT INTO stop_confirmations (workspace_id, stop_id, holder, until)
SELECT %(workspace)s, %(stop)s, holder, max(until) FROM (
  SELECT holder, until FROM senders
  UNION ALL SELECT holder, until FROM channel_writers WHERE workspace_id = %(workspace)s
) AS known WHERE until > clock_timestamp() GROUP BY holder
"""
_UNDER_WAY = f"""
INSERT INTO stop_flights (workspace_id, stop_id, audience, reply_id, n, holder)
SELECT s.workspace_id, s.id, r.audience, r.id, r.attempts, w.holder
FROM publishing_stops s JOIN channels c ON {COVERS}
JOIN (SELECT workspace_id, channel_id, audience, id, attempts, fence FROM public_replies p
        JOIN public_attempts a USING (workspace_id) WHERE p.state = 'sending' AND a.reply_id = p.id AND a.n = p.attempts
      UNION ALL
      SELECT workspace_id, channel_id, audience, id, attempts, fence FROM direct_replies p
        JOIN direct_attempts a USING (workspace_id) WHERE p.state = 'sending' AND a.reply_id = p.id AND a.n = p.attempts
     ) AS r ON r.workspace_id = c.workspace_id AND r.channel_id = c.id
LEFT JOIN channel_writers w ON w.workspace_id = c.workspace_id AND w.channel_id = c.id AND w.fence = r.fence
  AND w.until > clock_timestamp()
WHERE s.workspace_id = %s AND s.id = %s
"""
_LIFT = """
UPDATE publishing_stops SET lifted_at = %s, lifted_by = %s
WHERE workspace_id = %s AND id = %s AND lifted_at IS NULL AND until > %s
"""


class Stop(View, frozen=True, kw_only=True):
    """A stop as screens see it. `confirmed_at`: no sender can open anything under it any more; None: not known yet."""

    id: str
    scope: Scope
    network: str | None
    channel_id: str | None
    allow: list[str]
    reason: str
    by: str
    by_id: str | None
    at: datetime
    until: datetime
    lifted_at: datetime | None
    lifted_by: str | None
    confirmed_at: datetime | None


class StopChanged(Fact, frozen=True, tag="stop.changed"):
    """Publishing was stopped, the stop was confirmed, or it was lifted. Its end by time is announced by nobody."""

    stop: Stop


class StopAsk(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to stop, and for how long. `allow`: channels that go on."""

    scope: Scope
    reason: str
    network: str | None = None
    channel_id: int | None = None
    allow: tuple[int, ...] = ()
    lasts: timedelta | None = None


class By(msgspec.Struct, frozen=True):
    """Who stops or lifts: a membership, or 0 for the command line."""

    id: int
    name: str


# --- what a person does --------------------------------------------------------------------------------------


def check_stop(tx: Tx, actor: Actor, ask: StopAsk) -> StopAsk:
    """The stop as it will be kept. Raises `Forbidden`, `Invalid`, `NotFound`."""
    actor.check_may("answer")
    if not actor.can.lead:
        if ask.scope != "channel":
            raise Forbidden("Ask a lead to stop more than one channel.", code="only_a_channel")
        if ask.lasts is not None and ask.lasts > AGENTS_LONGEST:
            raise Forbidden("Ask a lead to stop a channel for longer than 10 minutes.", code="too_long")
        wanted = checked(tx, actor.workspace_id, msgspec.structs.replace(ask, lasts=ask.lasts or AGENTS_LONGEST))
        _check_not_lately(tx, actor.workspace_id, ask.channel_id)
        return wanted
    return checked(tx, actor.workspace_id, ask)


def _check_not_lately(tx: Tx, workspace_id: int, channel_id: int | None) -> None:
    """Ten minutes are for finding a lead. Raises `Forbidden` when agents had theirs on this channel."""
    row = tx.one(_STOPPED_LATELY, (workspace_id, channel_id, tx.at - AGENTS_AGAIN_AFTER))
    if row is not None:
        raise Forbidden(
            "This channel was stopped by an agent within the last hour. Ask a lead to stop it again.",
            code="stopped_lately", again_at=row[0] + AGENTS_AGAIN_AFTER,
        )  # fmt: skip


def checked(tx: Tx, workspace_id: int, ask: StopAsk) -> StopAsk:
    """The same for whom nothing is forbidden. Raises `Invalid`, `NotFound`."""
    reason, lasts = ask.reason.strip(), ask.lasts or USUAL
    if not reason:
        raise Invalid("Say why publishing is stopped.", code="reason_needed")
    if not timedelta(0) < lasts <= LONGEST:
        raise Invalid("A stop ends within 30 days.", code="bad_length")
    if (ask.network is not None) != (ask.scope == "network") or (ask.channel_id is not None) != (
        ask.scope == "channel"
    ):
        raise Invalid("Name what is stopped: a network, a channel, or neither.", code="bad_scope")
    known: dict[int, str] = dict(tx.rows("SELECT id, network FROM channels WHERE workspace_id = %s", (workspace_id,)))
    if ask.network is not None and ask.network not in known.values():
        raise NotFound("There is no channel on that network.", code="no_such_network")
    if not {*ask.allow, *([] if ask.channel_id is None else [ask.channel_id])} <= known.keys():
        raise NotFound("There is no such channel.", code="no_such_channel")
    allow = () if ask.scope == "channel" else tuple(dict.fromkeys(ask.allow))
    return msgspec.structs.replace(ask, reason=reason, lasts=lasts, allow=allow)


def do_stop(tx: Tx, workspace_id: int, by: By, ask: StopAsk) -> Stop:
    """From the commit on nothing begins under it; senders are told. `ask` was checked."""
    assert ask.lasts is not None  # `checked` names an end
    barrier.pass_alone(tx, workspace_id)
    stop_id = ids.new()
    tx.run(
        _INSERT,
        (workspace_id, stop_id, ask.scope, ask.network, ask.channel_id, list(ask.allow), ask.reason, by.id, by.name,
         tx.at, tx.at + ask.lasts, workspace_id),
    )  # fmt: skip
    tx.run(_WHO_MUST_CONFIRM, {"workspace": workspace_id, "stop": stop_id})
    tx.run(_UNDER_WAY, (workspace_id, stop_id))
    tx.run("NOTIFY offhold_stops")
    return announced(tx, workspace_id, stop_id)


def check_lift(tx: Tx, actor: Actor, stop_id: int) -> None:
    """Raises `Forbidden`, `NotFound`, `Conflict` when it holds no longer."""
    actor.check_may("answer")
    stop = find(tx, actor.workspace_id, stop_id)
    if not actor.can.lead and stop.by_id != str(actor.membership_id):
        raise Forbidden("Only a lead or who set it can lift a stop.", code="not_yours")
    if stop.lifted_at is not None or stop.until <= tx.at:
        raise Conflict("This stop holds no longer.", code="not_stopped")


def do_lift(tx: Tx, workspace_id: int, by: By, stop_id: int) -> Stop:
    """It holds no longer; other stops do. What it held back stays before a person, each reply by itself."""
    barrier.pass_alone(tx, workspace_id)
    tx.run(_LIFT, (tx.at, by.name, workspace_id, stop_id, tx.at))
    return announced(tx, workspace_id, stop_id)


# --- as screens see it ---------------------------------------------------------------------------------------


def find(tx: Tx, workspace_id: int, stop_id: int) -> Stop:
    """Raises `NotFound`."""
    row = tx.one(_BY_ID, (workspace_id, stop_id))
    if row is None:
        raise NotFound
    return _shown(row)


def recent(tx: Tx, workspace_id: int) -> list[Stop]:
    """Those that hold, and those that ended during the last days; newest first."""
    params = {"workspace": workspace_id, "at": tx.at, "since": tx.at - SHOWN_FOR}
    return [_shown(row) for row in tx.rows(_RECENT, params)]


def announced(tx: Tx, workspace_id: int, stop_id: int) -> Stop:
    """Tell every screen how it stands."""
    stop = find(tx, workspace_id, stop_id)
    tx.record(Recorded(workspace_id, StopChanged(stop=stop)))
    return stop


def _shown(row: Row) -> Stop:
    (stop_id, scope, network, channel_id, allow, reason, by, by_id, at, until, lifted_at, lifted_by, confirmed,
     nobody) = row  # fmt: skip
    return Stop(
        id=str(stop_id),
        scope=scope,
        network=network,
        channel_id=None if channel_id is None else str(channel_id),
        allow=[str(channel) for channel in allow],
        reason=reason,
        by=by,
        by_id=str(by_id) if by_id else None,
        at=at,
        until=until,
        lifted_at=lifted_at,
        lifted_by=lifted_by,
        confirmed_at=at if nobody else confirmed,
    )
