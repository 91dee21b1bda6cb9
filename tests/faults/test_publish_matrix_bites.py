"""The fault matrix says so when something is wrong: mistakes made on purpose, and what it finds of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from offhold.connectors.contract import PublicOut
from offhold.kernel.db.tx import Tx
from offhold.publishing import outcome, steps
from offhold.publishing.direct import DirectLine
from offhold.publishing.graph import CouldNotTell, Declined, State
from offhold.publishing.public import PublicLine
from offhold.publishing.replies import DirectReply
from offhold.publishing.standing import Step
from tests.faults import matrix
from tests.faults.ends import FAULTS
from tests.faults.matrix import Found, Move
from tests.support.fixtures import OwnerSql

TABLES = ("public_replies", "direct_replies")


@pytest.fixture
def mistaken(monkeypatch: pytest.MonkeyPatch, database: str) -> pytest.MonkeyPatch:
    return monkeypatch


def found(move: Move, place: Path) -> Found:
    """One run of each fault, on the fake network."""
    return matrix.run(1, 1, move, place / "sandbox", print, ("fake",))


def test_a_private_reply_said_to_everyone(mistaken: pytest.MonkeyPatch, clock_offset: Move, tmp_path: Path) -> None:
    def for_everyone(_: DirectLine, tx: Tx, reply: DirectReply, __: object) -> PublicOut:
        row = tx.one("SELECT network_id FROM messages WHERE id = %s", (reply.in_reply_to,))
        assert row is not None  # somebody asked
        return PublicOut(
            key=reply.key, text=reply.text, parent_id=row[0], parent_native=None, root_id=row[0], root_native=None,
            prepared=reply.prepared, tried_until=reply.standing.deadline,
        )  # fmt: skip

    mistaken.setattr(DirectLine, "out", for_everyone)
    mistaken.setattr(DirectLine, "deliver", PublicLine.deliver)
    mistaken.setattr(DirectLine, "look", PublicLine.look)
    leaked = found(clock_offset, tmp_path).leaked
    assert {one.audience for one in leaked} == {"private"}
    assert len(leaked) >= len(FAULTS) / 2, leaked


def test_one_that_nobody_looks_at_again(
    mistaken: pytest.MonkeyPatch, clock_offset: Move, tmp_path: Path, owner_sql: OwnerSql
) -> None:
    look_again = steps._look_again

    def forgets(*given: Any) -> Step:
        step = look_again(*given)
        if step.standing.state is not State.RECONCILING:
            return step
        return msgspec.structs.replace(step, standing=msgspec.structs.replace(step.standing, next_at=None))

    mistaken.setattr(steps, "_look_again", forgets)
    held = {table: owner_sql("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s",
                             (f"{table}_looked_at",)) for table in TABLES}  # fmt: skip
    try:
        for table in TABLES:  # whose own rule would refuse to write it
            owner_sql(f"ALTER TABLE {table} DROP CONSTRAINT {table}_looked_at")
        with pytest.raises(AssertionError, match="'reconciling', None"):
            found(clock_offset, tmp_path)
    finally:
        for table, ((rule,),) in held.items():
            owner_sql(f"UPDATE {table} SET state = 'cancelled', next_at = NULL WHERE state = 'reconciling'")
            owner_sql(f"ALTER TABLE {table} ADD CONSTRAINT {table}_looked_at {rule}")


def test_one_said_again_after_a_look_that_could_not_tell(
    mistaken: pytest.MonkeyPatch, clock_offset: Move, tmp_path: Path
) -> None:
    mistaken.setitem(steps._RESULTS, CouldNotTell, steps._nothing)
    assert found(clock_offset, tmp_path).doubled


def test_one_called_refused_that_is_out(mistaken: pytest.MonkeyPatch, clock_offset: Move, tmp_path: Path) -> None:
    known = outcome.of_failed_delivery

    def gives_up(error: Exception) -> Any:
        return Declined("late", "It took too long.") if isinstance(error, TimeoutError) else known(error)

    mistaken.setattr(outcome, "of_failed_delivery", gives_up)
    assert found(clock_offset, tmp_path).lost
