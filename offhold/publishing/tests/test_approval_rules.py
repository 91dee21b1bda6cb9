"""When a second person is asked, and who may agree: pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from offhold.publishing.approval import (
    Colleague,
    Meant,
    Reason,
    agreed_once,
    careful,
    edited,
    may_agree,
    may_agree_to,
    nobody_else,
    reasons,
)
from offhold.publishing.policy import AgreedText, Asks, OnChannel, PublishingPolicy, private_asks, public_asks

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asks", "codes"),
    [
        (Asks(), []),
        (Asks(everyone=True), ["everyone"]),
        (Asks(roles=("agent",)), ["role"]),
        (Asks(roles=("lead",)), []),
        (Asks(new_for_days=7), ["new_here"]),
        (Asks(new_for_days=2), []),
        (Asks(rules=("rude", "email")), ["rule"]),
        (Asks(rules=("email",)), []),
        (Asks(reach=100_000), ["reach"]),
        (Asks(reach=100_001), []),
        (Asks(everyone=True, roles=("agent",), reach=1), ["everyone", "role", "reach"]),
    ],
)
def test_when_a_second_person_is_asked(asks: Asks, codes: list[str]) -> None:
    meant = Meant(role="agent", joined_at=NOON - timedelta(days=3), let_stand=("rude",), reach=100_000)
    assert [reason.code for reason in reasons(asks, meant, NOON)] == codes


def test_a_channel_may_ask_for_more_or_less_of_either_kind_than_the_others() -> None:
    """On the one channel: everything public, nothing private. On all others the other way round."""
    policy = PublishingPolicy(
        asks_private=Asks(everyone=True),
        channels={"7": OnChannel(asks_public=Asks(everyone=True), asks_private=Asks())},
    )
    assert (public_asks(policy, 7).everyone, private_asks(policy, 7).everyone) == (True, False)
    assert (public_asks(policy, 8).everyone, private_asks(policy, 8).everyone) == (False, True)


def test_the_author_may_ask_for_one_and_an_unknown_reach_asks_nobody() -> None:
    meant = Meant(role="agent", joined_at=NOON, asked_for=True)
    assert reasons(Asks(reach=1), meant, NOON) == (Reason("asked_for"),)


def test_a_bad_day_ends() -> None:
    policy = PublishingPolicy(careful_until=NOON)
    assert careful(policy, NOON - timedelta(seconds=1)) == (Reason("careful"),)
    assert careful(policy, NOON) == ()


@pytest.mark.parametrize(
    ("who", "waited", "may"),
    [
        (Colleague(1, "lead"), 0, False),  # the author
        (Colleague(2, "lead"), 0, True),
        (Colleague(2, "admin"), 0, True),
        (Colleague(2, "agent"), 9999, False),
        (Colleague(2, "observer"), 9999, False),
    ],
)
def test_leads_are_asked_when_nobody_is_named(who: Colleague, waited: int, *, may: bool) -> None:
    assert may_agree(PublishingPolicy(), who, 1, timedelta(seconds=waited)) is may


def test_a_backup_is_asked_after_three_minutes() -> None:
    policy = PublishingPolicy(approvers=("7",), backups=("8",))
    seven, eight, lead = Colleague(7, "agent"), Colleague(8, "agent"), Colleague(9, "lead")
    at_once, later = timedelta(seconds=179), timedelta(seconds=180)
    assert [may_agree(policy, who, 1, at_once) for who in (seven, eight, lead)] == [True, False, False]
    assert [may_agree(policy, who, 1, later) for who in (seven, eight, lead)] == [True, True, False]


def test_nobody_else_counts_only_those_who_could_ever_agree() -> None:
    team = [Colleague(1, "admin"), Colleague(2, "agent"), Colleague(3, "observer")]
    assert nobody_else(PublishingPolicy(), team, 1)
    assert not nobody_else(PublishingPolicy(), team, 2)
    assert not nobody_else(PublishingPolicy(backups=("2",)), team, 1)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (Colleague(1, "agent"), True),  # the first author
        (Colleague(2, "lead"), False),  # who changed them
        (Colleague(3, "lead"), True),
        (Colleague(4, "agent"), False),
    ],
)
def test_changed_words_are_whose_who_changed_them(who: Colleague, *, may: bool) -> None:
    assert may_agree_to(PublishingPolicy(), who, author_id=1, edited_by=2, waited=timedelta(0)) is may


def test_who_changed_their_own_words_still_agrees_to_none() -> None:
    lead = Colleague(1, "lead")
    assert not may_agree_to(PublishingPolicy(), lead, author_id=1, edited_by=1, waited=timedelta(days=1))


def test_words_changed_twice_name_who_changed_them_last() -> None:
    twice = edited(edited((Reason("everyone"),), "Carol"), "Alice")
    assert twice == (Reason("everyone"), Reason("edited", {"by": "Alice"}))


def test_words_agreed_to_once_for_many_end() -> None:
    text = "We fly again at noon."
    assert agreed_once((AgreedText(text=text, until=NOON),), text, NOON - timedelta(seconds=1))
    assert not agreed_once((AgreedText(text=text, until=NOON),), text, NOON)
