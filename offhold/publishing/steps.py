"""How a reply stands after something happened to it.

Pure: `step` is given how the reply stands, what happened and the rule of its network, and says how it stands then.
Which steps exist at all is said in `graph`; this file says when each is taken and how long is waited.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from offhold.publishing.graph import (
    EDGES,
    Began,
    Blocked,
    Confirmed,
    CouldNotTell,
    Crashed,
    Declined,
    Event,
    GivenUp,
    ItWasSent,
    LockedOut,
    Looking,
    Lost,
    Misaddressed,
    NeverLeft,
    Nothing,
    Overdue,
    SendAgain,
    Slowed,
    State,
    Unstated,
)


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What the network allows (from its manifest) and our own patience. All durations are seconds of business time."""

    dedupes_by_key: bool = False
    read_backs: int = 2  # complete looks that showed nothing, before sending again
    read_back_after: float = 30.0  # after the attempt's deadline: the network may still be working on it
    apart: float = 60.0  # between two looks
    settle_within: float = 240.0  # of becoming unknown; then a person sees it, in all within five minutes
    send_within: float = 900.0  # of being meant, it is opened or a person decides
    tries: int = 5
    backoff: float = 2.0  # before the second try; doubles
    longest_backoff: float = 60.0
    locked_out_for: float = 60.0  # before looking again whether the login works


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a reply stands. `until`: opened before, or not by a machine. `certain`: the network gave an id."""

    state: State
    until: datetime
    next_at: datetime | None = None  # when it is to be looked at; None: a person's turn, or settled
    tries: int = 0
    deadline: datetime | None = None  # of the latest attempt
    unknown_at: datetime | None = None
    absences: int = 0
    absent_at: datetime | None = None
    certain: bool = False
    doubted: bool = False  # the outcome of some attempt was never learnt from the network itself
    error_code: str | None = None
    error_text: str | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What follows: the new standing, and what has to be done besides writing it down."""

    standing: Standing
    withdraw: bool = False  # delete it on the network, and freeze the channel
    locked_out: bool = False  # say so in the channel's health
    quiet_for: float = 0.0  # seconds the network wants this channel to be quiet


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
    look = (s.deadline or at) + _seconds(rule.read_back_after)
    cleared = {"error_code": None, "error_text": None, "unknown_at": None, "absences": 0, "absent_at": None}
    return Step(standing=_replace(s, state=State.SENDING, next_at=look, tries=s.tries + 1, **cleared))


def _overdue(s: Standing, _: Overdue, __: Rule, ___: datetime) -> Step:
    return _ask(s, s.error_code or "late", s.error_text or "It could not be sent in time.")


def _blocked(s: Standing, event: Blocked | Declined, _: Rule, __: datetime) -> Step:
    if s.doubted:  # this attempt created nothing; an earlier one may have
        return _ask(s, event.code, event.reason)
    return Step(standing=_replace(s, state=State.REFUSED, next_at=None, error_code=event.code, error_text=event.reason))


def _confirmed(s: Standing, _: Confirmed | ItWasSent, __: Rule, ___: datetime) -> Step:
    return Step(standing=_replace(s, state=State.SENT, next_at=None, error_code=None, error_text=None))


def _misaddressed(s: Standing, event: Misaddressed, _: Rule, __: datetime) -> Step:
    text = f"The network shows it as {event.stated}. It is being withdrawn and the channel no longer sends."
    asked = _ask(_replace(s, certain=True), "wrong_audience", text)
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
        next_at=at + _seconds(rule.locked_out_for),
        error_code="login_expired",
        error_text=event.reason,
    )
    return Step(standing=paused, locked_out=True)


def _looking(s: Standing, _: Looking, rule: Rule, at: datetime) -> Step:
    # if the look dies with its process, the next one is still `apart` from it
    return Step(standing=_replace(s, state=State.RECONCILING, next_at=at + _seconds(rule.apart)))


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
    counts = s.absent_at is None or at - s.absent_at >= _seconds(rule.apart)
    seen = _replace(s, absences=s.absences + counts, absent_at=at if counts else s.absent_at)
    enough = rule.dedupes_by_key or seen.absences >= rule.read_backs
    return _after_look(seen, "The network does not show it.", rule, at, enough=enough)


def _could_not_tell(s: Standing, event: CouldNotTell, rule: Rule, at: datetime) -> Step:
    return _after_look(s, event.reason, rule, at, enough=rule.dedupes_by_key)


def _send_again(_: Standing, __: SendAgain, rule: Rule, at: datetime) -> Step:
    fresh = Standing(state=State.INTENT, until=at + _seconds(rule.send_within), next_at=at)
    return Step(standing=fresh)


def _given_up(s: Standing, _: GivenUp, __: Rule, ___: datetime) -> Step:
    return Step(standing=_replace(s, state=State.CANCELLED, next_at=None))


# --- shared ends ---------------------------------------------------------------------------------------------


def _seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def _ask(s: Standing, code: str, text: str) -> Step:
    """A person decides, with the reason before them."""
    return Step(standing=_replace(s, state=State.NEEDS_HUMAN, next_at=None, error_code=code, error_text=text))


def _try_later(s: Standing, code: str, text: str, wait: float, rule: Rule, at: datetime) -> Step:
    """Nothing was created: try again, unless that would be too often or too late."""
    if s.tries >= rule.tries or wait > (s.until - at).total_seconds():
        return _ask(s, code, text)
    waiting = _replace(s, state=State.INTENT, next_at=at + _seconds(wait), error_code=code, error_text=text)
    return Step(standing=waiting)


def _unknown(s: Standing, code: str, text: str, rule: Rule, at: datetime) -> Step:
    """It may be out there: look when the network can no longer be working on it."""
    look = max(at, (s.deadline or at) + _seconds(rule.read_back_after))
    unknown = _replace(s, state=State.UNKNOWN, next_at=look, unknown_at=at, doubted=True)
    return Step(standing=_replace(unknown, error_code=code, error_text=text))


def _after_look(s: Standing, reason: str, rule: Rule, at: datetime, *, enough: bool) -> Step:
    """A look that did not find it: send again if the rule allows, look again while there is time, else ask."""
    if not enough or s.certain:
        return _look_again(s, "outcome_unknown", reason, rule, at)
    if s.tries >= rule.tries or at >= s.until:
        return _ask(s, "outcome_unknown", reason)
    return Step(standing=_replace(s, state=State.INTENT, next_at=at))


def _look_again(s: Standing, code: str, reason: str, rule: Rule, at: datetime) -> Step:
    """Ask the network again `apart` later, or put it before a person while that is still in time."""
    after = at + _seconds(rule.apart)
    if after > (s.unknown_at or at) + _seconds(rule.settle_within):
        return _ask(s, code, reason)
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
    GivenUp: _given_up,
}

if unanswered := {event for _, event in EDGES} ^ _RESULTS.keys():
    raise AssertionError(f"events without an edge or without a result: {unanswered}")
