"""Codes: learnt from private messages, refused in public however they are spaced; and the workspace's own patterns."""

from __future__ import annotations

import pytest

from offhold.publishing.guard.codes import learn_codes
from offhold.publishing.guard.patterns import Pattern
from offhold.publishing.guard.policy import Policy
from offhold.publishing.guard.tests.asking import asked, marked, rules

LEARNT = [
    ("my booking code is K7X9QP please", ["K7X9QP"]),
    ("PNR ZQ8LM2, surname Reed", ["ZQ8LM2"]),
    ("booking QWERTZ", ["QWERTZ"]),
    ("order 4471-882-093 never came", ["4471-882-093"]),
    ("ticket TCK-88213", ["TCK-88213"]),
    ("cancel 8812340077 now", ["8812340077"]),
    ("pedido 12345", ["12345"]),
    ("Buchungscode: R8T2WX", ["R8T2WX"]),
    ("ma réservation est R8T2WX", ["R8T2WX"]),
    ("K7X9QP and again k7x9qp", ["K7X9QP"]),
    ("flight NA204 on 2026-11-22 at 18:40 for 249.90", []),
    ("I have an iPhone14, a PS5 and paid 48hours ago", []),
    ("error E4021 since 2024, code SUMMER25, #NA2026", []),
    ("the A320 was full, covid19 and all", []),
    ("see https://x.example/K7X9QP1 or jo@k7x9qp.example", []),
]


@pytest.mark.parametrize(("text", "codes"), LEARNT)
def test_learns(text: str, codes: list[str]) -> None:
    assert list(learn_codes([text])) == codes


def test_learns_by_the_workspaces_patterns() -> None:
    assert learn_codes(["it is na-204918, thanks"], ["NA-######"]) == ("na-204918",)
    assert learn_codes(["it says ABC123 on it"], ["AAA999"]) == ("ABC123",)


@pytest.mark.parametrize("said", ["K7X9QP", "k7x9qp", "K 7 X 9 Q P", "K7X-9QP", "К7X9QP", "K7X9\u200bQP", "Ｋ7X9QP"])
def test_refuses_this_cases_codes(said: str) -> None:
    text = f"We have found {said} for you."
    (finding,) = asked(text, case_codes=("K7X9QP",))
    assert (finding.rule, finding.level) == ("case_code", "refuse")
    assert [text[start:end] for start, end in finding.spans] == [said]
    assert rules(text, case_codes=("K7X9QP",), audience="private") == set()
    assert "case_code" not in rules(text, case_codes=("R8T2WX",))


@pytest.mark.parametrize("said", ["AK7X9QP", "K7X9QPA", "K7X9Q", "K7X9   QP"])
def test_other_codes_are_not_this_one(said: str) -> None:
    assert "case_code" not in rules(f"We have found {said} for you.", case_codes=("K7X9QP",))


def test_the_same_code_twice_is_one_finding() -> None:
    text = "K7X9QP, that is K7X9QP."
    assert marked("case_code", text, case_codes=("K7X9QP",)) == ["K7X9QP", "K7X9QP"]
    assert len(asked(text, case_codes=("K7X9QP",))) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Your booking reference is HV4K2M.", "HV4K2M"),
        ("Su localizador es HV4K2M.", "HV4K2M"),
        ("Ihr Buchungscode ist HV4K2M.", "HV4K2M"),
        ("Votre numéro de réservation est HV4K2M.", "HV4K2M"),
        ("O código de reserva é HV4K2M.", "HV4K2M"),
    ],
)
def test_marks_what_is_called_a_code(text: str, code: str) -> None:
    assert marked("code", text) == [code]
    assert asked(text)[0].level == "second_look"


@pytest.mark.parametrize(
    "text",
    [
        "Flight NA204 leaves at 18:40.", "Track order status in the app.", "Order 5550104477 has left.",
        "Send us your booking code in private.", "#NA2026 was great.", "Use code SUMMER25.",
        "Ticket prices from 2026 on",
    ],
)  # fmt: skip
def test_leaves_what_is_no_code(text: str) -> None:
    assert not {"code", "case_code"} & rules(text, case_codes=("K7X9QP",))


def test_marks_the_workspaces_patterns() -> None:
    text = "We see na-204918 here."
    (finding,) = asked(text, policy=Policy(patterns=("NA-######",)))
    assert (finding.rule, finding.level, finding.spans) == ("code", "second_look", ((7, 16),))
    assert asked(text) == []


@pytest.mark.parametrize("written", ["AAA999", "NA-######", "@@##", "9999", "**** **", "OH-#####"])
def test_patterns_that_can_be_read(written: str) -> None:
    assert Pattern.of(written).written == written


@pytest.mark.parametrize("written", ["", "AB", "OH-1234x", ".*AAAA+", "(AAAA)", "A" * 41, "[#]####", "NA\n####"])
def test_patterns_that_cannot(written: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        Pattern.of(written)
    with pytest.raises(ValueError, match="pattern"):
        Policy(patterns=(written,))
