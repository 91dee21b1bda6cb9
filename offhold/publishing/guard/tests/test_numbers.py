"""Cards and accounts: only what a checksum proves, however it is written. All of them are published for tests."""

from __future__ import annotations

import pytest

from offhold.publishing.guard.numbers import luhn
from offhold.publishing.guard.tests.asking import asked, marked, rules

CARD = "4111 1111 1111 1111"
CARDS = [
    CARD,
    "4111111111111111",
    "4111-1111-1111-1111",
    "4111.1111.1111.1111",
    "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
    "４１１１ １１１１ １１１１ １１１１",
    "\u0664\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661",
    "4\u200b1111\u200b11111111111",
    "5555 5555 5555 4444",
    "2223 0031 2200 3222",
    "3782 822463 10005",
    "3056 930902 5904",
    "3530 1113 3330 0000",
    "6011 1111 1111 1117",
    "6200 0000 0000 0005",
    "6759 6498 2643 8453",
    "2200 0000 0000 0004",
]
NO_CARDS = [
    "4111 1111 1111 1112",  # its check digit is wrong
    "1234 5678 9012 3452",  # no issuer begins so
    "7992 7398 7130 0007",
    "4111 1111 1111",  # too short
    "41111111111111111111",  # too long
    "41 111 1111 1111 1111 1",  # nobody writes it so
    "AB4111111111111111",  # a parcel's
    "4111111111111111GB",
    "https://track.example/p/4111111111111111",
    "https://track.example/?id=4111111111111111",
    "2026-11-22 14:05:30",
    "call 800-433-7300 or 800-222-2377",
]


@pytest.mark.parametrize("card", CARDS)
def test_finds_cards(card: str) -> None:
    assert marked("card_number", f"It was {card}, right?") == [card]


@pytest.mark.parametrize("number", NO_CARDS)
def test_leaves_other_numbers(number: str) -> None:
    assert "card_number" not in rules(f"It was {number}, right?")


def test_a_card_is_refused_in_public_and_looked_at_in_private() -> None:
    (public,) = asked(f"Card {CARD} it is")
    (private,) = asked(f"Card {CARD} it is", audience="private")
    assert (public.level, private.level) == ("refuse", "second_look")
    assert "not_a_problem" not in public.fixes
    assert "not_a_problem" in private.fixes


@pytest.mark.parametrize(
    ("digits", "valid"), [("79927398713", True), ("79927398710", False), ("4111111111111111", True), ("0", True)]
)
def test_luhn(digits: str, valid: bool) -> None:
    assert luhn(digits) is valid


IBANS = [
    "GB82 WEST 1234 5698 7654 32",
    "gb82west12345698765432",
    "DE89-3704-0044-0532-0130-00",
    "ES91 2100 0418 4502 0005 1332",
    "FR14 2004 1010 0505 0001 3M02 606",
    "PT50 0002 0123 1234 5678 9015 4",
    "NO93 8601 1117 947",
    "ＧＢ82 WEST 1234 5698 7654 32",
    "GB82 WEST 1234 5698\u200b 7654 32",
]
NO_IBANS = [
    "GB82 WEST 1234 5698 7654 33",
    "GB82 WEST 1234 5698 7654",
    "GB82 WEST 1234 5698 7654 32X",
    "XGB82WEST12345698765432",
    "ZZ82 WEST 1234 5698 7654 32",
    "DE44 and the rest of the words that follow",
]


@pytest.mark.parametrize("iban", IBANS)
def test_finds_accounts(iban: str) -> None:
    assert marked("iban", f"We pay to {iban}, yes?") == [iban]
    assert asked(f"We pay to {iban}, yes?")[0].level == "refuse"


@pytest.mark.parametrize("text", NO_IBANS)
def test_leaves_what_only_looks_like_an_account(text: str) -> None:
    assert "iban" not in rules(f"We pay to {text}.")


def test_accounts_are_no_matter_in_private() -> None:
    assert rules(f"We pay to {IBANS[0]}.", audience="private") == set()
