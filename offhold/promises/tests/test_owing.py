"""What is owed follows from what happened: golden stories, each a sentence of what desks count wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from offhold.promises.clocks import Pause
from offhold.promises.owing import Asked, History, Owed, Turn, owed, pauses
from offhold.promises.policy import Pausing
from offhold.promises.tests.minutes import utc

NOON = utc(2026, 11, 2, 12)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def history(
    asked: tuple[float, ...] = (0,), said: tuple[float, ...] = (), turns: tuple[tuple[float, str], ...] = (),
    *, is_open: bool = True,
) -> History:  # fmt: skip
    return History(
        case=7, opened_at=at(min(asked, default=0)), open=is_open, channel=1, audience="public",
        asked=[Asked(100 + n, at(when), "public", 1) for n, when in enumerate(asked)], said=[at(when) for when in said],
        turns=[Turn(900 + n, at(when), what) for n, (when, what) in enumerate(turns)],  # type: ignore[arg-type]
    )  # fmt: skip


def told(of: History) -> list[tuple[Any, ...]]:
    """(kind, subject, start, end, how), times in minutes after noon."""

    def minutes(when: datetime | None) -> float | None:
        return None if when is None else (when - NOON) / timedelta(minutes=1)

    return [(one.kind, one.subject, minutes(one.start), minutes(one.ended), one.how) for one in owed(of)]


OPEN = ("resolution", 7, 0, None, None)


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        # whoever writes is owed a first word and an end
        (history(), [("first_reply", 100, 0, None, None), OPEN]),
        # three messages in a row are one wait, from the first of them
        (history((0, 5, 9)), [("first_reply", 100, 0, None, None), OPEN]),
        (history((0, 5), (7,)), [("first_reply", 100, 0, 7, "answered"), OPEN]),
        # after an answer the next words begin a wait of their own, and only the first reply is a first reply
        (
            history((0, 10, 12), (7, 20)),
            [("first_reply", 100, 0, 7, "answered"), OPEN, ("next_word", 101, 10, 20, "answered")],
        ),
        # what we said before they asked answers nothing
        (history((5,), (1,)), [("next_word", 100, 5, None, None), ("resolution", 7, 5, None, None)]),
        # an answer of the same moment was not made in the knowledge of the words
        (history((5,), (5,)), [("next_word", 100, 5, None, None), ("resolution", 7, 5, None, None)]),
        # solved without a word: the wait ended, but nobody was answered
        (
            history((0,), (), ((30, "resolved"),), is_open=False),
            [("first_reply", 100, 0, 30, "resolved"), ("resolution", 7, 0, 30, "resolved")],
        ),
        # opened again, the end is owed again, from then on
        (
            history((0, 60), (10,), ((30, "resolved"), (60, "reopened"))),
            [
                ("first_reply", 100, 0, 10, "answered"), ("resolution", 7, 0, 30, "resolved"),
                ("next_word", 101, 60, None, None), ("resolution", 901, 60, None, None),
            ],
        ),
        # answered after it was solved and before it was opened again: the wait ended when it was solved
        (
            history((0,), (40,), ((30, "resolved"), (50, "reopened"))),
            [
                ("first_reply", 100, 0, 30, "resolved"), ("resolution", 7, 0, 30, "resolved"),
                ("resolution", 901, 50, None, None),
            ],
        ),
        # nobody asked anything: opened by one of us
        (history(()), [OPEN]),
    ],
)  # fmt: skip
def test_what_is_owed(of: History, expected: list[tuple[Any, ...]]) -> None:
    assert told(of) == expected


def test_part_of_another_case_it_owes_nothing_itself() -> None:
    assert [one.how for one in owed(history((0,), is_open=False))] == ["overtaken", "overtaken"]


def test_the_order_in_which_things_are_known_does_not_matter() -> None:
    of = history((0, 10, 12), (7, 20), ((30, "resolved"), (60, "reopened")))
    back = History(
        case=of.case, opened_at=of.opened_at, open=of.open, channel=of.channel, audience=of.audience,
        asked=of.asked[::-1], said=of.said[::-1], turns=of.turns[::-1],
    )  # fmt: skip
    assert owed(back) == owed(of)


def test_resting_stops_the_clock_of_the_end_and_of_nothing_else() -> None:
    of = history((0,), (5,), ((10, "snoozed"), (40, "woken"), (50, "snoozed")))
    usual = Pausing(resolution=("snoozed",))
    assert pauses(of, "first_reply", usual) == ()
    assert pauses(of, "resolution", usual) == (
        Pause(at(10), at(40), "snoozed"),
        Pause(at(50), at(50) + timedelta(days=14), "snoozed"),  # and not for ever
    )


def test_while_only_the_customer_can_go_on_the_clock_stands_still() -> None:
    of = history((0, 60), (5, 70))
    assert pauses(of, "resolution", Pausing(resolution=("customer",), most_days=1)) == (
        Pause(at(5), at(60), "customer"),
        Pause(at(70), at(70) + timedelta(days=1), "customer"),
    )


def test_each_owed_thing_has_one_subject_of_its_kind() -> None:
    of = history((0, 10, 12, 80), (7, 20), ((30, "resolved"), (60, "reopened"), (70, "resolved"), (80, "reopened")))
    found: list[Owed] = owed(of)
    assert len({(one.kind, one.subject) for one in found}) == len(found)
