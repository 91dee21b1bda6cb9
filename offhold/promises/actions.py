"""What people do to promises: give one, release one. `check` may refuse, `do` may not; only `do` writes."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from offhold.cases.acts import Locked
from offhold.cases.apply import add_events
from offhold.kernel import ids
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Invalid, NotFound
from offhold.people.actors import Actor
from offhold.promises import stored
from offhold.promises.given import MOST_AHEAD, Rhythm, next_hour
from offhold.promises.settling import Promise

MOST_OPEN = 20  # given by people, in one case

_KNOWN = "SELECT id FROM promises WHERE workspace_id = %s AND given_by = %s AND client_key = %s"
_OPEN = """
SELECT count(*) FROM promises WHERE workspace_id = %s AND case_id = %s AND subject IS NULL AND state = 'open'
"""
_KEY = "UPDATE promises SET client_key = %s WHERE workspace_id = %s AND id = %s"
_LOCK = "SELECT case_id, state, kind, subject IS NULL FROM promises WHERE workspace_id = %s AND id = %s FOR UPDATE"
_RELEASE = """
UPDATE promises SET state = 'released', how = 'released', ended_at = %s, late_at = NULL, released_by = %s,
  released_name = %s, reason = %s WHERE workspace_id = %s AND id = %s
"""
# Not the promise but its case is looked at: what is next there follows from all of its promises.
_LOOK = "UPDATE case_watch SET look_at = '-infinity' WHERE workspace_id = %s AND case_id = %s"


class Word(msgspec.Struct, frozen=True):
    """A word by `due`, or at each hour of `rhythm`. `told`: the next reply is what tells the customer of it."""

    about: str
    due: datetime | None
    rhythm: Rhythm | None
    told: bool


def check_give(tx: Tx, case: Locked, word: Word) -> datetime:
    """When it is due first. Raises `Conflict` for a case that is not open, `Invalid` for a time that cannot be kept."""
    if case.state != "open":
        raise Conflict("Only in an open case something can be promised.", code="not_open")
    if (word.due is None) == (word.rhythm is None):
        raise Invalid("Either a time or a rhythm.", code="bad_promise")
    open_ones = tx.one(_OPEN, (case.workspace, case.id))
    if open_ones is not None and open_ones[0] >= MOST_OPEN:
        raise Conflict(f"A case has at most {MOST_OPEN} open promises.", code="too_many", most=MOST_OPEN)
    due = word.due or _first(word.rhythm, tx.at)
    if due <= tx.at:
        raise Invalid("This time is over.", code="time_is_over")
    if due > tx.at + MOST_AHEAD:
        raise Invalid("A promise lies at most 400 days ahead.", code="too_far", days=MOST_AHEAD.days)
    return due


def _first(rhythm: Rhythm | None, now: datetime) -> datetime:
    assert rhythm is not None, "one of the two"
    try:
        ZoneInfo(rhythm.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("Nobody knows this time zone.", code="unknown_zone", zone=rhythm.zone) from error
    return next_hour(rhythm, now)


def known(tx: Tx, actor: Actor, key: UUID) -> bool:
    """Whether the same intent was carried out before."""
    return tx.one(_KNOWN, (actor.workspace_id, actor.membership_id, key)) is not None


def do_give(tx: Tx, actor: Actor, case: Locked, word: Word, due: datetime, key: UUID) -> None:
    """From now on it is owed, on the timeline and on the clock."""
    promise = Promise(
        id=ids.new(), case=case.id, made_in=case.id, kind="next_word", starts_at=tx.at, due_at=due, told=word.told,
        rhythm=word.rhythm, given_by=actor.membership_id, given_name=actor.duty_name, about=word.about,
    )  # fmt: skip
    stored.write(tx, [(case.workspace, promise)])
    tx.run(_KEY, (key, case.workspace, promise.id))
    told = {"by": actor.duty_name, "due_at": due.isoformat()} | ({"rhythm": word.rhythm.at} if word.rhythm else {})
    add_events(tx, [(case.workspace, case.id, "promise.given", told)])
    tx.run(_LOOK, (case.workspace, case.id))


def check_release(tx: Tx, case: Locked, promise_id: int) -> str:
    """The kind of a promise of this case that is owed still. Raises `NotFound`, `Conflict`."""
    row = tx.one(_LOCK, (case.workspace, promise_id))
    if row is None or row[0] != case.id:
        raise NotFound
    if row[1] != "open":
        raise Conflict("This promise is over already.", code="promise_over")
    if not row[3]:
        raise Conflict("What is owed by policy ends with an answer, or with the case.", code="owed_by_policy")
    return str(row[2])


def do_release(tx: Tx, actor: Actor, case: Locked, promise_id: int, reason: str) -> None:
    """It is owed no more, and the record says who said so and why."""
    tx.run(_RELEASE, (tx.at, actor.membership_id, actor.duty_name, reason, case.workspace, promise_id))
    # not why: a timeline is read by people who may not see what the team wrote
    add_events(tx, [(case.workspace, case.id, "promise.released", {"by": actor.duty_name})])
    tx.run(_LOOK, (case.workspace, case.id))
