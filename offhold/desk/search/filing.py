"""What the queue names is filed anew: in order, once, in one transaction with its leaving the queue.

Each thing is read as it is now, whatever the reason it was queued for: new, edited, deleted. Cut off anywhere, nothing
is half done. One process files at a time; another finds nothing to do meanwhile.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec

from offhold.desk.search import filed
from offhold.desk.search.words import names
from offhold.kernel.arrays import array
from offhold.kernel.db.tx import Tx, transaction_over

PIECE = 4_096  # things in a piece: a word that is in every one of them is found in a millisecond
PIECES = 8  # in a slice: a word of one thing is looked for once in each
AT_ONCE = 2_000  # things filed in one transaction

Key = tuple[int, int]  # workspace, id


class Item(msgspec.Struct, frozen=True):
    """A message or a note as it is filed."""

    workspace: int
    id: int
    kind: str
    public: bool
    at: datetime
    numbers: list[int]


class _Queued(msgspec.Struct, frozen=True):
    n: int
    workspace: int
    kind: str
    ids: list[int]


class _Piece(NamedTuple):
    """Where a thing is filed. A slice is called by the number of the first of its pieces."""

    slice: int
    n: int


class _Newest(msgspec.Struct):
    """A company's last piece: how many things are in it, and how many pieces in its slice."""

    slice: int
    n: int
    items: int
    pieces: int


def file_all() -> None:
    """File until nothing waits."""
    while file_some():
        pass


def file_some() -> int:
    """File what has waited longest. Returns how many things; 0: nothing waits, or another process is at it."""
    with transaction_over([]) as tx:
        waiting = _some([_Queued(*row) for row in tx.rows("SELECT * FROM search_waiting(%s)", (AT_ONCE,))])
    if not waiting:
        return 0
    with transaction_over(queued.workspace for queued in waiting) as tx:
        return _file(tx, waiting) if _alone(tx) else 0


def _some(waiting: list[_Queued]) -> list[_Queued]:
    """The first rows, up to as many things as are filed at once; one row at least."""
    total = 0
    for count, queued in enumerate(waiting):
        total += len(queued.ids)
        if total >= AT_ONCE:
            return waiting[: count + 1]
    return waiting


def _alone(tx: Tx) -> bool:
    row = tx.one("SELECT pg_try_advisory_xact_lock(hashtext('offhold search'))")
    return bool(row and row[0])


def _file(tx: Tx, waiting: list[_Queued]) -> int:
    numbers = [queued.n for queued in waiting]
    left = {n for (n,) in tx.rows("DELETE FROM search_queue WHERE n = ANY(%s) RETURNING n", (numbers,))}
    kinds: dict[str, dict[Key, None]] = {"m": {}, "n": {}, "i": {}}  # each once, in the order it was queued
    for queued in waiting:
        if queued.n in left:
            kinds[queued.kind].update(dict.fromkeys((queued.workspace, id_) for id_ in queued.ids))
    said, noted, known = kinds["m"], kinds["n"], kinds["i"]
    items = {**_messages(tx, said), **_notes(tx, noted)}
    _replace(tx, [*said, *noted], items)
    _name(tx, list(known))
    return sum(map(len, kinds.values()))


_MESSAGES = """
SELECT m.workspace_id, m.id, m.audience, m.at, m.text, m.identity_id, c.network
FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id) JOIN messages m USING (workspace_id, id)
JOIN channels c ON c.workspace_id = m.workspace_id AND c.id = m.channel_id WHERE m.deleted_at IS NULL
"""
_NOTES = """
SELECT n.workspace_id, n.id, n.at, n.text FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id)
JOIN notes n USING (workspace_id, id)
"""


def _messages(tx: Tx, wanted: dict[Key, None]) -> dict[Key, Item]:
    found = {}
    for workspace, id_, audience, at, text, identity, network in tx.rows(_MESSAGES, _pairs(wanted)) if wanted else []:
        who = filed.OURS if identity is None else filed.by(identity)
        numbers = filed.filed(text, filed.ANYTHING, filed.WHERE[audience], filed.on(network), who)
        found[(workspace, id_)] = Item(workspace, id_, "m", audience == "public", at, numbers)
    return found


def _notes(tx: Tx, wanted: dict[Key, None]) -> dict[Key, Item]:
    """Never public: they are found by those who may read them."""
    found = {}
    for workspace, id_, at, text in tx.rows(_NOTES, _pairs(wanted)) if wanted else []:
        found[(workspace, id_)] = Item(workspace, id_, "n", False, at, filed.filed(text, filed.ANYTHING))
    return found


_STORED = """
SELECT i.workspace_id, i.id, p.slice, p.n FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id)
JOIN search_items i USING (workspace_id, id) JOIN search_pieces p ON p.workspace_id = i.workspace_id AND p.n = i.piece
"""
_FORGET = """
DELETE FROM search_items i USING unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id)
WHERE i.workspace_id = k.workspace_id AND i.id = k.id
"""
_STORE = """
INSERT INTO search_items (workspace_id, id, piece, kind, public, at, keys)
SELECT workspace_id, id, piece, kind::"char", public, at, keys::bigint[] FROM unnest(%s::bigint[], %s::bigint[],
  %s::bigint[], %s::text[], %s::bool[], %s::timestamptz[], %s::text[])
  AS n(workspace_id, id, piece, kind, public, at, keys)
ON CONFLICT (workspace_id, id) DO UPDATE SET public = excluded.public, at = excluded.at, keys = excluded.keys
"""


def _replace(tx: Tx, wanted: list[Key], items: dict[Key, Item]) -> None:
    """A thing stays in the piece it is in; what is gone goes."""
    if not wanted:
        return
    stored = {(row[0], row[1]): _Piece(row[2], row[3]) for row in tx.rows(_STORED, _pairs(wanted))}
    gone = [key for key in wanted if key in stored and key not in items]
    if gone:
        tx.run(_FORGET, _pairs(gone))
    where = stored | _dealt(tx, [items[key] for key in wanted if key in items and key not in stored])
    rows = [_row(item, where[key]) for key in wanted if (item := items.get(key))]
    if rows:
        tx.run(_STORE, tuple(array(column) for column in zip(*rows, strict=True)))


def _row(item: Item, where: _Piece) -> tuple[object, ...]:
    keys = "{" + ",".join(map(str, filed.in_slice(item.numbers, where.slice, where.n))) + "}"
    return item.workspace, item.id, where.n, item.kind, item.public, item.at, keys


_NEWEST = """
SELECT w.workspace_id, s.slice, s.n, s.items, s.pieces FROM unnest(%s::bigint[]) AS w(workspace_id)
CROSS JOIN LATERAL (
  SELECT slice, n, items,
    (SELECT count(*) FROM search_pieces o WHERE o.workspace_id = p.workspace_id AND o.n >= p.slice) AS pieces
  FROM search_pieces p WHERE p.workspace_id = w.workspace_id ORDER BY n DESC LIMIT 1) s
"""
_GROWN = """
INSERT INTO search_pieces AS p (workspace_id, slice, n, items, first_at, last_at)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::int[], %s::timestamptz[], %s::timestamptz[])
ON CONFLICT (workspace_id, n) DO UPDATE SET items = p.items + excluded.items,
  first_at = least(p.first_at, excluded.first_at), last_at = greatest(p.last_at, excluded.last_at)
"""


def _dealt(tx: Tx, new: list[Item]) -> dict[Key, _Piece]:
    """Pieces for new things: the company's newest, until it is full."""
    if not new:
        return {}
    newest = {row[0]: _Newest(*row[1:]) for row in tx.rows(_NEWEST, (sorted({item.workspace for item in new}),))}
    grown: dict[tuple[int, _Piece], list[datetime]] = {}
    dealt = {}
    for item in new:
        last = newest.get(item.workspace)
        if last is None or last.items >= PIECE:
            last = newest[item.workspace] = _next(tx, last)
        last.items += 1
        piece = dealt[(item.workspace, item.id)] = _Piece(last.slice, last.n)
        grown.setdefault((item.workspace, piece), []).append(item.at)
    rows = [(w, *piece, len(times), min(times), max(times)) for (w, piece), times in grown.items()]
    tx.run(_GROWN, tuple(array(column) for column in zip(*rows, strict=True)))
    return dealt


def _next(tx: Tx, last: _Newest | None) -> _Newest:
    """A new piece, of the slice that the last one is in, or the first of a new one."""
    row = tx.one("SELECT nextval('search_piece_numbers')")
    assert row is not None  # nextval answers
    if last is None or last.pieces >= PIECES:
        return _Newest(row[0], row[0], 0, 1)
    return _Newest(last.slice, row[0], 0, last.pieces + 1)


_KNOWN = """
SELECT i.workspace_id, i.id, i.name, i.handle FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id)
JOIN identities i USING (workspace_id, id)
"""
_UNNAME = """
DELETE FROM search_names s USING unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id)
WHERE s.workspace_id = k.workspace_id AND s.identity_id = k.id
"""
_NAMED = """
INSERT INTO search_names (workspace_id, word, identity_id) SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bigint[])
"""


def _name(tx: Tx, wanted: list[Key]) -> None:
    """File people by the words of their names and handles."""
    if not wanted:
        return
    tx.run(_UNNAME, _pairs(wanted))
    named = [
        (workspace, word, id_)
        for workspace, id_, name, handle in tx.rows(_KNOWN, _pairs(wanted))
        for word in sorted(names(name) | names(handle))
    ]
    if named:
        tx.run(_NAMED, tuple(array(column) for column in zip(*named, strict=True)))


def _pairs(keys: dict[Key, None] | list[Key]) -> tuple[str, str]:
    return array([w for w, _ in keys]), array([i for _, i in keys])
