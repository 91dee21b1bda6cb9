"""Scenarios in a running network: storms at any speed, days by the clock file, people who answer; the demo."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from offhold.networks.sandbox.demo import NORTHAIR, ControlError, DemoCompany
from offhold.networks.sandbox.tests.running import Running, network


def until(happened: Callable[[], object], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def state_of(running: Running, play: str) -> str:
    states = running.control.call("GET", "/control/scenarios")["scenarios"]
    return next(str(s["state"]) for s in states if s["id"] == play)


def test_a_storm_plays_whole_and_nothing_is_refused(running: Running, company: DemoCompany) -> None:
    play = running.control.play("airline", company.handle, speed=1e6)
    until(lambda: state_of(running, play) == "over")
    [told] = [s for s in running.control.call("GET", "/control/scenarios")["scenarios"] if s["id"] == play]
    assert told["refused"] == 0
    said = [r for r in running.oracle.published() if r.via == "scenario airline"]
    assert len(said) == 905  # the company's status, 900 messages, Dora's four
    assert len([r for r in said if "Dora" in r.text and r.audience == "private"]) == 1
    running.control.stop(play)


def test_a_limit_ends_a_scenario_early(running: Running, company: DemoCompany) -> None:
    play = running.control.play("calm", company.handle, speed=1e6, limit=30)
    until(lambda: state_of(running, play) == "over")
    running.control.stop(play)


def test_unknown_names_are_refused(running: Running, company: DemoCompany) -> None:
    for scenario, handle in (("earthquake", company.handle), ("calm", "nobody_at_all")):
        with pytest.raises(ControlError, match="404"):
            running.control.play(scenario, handle)


def test_days_pass_with_the_clock_file(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    with network(tmp_path / "data", OFFHOLD_CLOCK_FILE=str(clock)) as running:
        company = running.control.found_company(*NORTHAIR)
        running.control.play("cable", company.handle, speed=1.0)
        first_day = running.oracle.published
        clock.write_text("86000")
        until(lambda: len(first_day()) >= 100)
        assert state_of(running, "play1") == "playing"
        clock.write_text(str(16 * 86_400))
        until(lambda: state_of(running, "play1") == "over")
        assert running.oracle.published()[-1].at > running.oracle.published()[0].at
        assert {r.via for r in running.oracle.published()} == {"scenario cable"}


def test_people_answer_their_answers(running: Running, company: DemoCompany) -> None:
    play = running.control.play("calm", company.handle, seed=5, speed=400)
    until(lambda: len(_asked(running, company)) >= 25)
    acts = [
        {"who": company.handle, "do": "post", "text": "We see to it.", "to": r.id} for r in _asked(running, company)
    ]
    answers = {d["id"] for d in running.control.act(*acts)}
    until(lambda: [r for r in running.oracle.published() if r.parent in answers])
    running.control.stop(play)
    assert state_of(running, play) == "stopped"


def _asked(running: Running, company: DemoCompany) -> list[Any]:
    return [r for r in running.oracle.published(audience="public") if f"@{company.handle}" in r.text]


def test_the_company_survives_a_second_start(running: Running) -> None:
    first, second = (running.control.found_company("twice", "Twice", 5) for _ in range(2))
    assert first.account_id == second.account_id
    assert first.typed["token"] != second.typed["token"]
    assert "sbx_" not in repr(second)
    assert running.token not in repr(running.control)
