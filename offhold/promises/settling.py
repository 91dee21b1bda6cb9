"""How the promises of a case stand, from its history and its rows: what opens, what is due, what is over. Pure.

Looking twice changes nothing; looking late finds the same as looking in time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from offhold.connectors.contract import Audience
from offhold.promises import given
from offhold.promises.calendars import Calendar
from offhold.promises.clocks import MOST_DAYS, Due, Pause, due, elapsed
from offhold.promises.given import Given, Rhythm
from offhold.promises.owing import History, Owed, owed, pauses
from offhold.promises.policy import Kind, PromisePolicy, Target, Terms, Traits, terms
from offhold.promises.views import Ending, PromiseState
from offhold.promises.workdays import calendar

# It ended, and nobody kept it.
_LET_GO = frozenset({"overtaken", "withdrawn", "released"})
LOOKS_AGAIN = timedelta(days=1)  # at what is late, until it is done


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """A promise as its row says. By rule: `subject` and the terms from `target` on; given: `told`, `rhythm`, `follows`
    and whose it is. `wall`, `business`: seconds."""

    id: int
    case: int
    made_in: int
    kind: Kind
    state: PromiseState = "open"
    starts_at: datetime
    due_at: datetime
    late_at: datetime | None = None
    ended_at: datetime | None = None
    how: Ending | None = None
    audience: Audience | None = None
    channel: int | None = None
    subject: int | None = None
    target: int | None = None
    rule: str | None = None
    policy: int | None = None
    hours: tuple[str, ...] | None = None
    pauses: tuple[Pause, ...] = ()
    wall: int | None = None
    business: int | None = None
    told: bool = False
    rhythm: Rhythm | None = None
    follows: int | None = None
    given_by: int | None = None
    given_name: str | None = None
    about: str | None = None


class Ground(NamedTuple):
    """What terms are looked up in. `policies`: by version, the one that holds and those of rows that are there."""

    version: int
    policies: Mapping[int, PromisePolicy]
    tags: frozenset[str]
    networks: Mapping[int, str]  # of channels
    now: datetime
    new_id: Callable[[], int]


def settle(history: History, rows: Sequence[Promise], ground: Ground) -> list[Promise]:
    """The rows of this case that are new or other than they were."""
    by_rule: dict[tuple[Kind, int | None], Promise]
    by_rule = {(row.kind, row.subject): row for row in rows if row.subject is not None}
    found = [*_by_rule(history, by_rule, ground), *_by_people(history, rows, ground)]
    known = {row.id: row for row in rows}
    return [row for row in found if known.get(row.id) != row]


# --- by rule ---


def _by_rule(history: History, known: Mapping[tuple[Kind, int | None], Promise], ground: Ground) -> Iterable[Promise]:
    wanted = set()
    for one in owed(history):
        row = known.get((one.kind, one.subject))
        under = _terms(one, row, ground)
        if under is not None:
            wanted.add((one.kind, one.subject))
            yield _stands(history, one, row, under, ground)
    for key, row in known.items():
        if key not in wanted and row.state == "open":  # its words were deleted, or are part of another wait
            yield replace(row, state="released", how="overtaken", ended_at=ground.now, late_at=None)


class _Under(NamedTuple):
    terms: Terms
    version: int
    policy: PromisePolicy


def _terms(one: Owed, row: Promise | None, ground: Ground) -> _Under | None:
    """What was owed under earlier terms stays owed under those."""
    version = ground.version if row is None or row.policy is None else row.policy
    policy = ground.policies[version]
    if row is not None and (version != ground.version or row.state != "open"):
        assert row.target is not None
        assert row.rule is not None
        return _Under(Terms(Target(row.target, row.hours or ()), row.rule), version, policy)
    traits = Traits(ground.networks.get(one.channel, ""), str(one.channel), one.audience, ground.tags)
    found = terms(policy, one.kind, traits)
    return None if found is None else _Under(found, version, policy)


def _stands(history: History, one: Owed, row: Promise | None, under: _Under, ground: Ground) -> Promise:
    target = under.terms.target
    still = pauses(history, one.kind, under.policy.pausing)
    open_when = calendars_of(under.policy, target.hours, one.start)
    at = deadline(one.start, target, open_when, still).at or one.start + timedelta(days=MOST_DAYS)
    promise = Promise(
        id=ground.new_id() if row is None else row.id, case=history.case, made_in=history.case, kind=one.kind,
        subject=one.subject, starts_at=one.start, due_at=at, audience=one.audience, channel=one.channel,
        target=target.within, rule=under.terms.rule, policy=under.version, hours=target.hours, pauses=still,
    )  # fmt: skip
    if one.ended is None or one.how is None:
        return replace(promise, late_at=_late(at, row, ground.now))
    late = one.ended > at
    unsaid = one.how in _LET_GO or (one.how == "resolved" and one.kind != "resolution")
    return replace(
        promise, state="released" if unsaid else "broken" if late else "kept", how=one.how, ended_at=one.ended,
        late_at=at if late else None, wall=round((one.ended - one.start).total_seconds()),
        business=round(elapsed(one.start, one.ended, open_when, still)),
    )  # fmt: skip


def _late(at: datetime, row: Promise | None, now: datetime) -> datetime | None:
    """Late stays late when the machine's clock is set back."""
    return at if at <= now or (row is not None and row.late_at == at) else None


def deadline(start: datetime, target: Target, open_when: Sequence[Calendar], still: Sequence[Pause]) -> Due:
    """When a target is due, and why then."""
    return due(start, target.within, open_when, still)


def calendars_of(policy: PromisePolicy, names: Iterable[str], start: datetime) -> list[Calendar]:
    """The calendars a target names, with the holidays around `start`."""
    return [calendar(name, policy.hours[name], start.date()) for name in names if name in policy.hours]


# --- given by people ---


def _by_people(history: History, rows: Sequence[Promise], ground: Ground) -> Iterable[Promise]:
    for row in rows:
        if row.subject is None and row.state == "open":
            yield from _of_people(history, row, ground)


def _of_people(history: History, row: Promise, ground: Ground) -> Iterable[Promise]:
    """How it came out and, where it has a rhythm, those that followed since."""
    while True:
        stands = Given(row.starts_at, row.due_at, row.told, row.rhythm)
        kept = given.outcome(stands, history.said, ground.now)
        if kept is None:
            yield _open(history, row, ground)
            return
        late = kept.missed or kept.ended > row.due_at
        yield replace(
            row, case=history.case, state="broken" if late else "kept", how="missed" if kept.missed else "answered",
            ended_at=kept.ended, late_at=row.due_at if late else None,
            wall=round((kept.ended - row.starts_at).total_seconds()),
        )  # fmt: skip
        following = given.following(stands)
        if following is None:
            return
        row = replace(
            row, id=ground.new_id(), starts_at=following.start, due_at=following.due, told=False, late_at=None,
            follows=row.id,
        )  # fmt: skip


def _open(history: History, row: Promise, ground: Ground) -> Promise:
    if not history.open:
        ended = max(row.starts_at, max((turn.at for turn in history.turns), default=ground.now))
        return replace(row, case=history.case, state="released", how="resolved", ended_at=ended, late_at=None)
    return replace(row, case=history.case, late_at=_late(row.due_at, row, ground.now))


# --- what is next ---


class Next(NamedTuple):
    """What is due next in a case, and when somebody has to look again even if nothing happens."""

    promise: Promise | None
    paused: bool
    owed: int
    look_at: datetime


def next_of(rows: Iterable[Promise], now: datetime) -> Next:
    """Over the rows of a case as they stand."""
    still = sorted((row for row in rows if row.state == "open"), key=lambda row: (row.due_at, row.id))
    if not still:
        return Next(None, False, 0, now + LOOKS_AGAIN)
    first = still[0]
    ahead = [row.due_at if row.late_at is None else _next_look(row, now) for row in still]
    paused = any(one.start <= now and (one.end is None or now < one.end) for one in first.pauses)
    return Next(first, paused, len(still), min(ahead))


def _next_look(row: Promise, now: datetime) -> datetime:
    if row.rhythm is None:
        return now + LOOKS_AGAIN
    return min(given.given_up(row.rhythm, row.due_at), now + LOOKS_AGAIN)
