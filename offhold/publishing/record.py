"""Everything about one reply on one page: who wrote, changed, checked, agreed to, held, sent and took it back.

Put together from what was written down when it happened; nothing here can be changed afterwards.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from offhold.connectors.contract import Audience
from offhold.kernel import jsons
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Forbidden
from offhold.people.actors import Actor
from offhold.publishing import direct, public
from offhold.publishing.approval import EDITED
from offhold.publishing.replies import Reply


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened. `what` is a code, `by` a duty name; the words and their hash are those of that time."""

    at: datetime
    what: str
    by: str | None
    detail: dict[str, Any]
    text: str
    text_sha256: str


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """`reaches`: the account or the post it was meant for. `policy_version`: the publishing policy it began under."""

    reply_id: str
    audience: Audience
    case_id: str
    channel_id: str
    from_account: str
    reaches: str
    state: str
    network_id: str | None
    verified_at: datetime | None
    policy_version: int
    happened: list[Happened]


_EVIDENCE = {
    "public": "SELECT evidence::text, verified_at FROM public_replies WHERE workspace_id = %s AND id = %s",
    "private": "SELECT evidence::text, verified_at FROM direct_replies WHERE workspace_id = %s AND id = %s",
}
_ATTEMPTS = {
    "public": """SELECT n, started_at, ended_at, outcome, detail FROM public_attempts
WHERE workspace_id = %s AND reply_id = %s ORDER BY n""",
    "private": """SELECT n, started_at, ended_at, outcome, detail FROM direct_attempts
WHERE workspace_id = %s AND reply_id = %s ORDER BY n""",
}
_POLICY = """
SELECT coalesce(max(version), 0) FROM publishing_policy_versions WHERE workspace_id = %s AND at <= %s
"""


def of_public(tx: Tx, actor: Actor, reply_id: int) -> Record:
    """Raises `Forbidden`, `NotFound`."""
    actor.check_may("answer")
    reply = public.find(tx, actor.workspace_id, reply_id)
    said = [reply] if reply.thread is None else public.of_thread(tx, actor.workspace_id, reply.thread.head)
    earlier = [public.find(tx, actor.workspace_id, one) for one in _chain(tx, "public_replies", said[0])]
    return _record(tx, reply, [*earlier, *said], "public", reply.parent_id)


def of_direct(tx: Tx, actor: Actor, reply_id: int) -> Record:
    """Raises `Forbidden`, `NotFound`."""
    actor.check_may("answer")
    if not actor.can.see_private:
        raise Forbidden
    reply = direct.find(tx, actor.workspace_id, reply_id)
    earlier = [direct.find(tx, actor.workspace_id, one) for one in _chain(tx, "direct_replies", reply)]
    return _record(tx, reply, [*earlier, reply], "private", reply.recipient_id)


def as_text(record: Record) -> str:
    """For a file, a printer, or somebody's boss on the day after."""
    lines = [
        f"Reply {record.reply_id} ({record.audience}), case {record.case_id}, channel {record.channel_id}",
        f"From {record.from_account}, reaching {record.reaches}; now: {record.state}",
        f"On the network: {record.network_id or 'never'}; audience read back: {record.verified_at or 'not yet'}",
        f"Publishing policy when it began: version {record.policy_version}",
    ]
    for one in record.happened:
        told = "; ".join(f"{name}: {_in_line(value)}" for name, value in one.detail.items())
        by = f" by {_in_line(one.by)}" if one.by else ""
        lines += ["", f"{one.at.isoformat()}  {one.what}{by}", f"  {told}".rstrip()]
        lines += [f"  | {line}" for line in one.text.splitlines()] + [f"  sha256 {one.text_sha256}"]
    return "\n".join(lines) + "\n"


def _in_line(value: object) -> str:
    """Somebody's comment cannot look like a line of the record."""
    return "".join(c if c.isprintable() else " " for c in str(value))


def _chain(tx: Tx, table: str, reply: Reply) -> list[int]:
    """What was changed into what: the earlier replies, oldest first."""
    query = f"""
WITH RECURSIVE chain AS (
  SELECT id, edited_from, 0 AS step FROM {table} WHERE workspace_id = %s AND id = %s
  UNION ALL SELECT r.id, r.edited_from, c.step + 1 FROM {table} r JOIN chain c ON r.id = c.edited_from
  WHERE r.workspace_id = %s AND c.step < 50)
SELECT id FROM chain WHERE step > 0 ORDER BY step DESC
"""
    return [row[0] for row in tx.rows(query, (reply.workspace_id, reply.id, reply.workspace_id))]


def _record(tx: Tx, last: Reply, replies: list[Any], audience: Audience, reaches: str) -> Record:
    happened = [one for reply in replies for one in _happened(tx, reply, audience)]
    proven = tx.one(_EVIDENCE[audience], (last.workspace_id, last.id))
    version = tx.one(_POLICY, (last.workspace_id, last.created_at))
    assert proven is not None  # found above
    assert version is not None  # an aggregate returns a row
    return Record(
        reply_id=str(last.id),
        audience=audience,
        case_id=str(last.case_id),
        channel_id=str(last.channel_id),
        from_account=last.account_id,
        reaches=reaches,
        state=last.state.value,
        network_id=last.network_id,
        verified_at=proven[1],
        policy_version=version[0],
        happened=sorted(happened, key=lambda one: one.at),
    )


def _happened(tx: Tx, reply: Reply, audience: Audience) -> list[Happened]:
    """What is known of one reply, in the order of time."""

    def one(at: datetime, what: str, by: str | None, **detail: Any) -> Happened:
        return Happened(
            at=at, what=what, by=by, detail=detail, text=reply.text, text_sha256=reply.text_sha256.hex()
        )  # fmt: skip

    found = [one(reply.created_at, "edited" if reply.edited_by else "written", _writer(reply), **_meant(reply))]
    if reply.looked:
        found.append(one(reply.created_at, "let_stand", _writer(reply), rules=[f.rule for f in reply.looked]))
    if reply.asked_at is not None:
        found.append(one(reply.asked_at, "asked", None, why=[reason.code for reason in reply.asks]))
    if reply.edited_by is not None and reply.agreed is not None and _editor(reply) is None:  # changed and agreed in one
        found.append(one(reply.agreed.at, "Approved", reply.agreed.name))
    row = tx.one(_EVIDENCE[audience], (reply.workspace_id, reply.id))
    assert row is not None  # the caller has the reply
    for told in jsons.decode(row[0]):
        at = datetime.fromisoformat(told.pop("at"))
        found.append(one(at, told.pop("event"), told.pop("by", None), **told))
    for n, started, ended, outcome, detail in tx.rows(_ATTEMPTS[audience], (reply.workspace_id, reply.id)):
        found.append(one(started, "attempt", None, n=n))
        if ended is not None:
            found.append(one(ended, "attempt_ended", None, n=n, outcome=outcome, detail=detail))
    if row[1] is not None:
        found.append(one(row[1], "audience_read_back", None, audience=audience))
    return sorted(found, key=lambda happened: happened.at)


def _writer(reply: Reply) -> str | None:
    if reply.automatic:
        return None
    if reply.edited_by is None:
        return reply.duty_name
    return _editor(reply) or (reply.agreed.name if reply.agreed else None)


def _editor(reply: Reply) -> str | None:
    """Who changed the words, where somebody else had to agree to that."""
    return next((reason.params["by"] for reason in reply.asks if reason.code == EDITED), None)


def _meant(reply: Reply) -> dict[str, Any]:
    told: dict[str, Any] = {"automatic": reply.automatic, "case_version": reply.case_version, "anyway": reply.anyway}
    if reply.scheduled_for is not None:
        told |= {"scheduled_for": reply.scheduled_for.isoformat(), "time_zone": reply.time_zone}
    if reply.edited_from is not None:
        told["edited_from"] = str(reply.edited_from)
    return told
