"""A pledge as its row says it, what screens are told of it, and the one way to write a step of it down."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, LiteralString

import msgspec

from offhold.cases import acts
from offhold.cases.apply import add_events
from offhold.cases.views import View
from offhold.connectors.contract import Audience
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, NotFound
from offhold.kernel.facts import Fact, Recorded
from offhold.promises.pledge import record
from offhold.promises.pledge.ledger import Kind

State = Literal["likely", "asked", "reached", "withdrawn", "released", "unlikely"]


class Pledge(View, frozen=True, kw_only=True):
    """A customer's wish for a human. `heard`: the rule that heard it in `message_id` from `heard_from` to `heard_to`,
    or "person". `reached_by`, `decided_by`, ...: duty names. `code`: of its entry in the record."""

    id: str
    case_id: str
    reference: str
    customer: str
    state: State
    audience: Audience
    heard: str
    message_id: str | None
    heard_from: int | None
    heard_to: int | None
    asked_at: datetime
    decided_by: str | None
    reached_at: datetime | None
    reached_by: str | None
    stay: Literal["stayed", "left"] | None
    ended_at: datetime | None
    released_by: str | None
    reason: str | None
    looked_by: str | None
    code: str | None


class PledgeChanged(Fact, frozen=True, tag="pledge.changed"):
    """A customer asked for a human, or what came of it."""

    pledge: Pledge


class Row(msgspec.Struct, frozen=True):
    """A pledge in hand, its row locked."""

    id: int
    workspace: int
    case: int
    state: State
    asked_at: datetime
    reached_at: datetime | None
    reached_by: int | None
    stay: str | None
    released_by: int | None
    looked_by: int | None


_COLUMNS = """
p.id, p.case_id, c.reference, u.name, p.state, p.audience, p.heard, p.message_id, p.heard_from, p.heard_to, p.asked_at,
p.decided_name, p.reached_at, p.reached_name, p.stay, p.ended_at, p.released_name, p.reason, p.looked_name, p.code
"""
_JOINS = """
JOIN cases c ON c.workspace_id = p.workspace_id AND c.id = p.case_id
JOIN customers u ON u.workspace_id = p.workspace_id AND u.id = p.customer_id
"""
_ROW = """
SELECT id, workspace_id, case_id, state, asked_at, reached_at, reached_by, stay, released_by, looked_by FROM pledges
WHERE workspace_id = %s AND id = %s FOR UPDATE
"""
_LOOK = "UPDATE case_watch SET look_at = '-infinity' WHERE workspace_id = %s AND case_id = %s"


def lock(tx: Tx, workspace: int, pledge_id: int) -> Row:
    """Take a pledge in hand. Raises `NotFound`."""
    row = tx.one(_ROW, (workspace, pledge_id))
    if row is None:
        raise NotFound
    return Row(*row)


def held(tx: Tx, workspace: int, pledge_id: int) -> Row:
    """The same with its case locked first, as everywhere. Raises `NotFound`."""
    row = tx.one("SELECT case_id FROM pledges WHERE workspace_id = %s AND id = %s", (workspace, pledge_id))
    if row is None:
        raise NotFound
    acts.lock(tx, workspace, row[0])
    return lock(tx, workspace, pledge_id)


def check_state(pledge: Row, *wanted: State) -> None:
    """Raises `Conflict` for one that stands elsewhere by now."""
    if pledge.state not in wanted:
        raise Conflict("This wish stands elsewhere by now.", code="pledge_moved", state=pledge.state)


def do_bind(tx: Tx, pledge: Row, at: datetime, *, by: Literal["words", "person"]) -> None:
    tx.run(
        "UPDATE pledges SET state = 'asked', asked_at = %s WHERE workspace_id = %s AND id = %s",
        (at, pledge.workspace, pledge.id),
    )
    note(tx, pledge, "asked", at, by=by)
    tell(tx, pledge, "pledge.asked", {})


_BINDS = """
SELECT 1 FROM cases c JOIN pledges p ON p.workspace_id = c.workspace_id AND p.customer_id = c.customer_id
WHERE c.workspace_id = %s AND c.id = %s AND p.state IN ('likely', 'asked') LIMIT 1
"""
_CONCERNS = """
SELECT 1 FROM pledges WHERE workspace_id = %s AND case_id = %s
  AND (state = 'asked' OR (state = 'reached' AND stay IS NULL)) LIMIT 1
"""
_WAITS = "SELECT 1 FROM pledges WHERE workspace_id = %s AND case_id = %s AND state = 'asked' LIMIT 1"


def binds(tx: Tx, workspace: int, case_id: int) -> bool:
    """Whether no machine may speak to the customer of this case: they asked for a human, or it sounds like it."""
    return tx.one(_BINDS, (workspace, case_id)) is not None


def concerns(tx: Tx, workspace: int, case_id: int) -> bool:
    """Whether a person's words in this case may reach, or stay with, somebody who asked for a human."""
    return tx.one(_CONCERNS, (workspace, case_id)) is not None


def check_may_close(tx: Tx, workspace: int, case_id: int) -> None:
    """Raises `Conflict` for a case in which somebody waits for a human."""
    if tx.one(_WAITS, (workspace, case_id)) is not None:
        raise Conflict("This customer asked for a human and has not reached one yet.", code="waits_for_a_human")


def of_case(tx: Tx, workspace: int, case_id: int) -> list[Pledge]:
    """The pledges of a case, newest first."""
    return listed(tx, "p.case_id = %s ORDER BY p.id DESC", workspace, 50, case_id)


def listed(tx: Tx, which: LiteralString, workspace: int, most: int, *params: object) -> list[Pledge]:
    """Pledges of a workspace that meet a condition, in its order; `params` are for the condition."""
    query: LiteralString = f"SELECT {_COLUMNS} FROM pledges p {_JOINS} WHERE p.workspace_id = %s AND {which} LIMIT %s"
    return [view(row) for row in tx.rows(query, (workspace, *params, most))]


def view(row: tuple[Any, ...]) -> Pledge:
    """One row of `_COLUMNS`."""
    (id_, case, reference, customer, state, audience, heard, message, start, end, asked_at, decided, reached_at,
     reached_by, stay, ended_at, released_by, reason, looked_by, code) = row  # fmt: skip
    return Pledge(
        id=str(id_), case_id=str(case), reference=f"OH-{reference}", customer=customer, state=state, audience=audience,
        heard=heard, message_id=None if message is None else str(message), heard_from=start, heard_to=end,
        asked_at=asked_at, decided_by=decided, reached_at=reached_at, reached_by=reached_by, stay=stay,
        ended_at=ended_at, released_by=released_by, reason=reason, looked_by=looked_by, code=code,
    )  # fmt: skip


def note(
    tx: Tx, pledge: Row, kind: Kind, at: datetime, *, by: Literal["words", "person", "customer", "outside"] = "person",
    audience: str | None = None, reason: str = "",
) -> None:  # fmt: skip
    code = record.do_append(tx, pledge.workspace, pledge.id, record.Said(kind, at, by, audience, reason))
    if kind == "asked":
        tx.run("UPDATE pledges SET code = %s WHERE workspace_id = %s AND id = %s", (code, pledge.workspace, pledge.id))


def tell(tx: Tx, pledge: Row, event: str, params: dict[str, str]) -> None:
    add_events(tx, [(pledge.workspace, pledge.case, event, params)])
    tx.run(_LOOK, (pledge.workspace, pledge.case))
    found = tx.one(
        f"SELECT {_COLUMNS} FROM pledges p {_JOINS} WHERE p.workspace_id = %s AND p.id = %s",
        (pledge.workspace, pledge.id),
    )
    assert found is not None, "in hand"
    tx.record(Recorded(pledge.workspace, PledgeChanged(pledge=view(found))))
