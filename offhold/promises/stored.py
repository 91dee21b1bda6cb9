"""Promises as rows: read and written in sets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, LiteralString, NamedTuple

import msgspec

from offhold.cases.sets import columns
from offhold.kernel import jsons
from offhold.kernel.db.tx import Question, Row, Tx
from offhold.promises.clocks import Pause
from offhold.promises.given import Rhythm
from offhold.promises.settling import Promise

COLUMNS = """
p.id, p.case_id, p.made_in, p.kind, p.state, p.starts_at, p.due_at, p.late_at, p.ended_at, p.how, p.audience,
p.channel_id, p.subject, p.target, p.rule, p.policy, p.hours::text, p.pauses::text, p.wall_s, p.business_s, p.told,
p.rhythm::text, p.follows, p.given_by, p.given_name, p.about
"""
_WIDTH = 26
# Of a case, and of those that are part of it now: what people promised there is owed here.
_OF_CASES: LiteralString = f"""
WITH RECURSIVE part AS (
  SELECT workspace_id, id AS top, id FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id)
  UNION ALL
  SELECT c.workspace_id, part.top, c.id FROM part JOIN cases c
    ON c.workspace_id = part.workspace_id AND c.merged_into = part.id)
SELECT p.workspace_id, p.case_id, {COLUMNS} FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, case_id)
JOIN promises p USING (workspace_id, case_id) WHERE p.subject IS NOT NULL
UNION ALL
SELECT p.workspace_id, part.top, {COLUMNS} FROM part JOIN promises p
  ON p.workspace_id = part.workspace_id AND p.made_in = part.id WHERE p.subject IS NULL
"""
_WRITE = """
INSERT INTO promises (workspace_id, made_at, id, case_id, made_in, kind, state, starts_at, due_at, late_at, ended_at,
  how, audience, channel_id, subject, target, rule, policy, hours, pauses, wall_s, business_s, told, rhythm, follows,
  given_by, given_name, about)
SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[],
  %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::text[], %s::bigint[],
  %s::bigint[], %s::int[], %s::text[], %s::bigint[], %s::jsonb[], %s::jsonb[], %s::bigint[], %s::bigint[], %s::bool[],
  %s::jsonb[], %s::bigint[], %s::bigint[], %s::text[], %s::text[])
"""
_SAME = """ DO UPDATE SET case_id = excluded.case_id, state = excluded.state, starts_at = excluded.starts_at,
  due_at = excluded.due_at, late_at = excluded.late_at, ended_at = excluded.ended_at, how = excluded.how,
  audience = excluded.audience, channel_id = excluded.channel_id, target = excluded.target, rule = excluded.rule,
  policy = excluded.policy, hours = excluded.hours, pauses = excluded.pauses, wall_s = excluded.wall_s,
  business_s = excluded.business_s
"""
_BY_RULE = _WRITE + " ON CONFLICT (workspace_id, kind, subject) WHERE subject IS NOT NULL" + _SAME
_BY_PEOPLE = _WRITE + " ON CONFLICT (workspace_id, id)" + _SAME


class Of(NamedTuple):
    """A row, and the case that owes it now."""

    workspace: int
    case: int
    promise: Promise


def of_cases(keys: list[tuple[int, int]]) -> Question:
    """The promises of (workspace, case), for `read`."""
    return Question(_OF_CASES, columns(keys, 2) * 2)


def read(row: Row) -> Of:
    return Of(row[0], row[1], promise(row[2:]))


def promise(row: Row) -> Promise:
    """One row of `COLUMNS`."""
    (id_, case, made_in, kind, state, starts, due, late, ended, how, audience, channel, subject, target, rule, policy,
     hours, pauses, wall, business, told, rhythm, follows, given_by, given_name, about) = row  # fmt: skip
    return Promise(
        id=id_, case=case, made_in=made_in, kind=kind, state=state, starts_at=starts, due_at=due, late_at=late,
        ended_at=ended, how=how, audience=audience, channel=channel, subject=subject, target=target, rule=rule,
        policy=policy, hours=None if hours is None else _json(hours, tuple[str, ...]),
        pauses=() if pauses == "[]" else _json(pauses, tuple[Pause, ...]), wall=wall, business=business, told=told,
        rhythm=None if rhythm is None else _json(rhythm, Rhythm), follows=follows, given_by=given_by,
        given_name=given_name, about=about,
    )  # fmt: skip


def write(tx: Tx, promises: Iterable[tuple[int, Promise]]) -> None:
    """Store rows as they stand now, each with its workspace; new ones and those that are there."""
    told = sorted(promises, key=lambda one: one[1].id)
    by_rule = [_columns(workspace, p, tx.at) for workspace, p in told if p.subject is not None]
    by_people = [_columns(workspace, p, tx.at) for workspace, p in told if p.subject is None]
    if by_rule:
        tx.run(_BY_RULE, columns(by_rule, _WIDTH + 2))
    if by_people:
        tx.run(_BY_PEOPLE, columns(by_people, _WIDTH + 2))


def _columns(workspace: int, p: Promise, made_at: datetime) -> tuple[object, ...]:
    return (
        workspace, made_at, p.id, p.case, p.made_in, p.kind, p.state, p.starts_at, p.due_at, p.late_at, p.ended_at,
        p.how, p.audience, p.channel, p.subject, p.target, p.rule, p.policy, _text(p.hours), _text(p.pauses), p.wall,
        p.business, p.told, _text(p.rhythm), p.follows, p.given_by, p.given_name, p.about,
    )  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else jsons.encode(value).decode()


def _json(text: str, kind: Any) -> Any:
    return msgspec.json.decode(text, type=kind)
