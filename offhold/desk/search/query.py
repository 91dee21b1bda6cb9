"""What a person typed into the search, as words that must stand in a text and filters. Pure.

    suitcase "not arrived" network:bluesky is:open from:@dora before:2026-11-01

Words and phrases are joined by and. A word that falls into several (AB-1234) is a phrase of them. A quotation
mark that is never closed closes at the end: people search while they type. What cannot be meant is refused with the
filter's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, tzinfo
from typing import Literal, TypeVar, get_args

import msgspec

from offhold.desk.search.words import Atom, atoms
from offhold.kernel.errors import Invalid

LONGEST = 500  # characters
MOST_TERMS = 16
MOST_FILTERS = 16

Where = Literal["public", "direct", "notes"]
State = Literal["open", "resolved", "waiting", "snoozed", "voice"]
Term = tuple[Atom, ...]
Value = TypeVar("Value")


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """Terms and filters, all of which must hold. Names of people, tags and queues are as they were typed.

    `number`: of a case, if its reference was typed. `before` and `after` are moments, `before` exclusive.
    """

    terms: tuple[Term, ...] = ()
    number: int | None = None
    network: str | None = None
    where: Where | None = None
    states: frozenset[State] = frozenset()
    by: str | None = None
    tags: tuple[str, ...] = ()
    assignee: str | None = None
    queue: str | None = None
    after: datetime | None = None
    before: datetime | None = None

    @property
    def filtered(self) -> bool:
        """Is anything asked but words."""
        narrowed = (self.network, self.where, self.states, self.by, self.tags, self.assignee, self.queue)
        return any(narrowed) or self.after is not None or self.before is not None


# an address (https://...) is no filter
_PIECE = re.compile(r"""(?:(?P<name>[^\W\d_]{1,20}):(?!//))?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]+)|(?=\s|$))""")
_REFERENCE = re.compile(r"oh-(\d{1,18})", re.IGNORECASE)


def read(text: str, zone: tzinfo = UTC) -> Query:
    """Raises `Invalid` with the code `search.*` that says what is wrong, and with which filter."""
    if len(text) > LONGEST:
        raise Invalid("This is longer than a search can be.", code="search.too_long", most=LONGEST)
    terms: list[Term] = []
    filters: list[tuple[str, str]] = []
    number = None
    for piece in _PIECE.finditer(_printable(text)):
        said = piece["quoted"] if piece["quoted"] is not None else piece["plain"] or ""
        name = (piece["name"] or "").lower()
        if name and (said or name in _READERS):  # "Re: " is a word
            filters.append((name, said.strip()))
        elif piece["quoted"] is None and (named := _REFERENCE.fullmatch(said)):
            number = int(named[1])
        elif term := tuple(atoms(said or name)):
            terms.append(term)
    if len(terms) > MOST_TERMS or len(filters) > MOST_FILTERS:
        raise Invalid("These are too many words for one search.", code="search.too_many", most=MOST_TERMS)
    return _filtered(Query(terms=tuple(terms), number=number), filters, zone)


def _printable(text: str) -> str:
    """Control characters and lone surrogates divide words; nothing else about them matters."""
    return "".join(" " if c < " " or c == "\x7f" or "\ud800" <= c <= "\udfff" else c for c in text)


def _filtered(query: Query, filters: list[tuple[str, str]], zone: tzinfo) -> Query:
    for name, value in filters:
        reader = _READERS.get(name)
        if reader is None:
            known = ", ".join(sorted(_READERS))
            raise Invalid(f"There is no filter {name}:.", code="search.unknown_filter", filter=name, known=known)
        if not value:
            raise Invalid(f"{name}: needs a value.", code="search.empty_filter", filter=name)
        query = reader(query, name, value, zone)
    if query.after is not None and query.before is not None and query.after >= query.before:
        raise Invalid("No day is both after and before these.", code="search.no_day", filter="after")
    return query


_Reader = Callable[[Query, str, str, tzinfo], Query]
_STATES: dict[str, State] = {state: state for state in get_args(State)}
_WHERE: dict[str, Where] = {where: where for where in get_args(Where)}


def _network(query: Query, name: str, value: str, zone: tzinfo) -> Query:  # noqa: ARG001 - a reader's signature
    return msgspec.structs.replace(query, network=_once(query.network, name, value.lower()))


def _is(query: Query, name: str, value: str, zone: tzinfo) -> Query:  # noqa: ARG001 - the same
    return msgspec.structs.replace(query, states=query.states | {_one_of(name, value, _STATES)})


def _in(query: Query, name: str, value: str, zone: tzinfo) -> Query:  # noqa: ARG001 - the same
    return msgspec.structs.replace(query, where=_once(query.where, name, _one_of(name, value, _WHERE)))


def _from(query: Query, name: str, value: str, zone: tzinfo) -> Query:  # noqa: ARG001 - the same
    return msgspec.structs.replace(query, by=_once(query.by, name, value))


def _tag(query: Query, name: str, value: str, zone: tzinfo) -> Query:  # noqa: ARG001 - the same
    return msgspec.structs.replace(query, tags=(*query.tags, value))


def _assignee(query: Query, name: str, value: str, zone: tzinfo) -> Query:  # noqa: ARG001 - the same
    return msgspec.structs.replace(query, assignee=_once(query.assignee, name, value))


def _queue(query: Query, name: str, value: str, zone: tzinfo) -> Query:  # noqa: ARG001 - the same
    return msgspec.structs.replace(query, queue=_once(query.queue, name, value))


def _before(query: Query, name: str, value: str, zone: tzinfo) -> Query:
    return msgspec.structs.replace(query, before=_once(query.before, name, _day(name, value, zone)))


def _after(query: Query, name: str, value: str, zone: tzinfo) -> Query:
    """From the day on that was typed."""
    return msgspec.structs.replace(query, after=_once(query.after, name, _day(name, value, zone)))


_READERS: dict[str, _Reader] = {
    "network": _network, "is": _is, "in": _in, "from": _from, "tag": _tag, "assignee": _assignee, "queue": _queue,
    "before": _before, "after": _after,
}  # fmt: skip
FILTERS = tuple(_READERS)


def _once(had: Value | None, name: str, value: Value) -> Value:
    if had is not None and had != value:
        raise Invalid(f"{name}: is there twice.", code="search.twice", filter=name)
    return value


def _one_of(name: str, value: str, known: dict[str, Value]) -> Value:
    found = known.get(value.lower())
    if found is None:
        raise Invalid(
            f"{name}: is one of {', '.join(known)}.", code="search.not_one_of", filter=name, known=", ".join(known)
        )
    return found


def _day(name: str, value: str, zone: tzinfo) -> datetime:
    """The moment a day begins, where the person is: 2026-11-01."""
    try:
        began = datetime.combine(date.fromisoformat(value), time(), zone)
        return began.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(f"{name}: wants a day such as 2026-11-01.", code="search.not_a_day", filter=name) from error
