"""Names in a query become the rows they mean: people, tags, queues, colleagues. Refuses those that mean nothing."""

from __future__ import annotations

from typing import Any, LiteralString

import msgspec

from offhold.connectors import registry
from offhold.desk.search import filed
from offhold.desk.search.query import Query
from offhold.desk.search.words import asked_keys, names
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Invalid
from offhold.people.actors import Actor

MOST_PEOPLE = 200  # that one name may mean in a query


class Meant(msgspec.Struct, frozen=True, kw_only=True):
    """What the index is asked (numbers that must all be there, and one of `any_of`), and what is asked of the cases:
    SQL over `c` and `m`, with its parameters."""

    all_of: list[int]
    any_of: list[int] | None
    kinds: str
    private: bool
    of_cases: list[LiteralString]
    params: dict[str, Any]


def meant(tx: Tx, actor: Actor, query: Query) -> Meant:
    """Raises `Invalid` with the filter's name."""
    people = _people(tx, actor, query.by) if query.by else set()
    keys = {key for term in query.terms for key in asked_keys(term)}
    keys |= {filed.on(_network(tx, query.network))} if query.network else set()
    keys |= people if len(people) == 1 else set()
    keys |= {filed.WHERE["private"]} if query.where == "direct" else set()
    conditions, params = _of_cases(tx, actor, query)
    return Meant(
        all_of=sorted(filed.number(key) for key in keys or {filed.ANYTHING}),
        any_of=sorted(filed.number(key) for key in people) if len(people) > 1 else None,
        kinds={"public": "m", "direct": "m", "notes": "n", None: "mn"}[query.where],
        private=actor.can.see_private and query.where != "public",
        of_cases=conditions,
        params=params,
    )


def _network(tx: Tx, name: str) -> str:
    known = sorted(
        {network for (network,) in tx.rows("SELECT DISTINCT network FROM channels")} | set(registry.manifests())
    )
    if name in known:
        return name
    raise Invalid(
        "There is no such network.", code="search.not_one_of", filter="network", known=", ".join(sorted(known))
    )


_NAMED = """
SELECT identity_id FROM search_names WHERE workspace_id = %s AND word = ANY(%s)
GROUP BY identity_id HAVING count(*) = %s ORDER BY identity_id DESC LIMIT %s
"""


def _people(tx: Tx, actor: Actor, name: str) -> set[str]:
    """The keys of what somebody said: ours, or of each person whose name or handle has all these words."""
    if name.lower() == "us":
        return {filed.OURS}
    words = sorted(names(name))
    if words:
        params = (actor.workspace_id, words, len(words), MOST_PEOPLE)
        found = {filed.by(identity) for (identity,) in tx.rows(_NAMED, params)}
        if found:
            return found
    raise Invalid("Nobody is called that.", code="search.nobody", filter="from", name=name)


_STATES: dict[str, LiteralString] = {
    "open": "c.state = 'open'",
    "resolved": "c.state = 'resolved'",
    "waiting": "c.state = 'open' AND c.waiting_since IS NOT NULL AND c.snoozed_at IS NULL",
    "snoozed": "c.snoozed_at IS NOT NULL",
    "voice": "c.id IS NULL",
}
_TAG = "SELECT id FROM tags WHERE workspace_id = %s AND lower(name) = lower(%s)"
_QUEUE = "SELECT id FROM queues WHERE workspace_id = %s AND lower(name) = lower(%s) ORDER BY id LIMIT 1"
_COLLEAGUE = """
SELECT id FROM memberships WHERE workspace_id = %s AND (lower(duty_name) = lower(%s) OR lower(initials) = lower(%s))
ORDER BY id LIMIT 1
"""


def _of_cases(tx: Tx, actor: Actor, query: Query) -> tuple[list[LiteralString], dict[str, Any]]:
    conditions: list[LiteralString] = [_STATES[state] for state in sorted(query.states)]
    params: dict[str, Any] = {}
    if query.tags:
        ids = [i for name in query.tags for i in _named(tx, _TAG, (actor.workspace_id, name), "tag", name)]
        conditions.append("c.tags @> %(tags)s::bigint[]")
        params["tags"] = ids
    if query.queue:
        conditions.append("c.queue_id = %(queue)s")
        (params["queue"],) = _named(tx, _QUEUE, (actor.workspace_id, query.queue), "queue", query.queue)
    if query.assignee:
        name = query.assignee
        if name.lower() == "none":
            return [*conditions, "c.id IS NOT NULL AND c.assignee_id IS NULL"], params
        conditions.append("c.assignee_id = %(assignee)s")
        asked = (actor.workspace_id, name, name)
        mine = [actor.membership_id] if name.lower() == "me" else []
        (params["assignee"],) = mine or _named(tx, _COLLEAGUE, asked, "assignee", name)
    return conditions, params


def _named(tx: Tx, query: LiteralString, params: tuple[object, ...], name: str, value: str) -> list[int]:
    found = [id_ for (id_,) in tx.rows(query, params)]
    if not found:
        raise Invalid(f"{name}: there is none called that.", code="search.none_called", filter=name, name=value)
    return found
