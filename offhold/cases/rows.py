"""Cases as lines of the inbox: one query for any number of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from offhold.cases.sets import columns
from offhold.cases.views import CaseRow, Colleague, CustomerName, IdentityView
from offhold.channels.pictures import proxied
from offhold.connectors import registry
from offhold.kernel.db.tx import Question, Tx

COLUMNS = """
c.workspace_id, c.id, c.reference, c.version, c.state, c.title, c.title_private, c.customer_id, u.name, c.identity_id,
i.network, i.handle, i.name, i.avatar_url, i.followers, c.holds_public, c.holds_private, c.last_audience,
c.snippet, c.snippet_private,
c.last_at, c.waiting_since, c.snoozed_at, c.snoozed_until,
c.opened_at, c.resolved_at, c.queue_id, c.channel_id, c.assignee_id, m.duty_name,
m.initials,
c.tags, c.messages, c.linked_case_id, c.merged_into
"""
JOINS = """
JOIN customers u ON u.workspace_id = c.workspace_id AND u.id = c.customer_id
JOIN identities i ON i.workspace_id = c.workspace_id AND i.id = c.identity_id
LEFT JOIN memberships m ON m.workspace_id = c.workspace_id AND m.id = c.assignee_id
"""
_BY_KEY = f"""
SELECT {COLUMNS} FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, id)
JOIN cases c USING (workspace_id, id) {JOINS}
"""


def load(tx: Tx, keys: Iterable[tuple[int, int]]) -> dict[int, CaseRow]:
    """Rows by case id, of (workspace, case) keys."""
    pairs = list(keys)
    found = tx.rows(*by_key(pairs)) if pairs else []
    return {row[1]: from_row(row) for row in found}


def by_key(keys: list[tuple[int, int]]) -> Question:
    """Rows of (workspace, case) keys, for `from_row`."""
    return Question(_BY_KEY, columns(keys, 2))


def from_row(row: tuple[Any, ...]) -> CaseRow:
    """One row of `COLUMNS`."""
    (_, case_id, reference, version, state, title, title_private, customer_id, customer, identity_id, network, handle,
     name, avatar, followers, public, private, last_audience, snippet, snippet_private, last_at, waiting,
     snoozed, until, opened, resolved, queue, channel,
     assignee, duty_name, initials, tags, messages, linked, merged) = row  # fmt: skip
    return CaseRow(
        id=str(case_id), reference=f"OH-{reference}", version=version, state=state, title=title,
        title_private=title_private, customer=CustomerName(id=str(customer_id), name=customer),
        identity=IdentityView(id=str(identity_id), network=network, network_label=registry.label(network),
                              handle=handle, name=name, avatar_url=proxied(avatar), followers=followers),
        audiences=audiences(public, private), last_audience=last_audience, snippet=snippet,
        snippet_private=snippet_private, last_message_at=last_at,
        waiting_since=waiting, snoozed_at=snoozed, snoozed_until=until, opened_at=opened, resolved_at=resolved,
        queue_id=str(queue), channel_id=str(channel),
        assignee=Colleague(id=str(assignee), duty_name=duty_name, initials=initials) if duty_name is not None else None,
        tags=[str(tag) for tag in tags or ()], messages=messages,
        linked_case_id=str(linked) if linked else None, merged_into=str(merged) if merged else None,
    )  # fmt: skip


def audiences(public: bool, private: bool) -> list[Any]:
    return [*(["public"] if public else []), *(["private"] if private else [])]
