"""Names in a query become the rows they mean: people, tags, queues, colleagues. Refuses those that mean nothing."""

from __future__ import annotations

from typing import Any, LiteralString

import msgspec

from offhold.connectors import registry
from offhold.desk.search import filed
from offhold.desk.search.query import Query
from offhold.desk.search.words import asked_keys, names
from offhold.kernel.arrays import array
from offhold.kernel.db.tx import Question, Row, Tx
from offhold.kernel.errors import Invalid
from offhold.people.actors import Actor

MOST_PEOPLE = 200  # that one name may mean in a query
FEW_CASES, FEW_THINGS = 300, 1_000  # of so many, everything they hold is looked at


class Meant(msgspec.Struct, frozen=True, kw_only=True):
    """What the index is asked (numbers that must all be there, and one of `any_of`), and what is asked of the cases:
    SQL over `c` and `m`, with its parameters.

    `few`: the one of these conditions that an index of the cases answers and that most likely holds for few of them.
    """

    all_of: list[int]
    any_of: list[int] | None
    kinds: str
    private: bool
    of_cases: list[LiteralString]
    few: LiteralString | None
    params: dict[str, Any]


_IS_OPEN: LiteralString = "c.state = 'open'"
_STATES: dict[str, LiteralString] = {
    "open": _IS_OPEN,
    "resolved": "c.state = 'resolved'",
    "waiting": "c.state = 'open' AND c.waiting_since IS NOT NULL AND c.snoozed_at IS NULL",
    "snoozed": "c.state = 'open' AND c.snoozed_at IS NOT NULL",
    "voice": "c.id IS NULL",
}
_TAGGED: LiteralString = """
c.id IN (SELECT t.case_id FROM case_tags t WHERE t.workspace_id = %(workspace)s AND t.tag_id = (%(tags)s::bigint[])[1])
"""
_IN_QUEUE, _HAS_IT = "c.queue_id = %(queue)s", "c.assignee_id = %(assignee)s"

_PERSON = """
SELECT identity_id FROM search_names WHERE workspace_id = %s AND word = ANY(%s)
GROUP BY identity_id HAVING count(*) = %s ORDER BY identity_id DESC LIMIT %s
"""
_TAGS = """
SELECT (SELECT id FROM tags WHERE workspace_id = %s AND lower(name) = lower(asked.name)
        ORDER BY archived_at IS NOT NULL, id DESC LIMIT 1)
FROM unnest(%s::text[]) WITH ORDINALITY AS asked(name, place) ORDER BY place
"""
_QUEUE = "SELECT id FROM queues WHERE workspace_id = %s AND lower(name) = lower(%s) ORDER BY id LIMIT 1"
_COLLEAGUE = """
SELECT id FROM memberships WHERE workspace_id = %s AND (lower(duty_name) = lower(%s) OR lower(initials) = lower(%s))
ORDER BY id LIMIT 1
"""
_NETWORKS = "SELECT DISTINCT network FROM channels"


def meant(tx: Tx, actor: Actor, query: Query) -> Meant:
    """Raises `Invalid` with the filter's name."""
    found = _looked_up(tx, actor, query)
    people = _people(query.by, found.get("by", [])) if query.by else set()
    keys = {key for term in query.terms for key in asked_keys(term)}
    keys |= {filed.on(_network(query.network, found.get("network", [])))} if query.network else set()
    keys |= people if len(people) == 1 else set()
    keys |= {filed.WHERE["private"]} if query.where == "direct" else set()
    conditions, params = _of_cases(actor, query, found)
    return Meant(
        all_of=sorted(filed.number(key) for key in keys or {filed.ANYTHING}),
        any_of=sorted(filed.number(key) for key in people) if len(people) > 1 else None,
        kinds={"public": "m", "direct": "m", "notes": "n", None: "mn"}[query.where],
        private=actor.can.see_private and query.where != "public",
        of_cases=conditions,
        few=_few(query, params),
        params=params,
    )


def _looked_up(tx: Tx, actor: Actor, query: Query) -> dict[str, list[Row]]:
    """The rows that names in the query mean, by filter, in one trip; no trip without such names."""
    asked: dict[str, Question] = {}
    workspace = actor.workspace_id
    if query.network and query.network not in registry.manifests():
        asked["network"] = Question(_NETWORKS)
    if query.by and query.by.lower() != "us" and (words := sorted(names(query.by))):
        asked["by"] = Question(_PERSON, (workspace, words, len(words), MOST_PEOPLE))
    if query.tags:
        asked["tag"] = Question(_TAGS, (workspace, array(query.tags)))
    if query.queue:
        asked["queue"] = Question(_QUEUE, (workspace, query.queue))
    if query.assignee and query.assignee.lower() not in ("none", "me"):
        asked["assignee"] = Question(_COLLEAGUE, (workspace, query.assignee, query.assignee))
    return dict(zip(asked, tx.together(*asked.values()), strict=True)) if asked else {}


def _network(name: str, connected: list[Row]) -> str:
    known = sorted({network for (network,) in connected} | set(registry.manifests()))
    if name in known:
        return name
    raise Invalid(
        "There is no such network.", code="search.not_one_of", filter="network", known=", ".join(sorted(known))
    )


def _people(name: str, found: list[Row]) -> set[str]:
    """The keys of what somebody said: ours, or of each person whose name or handle has all these words."""
    if name.lower() == "us":
        return {filed.OURS}
    if found:
        return {filed.by(identity) for (identity,) in found}
    raise Invalid("Nobody is called that.", code="search.nobody", filter="from", name=name)


def _of_cases(actor: Actor, query: Query, found: dict[str, list[Row]]) -> tuple[list[LiteralString], dict[str, Any]]:
    conditions: list[LiteralString] = [_STATES[state] for state in sorted(query.states)]
    params: dict[str, Any] = {}
    if query.tags:
        conditions.append("c.tags @> %(tags)s::bigint[]")
        params["tags"] = [_one("tag", name, [row]) for name, row in zip(query.tags, found["tag"], strict=True)]
    if query.queue:
        conditions.append(_IN_QUEUE)
        params["queue"] = _one("queue", query.queue, found["queue"])
    if query.assignee:
        name = query.assignee.lower()
        if name == "none":
            return [*conditions, "c.id IS NOT NULL AND c.assignee_id IS NULL"], params
        conditions.append(_HAS_IT)
        params["assignee"] = (
            actor.membership_id if name == "me" else _one("assignee", query.assignee, found["assignee"])
        )
    return conditions, params


def _one(name: str, value: str, found: list[Row]) -> int:
    if not found or found[0][0] is None:
        raise Invalid(f"{name}: there is none called that.", code="search.none_called", filter=name, name=value)
    return int(found[0][0])


def _few(query: Query, params: dict[str, Any]) -> LiteralString | None:
    """What an index of the cases is asked: first what people give to a few."""
    if "tags" in params:
        return _TAGGED
    is_open = bool(query.states & {"open", "waiting", "snoozed"})
    if "assignee" in params and is_open:
        return f"{_IS_OPEN} AND {_HAS_IT}"
    if "snoozed" in query.states:
        return _STATES["snoozed"]
    if "queue" in params and is_open:
        return f"{_IS_OPEN} AND {_IN_QUEUE}"
    if "waiting" in query.states:
        return _STATES["waiting"]
    return _IS_OPEN if is_open else None
