"""Small builders for tests of threading: who said what, when, to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from offhold.cases import write
from offhold.cases.apply import Applied, apply
from offhold.cases.known import Incoming
from offhold.connectors.contract import Deleted, Edited, Person, Posted, Signal
from offhold.kernel.db.tx import transaction_over
from tests.support.builders import Channel, Workspace

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
US = Person(id="us", handle="northair", name="Northwind Air")


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def person(name: str) -> Person:
    return Person(id=f"id-{name}", handle=name, name=name.title(), followers=10)


def public(
    name: str,
    by: str,
    text: str,
    minutes: float,
    *,
    root: str | None = None,
    parent: str | None = None,
    to_us: bool = True,
) -> Posted:
    """A public post; `by="us"` is ours."""
    author = US if by == "us" else person(by)
    return Posted(
        id=name, audience="public", author=author, text=text, at=at(minutes), conversation=root or name, parent=parent,
        mentions_us=to_us,
    )  # fmt: skip


def direct(name: str, by: str, text: str, minutes: float, *, with_: str | None = None) -> Posted:
    """A direct message of the conversation with `with_` (default: the author)."""
    partner = with_ or by
    author = US if by == "us" else person(by)
    return Posted(
        id=name, audience="private", author=author, text=text, at=at(minutes), conversation=f"dm-{partner}",
        counterpart=person(partner) if by == "us" else None,
    )  # fmt: skip


def edited(name: str, text: str, minutes: float) -> Edited:
    return Edited(id=name, text=text, at=at(minutes), version=str(minutes))


def deleted(name: str, minutes: float) -> Deleted:
    return Deleted(id=name, at=at(minutes))


def incoming(workspace: Workspace, channel: Channel, signals: Iterable[Signal]) -> list[Incoming]:
    return [
        Incoming(
            workspace=workspace.id, channel=channel.id, network="fake", account="us", queue=workspace.queue_id,
            received_at=at(30_000), edit_times=True, signal=signal,
        )
        for signal in signals
    ]  # fmt: skip


def arrive(workspace: Workspace, channel: Channel, *batches: Sequence[Signal]) -> list[Applied]:
    """Apply each batch in a transaction of its own, as the worker does."""
    done = []
    for batch in batches:
        while True:
            try:
                with transaction_over([workspace.id]) as tx:
                    done.append(apply(tx, incoming(workspace, channel, batch)))
                break
            except write.Outrun:
                continue
    return done


def shown(workspace: Workspace) -> dict[str, Any]:
    """All that a person could tell apart, free of ids and of the order of arrival."""
    with transaction_over([workspace.id]) as tx:
        cases = tx.rows(
            "SELECT i.account, c.state, c.opened_at, c.last_at, c.last_in_at, c.last_out_at, c.waiting_since, c.title,"
            " c.title_private, c.snippet, c.snippet_private, c.last_audience, c.holds_public, c.holds_private, "
            "c.messages,"
            " (SELECT array_agg(network_id ORDER BY network_id) FROM messages m"
            "  WHERE m.workspace_id = c.workspace_id AND m.case_id = c.id)"
            " FROM cases c JOIN identities i USING (workspace_id, customer_id) ORDER BY 1, 3"
        )
        messages = tx.rows(
            "SELECT m.network_id, m.audience, m.text, m.at, m.owed, m.reason, m.deleted_at, m.edited_at, "
            "m.case_id IS NULL,"
            " (SELECT array_agg(v.text ORDER BY v.at) FROM message_versions v WHERE v.workspace_id = m.workspace_id"
            "  AND v.message_id = m.id) FROM messages m ORDER BY 1"
        )
        waiting = tx.rows("SELECT network_id, key FROM early_signals ORDER BY 1, 2")
    return {"cases": cases, "messages": messages, "early": waiting}
