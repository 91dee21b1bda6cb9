"""Roles, and initials that tell colleagues apart: pure."""

from __future__ import annotations

import pytest

from offhold.kernel.errors import Forbidden
from offhold.people import rights
from offhold.people.actors import Actor
from offhold.people.initials import propose


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("observer", rights.Can()),
        ("agent", rights.Can(answer=True, see_private=True)),
        ("lead", rights.Can(answer=True, see_private=True, lead=True)),
        ("admin", rights.Can(answer=True, see_private=True, lead=True, admin=True)),
        ("owner", rights.Can()),
        ("", rights.Can()),
    ],
)
def test_what_a_role_may(role: str, expected: rights.Can) -> None:
    assert rights.of(role) == expected


def test_what_is_not_allowed_is_refused() -> None:
    actor = Actor(1, 2, 3, "agent", "Mia", "MI", "mia@example.com")
    actor.check_may("answer")
    with pytest.raises(Forbidden):
        actor.check_may("admin")


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("Mia King", set(), "MK"),
        ("Mia", set(), "MI"),
        ("Mia King", {"MK"}, "MI"),
        ("Mia King", {"mk", "MI"}, "MIA"),
        ("Mia", {"MI", "MIA"}, "M2"),
        ("Ümit", set(), "ÜM"),
        ("李 明", set(), "李明"),
        ("!!!", set(), "X"),
        ("M", {"M", *(f"M{n}" for n in range(2, 100))}, "MAA"),
    ],
)
def test_initials(name: str, taken: set[str], expected: str) -> None:
    assert propose(name, taken) == expected
    assert len(propose(name, taken)) <= 3
