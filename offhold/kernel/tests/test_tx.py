"""One trip for many questions: inside a transaction, and as one by itself."""

from __future__ import annotations

import psycopg
import pytest
from django.db import transaction as django_transaction

from offhold.kernel.db.tx import Question, connected, looking, transaction
from tests.support.builders import Workspace

NAMES = Question("SELECT name FROM workspaces")
HERE = Question("SELECT current_setting('app.ws', true), current_setting('transaction_read_only')")


def test_a_look_sees_its_workspace_and_leaves_nothing_behind(workspace: Workspace, other_workspace: Workspace) -> None:
    with looking(workspace.id) as tx:
        assert tx.together(NAMES, HERE, NAMES) == [
            [("Northwind Air",)],
            [(str(workspace.id), "on")],
            [("Northwind Air",)],
        ]
        assert tx.one("SELECT name FROM workspaces WHERE id = %s", (other_workspace.id,)) is None
    with looking(other_workspace.id) as tx:
        assert tx.rows(NAMES.text) == [("Other company",)]
    assert connected().execute(HERE.text).fetchone() == ("", "off")


def test_a_look_cannot_write(workspace: Workspace) -> None:
    with looking(workspace.id) as tx, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        tx.run("UPDATE workspace_clock SET seq = 7 WHERE workspace_id = %s", (workspace.id,))


def test_after_a_question_that_fails_the_next_are_answered(workspace: Workspace) -> None:
    with looking(workspace.id) as tx:
        with pytest.raises(psycopg.errors.DivisionByZero):
            tx.together(NAMES, Question("SELECT 1 / 0"), NAMES)
        assert tx.together(NAMES) == [tx.rows(NAMES.text)]


def test_together_in_a_transaction_sees_what_it_wrote_and_ends_with_it(workspace: Workspace) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero):
        moves_and_fails(workspace)
    with looking(workspace.id) as tx:
        assert tx.one("SELECT seq FROM workspace_clock") == (0,)


def moves_and_fails(workspace: Workspace) -> None:
    with transaction(workspace.id) as tx:
        tx.run("UPDATE workspace_clock SET seq = 7 WHERE workspace_id = %s", (workspace.id,))
        assert tx.together(Question("SELECT seq FROM workspace_clock"), HERE) == [[(7,)], [(str(workspace.id), "off")]]
        tx.together(Question("SELECT 1 / 0"))


def test_a_look_inside_a_transaction_is_refused(workspace: Workspace) -> None:
    with (
        django_transaction.atomic(),
        pytest.raises(AssertionError, match="inside a transaction"),
        looking(workspace.id),
    ):
        pass
