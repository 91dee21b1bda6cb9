"""Looking for what was said: the index names candidates newest first, their texts decide.

A page costs a bounded number of candidates and a bounded time, however rare what is asked for: when either is used up
the page says how far back it looked, and its cursor goes on from there. Trips to the database are few, because each
waits for its turn on a busy machine: one for names in the query, one or more for what was said, one for its cases.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from offhold.cases import rows
from offhold.desk.inbox import EPOCH
from offhold.desk.search import candidates, people, query
from offhold.desk.search.candidates import START, Candidate, Place, Said
from offhold.desk.search.meant import Meant, meant
from offhold.desk.search.query import Query
from offhold.desk.search.shown import Range, found_in, stretch
from offhold.desk.search.views import Group, Hit, SearchPage
from offhold.desk.sight import row_for
from offhold.kernel import ids
from offhold.kernel.arrays import array
from offhold.kernel.db.tx import Question, Row, Tx
from offhold.kernel.errors import Invalid
from offhold.people.actors import Actor

PAGE = 30  # things found
AT_ONCE = (60, 240, 600)  # candidates that are looked at, trip by trip: what a page may cost
IN_PLAIN = 40  # at first, where nearly each of them is what was asked for
PATIENCE = timedelta(milliseconds=25)  # what looking may take before a page says how far it looked
LATE = timedelta(seconds=10)  # what is filed later than this is told


class _Found(NamedTuple):
    candidate: Candidate
    said: Said
    ranges: list[Range]


def page(tx: Tx, actor: Actor, text: str, zone: tzinfo, cursor: str | None) -> SearchPage:
    """One page of what was said. Raises `Invalid` with what is wrong with the query."""
    asked = query.read(text, zone)
    first = cursor is None
    named = people.called(actor, {atom.word for term in asked.terms for atom in term}) if first else None
    look = _Look(tx, actor, [_waiting(actor), *([named] if named else [])] if first else [])
    if asked.terms or asked.filtered:
        look.back_from(START if cursor is None else _read_cursor(cursor), asked)
    waiting, *called = look.aside() if first else ([], [])
    return SearchPage(
        groups=_grouped(tx, actor, look.found),
        people=people.known(actor, called[0]) if called else [],
        case=people.by_number(tx, actor, asked.number) if first and asked.number else None,
        next=None if look.after is None else _cursor(look.after),
        looked_back_to=look.after.at if look.after is not None and len(look.found) < PAGE else None,
        filed_to=_filed_to(waiting),
    )


class _Look:
    """`found`, and where the next page begins in `after`; None: there is no more."""

    def __init__(self, tx: Tx, actor: Actor, aside: list[Question]) -> None:
        self._tx, self._actor = tx, actor
        self._aside, self._told = aside, list[list[Row]]()
        self.found: list[_Found] = []
        self.after: Place | None = None

    def back_from(self, after: Place, asked: Query) -> None:
        """Trip by trip, until the page is full, there is no more, or it has cost enough."""
        means = meant(self._tx, self._actor, asked)
        ends = time.monotonic() + PATIENCE.total_seconds()
        for most in _trips(asked, means):
            left = timedelta(seconds=max(0.0, ends - time.monotonic()))
            if self.after is not None and not left:
                return
            question = candidates.asked(self._actor, asked, means, after, most, left)
            looked = candidates.looked(self._answer(question), most)
            for candidate in looked.candidates:
                ranges = None if candidate.said is None else found_in(asked.terms, candidate.said.text)
                if candidate.said is not None and ranges is not None:
                    self.found.append(_Found(candidate, candidate.said, ranges))
                if len(self.found) == PAGE:
                    self.after = candidate.place
                    return
            if looked.whole:
                self.after = None
                return
            self.after = after = looked.to

    def aside(self) -> list[list[Row]]:
        """The answers to what is asked beside the first trip."""
        if self._aside:
            self._told, self._aside = self._tx.together(*self._aside), []
        return self._told

    def _answer(self, question: Question) -> list[Row]:
        *told, answer = self._tx.together(*self._aside, question)
        if self._aside:
            self._told, self._aside = told, []
        return answer


def _trips(asked: Query, means: Meant) -> tuple[int, ...]:
    plain = not means.of_cases and all(len(term) == 1 for term in asked.terms)
    return (min(IN_PLAIN, AT_ONCE[0]), *AT_ONCE[1:]) if plain else AT_ONCE


# Identities, and colleagues who wrote notes: ids tell them apart.
_AUTHORS = """
SELECT id, coalesce(nullif(name, ''), handle), handle FROM identities
WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::bigint[])
UNION ALL SELECT id, duty_name, NULL FROM memberships WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s::bigint[])
"""


def _grouped(tx: Tx, actor: Actor, found: list[_Found]) -> list[Group]:
    """By case, in the order of their newest."""
    if not found:
        return []
    keys = [(actor.workspace_id, case) for case in sorted({f.said.case for f in found if f.said.case is not None})]
    written = sorted({f.said.author for f in found if f.said.author is not None})
    of_authors = Question(_AUTHORS, {"workspace": actor.workspace_id, "ids": array(written)})
    authors, loaded = tx.together(of_authors, rows.by_key(keys))
    names = {row[0]: row[1:] for row in authors}
    cases = {row[1]: rows.from_row(row) for row in loaded}
    groups: dict[int | str, list[Hit]] = {}
    for one in found:
        hit = _hit(one, *names.get(one.said.author, (None, None)))
        groups.setdefault(hit.id if one.said.case is None else one.said.case, []).append(hit)
    return [
        Group(case=row_for(actor.can, cases[key]) if isinstance(key, int) else None, hits=hits)
        for key, hits in groups.items()
    ]


def _hit(found: _Found, author: str | None, handle: str | None) -> Hit:
    candidate, said, ranges = found
    parts, cut = stretch(said.text, ranges)
    return Hit(
        id=str(candidate.place.id), kind="note" if candidate.is_note else "message", audience=said.audience, at=said.at,
        author=author, handle=handle, channel_id=None if said.channel is None else str(said.channel), cut=cut,
        parts=parts,
    )  # fmt: skip


def _waiting(actor: Actor) -> Question:
    query_ = "SELECT ids[1] FROM search_queue WHERE workspace_id = %s AND new ORDER BY n LIMIT 1"
    return Question(query_, (actor.workspace_id,))


def _filed_to(waiting: list[Row]) -> datetime | None:
    """Since when what came is not filed yet, if that is worth saying."""
    if not waiting:
        return None
    came = datetime.fromtimestamp(ids.made_at_ms(waiting[0][0]) / 1000, UTC)
    return came if datetime.fromtimestamp(ids.made_at_ms(ids.new()) / 1000, UTC) - came > LATE else None


def _cursor(place: Place) -> str:
    return f"{place.piece}-{(place.at - EPOCH) // timedelta(microseconds=1)}-{place.id}"


def _read_cursor(cursor: str) -> Place:
    found = re.fullmatch(r"(\d{1,18})-(-?\d{1,17})-(\d{1,19})", cursor, re.ASCII)
    try:
        if found is not None and int(found[3]) < 2**63:
            return Place(int(found[1]), EPOCH + timedelta(microseconds=int(found[2])), int(found[3]))
    except OverflowError:
        pass
    raise Invalid("This cursor is not one of ours.", code="bad_cursor")
