"""Customers ask for a human: in words that were heard, or as somebody of the team understood them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple

from offhold.cases.acts import Locked
from offhold.cases.sets import columns
from offhold.kernel import ids
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict
from offhold.people.actors import Actor
from offhold.promises.asking.asked import Asked, asked
from offhold.promises.pledge.rows import State, do_bind, lock, note, tell


class Said(NamedTuple):
    """A customer's message of this batch, as its network names it."""

    workspace: int
    channel: int
    network_id: str
    text: str


_STORED = """
SELECT m.workspace_id, m.channel_id, m.network_id, m.id
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS k(workspace_id, channel_id, network_id)
JOIN messages m USING (workspace_id, channel_id, network_id) WHERE m.case_id IS NOT NULL AND m.identity_id IS NOT NULL
"""
# Whoever speaks again and got no answer; what they said before, the newest last.
_AGAIN = """
SELECT m.workspace_id, m.id, m.text, b.texts
FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id) JOIN messages m USING (workspace_id, id)
JOIN cases c ON c.workspace_id = m.workspace_id AND c.id = m.case_id AND c.messages > 1
CROSS JOIN LATERAL (
  SELECT array_agg(e.text ORDER BY e.at) AS texts FROM (
    SELECT e.text, e.at FROM messages e WHERE e.workspace_id = c.workspace_id AND e.case_id = c.id AND e.owed
      AND e.deleted_at IS NULL AND e.at < m.at AND e.at > coalesce(c.last_out_at, '-infinity')
    ORDER BY e.at DESC LIMIT 20) e) b
WHERE m.identity_id IS NOT NULL AND m.owed AND m.deleted_at IS NULL AND b.texts IS NOT NULL
"""


def hear(tx: Tx, said: Iterable[Said], followed: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Who asks for a human in this batch. `followed`: its messages, as (workspace, id), where some are in cases that
    were there before. Returns the cases, as (workspace, case), in which somebody began to wait."""
    wishes = {(s.workspace, s.channel, s.network_id): found for s in said if (found := asked(s.text)) is not None}
    heard = {}
    if followed:
        for workspace, message, text, before in tx.rows(_AGAIN, columns(followed, 2)):
            if (found := asked(text, before)) is not None:
                heard[workspace, message] = _heard(workspace, message, found)
    if wishes:
        for workspace, channel, name, message in tx.rows(_STORED, columns(wishes, 3)):
            heard[workspace, message] = _heard(workspace, message, wishes[workspace, channel, name])
    return do_hear(tx, list(heard.values())) if heard else []


def _heard(workspace: int, message: int, found: Asked) -> Heard:
    return Heard(workspace, message, found.level, found.reason, found.start, found.end)


class Heard(NamedTuple):
    """Words in which somebody asks for a human, of a message that is stored."""

    workspace: int
    message: int
    level: Literal["explicit", "likely"]
    rule: str
    start: int
    end: int


_MESSAGES = """
SELECT m.workspace_id, m.id, m.case_id, c.customer_id, m.audience, m.channel_id, m.at
FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id) JOIN messages m USING (workspace_id, id)
JOIN cases c ON c.workspace_id = m.workspace_id AND c.id = m.case_id
WHERE m.deleted_at IS NULL ORDER BY m.at, m.id
"""
_OPEN = """
SELECT id FROM pledges WHERE workspace_id = %s AND customer_id = %s AND state IN ('likely', 'asked') FOR UPDATE
"""
_INSERT = """
INSERT INTO pledges (workspace_id, id, case_id, made_in, customer_id, message_id, audience, channel_id, state, heard,
  heard_from, heard_to, asked_at, decided_by, decided_name)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""


def do_hear(tx: Tx, heard: list[Heard]) -> list[tuple[int, int]]:
    """Customers asked for a human in these words. Returns the cases, as (workspace, case), in which somebody waits now.

    One open pledge for a customer: explicit words make a likely one bind, and all else adds nothing.
    """
    of = {(one.workspace, one.message): one for one in heard}
    bound = []
    for workspace, message, case, customer, audience, channel, at in tx.rows(_MESSAGES, columns(of, 2)):
        words = of[workspace, message]
        open_one = tx.one(_OPEN, (workspace, customer))
        if open_one is not None:
            if words.level == "explicit" and lock(tx, workspace, open_one[0]).state == "likely":
                do_bind(tx, lock(tx, workspace, open_one[0]), at, by="words")
            continue
        state: State = "asked" if words.level == "explicit" else "likely"
        new = _New(workspace, case, customer, message, audience, channel, state, words.rule, words.start, words.end, at)
        if _do_open(tx, new, None):
            bound.append((workspace, case))
    return bound


class _New(NamedTuple):
    workspace: int
    case: int
    customer: int
    message: int | None
    audience: str
    channel: int
    state: State
    rule: str
    start: int | None
    end: int | None
    at: datetime


def _do_open(tx: Tx, new: _New, by: Actor | None) -> bool:
    pledge = ids.new()
    who = (None, None) if by is None else (by.membership_id, by.duty_name)
    done = tx.run(
        _INSERT,
        (new.workspace, pledge, new.case, new.case, new.customer, new.message, new.audience, new.channel, new.state,
         new.rule, new.start, new.end, new.at, *who),
    )  # fmt: skip
    if not done:  # heard before
        return False
    row = lock(tx, new.workspace, pledge)
    note(tx, row, "asked" if new.state == "asked" else "likely", new.at, by="words" if by is None else "person",
          audience=new.audience)  # fmt: skip
    tell(tx, row, f"pledge.{new.state}", {})
    return True


_CASE = """
SELECT c.customer_id, c.channel_id, c.last_audience FROM cases c WHERE c.workspace_id = %s AND c.id = %s
"""


def check_open(tx: Tx, actor: Actor, case: Locked) -> None:
    """Raises `Conflict` for a case that is not open, and for a customer who is owed a human already."""
    if case.state != "open":
        raise Conflict("Only in an open case somebody waits.", code="not_open")
    if tx.one(_OPEN, (actor.workspace_id, case.customer)) is not None:
        raise Conflict("This customer waits for a human already.", code="pledge_open")


def do_open_by_person(tx: Tx, actor: Actor, case_id: int) -> None:
    """Somebody of the team says that this customer asks for a human: by phone, between the lines."""
    row = tx.one(_CASE, (actor.workspace_id, case_id))
    assert row is not None, "locked"
    customer, channel, audience = row
    new = _New(actor.workspace_id, case_id, customer, None, audience, channel, "asked", "person", None, None, tx.at)
    _do_open(tx, new, actor)
