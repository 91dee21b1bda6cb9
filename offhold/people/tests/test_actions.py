"""Founding, joining, leaving: what is written, what is refused, what screens are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from offhold.kernel.db.tx import transaction
from offhold.kernel.errors import Conflict, Invalid, NotFound
from offhold.people import actions, queries
from offhold.people.workspaces import do_found_workspace
from tests.support.builders import Workspace
from tests.support.fixtures import OwnerSql

GOOD: dict[str, Any] = {"password": "correct horse battery", "role": "agent", "duty_name": "Mia King"}


def address(workspace: Workspace, name: str = "mia") -> str:
    return f"{name}-{workspace.id}@example.com"


def test_a_workspace_is_whole_at_once(database: str, owner_sql: OwnerSql) -> None:
    founded = do_found_workspace(" Northwind Air ")
    assert queries.Named(founded.workspace_id, "Northwind Air") in queries.workspaces()
    assert owner_sql("SELECT seq FROM workspace_clock WHERE workspace_id = %s", (founded.workspace_id,)) == [(0,)]
    assert owner_sql("SELECT id FROM queues WHERE workspace_id = %s", (founded.workspace_id,)) == [(founded.queue_id,)]


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
def test_a_workspace_has_a_name(database: str, name: str) -> None:
    with pytest.raises(Invalid):
        do_found_workspace(name)


def test_joining_is_told_to_every_screen(workspace: Workspace, owner_sql: OwnerSql) -> None:
    member = actions.do_create_user(workspace.id, email=address(workspace), **GOOD)
    with transaction(workspace.id) as tx:
        assert [(person.id, person.initials) for person in queries.team(tx)] == [(str(member), "MK")]
    (fact,) = owner_sql("SELECT kind, payload FROM facts WHERE workspace_id = %s", (workspace.id,))
    assert fact[0] == "person.changed"
    assert fact[1]["what"] == "joined"
    assert "example.com" not in str(fact), "addresses are nobody's business"


def test_leaving_and_another_role(workspace: Workspace) -> None:
    member = actions.do_create_user(workspace.id, email=address(workspace), **GOOD)
    actions.do_set_role(workspace.id, member, "lead")
    actions.do_disable_user(workspace.id, member)
    with transaction(workspace.id) as tx:
        assert queries.team(tx) == []
        assert tx.rows("SELECT role FROM memberships") == [("lead",)]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"email": "no address"}, "bad_email"),
        ({"email": "a\0@example.com"}, "bad_email"),
        ({"role": "owner"}, "bad_role"),
        ({"duty_name": ""}, "bad_name"),
        ({"duty_name": "x" * 41}, "bad_name"),
        ({"duty_name": "Mia\nKing"}, "bad_name"),
        ({"password": "short"}, "bad_password"),
        ({"password": "1q2w3e4r5t6y"}, "bad_password"),
        ({"password": "x" * 1025}, "bad_password"),
    ],
)
def test_what_nobody_can_be(workspace: Workspace, changed: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.do_create_user(workspace.id, **{"email": address(workspace), **GOOD, **changed})
    assert refused.value.code == code
    with transaction(workspace.id) as tx:
        assert queries.team(tx) == []


def test_addresses_and_initials_are_each_ones_own(workspace: Workspace) -> None:
    actions.do_create_user(workspace.id, email=address(workspace), **GOOD)
    with pytest.raises(Conflict) as refused:
        actions.do_create_user(workspace.id, email=address(workspace).upper(), **GOOD)
    assert refused.value.code == "email_taken"
    with pytest.raises(Conflict) as refused:
        actions.do_create_user(workspace.id, email=address(workspace, "eve"), initials="mk", **GOOD)
    assert refused.value.code == "initials_taken"
    with transaction(workspace.id) as tx:
        assert len(queries.team(tx)) == 1


def test_people_of_another_workspace_cannot_be_touched(workspace: Workspace, other_workspace: Workspace) -> None:
    member = actions.do_create_user(workspace.id, email=address(workspace), **GOOD)
    acts: list[Callable[[], None]] = [
        lambda: actions.do_disable_user(other_workspace.id, member),
        lambda: actions.do_set_role(other_workspace.id, member, "admin"),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            act()


def test_a_password_is_kept_as_argon2id(workspace: Workspace, owner_sql: OwnerSql) -> None:
    actions.do_create_user(workspace.id, email=address(workspace), **GOOD)
    ((kept,),) = owner_sql("SELECT password FROM users WHERE email = %s", (address(workspace),))
    assert kept.startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")
