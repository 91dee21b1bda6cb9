"""How a reply stands before it is meant to go out: agreed to by another person, held, looked at again.

Pure, as `steps` is, which takes over at INTENT. APPROVAL and HELD carry in `next_at` when their time is over, so that
neither can be forgotten; REVIEW waits for a person.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from offhold.publishing.graph import (
    Approved,
    GivenUp,
    HoldEnded,
    Interrupted,
    Lapsed,
    Released,
    Restored,
    SentBack,
    State,
)
from offhold.publishing.standing import Rule, Standing, Step, ask, seconds

_replace = msgspec.structs.replace


def waiting(at: datetime, rule: Rule, backup_after: float) -> Standing:
    """How a reply begins to which somebody else has to agree; after `backup_after` seconds a backup is asked too."""
    ends = at + seconds(rule.approve_within)
    return Standing(state=State.APPROVAL, until=ends, next_at=min(ends, at + seconds(backup_after)))


def going(at: datetime, wait: timedelta, rule: Rule) -> Standing:
    """How a reply begins that goes out `wait` from now, at once if that is nothing."""
    goes = at + max(wait, timedelta(0))
    return Standing(
        state=State.HELD if goes > at else State.INTENT, until=goes + seconds(rule.send_within), next_at=goes
    )


def looked_at_first(at: datetime, code: str, reason: str) -> Standing:
    """How a reply begins that a person has to look at again, because publishing is stopped."""
    return Standing(state=State.REVIEW, until=at, error_code=code, error_text=reason)


# --- what each event leads to --------------------------------------------------------------------------------


def approved(_: Standing, event: Approved, rule: Rule, at: datetime) -> Step:
    return Step(standing=going(at, seconds(event.wait), rule))


def sent_back(s: Standing, event: SentBack, _: Rule, __: datetime) -> Step:
    return _cancelled(s, "sent_back", event.comment)


def lapsed(s: Standing, event: Lapsed, _: Rule, __: datetime) -> Step:
    return _cancelled(s, event.code, event.reason)


def hold_ended(s: Standing, _: HoldEnded | Released, rule: Rule, at: datetime) -> Step:
    if s.error_code == "restored":  # whoever lets it go cannot know that it did not go already
        return restored(s, Restored(), rule, at)
    return Step(standing=going(at, timedelta(0), rule))


def interrupted(s: Standing, event: Interrupted, _: Rule, __: datetime) -> Step:
    if s.doubted:  # an earlier attempt may be out there: that is more than looking again
        return ask(s, s.error_code or event.code, s.error_text or event.reason)
    fresh = Standing(state=State.REVIEW, until=s.until, error_code=event.code, error_text=event.reason)
    return Step(standing=fresh)


def restored(s: Standing, _: Restored, rule: Rule, at: datetime) -> Step:
    """As if an attempt had been lost now: the network is asked before anything else."""
    return Step(
        standing=_replace(
            s,
            state=State.UNKNOWN,
            next_at=at,
            deadline=at,  # of whatever attempt there was that we do not know of
            until=at + seconds(rule.send_within),
            unknown_at=at,
            absences=0,
            absent_at=None,
            doubted=True,
            error_code="outcome_unknown",
            error_text="A backup was put back: it may have been sent since that was made.",
        )
    )


def given_up(s: Standing, _: GivenUp, __: Rule, ___: datetime) -> Step:
    return Step(standing=_replace(s, state=State.CANCELLED, next_at=None))


def _cancelled(s: Standing, code: str, reason: str) -> Step:
    return Step(standing=_replace(s, state=State.CANCELLED, next_at=None, error_code=code, error_text=reason))
