"""The record of pledges as it is stored: appended to, exported, and its head kept for each day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

import msgspec

from offhold.kernel.db.tx import Tx
from offhold.promises.pledge.ledger import (
    BEGINNING,
    Entry,
    Export,
    Figures,
    Kind,
    Line,
    code_of,
    figures_of,
    hash_of,
    text_of,
)

_HEAD = "SELECT n, hash FROM pledge_heads WHERE workspace_id = %s FOR UPDATE"
_FIRST = "INSERT INTO pledge_heads (workspace_id, n, hash) VALUES (%s, 0, %s) ON CONFLICT DO NOTHING"
_MOVE = "UPDATE pledge_heads SET n = %s, hash = %s WHERE workspace_id = %s"
_ADD = "INSERT INTO pledge_ledger (workspace_id, n, pledge_id, entry, hash) VALUES (%s, %s, %s, %s, %s)"
_ALL = "SELECT entry, hash FROM pledge_ledger WHERE workspace_id = %s ORDER BY n"
_KEEP_DAY = """
INSERT INTO pledge_days (workspace_id, day, n, hash) SELECT workspace_id, %(day)s, n, hash FROM pledge_heads
WHERE workspace_id = %(workspace)s ON CONFLICT DO NOTHING
"""


class Said(NamedTuple):
    """What is to be written down. `at`: by the network's clock."""

    kind: Kind
    at: datetime
    by: Literal["words", "person", "customer", "outside"]
    audience: str | None = None
    reason: str = ""


def do_append(tx: Tx, workspace: int, pledge: int, said: Said) -> str:
    """Write it down behind all that is there. Returns the code of the entry. The lock of the head orders entries."""
    tx.run(_FIRST, (workspace, BEGINNING))
    row = tx.one(_HEAD, (workspace,))
    assert row is not None  # made above
    n, before = row[0] + 1, bytes(row[1])
    entry = Entry(
        n=n, pledge=str(pledge), kind=said.kind, at=_moment(said.at), noted=_moment(tx.at),
        audience=said.audience, by=said.by, reason=said.reason,  # type: ignore[arg-type] # one of two
    )  # fmt: skip
    text = text_of(entry)
    hash_ = hash_of(before, text)
    tx.run(_ADD, (workspace, n, pledge, text.decode(), hash_))
    tx.run(_MOVE, (n, hash_, workspace))
    return code_of(hash_)


def export(tx: Tx, workspace: int) -> Export:
    """The whole record, for anybody."""
    lines = [(text.encode(), bytes(hash_)) for text, hash_ in tx.rows(_ALL, (workspace,))]
    row = tx.one("SELECT name FROM workspaces WHERE id = %s", (workspace,))
    return Export(
        company=row[0] if row else "",
        made_at=_moment(tx.at),
        head=(lines[-1][1] if lines else BEGINNING).hex(),
        entries=[Line(msgspec.Raw(text), hash_.hex()) for text, hash_ in lines],
        figures=figures_of([msgspec.json.decode(text, type=Entry) for text, _ in lines]),
    )


def figures(tx: Tx, workspace: int) -> Figures:
    """Counted from the record and from nothing else."""
    return export(tx, workspace).figures


def do_keep_days(tx: Tx, workspace: int) -> None:
    """The head as yesterday ended, once: nothing that was in it then can be left out later."""
    yesterday = (tx.at.astimezone(UTC) - timedelta(days=1)).date()
    tx.run(_KEEP_DAY, {"day": yesterday, "workspace": workspace})


class Day(NamedTuple):
    """The head at the end of a day."""

    day: str
    n: int
    hash: str


def days(tx: Tx, workspace: int) -> list[Day]:
    """Newest first, at most a year."""
    found = tx.rows(
        "SELECT day, n, hash FROM pledge_days WHERE workspace_id = %s ORDER BY day DESC LIMIT 366", (workspace,)
    )
    return [Day(day.isoformat(), n, bytes(hash_).hex()) for day, n, hash_ in found]


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
