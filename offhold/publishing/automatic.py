"""Automatic messages: an acknowledgement when a case opens, or a notice that nobody is there.

They pass the same graph as everything else, with the same guard, holds and second person. One for each person and case;
loops are broken for the whole workspace. Each says that no person wrote it, and none carries a tag kept for people.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import psycopg

from offhold.kernel import jsons
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import OffholdError
from offhold.people.actors import Actor
from offhold.people.pages import About, do_page
from offhold.promises.pledge import rows as pledges
from offhold.publishing import policies, recipient
from offhold.publishing.actions import do_direct_reply, do_public_reply
from offhold.publishing.asked import Before, DirectAsk, PublicAsk
from offhold.publishing.check import CaseAsked, check_direct_reply, check_public_reply, lock_case
from offhold.publishing.policy import AutomaticText, Hours, PublishingPolicy

log = logging.getLogger(__name__)

MOST_TO_ONE = 3  # automatic messages to one customer in a day
MOST_IN_AN_HOUR = 500  # of a workspace; more is two machines talking, or an attack

_ON = """
SELECT workspace_id, policy::text FROM publishing_policies WHERE workspace_id = ANY (%s)
  AND (policy -> 'automatic_public' @> '[{"on": true}]' OR policy -> 'automatic_private' @> '[{"on": true}]')
"""
_FIRST = """
SELECT m.id, m.audience, m.channel_id FROM cases c
JOIN messages m ON m.workspace_id = c.workspace_id AND m.case_id = c.id AND m.identity_id IS NOT NULL AND m.owed
WHERE c.workspace_id = %s AND c.id = %s AND m.deleted_at IS NULL ORDER BY m.at, m.id LIMIT 1
"""
_TO_ONE = """
SELECT count(*) FROM (
  SELECT case_id FROM public_replies WHERE workspace_id = %(ws)s AND automatic AND created_at > %(day)s
  UNION ALL SELECT case_id FROM direct_replies WHERE workspace_id = %(ws)s AND automatic AND created_at > %(day)s) r
JOIN cases o ON o.workspace_id = %(ws)s AND o.id = r.case_id
JOIN cases c ON c.workspace_id = %(ws)s AND c.customer_id = o.customer_id WHERE c.id = %(case)s
"""
_IN_AN_HOUR = """
SELECT (SELECT count(*) FROM public_replies WHERE workspace_id = %(ws)s AND automatic AND created_at > %(hour)s)
  + (SELECT count(*) FROM direct_replies WHERE workspace_id = %(ws)s AND automatic AND created_at > %(hour)s)
"""
_IN_CASE = """
SELECT 1 FROM public_replies WHERE workspace_id = %(ws)s AND case_id = %(case)s AND automatic
UNION ALL SELECT 1 FROM direct_replies WHERE workspace_id = %(ws)s AND case_id = %(case)s AND automatic LIMIT 1
"""
_OURSELVES = """
SELECT 1 FROM cases c JOIN identities i ON i.workspace_id = c.workspace_id AND i.id = c.identity_id
JOIN channels h ON h.workspace_id = c.workspace_id AND h.network = i.network AND h.account_id = i.account
WHERE c.workspace_id = %s AND c.id = %s
"""


def answer_new(tx: Tx, opened: list[tuple[int, int]]) -> None:
    """Say what is to be said by itself in these new cases, given as (workspace, case)."""
    if not opened:
        return
    on = tx.rows(_ON, (sorted({workspace for workspace, _ in opened}),))
    told = {workspace: policy for workspace, stored in on if (policy := _read(workspace, stored)) is not None}
    for workspace, case_id in opened:
        if workspace in told:
            _try(tx, workspace, case_id, told[workspace])


def _read(workspace: int, stored: str) -> PublishingPolicy | None:
    try:
        return policies.read(stored)
    except OffholdError as error:
        log.warning("no automatic messages in workspace %s: %s", workspace, error.code)
        return None


def _try(tx: Tx, workspace: int, case_id: int, policy: PublishingPolicy) -> None:
    """What customers said is kept in this transaction: whatever goes wrong here, it undoes nothing but itself."""
    recorded = len(tx.recorded)
    try:
        with tx.conn.transaction():  # a savepoint
            _answer(tx, workspace, case_id, policy)
    except psycopg.OperationalError:  # the whole of it is tried again
        raise
    except OffholdError as error:  # a closed lane, or the guard: it is not said, and a person answers as ever
        log.info("no automatic message in case %s: %s", case_id, error.code)
        del tx.recorded[recorded:]
    except Exception:
        log.exception("no automatic message in case %s", case_id)
        del tx.recorded[recorded:]


def applies(text: AutomaticText, channel_id: int, at: datetime) -> bool:
    """Is it to be said on this channel at this moment."""
    if not text.on or (text.channels and str(channel_id) not in text.channels):
        return False
    there = text.hours is None or somebody_there(text.hours, at)
    return there if text.kind == "acknowledgement" else not there


def somebody_there(hours: Hours, at: datetime) -> bool:
    """Are people there at this moment, by the wall clock of their time zone."""
    local = at.astimezone(ZoneInfo(hours.time_zone))
    now = local.strftime("%H:%M")
    return any(local.weekday() in window.days and window.opens <= now < window.closes for window in hours.windows)


def worded(text: AutomaticText) -> str:
    """The words with what tells that no person wrote them."""
    return f"{text.text.strip()}\n\n{text.label.strip()}"


def _answer(tx: Tx, workspace: int, case_id: int, policy: PublishingPolicy) -> None:
    row = tx.one(_FIRST, (workspace, case_id))
    if row is None or not _may(tx, workspace, case_id):
        return None
    message_id, audience, channel_id = row
    automaton = Actor(0, 0, workspace, "agent", "Automatic", "AU", "")
    case = lock_case(tx, automaton, case_id)
    if audience == "public":
        for text in policy.automatic_public:
            if applies(text, channel_id, tx.at):
                return _say_in_public(tx, automaton, case, message_id, text)
    else:
        for text in policy.automatic_private:
            if applies(text, channel_id, tx.at):
                return _say_in_private(tx, automaton, case, text)
    return None


def _say_in_public(tx: Tx, automaton: Actor, case: CaseAsked, message_id: int, text: AutomaticText) -> None:
    ask = PublicAsk(
        case_id=case.id, client_key=_key(case.id), text=worded(text), in_reply_to=message_id,
        seen_version=case.version, before=Before(written_as="public", anyway=True),
    )  # fmt: skip
    do_public_reply(tx, msgspec.structs.replace(check_public_reply(tx, automaton, case, ask), automatic=True))


def _say_in_private(tx: Tx, automaton: Actor, case: CaseAsked, text: AutomaticText) -> None:
    to = recipient.find(tx, automaton.workspace_id, case.id)
    ask = DirectAsk(
        case_id=case.id, client_key=_key(case.id), text=worded(text), to_identity=to.identity_id,
        in_reply_to=to.message_id, seen_version=case.version, before=Before(written_as="private", anyway=True),
    )  # fmt: skip
    do_direct_reply(tx, msgspec.structs.replace(check_direct_reply(tx, automaton, case, ask), automatic=True))


def _key(case_id: int) -> str:
    """The same for every try in a case: one automatic message for each person and case."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"automatic:{case_id}"))


def _may(tx: Tx, workspace: int, case_id: int) -> bool:
    """Not twice in a case, not to ourselves, not to somebody who got enough of them or asked for a human, not when it
    runs away."""
    if pledges.binds(tx, workspace, case_id):
        return False
    at = {"ws": workspace, "case": case_id, "day": tx.at - timedelta(days=1), "hour": tx.at - timedelta(hours=1)}
    if tx.one(_IN_CASE, at) is not None or tx.one(_OURSELVES, (workspace, case_id)) is not None:
        return False
    lately, to_one = tx.one(_IN_AN_HOUR, at), tx.one(_TO_ONE, at)
    assert lately is not None  # aggregates return a row
    assert to_one is not None
    if lately[0] >= MOST_IN_AN_HOUR:
        _break_the_loop(tx, workspace)
        return False
    return bool(to_one[0] < MOST_TO_ONE)


def _break_the_loop(tx: Tx, workspace: int) -> None:
    """Automatic messages are off until somebody who leads turns them on again."""
    held = policies.load(tx, workspace)
    if not any(text.on for text in (*held.policy.automatic_public, *held.policy.automatic_private)):
        return  # off already, by another case of this batch
    off = msgspec.structs.replace(
        held.policy,
        automatic_public=tuple(msgspec.structs.replace(text, on=False) for text in held.policy.automatic_public),
        automatic_private=tuple(msgspec.structs.replace(text, on=False) for text in held.policy.automatic_private),
    )
    policies.do_put_in_place(tx, workspace, held.version, off, by=(0, "Automatic"))
    do_page(tx, workspace, "automation_loop", About(subject="automatic"), most=str(MOST_IN_AN_HOUR))
    log.warning("automatic messages of workspace %s were turned off: %s", workspace, jsons.encode(MOST_IN_AN_HOUR))
