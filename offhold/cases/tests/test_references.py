"""What refers to another workspace's row, or to none, is refused, though most of these are no foreign keys."""

from __future__ import annotations

from typing import LiteralString

import psycopg
import pytest

from offhold.cases.tests.stories import arrive, public
from offhold.kernel.db.tx import transaction_over
from tests.support import builders

pytestmark = pytest.mark.usefixtures("as_pipeline")

# A copy of a row of this workspace that refers to the other's, and a row of this workspace made to.
WRONG: list[tuple[str, LiteralString]] = [
    ("new identity", """
     INSERT INTO identities SELECT (jsonb_populate_record(i, jsonb_build_object('id', i.id + 1, 'account', 'copy',
       'customer_id', o.customer_id))).* FROM identities i, identities o
     WHERE i.workspace_id = %s AND o.workspace_id = %s"""),
    ("new case", """
     INSERT INTO cases SELECT (jsonb_populate_record(c, jsonb_build_object('id', c.id + 1, 'reference', 99,
       'home', false, 'queue_id', o.queue_id))).* FROM cases c, cases o
     WHERE c.workspace_id = %s AND o.workspace_id = %s"""),
    ("new message", """
     INSERT INTO messages SELECT (jsonb_populate_record(m, jsonb_build_object('id', m.id + 1, 'network_id', 'copy',
       'case_id', o.case_id))).* FROM messages m, messages o WHERE m.workspace_id = %s AND o.workspace_id = %s"""),
    ("new event", """
     INSERT INTO case_events SELECT (jsonb_populate_record(e, jsonb_build_object('id', e.id + 1,
       'case_id', o.case_id))).* FROM case_events e, case_events o
     WHERE e.workspace_id = %s AND o.workspace_id = %s"""),
    ("changed case", """
     UPDATE cases c SET identity_id = o.identity_id FROM cases o WHERE c.workspace_id = %s AND o.workspace_id = %s"""),
    ("changed message", """
     UPDATE messages m SET case_id = o.case_id FROM messages o WHERE m.workspace_id = %s AND o.workspace_id = %s"""),
    ("message of nobody", """
     UPDATE messages m SET identity_id = 1 FROM messages o WHERE m.workspace_id = %s AND o.workspace_id = %s"""),
]  # fmt: skip


@pytest.mark.parametrize(("what", "statement"), WRONG)
def test_a_row_refers_only_within_its_workspace(what: str, statement: LiteralString) -> None:
    here, there = builders.workspace(), builders.workspace()
    for workspace in (here, there):
        channel = builders.channel(workspace, network="fake", account_id="us")
        arrive(workspace, channel, [public("m", "ann", "Where is it?", 0)])
    same = statement.replace("o.workspace_id = %s", "o.workspace_id = %s AND false")
    with transaction_over([here.id, there.id]) as tx:
        tx.run(same, (here.id, there.id))  # the statement itself is fine
    with pytest.raises(psycopg.errors.ForeignKeyViolation), transaction_over([here.id, there.id]) as tx:
        assert tx.run(statement, (here.id, there.id)), what


@pytest.mark.parametrize("table", ["customers", "identities", "cases", "queues"])
def test_what_is_referred_to_cannot_be_deleted(table: LiteralString) -> None:
    here = builders.workspace()
    with pytest.raises(psycopg.errors.InsufficientPrivilege), transaction_over([here.id]) as tx:
        tx.run("DELETE FROM " + table)
