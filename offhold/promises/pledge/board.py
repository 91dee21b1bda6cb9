"""The pledge board: who waits now, the longest first, what needs a person's decision, and how it went."""

from __future__ import annotations

from datetime import timedelta

from offhold.cases.views import View
from offhold.kernel.db.tx import Tx
from offhold.people.actors import Actor
from offhold.promises.pledge import record, rows
from offhold.promises.pledge.ledger import Figures
from offhold.promises.pledge.record import Day
from offhold.promises.pledge.rows import Pledge

MOST = 200
_TODAY = timedelta(days=1)
_LATELY = (
    "p.state <> 'unlikely' AND (p.state <> 'released' OR p.looked_by IS NOT NULL) AND p.ended_at >= %s"
    " ORDER BY p.ended_at DESC, p.id"
)


class KeptHead(View, frozen=True, kw_only=True):
    """The head of the record as a day ended: `n` entries, and the hash of the last of them."""

    day: str
    n: int
    hash: str


class Board(View, frozen=True, kw_only=True):
    """`waiting`: asked and not reached, the longest wait first. `likely`: somebody has to say whether it is one.
    `to_look`: released, and nobody else has looked yet. `lately`: what ended within a day. `figures`: of the whole
    record; `days`: its heads, newest first."""

    waiting: list[Pledge]
    likely: list[Pledge]
    to_look: list[Pledge]
    lately: list[Pledge]
    figures: Figures
    days: list[KeptHead]


def board(tx: Tx, actor: Actor) -> Board:
    """Everything at once."""
    workspace = actor.workspace_id
    return Board(
        waiting=rows.listed(tx, "p.state = 'asked' ORDER BY p.asked_at, p.id", workspace, MOST),
        likely=rows.listed(tx, "p.state = 'likely' ORDER BY p.asked_at, p.id", workspace, MOST),
        to_look=rows.listed(
            tx, "p.state = 'released' AND p.looked_by IS NULL ORDER BY p.ended_at, p.id", workspace, MOST
        ),
        lately=rows.listed(tx, _LATELY, workspace, MOST, tx.at - _TODAY),
        figures=record.figures(tx, workspace),
        days=[_kept(day) for day in record.days(tx, workspace)],
    )


def _kept(day: Day) -> KeptHead:
    return KeptHead(day=day.day, n=day.n, hash=day.hash)
