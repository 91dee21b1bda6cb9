"""Founding a workspace: the company, its clock of facts, and the first queue its cases wait in."""

from __future__ import annotations

from typing import NamedTuple

from offhold.kernel import ids
from offhold.kernel.db.tx import transaction
from offhold.kernel.errors import Invalid

LONGEST_NAME = 120


class Founded(NamedTuple):
    """A new workspace and the queue its cases wait in until somebody makes others."""

    workspace_id: int
    queue_id: int


def do_found_workspace(name: str, *, first_queue: str = "Inbox") -> Founded:
    """Make a workspace that facts and cases can be written to at once. Raises `Invalid` on an empty or long name."""
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid(f"A workspace's name has 1 to {LONGEST_NAME} characters.", code="bad_name")
    founded = Founded(ids.new(), ids.new())
    with transaction(founded.workspace_id) as tx:
        tx.run("SELECT found_workspace(%s, %s, %s)", (founded.workspace_id, name, tx.at))
        tx.run("INSERT INTO workspace_clock (workspace_id) VALUES (%s)", (founded.workspace_id,))
        tx.run("INSERT INTO queues (workspace_id, id, name) VALUES (%s, %s, %s)", (*founded, first_queue))
    return founded
