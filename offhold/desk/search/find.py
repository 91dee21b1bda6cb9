"""Looking for what was said: the index names candidates newest first, their texts decide.

A page costs a bounded number of candidates, however rare what is asked of their cases: when they are used up the page
says how far back it looked, and its cursor goes on from there.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, LiteralString

import msgspec

from offhold.cases import rows
from offhold.desk.inbox import EPOCH
from offhold.desk.search import people, query
from offhold.desk.search.meant import Meant, meant
from offhold.desk.search.query import Query
from offhold.desk.search.shown import found_in, stretch
from offhold.desk.search.views import Group, Hit, SearchPage
from offhold.desk.sight import row_for
from offhold.kernel import ids
from offhold.kernel.db.tx import Row, Tx
from offhold.kernel.errors import Invalid
from offhold.people.actors import Actor

PAGE = 30  # things found
AT_ONCE = (60, 180, 360)  # candidates that are looked at, trip by trip: what a page may cost
LATE = timedelta(seconds=10)  # what is filed later than this is told


class Place(msgspec.Struct, frozen=True):
    """Where a candidate stands in the order of the index: newest slice first, newest in it first."""

    slice: int
    at: datetime
    id: int


_START = Place(2**62, datetime.max.replace(tzinfo=UTC), 2**62)


class _Candidate(msgspec.Struct, frozen=True):
    place: Place
    kind: str


def page(tx: Tx, actor: Actor, text: str, zone: tzinfo, cursor: str | None) -> SearchPage:
    """One page of what was said. Raises `Invalid` with what is wrong with the query."""
    asked = query.read(text, zone)
    first = cursor is None
    hits: list[Found] = []
    after: Place | None = None
    looked_to: datetime | None = None
    if asked.terms or asked.filtered:
        hits, after, looked_to = _look(tx, actor, asked, _START if cursor is None else _read_cursor(cursor))
    named = [word for term in asked.terms for word in term]
    return SearchPage(
        groups=_grouped(tx, actor, hits),
        people=people.called(tx, actor, {atom.word for atom in named}) if first and named else [],
        case=people.by_number(tx, actor, asked.number) if first and asked.number else None,
        next=None if after is None else _cursor(after),
        looked_back_to=looked_to,
        filed_to=_filed_to(tx, actor.workspace_id) if first else None,
    )


Found = tuple[int | None, Hit]  # of which case


def _look(tx: Tx, actor: Actor, asked: Query, after: Place) -> tuple[list[Found], Place | None, datetime | None]:
    """What was found, where the next page begins (None: there is no more), and, when the page is not full although
    there is more, how far back it looked."""
    means = meant(tx, actor, asked)
    hits: list[Found] = []
    for most in AT_ONCE:
        candidates = _candidates(tx, asked, means, after, most)
        for candidate, hit in _read(tx, actor, asked, means, candidates):
            after = candidate.place
            if hit is not None:
                hits.append(hit)
            if len(hits) == PAGE:
                return hits, after, None
        if len(candidates) < most:
            return hits, None, None
    return hits, after, after.at


_CANDIDATES = """
SELECT slice, id, kind::text, at FROM search_find(%s::bigint[], %s::bigint[], %s, %s, %s, %s, %s, %s, %s, %s)
ORDER BY slice DESC, at DESC, id DESC
"""
_EVER = (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC))


def _candidates(tx: Tx, asked: Query, means: Meant, after: Place, most: int) -> list[_Candidate]:
    params = (
        means.all_of, means.any_of, means.kinds, means.private, asked.after or _EVER[0], asked.before or _EVER[1],
        after.slice, after.at, after.id, most,
    )  # fmt: skip
    return [_Candidate(Place(piece, at, id_), kind) for piece, id_, kind, at in tx.rows(_CANDIDATES, params)]


_MESSAGES: LiteralString = """
SELECT m.id, m.case_id, m.audience, m.at, m.text, m.identity_id, coalesce(nullif(i.name, ''), i.handle), i.handle,
       m.channel_id
FROM messages m LEFT JOIN cases c ON c.workspace_id = m.workspace_id AND c.id = m.case_id
LEFT JOIN identities i ON i.workspace_id = m.workspace_id AND i.id = m.identity_id
WHERE m.workspace_id = %(workspace)s AND m.id = ANY(%(ids)s) AND m.deleted_at IS NULL
  AND (m.audience = 'public' OR %(private)s)
"""
_NOTES: LiteralString = """
SELECT n.id, n.case_id, NULL, n.at, n.text, n.author_id, a.duty_name, NULL, NULL
FROM notes n JOIN cases c ON c.workspace_id = n.workspace_id AND c.id = n.case_id
LEFT JOIN memberships a ON a.workspace_id = n.workspace_id AND a.id = n.author_id
WHERE n.workspace_id = %(workspace)s AND n.id = ANY(%(ids)s) AND %(private)s
"""


def _read(
    tx: Tx, actor: Actor, asked: Query, means: Meant, candidates: list[_Candidate]
) -> list[tuple[_Candidate, Found | None]]:
    """Each candidate with what it turned out to be: as it reads now, not as it was filed."""
    said = _texts(tx, actor, means, _MESSAGES, [c.place.id for c in candidates if c.kind == "m"])
    noted = _texts(tx, actor, means, _NOTES, [c.place.id for c in candidates if c.kind == "n"])
    return [(c, _hit(asked, c.kind, (said if c.kind == "m" else noted).get(c.place.id))) for c in candidates]


def _texts(tx: Tx, actor: Actor, means: Meant, query_: LiteralString, wanted: list[int]) -> dict[int, Row]:
    if not wanted:
        return {}
    # `private` again, although the index was asked: what it says of an audience is not trusted alone
    params: dict[str, Any] = means.params | {
        "workspace": actor.workspace_id, "ids": wanted, "private": actor.can.see_private,
    }  # fmt: skip
    conditions: LiteralString = "".join(f" AND {condition}" for condition in means.of_cases)
    return {row[0]: row for row in tx.rows(query_ + conditions, params)}


def _hit(asked: Query, kind: str, row: Row | None) -> Found | None:
    if row is None:
        return None
    id_, case, audience, at, text, author_id, author, handle, channel = row
    ranges = found_in(asked.terms, text)
    if ranges is None:
        return None
    parts, cut = stretch(text, ranges)
    return case, Hit(
        id=str(id_), kind="message" if kind == "m" else "note", audience=audience, at=at,
        author=author if author_id is not None else None, handle=handle,
        channel_id=None if channel is None else str(channel), cut=cut, parts=parts,
    )  # fmt: skip


def _grouped(tx: Tx, actor: Actor, hits: list[Found]) -> list[Group]:
    """By case, in the order of their newest."""
    cases = rows.load(tx, [(actor.workspace_id, case) for case in {case for case, _ in hits if case is not None}])
    groups: dict[int | str, list[Hit]] = {}
    for case, hit in hits:
        groups.setdefault(hit.id if case is None else case, []).append(hit)
    return [
        Group(case=row_for(actor.can, cases[key]) if isinstance(key, int) else None, hits=found)
        for key, found in groups.items()
    ]


_WAITING = "SELECT ids[1] FROM search_queue WHERE workspace_id = %s AND new ORDER BY n LIMIT 1"


def _filed_to(tx: Tx, workspace_id: int) -> datetime | None:
    """Since when what came is not filed yet, if that is worth saying."""
    row = tx.one(_WAITING, (workspace_id,))
    if row is None:
        return None
    came = datetime.fromtimestamp(ids.made_at_ms(row[0]) / 1000, UTC)
    return came if datetime.fromtimestamp(ids.made_at_ms(ids.new()) / 1000, UTC) - came > LATE else None


def _cursor(place: Place) -> str:
    return f"{place.slice}-{(place.at - EPOCH) // timedelta(microseconds=1)}-{place.id}"


def _read_cursor(cursor: str) -> Place:
    found = re.fullmatch(r"(\d{1,18})-(-?\d{1,17})-(\d{1,19})", cursor, re.ASCII)
    try:
        if found is not None and int(found[3]) < 2**63:
            return Place(int(found[1]), EPOCH + timedelta(microseconds=int(found[2])), int(found[3]))
    except OverflowError:
        pass
    raise Invalid("This cursor is not one of ours.", code="bad_cursor")
