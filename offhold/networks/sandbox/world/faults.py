"""Switches that make the network behave as real ones do on a bad day. All off until the control API turns one on.

A fault meets calls of its `scope` (an endpoint's name such as `statuses.create`, `webhook`, `stream`, or `*`), for one
account or all, each time with `probability` by its own seeded dice, and at most `count` times.
"""

from __future__ import annotations

import random
from typing import Any

import msgspec

BEFORE = ("latency", "expired_token", "limited", "limited_bare", "error_before", "duplicate_refusal")
AFTER = (
    "error_after",
    "lost_answer",
    "reset_midway",
    "malformed",
    "ok_with_error",
    "html",
    "slow_body",
    "wrong_visibility",
)
READS = ("late_reads", "drift_fields")
WEBHOOK = ("drop_webhook", "duplicate_webhook", "reorder_webhook", "delay_webhook", "drift_event", "bad_signature")
NAMES = (*BEFORE, *AFTER, *READS, *WEBHOOK)
MEANING = {
    "latency": "waits `seconds` before it looks at the request",
    "expired_token": "401, nothing happens",
    "limited": "429 with Retry-After `seconds`, nothing happens",
    "limited_bare": "429 without any header, nothing happens",
    "error_before": "500, nothing happens",
    "duplicate_refusal": "403 `duplicate` when the author said the same text within an hour; nothing happens",
    "error_after": "it happens, then 500",
    "lost_answer": "it happens, then the connection is cut without an answer",
    "reset_midway": "it happens, then the connection is reset in the middle of the answer",
    "malformed": "it happens, then a 200 whose JSON breaks off",
    "ok_with_error": "it happens, then a 200 that carries an error",
    "html": "it happens, then a 200 with a page of HTML",
    "slow_body": "it happens, then the answer comes in drops over `seconds`",
    "wrong_visibility": "it happens as asked, but the answer states the other visibility",
    "late_reads": "own items of the last `seconds` are not listed; `as_of` says so unless `states` is false",
    "drift_fields": "fields nobody has heard of in everything that is read or delivered",
    "drop_webhook": "a delivery is counted as done but never sent",
    "duplicate_webhook": "a delivery is sent twice",
    "reorder_webhook": "the events of a batch go out one by one, shuffled",
    "delay_webhook": "a delivery waits `seconds`",
    "drift_event": "an event of a type nobody has heard of is put in front",
    "bad_signature": "a delivery is signed with another secret, and then counted as done",
}


class Ask(msgspec.Struct, forbid_unknown_fields=True):
    """What the control API takes. `seconds` is what the fault's meaning says."""

    name: str
    scope: str = "*"
    account: str | None = None
    probability: float = 1.0
    count: int | None = None
    seed: int = 0
    seconds: float = 5.0
    states: bool = True


class Fault:
    def __init__(self, fault_id: str, ask: Ask) -> None:
        self.id, self.ask, self.met = fault_id, ask, 0
        self.dice = random.Random(ask.seed)  # noqa: S311 - repeatable dice are the point

    def meets(self, scope: str, account: str | None) -> bool:
        ask = self.ask
        if ask.scope not in ("*", scope) or ask.account not in (None, account):
            return False
        if ask.count is not None and self.met >= ask.count:
            return False
        if ask.probability < 1.0 and self.dice.random() >= ask.probability:
            return False
        self.met += 1
        return True

    def view(self) -> dict[str, Any]:
        return {"id": self.id, "met": self.met, **msgspec.structs.asdict(self.ask)}


class Faults:
    """`pick` answers which fault, if any, meets this call; the caller does what its name means."""

    def __init__(self) -> None:
        self._on: dict[str, Fault] = {}
        self._made = 0

    def switch_on(self, ask: Ask) -> Fault:
        """Raises ValueError for a name that is none."""
        if ask.name not in NAMES:
            raise ValueError(f"no fault is called {ask.name!r}; there are {', '.join(NAMES)}")
        self._made += 1
        fault = Fault(f"f{self._made}", ask)
        self._on[fault.id] = fault
        return fault

    def switch_off(self, fault_id: str | None = None) -> None:
        """One, or all."""
        for key in [fault_id] if fault_id else list(self._on):
            self._on.pop(key, None)

    def all(self) -> list[Fault]:
        return list(self._on.values())

    def on(self, name: str) -> bool:
        """Is one of this name on, whether or not it would meet a call?"""
        return any(f.ask.name == name for f in self._on.values())

    def pick(self, names: tuple[str, ...], scope: str, account: str | None = None) -> Fault | None:
        if not self._on:
            return None
        found = (f for f in self._on.values() if f.ask.name in names and f.meets(scope, account))
        return next(found, None)
