"""Which cases a list shows, and in which order. Pure: one definition, as a condition in SQL and as a test of one row.

The browser has a third, `client/src/sync/filters.ts`, so that facts move rows as the server would. All three are held
against each other: SQL against `belongs` on random cases, `belongs` against the browser's on a table of examples.
"""

from __future__ import annotations

from typing import Any, Literal, LiteralString, get_args

import msgspec

from offhold.cases.views import CaseRow, View
from offhold.connectors.contract import Audience

ViewName = Literal["to_answer", "mine", "unassigned", "open", "snoozed", "resolved"]
# newest: by the last message. longest_wait: who has waited longest first, then those who do not wait, newest first.
Sort = Literal["newest", "longest_wait"]
SORTS = get_args(Sort)
ME, NOBODY = "me", "nobody"
MOST_NAMED = 50  # of one kind in one filter


class Filter(View, frozen=True, kw_only=True):
    """Conditions that all hold; of the entries of one list any holds, and an empty list asks nothing.

    `state`: awake is open and not put to rest. `waiting`: has words nobody has answered. `assignees`: memberships' ids,
    `me` (who looks) and `nobody`. `audience`: the case holds words of that audience. `reach_from`: the customer's
    account has at least so many followers. Ids are strings, as everywhere outside.
    """

    state: Literal["awake", "snoozed", "open", "resolved"] = "open"
    waiting: bool | None = None
    assignees: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    audience: Audience | None = None
    tags: tuple[str, ...] = ()
    without_tags: tuple[str, ...] = ()
    reach_from: int | None = None


VIEWS: dict[ViewName, Filter] = {
    "to_answer": Filter(state="awake", waiting=True),
    "mine": Filter(state="awake", assignees=(ME,)),
    "unassigned": Filter(state="awake", assignees=(NOBODY,)),
    "open": Filter(state="open"),
    "snoozed": Filter(state="snoozed"),
    "resolved": Filter(state="resolved"),
}


def belongs(wanted: Filter, row: CaseRow, me: str) -> bool:
    """Does a case belong into a list? `me`: the membership of who looks."""
    return (
        _in_state(wanted.state, row)
        and wanted.waiting in (None, row.waiting_since is not None)
        and (not wanted.assignees or _has(wanted.assignees, row, me))
        and (not wanted.queues or row.queue_id in wanted.queues)
        and (not wanted.channels or row.channel_id in wanted.channels)
        and (not wanted.networks or row.identity.network in wanted.networks)
        and wanted.audience in (None, *row.audiences)
        and (not wanted.tags or not set(wanted.tags).isdisjoint(row.tags))
        and set(wanted.without_tags).isdisjoint(row.tags)
        and (wanted.reach_from is None or (row.identity.followers or 0) >= wanted.reach_from)
    )


def _in_state(state: str, row: CaseRow) -> bool:
    rests = row.snoozed_at is not None
    if state in ("awake", "snoozed"):
        return row.state == "open" and rests == (state == "snoozed")
    return row.state == state


def _has(assignees: tuple[str, ...], row: CaseRow, me: str) -> bool:
    who = NOBODY if row.assignee is None else row.assignee.id
    return who in assignees or (ME in assignees and who == me)


# Each state is worded as the index that serves it is.
_STATES: dict[str, LiteralString] = {
    "awake": "c.state = 'open' AND c.snoozed_at IS NULL",
    "snoozed": "c.snoozed_at IS NOT NULL",
    "open": "c.state = 'open'",
    "resolved": "c.state = 'resolved'",
}
_WAITING: dict[bool | None, LiteralString] = {
    None: "true", True: "c.waiting_since IS NOT NULL", False: "c.waiting_since IS NULL"
}  # fmt: skip
_AUDIENCES: dict[str | None, LiteralString] = {None: "true", "public": "c.holds_public", "private": "c.holds_private"}
_TAGGED: LiteralString = (
    "EXISTS (SELECT FROM case_tags t WHERE t.workspace_id = c.workspace_id AND t.case_id = c.id AND t.tag_id = ANY({}))"
)
_IDENTITY: LiteralString = (
    "(SELECT {} FROM identities f WHERE f.workspace_id = c.workspace_id AND f.id = c.identity_id)"
)


class Where:
    """Conditions on `cases c`, joined by AND, with their parameters by name. The workspace is not among them."""

    def __init__(self, wanted: Filter, me: int) -> None:
        self.params: dict[str, Any] = {}
        self._parts: list[LiteralString] = [_STATES[wanted.state], _WAITING[wanted.waiting]]
        self._parts.append(_AUDIENCES[wanted.audience])
        if wanted.assignees:
            self._assigned(wanted.assignees, me)
        self._any_of("c.queue_id", "queues", [int(queue) for queue in wanted.queues])
        self._any_of("c.channel_id", "channels", [int(channel) for channel in wanted.channels])
        self._any_of(_IDENTITY.format("network"), "networks", list(wanted.networks))
        if wanted.tags:
            self._add(_TAGGED.format("%(tags)s::bigint[]"), tags=[int(tag) for tag in wanted.tags])
        if wanted.without_tags:
            self._add(
                "NOT " + _TAGGED.format("%(without)s::bigint[]"), without=[int(tag) for tag in wanted.without_tags]
            )
        if wanted.reach_from is not None:
            self._add("coalesce(" + _IDENTITY.format("followers") + ", 0) >= %(reach)s", reach=wanted.reach_from)

    @property
    def text(self) -> LiteralString:
        return " AND ".join([part for part in self._parts if part != "true"])

    def _add(self, part: LiteralString, **params: Any) -> None:
        self._parts.append(part)
        self.params |= params

    def _any_of(self, column: LiteralString, name: LiteralString, values: list[Any]) -> None:
        """One value is said as one: only then an index that begins with it keeps the order behind it."""
        if len(values) == 1:
            self._add(column + " = %(" + name + ")s", **{name: values[0]})
        elif values:
            self._add(column + " = ANY(%(" + name + ")s)", **{name: values})

    def _assigned(self, assignees: tuple[str, ...], me: int) -> None:
        people = {me if who == ME else int(who) for who in assignees if who != NOBODY}
        if NOBODY not in assignees:
            self._any_of("c.assignee_id", "assignees", sorted(people))
        elif people:
            self._add("(c.assignee_id IS NULL OR c.assignee_id = ANY(%(assignees)s))", assignees=sorted(people))
        else:
            self._add("c.assignee_id IS NULL")


def place(row: CaseRow, sort: Sort) -> tuple[Any, ...]:
    """What orders a list: the smallest comes first."""
    newest = (-row.last_message_at.timestamp(), -int(row.id))
    if sort == "newest":
        return newest
    if row.waiting_since is None:
        return (1, *newest)
    return (0, row.waiting_since.timestamp(), int(row.id))


def narrowed(wanted: Filter, **more: Any) -> Filter:
    """The same with some fields set."""
    return msgspec.structs.replace(wanted, **more)
