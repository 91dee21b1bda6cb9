"""How a reply stands after something happened to it.

Pure: `step` is given how the reply stands, what happened and the rule of its network, and says how it stands then.
Which steps exist at all is said in `graph`; this file says when each is taken from INTENT on and how long is waited,
`before` does for what comes before INTENT.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from offhold.publishing import before
from offhold.publishing.graph import (
    EDGES,
    Approved,
    Began,
    Blocked,
    Confirmed,
    CouldNotTell,
    Crashed,
    Declined,
    Event,
    GivenUp,
    HoldEnded,
    Interrupted,
    ItWasSent,
    Lapsed,
    LockedOut,
    Looking,
    Lost,
    Misaddressed,
    NeverLeft,
    Nothing,
    Overdue,
    Released,
    Restored,
    SendAgain,
    SentBack,
    Slowed,
    State,
    Unstated,
)
from offhold.publishing.standing import Rule, Standing, Step, ask, seconds


class Impossible(Exception):
    """This cannot happen to a reply in that state: a mistake of ours, never the network's."""


def step(standing: Standing, event: Event, rule: Rule, at: datetime) -> Step:
    """Where a reply stands after `event`, which happened at business time `at`. Raises `Impossible`."""
    allowed = EDGES.get((standing.state, type(event)))
    if allowed is None:
        raise Impossible(f"{type(event).__name__} cannot happen in {standing.state}")
    result = _RESULTS[type(event)](standing, event, rule, at)
    if result.standing.state not in allowed:
        raise Impossible(f"{type(event).__name__} may not lead from {standing.state} to {result.standing.state}")
    return result


# --- what each event leads to --------------------------------------------------------------------------------

_replace = msgspec.structs.replace


def _began(s: Standing, _: Began, rule: Rule, at: datetime) -> Step:
    # `deadline` was set by the writer, who knows for how long it holds the channel; what is found here after it died
    look = (s.deadline or at) + seconds(rule.read_back_after)
    cleared = {"error_code": None, "error_text": None, "unknown_at": None, "absences": 0, "absent_at": None}
    return Step(standing=_replace(s, state=State.SENDING, next_at=look, tries=s.tries + 1, **cleared))


def _overdue(s: Standing, _: Overdue, __: Rule, ___: datetime) -> Step:
    return ask(s, s.error_code or "late", s.error_text or "It could not be sent in time.")


def _blocked(s: Standing, event: Blocked | Declined, _: Rule, __: datetime) -> Step:
    if s.doubted:  # this attempt created nothing; an earlier one may have
        return ask(s, event.code, event.reason)
    return Step(standing=_replace(s, state=State.REFUSED, next_at=None, error_code=event.code, error_text=event.reason))


def _confirmed(s: Standing, _: Confirmed | ItWasSent, __: Rule, ___: datetime) -> Step:
    return Step(standing=_replace(s, state=State.SENT, next_at=None, error_code=None, error_text=None))


def _misaddressed(s: Standing, event: Misaddressed, _: Rule, __: datetime) -> Step:
    text = f"The network shows it as {event.stated}. It is being withdrawn and the channel no longer sends."
    asked = ask(_replace(s, certain=True), "wrong_audience", text)
    return _replace(asked, withdraw=True)


def _never_left(s: Standing, event: NeverLeft, rule: Rule, at: datetime) -> Step:
    wait = min(rule.backoff * 2 ** max(0, s.tries - 1), rule.longest_backoff)
    return _try_later(s, "not_reached", event.reason, wait, rule, at)


def _slowed(s: Standing, event: Slowed, rule: Rule, at: datetime) -> Step:
    wait = max(1.0, event.retry_after)  # NaN compares false, and becomes 1
    later = _try_later(s, "rate_limited", event.reason, wait, rule, at)
    return _replace(later, quiet_for=min(wait, rule.send_within))


def _locked_out(s: Standing, event: LockedOut, rule: Rule, at: datetime) -> Step:
    # not a try of its own: while the channel's health says so nothing is attempted, and `until` bounds the wait
    paused = _replace(
        s,
        state=State.INTENT,
        tries=max(0, s.tries - 1),
        next_at=at + seconds(rule.locked_out_for),
        error_code="login_expired",
        error_text=event.reason,
    )
    return Step(standing=paused, locked_out=True)


def _looking(s: Standing, _: Looking, rule: Rule, at: datetime) -> Step:
    # if the look dies with its process, the next one is still `apart` from it
    return Step(standing=_replace(s, state=State.RECONCILING, next_at=at + seconds(rule.apart)))


def _lost(s: Standing, event: Lost, rule: Rule, at: datetime) -> Step:
    return _unknown(s, "outcome_unknown", event.reason, rule, at)


def _crashed(s: Standing, _: Crashed, rule: Rule, at: datetime) -> Step:
    return _unknown(s, "outcome_unknown", "The process that was sending it stopped.", rule, at)


def _unstated(s: Standing, _: Unstated, rule: Rule, at: datetime) -> Step:
    sure = _replace(s, certain=True)
    reason = "The network has it and does not say who can read it."
    if s.state == State.SENDING:
        return _unknown(sure, "audience_unknown", reason, rule, at)
    return _look_again(sure, "audience_unknown", reason, rule, at)


def _nothing(s: Standing, _: Nothing, rule: Rule, at: datetime) -> Step:
    counts = s.absent_at is None or at - s.absent_at >= seconds(rule.apart)
    seen = _replace(s, absences=s.absences + counts, absent_at=at if counts else s.absent_at)
    enough = rule.dedupes_by_key or seen.absences >= rule.read_backs
    return _after_look(seen, "The network does not show it.", rule, at, enough=enough)


def _could_not_tell(s: Standing, event: CouldNotTell, rule: Rule, at: datetime) -> Step:
    return _after_look(s, event.reason, rule, at, enough=rule.dedupes_by_key)


def _send_again(_: Standing, __: SendAgain, rule: Rule, at: datetime) -> Step:
    fresh = Standing(state=State.INTENT, until=at + seconds(rule.send_within), next_at=at)
    return Step(standing=fresh)


# --- shared ends ---------------------------------------------------------------------------------------------


def _try_later(s: Standing, code: str, text: str, wait: float, rule: Rule, at: datetime) -> Step:
    """Nothing was created: try again, unless that would be too often or too late."""
    if s.tries >= rule.tries or wait > (s.until - at).total_seconds():
        return ask(s, code, text)
    waiting = _replace(s, state=State.INTENT, next_at=at + seconds(wait), error_code=code, error_text=text)
    return Step(standing=waiting)


def _unknown(s: Standing, code: str, text: str, rule: Rule, at: datetime) -> Step:
    """It may be out there: look when the network can no longer be working on it."""
    look = max(at, (s.deadline or at) + seconds(rule.read_back_after))
    unknown = _replace(s, state=State.UNKNOWN, next_at=look, unknown_at=at, doubted=True)
    return Step(standing=_replace(unknown, error_code=code, error_text=text))


def _after_look(s: Standing, reason: str, rule: Rule, at: datetime, *, enough: bool) -> Step:
    """A look that did not find it: send again if the rule allows, look again while there is time, else ask."""
    if not enough or s.certain:
        return _look_again(s, "outcome_unknown", reason, rule, at)
    if s.tries >= rule.tries or at >= s.until:
        return ask(s, "outcome_unknown", reason)
    return Step(standing=_replace(s, state=State.INTENT, next_at=at))


def _look_again(s: Standing, code: str, reason: str, rule: Rule, at: datetime) -> Step:
    """Ask the network again `apart` later, or put it before a person while that is still in time."""
    after = at + seconds(rule.apart)
    if after > (s.unknown_at or at) + seconds(rule.settle_within):
        return ask(s, code, reason)
    return Step(standing=_replace(s, state=State.RECONCILING, next_at=after, error_code=code, error_text=reason))


_RESULTS: dict[type[Event], Callable[[Standing, Any, Rule, datetime], Step]] = {
    Began: _began,
    Overdue: _overdue,
    Blocked: _blocked,
    Declined: _blocked,
    Confirmed: _confirmed,
    ItWasSent: _confirmed,
    Unstated: _unstated,
    Misaddressed: _misaddressed,
    NeverLeft: _never_left,
    Slowed: _slowed,
    LockedOut: _locked_out,
    Lost: _lost,
    Crashed: _crashed,
    Looking: _looking,
    Nothing: _nothing,
    CouldNotTell: _could_not_tell,
    SendAgain: _send_again,
    GivenUp: before.given_up,
    Approved: before.approved,
    SentBack: before.sent_back,
    Lapsed: before.lapsed,
    HoldEnded: before.hold_ended,
    Released: before.hold_ended,
    Interrupted: before.interrupted,
    Restored: before.restored,
}

if unanswered := {event for _, event in EDGES} ^ _RESULTS.keys():
    raise AssertionError(f"events without an edge or without a result: {unanswered}")
