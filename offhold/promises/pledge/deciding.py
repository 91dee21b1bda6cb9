"""People decide about pledges: whether it is one, that the customer took it back, that we are let go, the second look.

`check` may refuse, `do` may not; only `do` writes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from offhold.cases import acts
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Invalid
from offhold.people.actors import Actor
from offhold.promises.pledge.rows import Row, State, check_state, do_bind, note, tell

Why = Literal["not_a_request", "duplicate", "unreachable", "window_closed", "abuse_after_warning"]


def do_confirm(tx: Tx, actor: Actor, pledge: Row) -> None:
    """It sounded like it, and it is one."""
    tx.run(
        "UPDATE pledges SET decided_by = %s, decided_name = %s WHERE workspace_id = %s AND id = %s",
        (actor.membership_id, actor.duty_name, pledge.workspace, pledge.id),
    )
    do_bind(tx, pledge, pledge.asked_at, by="person")


def do_dismiss(tx: Tx, actor: Actor, pledge: Row) -> None:
    """It sounded like it, and it is none: machines may speak here again."""
    tx.run(
        "UPDATE pledges SET state = 'unlikely', ended_at = %s, decided_by = %s, decided_name = %s"
        " WHERE workspace_id = %s AND id = %s",
        (tx.at, actor.membership_id, actor.duty_name, pledge.workspace, pledge.id),
    )
    note(tx, pledge, "unlikely", tx.at)
    tell(tx, pledge, "pledge.unlikely", {"by": actor.duty_name})


_SAID_SINCE = """
SELECT at FROM messages WHERE workspace_id = %s AND case_id = %s AND id = %s AND identity_id IS NOT NULL AND at >= %s
"""


def check_withdraw(tx: Tx, pledge: Row, message_id: int) -> datetime:
    """When the customer took it back: in words of their own, said since. Raises `Invalid` for any other."""
    check_state(pledge, "asked")
    row = tx.one(_SAID_SINCE, (pledge.workspace, pledge.case, message_id, pledge.asked_at))
    if row is None:
        raise Invalid("Only the customer's own words, said since, take it back.", code="not_their_words")
    at: datetime = row[0]
    return at


def do_withdraw(tx: Tx, actor: Actor, pledge: Row, at: datetime) -> None:
    """The customer takes it back."""
    _do_end(tx, pledge, "withdrawn", at)
    note(tx, pledge, "withdrawn", at, by="customer")
    tell(tx, pledge, "pledge.withdrawn", {"by": actor.duty_name})


def do_release(tx: Tx, actor: Actor, pledge: Row, why: Why, words: str) -> None:
    """A person lets us go, with a reason; a second person looks at it."""
    tx.run(
        "UPDATE pledges SET state = 'released', ended_at = %s, released_by = %s, released_name = %s, reason = %s,"
        " words = %s WHERE workspace_id = %s AND id = %s",
        (tx.at, actor.membership_id, actor.duty_name, why, words, pledge.workspace, pledge.id),
    )
    note(tx, pledge, "released", tx.at, reason=why)
    tell(tx, pledge, "pledge.released", {"by": actor.duty_name, "reason": why})


def check_look(tx: Tx, actor: Actor, pledge: Row, *, agrees: bool) -> None:
    """Raises `Conflict` for who released it themselves, and for what was looked at; and where the customer would wait
    again in a case that cannot be opened again."""
    check_state(pledge, "released")
    if pledge.released_by == actor.membership_id:
        raise Conflict("Somebody else has to look at it.", code="own_release")
    if pledge.looked_by is not None:
        raise Conflict("Somebody has looked at it.", code="pledge_moved", state=pledge.state)
    if not agrees:
        acts.check_reopen(tx, acts.lock(tx, pledge.workspace, pledge.case))


def do_look(tx: Tx, actor: Actor, pledge: Row, *, agrees: bool) -> None:
    """The second look: it stands, or the customer waits again, in a case that is open."""
    if agrees:
        tx.run(
            "UPDATE pledges SET looked_by = %s, looked_name = %s WHERE workspace_id = %s AND id = %s",
            (actor.membership_id, actor.duty_name, pledge.workspace, pledge.id),
        )
    else:
        acts.do_reopen(tx, acts.lock(tx, pledge.workspace, pledge.case), actor.duty_name)
        tx.run(
            "UPDATE pledges SET state = 'asked', ended_at = NULL, released_by = NULL, released_name = NULL,"
            " reason = NULL, words = NULL WHERE workspace_id = %s AND id = %s",
            (pledge.workspace, pledge.id),
        )
    note(tx, pledge, "looked" if agrees else "reopened", tx.at)
    tell(tx, pledge, "pledge.looked" if agrees else "pledge.asked", {"by": actor.duty_name})


def _do_end(tx: Tx, pledge: Row, state: State, at: datetime) -> None:
    tx.run(
        "UPDATE pledges SET state = %s, ended_at = %s WHERE workspace_id = %s AND id = %s",
        (state, at, pledge.workspace, pledge.id),
    )
