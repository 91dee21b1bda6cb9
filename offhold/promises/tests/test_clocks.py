"""Deadlines against the minute-by-minute reference, and the days people get wrong."""

from __future__ import annotations

import itertools
import os
import random
from datetime import date, timedelta

import pytest

from offhold.promises.calendars import Calendar, OtherDay, Shift, Span, mistakes, open_spans
from offhold.promises.clocks import Pause, due, elapsed
from offhold.promises.tests import minutes
from offhold.promises.tests.minutes import MINUTE, utc

HISTORIES = int(os.environ.get("OFFHOLD_TEST_CLOCKS", "60"))
ZONES = [
    "Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago", "Pacific/Apia",
    "Africa/Casablanca", "UTC", "Asia/Tokyo", "America/St_Johns", "Europe/London", "Pacific/Chatham",
]  # fmt: skip
NINE_TO_FIVE = (Shift(9 * 60, 17 * 60),)
OFFICE = ((NINE_TO_FIVE,) * 5) + ((), ())


def office(zone: str = "Europe/Madrid", *others: OtherDay) -> Calendar:
    return Calendar("Office", zone, OFFICE, others)


def shifts(dice: random.Random) -> tuple[Shift, ...]:
    made, at = [], 0
    for _ in range(dice.choice([0, 1, 1, 1, 2, 3])):
        opens = dice.randrange(at, 1440, dice.choice([1, 15, 30])) if at < 1440 else 1440
        if opens >= 1440:
            break
        closes = min(opens + dice.randint(1, 900), opens + 1440)
        made.append(Shift(opens, closes))
        at = closes
    return tuple(made)


def a_calendar(dice: random.Random, near: date) -> Calendar:
    days = {near + timedelta(days=dice.randint(-1, 12)) for _ in range(dice.randint(0, 4))}
    others = tuple(OtherDay(day, "Fair", shifts(dice) if dice.random() < 0.4 else ()) for day in sorted(days))
    return Calendar("One", dice.choice(ZONES), tuple(shifts(dice) for _ in range(7)), others)


def test_random_histories_agree_with_the_minute_by_minute_reference() -> None:
    seed = int(os.environ.get("OFFHOLD_TEST_SEED", "0")) or random.randrange(2**32)
    print("seed", seed)
    dice = random.Random(seed)
    for number in range(HISTORIES):
        # Half begin within days of a change of clocks somewhere.
        near = dice.choice([utc(2026, 3, 28), utc(2026, 10, 24), utc(2026, 10, 31), utc(2027, 3, 13), utc(2027, 4, 3)])
        start = near + dice.randint(-3 * 1440, 3 * 1440) * MINUTE
        if dice.random() < 0.5:
            start += dice.randint(0, 300) * timedelta(days=1)
        calendars = [a_calendar(dice, start.date()) for _ in range(dice.choice([0, 1, 1, 1, 2, 3]))]
        pauses = []
        for _ in range(dice.choice([0, 0, 1, 2, 4])):
            begins = start + dice.randint(-600, 8000) * MINUTE
            pauses.append(
                Pause(begins, None if dice.random() < 0.1 else begins + dice.randint(0, 2000) * MINUTE, "away")
            )
        target = dice.choice([0, 1, 15, 60, 240, 480, 1000, 3000])
        told = (seed, number, start, calendars, pauses, target)
        looked_at = 12 * 1440
        running = minutes.runs(start, looked_at, calendars, pauses)
        expected, found = minutes.due(start, target, running), due(start, target * 60, calendars, pauses)
        if expected is None:
            assert found.at is None or found.at > start + looked_at * MINUTE, told
        else:
            assert found.at == expected, told
        until = dice.randint(0, looked_at)
        assert elapsed(start, start + until * MINUTE, calendars, pauses) == 60 * sum(running[:until]), told
        told_steps = found.steps
        assert told_steps[0].what == "starts"
        assert sum((one.until - one.at).total_seconds() for one in told_steps if one.what == "runs" and one.until) == (
            pytest.approx(target * 60) if found.at else pytest.approx(told_steps[-1].counted)
        ), told
        ends = [one for one in told_steps if one.what in ("runs", "closed", "paused")]
        assert all(one.until == other.at for one, other in itertools.pairwise(ends)), told  # no time untold
        assert not any(one.what == other.what == "runs" for one, other in itertools.pairwise(ends)), told


def test_months_are_counted_as_days_are() -> None:
    start = utc(2026, 1, 5, 0, 0)  # a Monday
    assert elapsed(start, start + timedelta(weeks=30), [office("UTC")]) == 30 * 5 * 8 * 3600
    assert due(start, 30 * 5 * 8 * 3600, [office("UTC")]).at == utc(2026, 7, 31, 17, 0)


def test_what_never_closes_is_told_as_one_run() -> None:
    always = Calendar("Always", "UTC", ((Shift(0, 1440),),) * 7)
    for calendars in ([], [always]):
        found = due(utc(2026, 1, 5, 7, 0), 100 * 86400, calendars)
        assert (found.at, [one.what for one in found.steps]) == (utc(2026, 4, 15, 7, 0), ["starts", "runs", "due"])


def test_friday_evening_is_due_on_monday() -> None:
    found = due(utc(2026, 11, 20, 15, 30), 2 * 3600, [office()])  # 16:30 in Madrid
    assert found.at == utc(2026, 11, 23, 9, 30)
    assert [one.what for one in found.steps] == ["starts", "runs", "closed", "runs", "due"]


def test_what_fills_the_day_is_due_as_it_closes_and_not_when_it_opens_again() -> None:
    assert due(utc(2026, 11, 18, 9, 0), 8 * 3600, [office("UTC")]).at == utc(2026, 11, 18, 17, 0)


def test_a_holiday_is_named_where_it_makes_the_wait_longer() -> None:
    found = due(utc(2026, 12, 24, 15, 0), 2 * 3600, [office("Europe/Madrid", OtherDay(date(2026, 12, 25), "Navidad"))])
    assert found.at == utc(2026, 12, 28, 9, 0)
    assert [one.name for one in found.steps if one.what == "special"] == ["Navidad"]


def test_a_holiday_with_hours_of_its_own() -> None:
    until_noon = OtherDay(date(2026, 12, 24), "Nochebuena", (Shift(9 * 60, 12 * 60),))
    assert due(utc(2026, 12, 24, 9, 0), 3600, [office("Europe/Madrid", until_noon)]).at == utc(2026, 12, 24, 10, 0)
    assert due(utc(2026, 12, 24, 10, 30), 3600, [office("Europe/Madrid", until_noon)]).at == utc(2026, 12, 25, 8, 30)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (utc(2026, 3, 28, 22, 30), utc(2026, 3, 29, 1, 30)),  # 2:00 is skipped: 23:30, three hours, 3:30
        (utc(2026, 10, 24, 21, 30), utc(2026, 10, 25, 0, 30)),  # 2:00 comes twice: 23:30, three hours, the first 2:30
    ],
)
def test_the_night_the_clocks_change_has_as_many_hours_as_it_has(start: object, expected: object) -> None:
    night = Calendar("Night", "Europe/Madrid", ((Shift(22 * 60, 30 * 60),),) * 7)
    assert due(start, 3 * 3600, [night]).at == expected  # type: ignore[arg-type]


def test_a_whole_night_is_seven_eight_or_nine_hours_long() -> None:
    night = Calendar("Night", "Europe/Madrid", ((Shift(22 * 60, 30 * 60),),) * 7)
    lengths = [
        elapsed(utc(*day, 12), utc(*day, 12) + timedelta(days=1), [night]) / 3600
        for day in [(2026, 3, 28), (2026, 6, 1), (2026, 10, 24)]
    ]
    assert lengths == [7, 8, 9]


def test_two_teams_follow_the_sun() -> None:
    madrid, tokyo = office(), office("Asia/Tokyo")
    # Tokyo ends at 8:00 UTC as Madrid begins; the gap is from 16:00 to 0:00 UTC.
    assert due(utc(2026, 11, 18, 7, 0), 4 * 3600, [madrid, tokyo]).at == utc(2026, 11, 18, 11, 0)
    assert due(utc(2026, 11, 18, 15, 30), 3600, [madrid, tokyo]).at == utc(2026, 11, 19, 0, 30)


def test_a_pause_until_further_notice_has_no_deadline_and_says_why() -> None:
    found = due(
        utc(2026, 11, 18, 9, 0), 8 * 3600, [office()], [Pause(utc(2026, 11, 18, 10, 0), None, "waits_for_customer")]
    )
    assert found.at is None
    assert (found.steps[-1].what, found.steps[-1].name, found.steps[-1].counted) == (
        "paused",
        "waits_for_customer",
        3600,
    )


def test_a_calendar_that_never_opens_has_no_deadline() -> None:
    shut = Calendar("Shut", "UTC", ((),) * 7)
    assert due(utc(2026, 11, 18, 9, 0), 60, [shut]).at is None
    assert mistakes(shut) == ["never_open"]


def test_shifts_that_meet_are_one_time_of_work() -> None:
    split = Calendar("Split", "UTC", ((Shift(540, 720), Shift(720, 1020)),) * 7)
    assert [*open_spans([split], utc(2026, 11, 18), 1)] == [Span(utc(2026, 11, 18, 9), utc(2026, 11, 18, 17))]


def test_a_pause_that_took_no_time_is_no_pause() -> None:
    nothing = Pause(utc(2026, 11, 18, 9, 30), utc(2026, 11, 18, 9, 30), "slip")
    assert due(utc(2026, 11, 18, 9, 0), 3600, [], [nothing]) == due(utc(2026, 11, 18, 9, 0), 3600, [])


def test_what_is_wrong_with_a_calendar() -> None:
    assert mistakes(office()) == []
    assert mistakes(Calendar("Short", "UTC", OFFICE[:6])) == ["week"]
    assert mistakes(Calendar("Back", "UTC", ((Shift(600, 600),),) * 7)) == ["shift"]
    assert mistakes(Calendar("Twice", "UTC", ((Shift(60, 600), Shift(500, 700)),) * 7)) == ["overlap"]
    assert mistakes(office("UTC", OtherDay(date(2026, 1, 1), "A"), OtherDay(date(2026, 1, 1), "B"))) == ["twice"]
