"""What the index names, newest first, each with its text as it reads now: one trip to the database.

The index is asked by a function that sees past row-level security; texts, cases and who may read them are asked as the
web's role. Where few cases can fit, what these hold is looked at instead of everything that has the words.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString, NamedTuple

import msgspec

from offhold.connectors.contract import Audience
from offhold.desk.search.meant import FEW_CASES, FEW_THINGS, Meant
from offhold.desk.search.query import Query
from offhold.kernel.db.tx import Question, Row
from offhold.people.actors import Actor

_SO_FAR = "-"  # the kind of what is no candidate: the index was looked through to here, and not further


class Place(msgspec.Struct, frozen=True):
    """Where something stands in the order of the index: newest piece first, newest in it first."""

    piece: int
    at: datetime
    id: int


START = Place(2**62, datetime.max.replace(tzinfo=UTC), 2**62)


class Said(NamedTuple):
    """What a candidate says now. `author`: the identity, or the colleague of a note; None: said by us."""

    case: int | None
    audience: Audience | None
    at: datetime
    text: str
    author: int | None
    channel: int | None


class Candidate(NamedTuple):
    """`said` is None when it does not fit, or is not there any more."""

    place: Place
    is_note: bool
    said: Said | None


class Looked(NamedTuple):
    """`whole`: there is nothing further. `to`: how far the index was looked through."""

    candidates: list[Candidate]
    whole: bool
    to: Place


_ASKED: LiteralString = """
SELECT f.piece, f.id, f.kind::text, f.at, s.* FROM search_find(
  %(all_of)s::bigint[], %(any_of)s::bigint[], %(kinds)s, %(in_index)s, %(since)s, %(until)s, {among},
  %(piece)s, %(at)s, %(id)s, %(most)s, %(patience)s) WITH ORDINALITY AS f(piece, id, kind, at, place)
LEFT JOIN LATERAL (
  SELECT m.case_id, m.audience, m.at, m.text, m.identity_id, m.channel_id
  FROM messages m LEFT JOIN cases c ON c.workspace_id = m.workspace_id AND c.id = m.case_id
  WHERE f.kind = 'm' AND m.workspace_id = %(workspace)s AND m.id = f.id AND m.deleted_at IS NULL
    AND (m.audience = 'public' OR %(private)s){conditions}
  UNION ALL
  SELECT n.case_id, NULL, n.at, n.text, n.author_id, NULL
  FROM notes n JOIN cases c ON c.workspace_id = n.workspace_id AND c.id = n.case_id
  WHERE f.kind = 'n' AND n.workspace_id = %(workspace)s AND n.id = f.id AND %(private)s{conditions}) s ON true
ORDER BY f.place
"""
_FEW: LiteralString = f"""(
  SELECT CASE WHEN count(*) < {FEW_CASES} AND coalesce(sum(messages), 0) < {FEW_THINGS}
              THEN coalesce(array_agg(id), '{{{{}}}}') END
  FROM (SELECT c.id, c.messages FROM cases c WHERE c.workspace_id = %(workspace)s AND {{few}} LIMIT {FEW_CASES}) c)"""
_EVER = (datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC))


def asked(actor: Actor, query: Query, means: Meant, after: Place, most: int, patience: timedelta) -> Question:
    """Asks for `most` candidates after a place; the index is walked no longer than `patience`. For `looked`."""
    # `private` again, although the index was asked: what it says of an audience is not trusted alone
    params: dict[str, Any] = means.params | {
        "all_of": means.all_of, "any_of": means.any_of, "kinds": means.kinds, "in_index": means.private,
        "since": query.after or _EVER[0], "until": query.before or _EVER[1], "piece": after.piece, "at": after.at,
        "id": after.id, "most": most, "patience": patience, "workspace": actor.workspace_id,
        "private": actor.can.see_private,
    }  # fmt: skip
    conditions: LiteralString = "".join(f" AND {condition}" for condition in means.of_cases)
    among: LiteralString = "NULL" if means.few is None else _FEW.format(few=means.few)
    return Question(_ASKED.format(conditions=conditions, among=among), params)


def looked(rows: list[Row], most: int) -> Looked:
    """The answer, read."""
    found = [_candidate(row) for row in rows if row[2] != _SO_FAR]
    cut = len(found) < len(rows)
    to = Place(rows[-1][0], rows[-1][3], rows[-1][1]) if rows else START
    return Looked(found, whole=not cut and len(found) < most, to=to)


def _candidate(row: Row) -> Candidate:
    piece, id_, kind, at, *said = row
    return Candidate(Place(piece, at, id_), kind == "n", None if said[3] is None else Said(*said))
