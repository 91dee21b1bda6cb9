"""How often one person may ask: a burst, a steady pace, and nobody slowed by somebody else."""

from __future__ import annotations

import pytest

from offhold.kernel.errors import TooOften
from offhold.people import pace as module
from offhold.people import web
from offhold.people.pace import Pace
from tests.support.builders import Workspace
from tests.support.site import Member, signed_in


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def asked(pace: Pace, times: int, user: int = 1) -> int:
    """How many of so many requests are let through."""
    through = 0
    for _ in range(times):
        try:
            pace.check(user)
        except TooOften:
            continue
        through += 1
    return through


def test_a_minutes_worth_may_come_at_once_and_no_more() -> None:
    clock = Clock()
    pace = Pace(600, clock)
    assert asked(pace, 700) == 600
    clock.now += 1
    assert asked(pace, 700) == 10
    clock.now += 3600
    assert asked(pace, 700) == 600, "what was not used yesterday is not saved up"


def test_a_steady_pace_is_never_slowed() -> None:
    clock = Clock()
    pace = Pace(600, clock)
    for _ in range(6000):
        pace.check(1)
        clock.now += 0.1


def test_who_is_refused_is_told_when_to_come_back_and_is_not_counted_for_it() -> None:
    clock = Clock()
    pace = Pace(60, clock)
    assert asked(pace, 60) == 60
    for _ in range(500):
        with pytest.raises(TooOften) as refused:
            pace.check(1)
        assert refused.value.params == {"retry_after": 1}
    clock.now += 1
    pace.check(1)


def test_nobody_is_slowed_by_somebody_else() -> None:
    pace = Pace(60, Clock())
    assert asked(pace, 100, user=1) == 60
    assert asked(pace, 100, user=2) == 60


def test_people_who_left_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_KEPT", 100)
    clock = Clock()
    pace = Pace(600, clock)
    for user in range(1000):
        pace.check(user)
        clock.now += 0.05
    assert pace.kept() <= 101


def test_too_many_requests_are_answered_with_when_to_come_back(
    site: str, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia, bob = signed_in(site, Member(workspace, "agent")), signed_in(site, Member(workspace, "agent"))
    monkeypatch.setattr(web, "pace", Pace(3, Clock()))
    answers = [mia.get("/api/me") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    refusal = answers[-1]
    assert (refusal.json()["code"], refusal.json()["params"]) == ("too_often", {"retry_after": 20})
    assert refusal.headers["retry-after"] == "20"
    assert bob.get("/api/me").status_code == 200
