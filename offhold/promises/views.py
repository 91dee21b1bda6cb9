"""What screens show of promises, and the facts that tell of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from offhold.cases.views import View
from offhold.connectors.contract import Audience
from offhold.kernel.facts import Fact
from offhold.promises.given import Rhythm
from offhold.promises.policy import Kind

PromiseState = Literal["open", "kept", "broken", "released"]
Ending = Literal["answered", "resolved", "overtaken", "missed", "released", "withdrawn"]


class Clock(View, frozen=True, kw_only=True):
    """What is due next in a case. `late`: since `due_at`. `paused`: its clock stands still now; `due_at` reckons with
    that. `owed`: how many promises are open in all."""

    promise_id: str
    kind: Kind
    starts_at: datetime
    due_at: datetime
    paused: bool
    late: bool
    owed: int


def clock_of(line: tuple[Any, ...]) -> Clock:
    """What a line of `case_watch` shows that owes something, from promise_id to owed."""
    promise_id, kind, starts_at, due_at, paused, late, owed = line
    return Clock(
        promise_id=str(promise_id), kind=kind, starts_at=starts_at, due_at=due_at, paused=paused, late=late, owed=owed
    )


class ClockChanged(Fact, frozen=True, tag="clock.changed"):
    """What is due next in a case is another; None: nothing is. Its promises may have changed besides."""

    clock: Clock | None


class WhyStep(View, frozen=True, kw_only=True):
    """One line of why a deadline is what it is, see `clocks.Step`; `counted`: the seconds that ran by `at`."""

    what: Literal["starts", "runs", "closed", "paused", "special", "due"]
    at: datetime
    until: datetime | None
    counted: int
    name: str


class PromiseItem(View, frozen=True, kw_only=True):
    """One thing owed in a case. By rule: `rule` ("" is the usual), `target` seconds within `hours` (none: day and
    night), under version `policy`. Given by a person: `by`, `about`, `rhythm`. `wall` and `business`: the seconds it
    took by the clock on the wall and by its hours, once it is over."""

    id: str
    kind: Kind
    state: PromiseState
    starts_at: datetime
    due_at: datetime
    late_at: datetime | None
    ended_at: datetime | None
    how: Ending | None
    audience: Audience | None
    target: int | None
    rule: str | None
    policy: int | None
    hours: list[str]
    by: str | None
    about: str | None
    rhythm: Rhythm | None
    reason: str | None
    released_by: str | None
    wall: int | None
    business: int | None
    why: list[WhyStep]
