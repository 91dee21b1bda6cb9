"""Reads of the people of a workspace."""

from __future__ import annotations

from typing import NamedTuple

from offhold.kernel.db.tx import Tx, transaction
from offhold.people.facts import Person

TEAM = """
SELECT m.id::text, m.duty_name, m.initials FROM memberships m JOIN users u ON u.id = m.user_id
WHERE u.is_active ORDER BY lower(m.duty_name), m.id
"""


class Named(NamedTuple):
    """A workspace and what it is called."""

    id: int
    name: str


def workspaces() -> list[Named]:
    """Every workspace of the installation, oldest first: for commands and housekeeping, never for a screen."""
    with transaction(None) as tx:
        return [Named(*row) for row in tx.rows("SELECT id, name FROM all_workspaces()")]


def team(tx: Tx) -> list[Person]:
    """The colleagues of the transaction's workspace, by name; those shut out are left out."""
    return [Person(*row) for row in tx.rows(TEAM)]


def workspace_name(tx: Tx) -> str:
    """What the transaction's workspace is called."""
    row = tx.one("SELECT name FROM workspaces")
    assert row is not None  # a membership refers to it
    return str(row[0])
