"""How a reply stands, what its network allows, and what follows from an event: the shapes of the rules in `before` and
`steps`."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from offhold.publishing.graph import State


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
    approve_within: float = 86400.0  # of being asked for; then it lapses
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


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def ask(s: Standing, code: str, text: str) -> Step:
    """A person decides, with the reason before them."""
    asked = msgspec.structs.replace(s, state=State.NEEDS_HUMAN, next_at=None, error_code=code, error_text=text)
    return Step(standing=asked)
