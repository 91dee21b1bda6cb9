"""How a checked reply begins: what the guard says to it, whether somebody else has to agree, how long it is held.

`check` asks whether it can be said at all; this file, which gates it passes first. Two ways in, one for each kind of
reply; each reads its own half of the policy.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from offhold.kernel import ids
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Invalid
from offhold.people.actors import Actor
from offhold.publishing import approval, before, guarding, policies
from offhold.publishing.approval import Colleague, Meant, Reason
from offhold.publishing.asked import Before, DirectAsk, PublicAsk
from offhold.publishing.guard.findings import Finding
from offhold.publishing.guarding import Where
from offhold.publishing.policy import Asks, PublishingPolicy, private_asks, private_hold, public_asks, public_hold
from offhold.publishing.replies import Looked
from offhold.publishing.standing import Rule

FURTHEST = timedelta(days=365)

_REACH = """
SELECT i.followers FROM cases c JOIN identities i ON i.workspace_id = c.workspace_id AND i.id = c.identity_id
WHERE c.workspace_id = %s AND c.id = %s
"""
_TEAM = """
SELECT m.id, m.role FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.workspace_id = %s AND u.is_active
  AND m.role <> 'observer'
"""


class Passed(NamedTuple):
    """What the author let stand, why somebody else has to agree, and how long it can be taken back."""

    looked: tuple[Looked, ...]
    why: tuple[Reason, ...]
    hold: timedelta


def begin_public(tx: Tx, actor: Actor, ask: PublicAsk, channel_id: int, text: str) -> dict[str, Any]:
    """Fields of the reply that say how it begins. Raises `Invalid` and `Conflict` with the guard's findings."""
    policy = policies.load(tx, actor.workspace_id).policy
    said = guarding.public_words(text, ask.pictures, ask.before.written_as)
    found = guarding.findings(tx, actor, Where(ask.case_id, channel_id), said, policy)
    looked = pass_the_guard(found, ask.before, alone=ask.before.second_person and _alone(tx, actor, policy))
    why = _why(tx, actor, ask.case_id, public_asks(policy, channel_id), looked, ask.before)
    why += approval.careful(policy, tx.at)
    # nobody agreed to a picture
    if not ask.before.second_person and not ask.pictures and approval.agreed_once(policy.agreed_public, text, tx.at):
        why = ()
    passed = Passed(looked, why, public_hold(policy, channel_id))
    return _begun(tx, actor, ask.before, policy, passed)


def begin_direct(tx: Tx, actor: Actor, ask: DirectAsk, channel_id: int, text: str) -> dict[str, Any]:
    """Fields of the reply that say how it begins. Raises `Conflict` with the guard's findings."""
    policy = policies.load(tx, actor.workspace_id).policy
    said = guarding.private_words(text, ask.before.written_as)
    found = guarding.findings(tx, actor, Where(ask.case_id, channel_id), said, policy)
    looked = pass_the_guard(found, ask.before, alone=ask.before.second_person and _alone(tx, actor, policy))
    why = _why(tx, actor, ask.case_id, private_asks(policy, channel_id), looked, ask.before)
    if not ask.before.second_person and approval.agreed_once(policy.agreed_private, text, tx.at):
        why = ()
    return _begun(tx, actor, ask.before, policy, Passed(looked, why, private_hold(policy, channel_id)))


def pass_the_guard(found: list[Finding], how: Before, *, alone: bool) -> tuple[Looked, ...]:
    """What the author let stand, of everything that was found. Raises `Invalid`, `Conflict`."""
    if how.second_person and not alone:  # whoever agrees sees what was found
        return let_stand(found, frozenset(finding.cause for finding in found))
    return let_stand(found, how.accepted)


def let_stand(found: list[Finding], accepted: frozenset[str]) -> tuple[Looked, ...]:
    """What goes out in spite of the guard. Raises `Invalid` where it refuses, `Conflict` for what nobody let stand."""
    if any(finding.level == "refuse" for finding in found):
        raise Invalid("This must not go out like this.", code="guard_refused", findings=found)
    if any(finding.level == "second_look" and finding.cause not in accepted for finding in found):
        raise Conflict("Look at this again before it goes out.", code="guard_second_look", findings=found)
    return tuple(Looked(f.rule, f.level, f.cause) for f in found)


def _why(tx: Tx, actor: Actor, case_id: int, asks: Asks, looked: tuple[Looked, ...], how: Before) -> tuple[Reason, ...]:
    reach = tx.one(_REACH, (actor.workspace_id, case_id))
    meant = Meant(
        role=actor.role,
        joined_at=datetime.fromtimestamp(ids.made_at_ms(actor.membership_id) / 1000, UTC),
        let_stand=tuple(dict.fromkeys(looked_at.rule for looked_at in looked)),
        reach=None if reach is None else reach[0],
        asked_for=how.second_person,
    )
    return approval.reasons(asks, meant, tx.at)


def _begun(tx: Tx, actor: Actor, how: Before, policy: PublishingPolicy, passed: Passed) -> dict[str, Any]:
    looked, why, hold = passed
    scheduled = _scheduled(how, tx.at)
    wait = hold if scheduled is None else max(hold, scheduled - tx.at)
    return {
        "looked": looked,
        "asks": why,
        "asked_at": tx.at if why else None,
        "alone": bool(why) and _alone(tx, actor, policy),
        "anyway": how.anyway,
        "scheduled_for": scheduled,
        "time_zone": None if scheduled is None else how.time_zone,
        "standing": before.waiting(tx.at, Rule(), policy.backup_after) if why else before.going(tx.at, wait, Rule()),
    }


def _alone(tx: Tx, actor: Actor, policy: PublishingPolicy) -> bool:
    """Is there no second person to ask."""
    return approval.nobody_else(policy, team(tx, actor.workspace_id), actor.membership_id)


def team(tx: Tx, workspace_id: int) -> list[Colleague]:
    """Everybody who works here and may answer."""
    return [Colleague(*row) for row in tx.rows(_TEAM, (workspace_id,))]


def _scheduled(how: Before, at: datetime) -> datetime | None:
    """When it shall go. Raises `Invalid` for a time that has passed, is far off, or a zone that does not exist."""
    if how.go_at is None:
        return None
    try:
        ZoneInfo(how.time_zone or "")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("There is no such time zone.", code="bad_time_zone") from error
    if how.go_at.tzinfo is None or not at < how.go_at < at + FURTHEST:
        raise Invalid("A reply can be planned for a moment within a year from now.", code="bad_time")
    return how.go_at
