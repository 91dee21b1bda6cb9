"""What others say around a case: the posts its customer wrote under, and everybody else's words below them, counted by
what they are and read fifty at a time.

The case itself keeps the root, its customer's words and our answers. Only public threads are looked at, so everybody
who may see the case may see this. Voices are found by the index of their thread; how many of the others have cases of
their own follows from how many they are.
"""

from __future__ import annotations

from typing import Any, Literal

from offhold.cases import items
from offhold.cases.views import MessageItem, View
from offhold.connectors import registry
from offhold.kernel.db.tx import Question, Tx
from offhold.kernel.errors import NotFound

Kind = Literal["thanks", "busy_post", "not_addressed"]
PAGE = 50
MOST_THREADS = 20
COUNTED = 10_000  # beyond, nobody reads the figure: it says "more than"


class AroundThread(View, frozen=True, kw_only=True):
    """One public thread. `root` None: its first post never reached us. `own_cases`: how many words of others belong to
    cases of theirs."""

    id: str
    channel_id: str
    network_label: str
    root: MessageItem | None
    own_cases: int


class VoiceGroup(View, frozen=True, kw_only=True):
    """Voices of one kind; counted up to `COUNTED`."""

    kind: Kind
    count: int


class AroundPage(View, frozen=True, kw_only=True):
    """`thread`: which of `threads` this is about. `next`: where the next page begins."""

    threads: list[AroundThread]
    thread: str | None
    groups: list[VoiceGroup]
    voices: list[MessageItem]
    next: str | None


_THREADS = f"""
SELECT c.id, c.channel_id, ch.network, c.others, own.count, root.id FROM (
  SELECT m.conversation_id AS id, count(*) FILTER (WHERE m.identity_id IS NOT NULL) AS count, max(m.at) AS at
  FROM messages m WHERE m.workspace_id = %(ws)s AND m.case_id = %(case)s AND m.audience = 'public'
  GROUP BY m.conversation_id
) own JOIN conversations c ON c.workspace_id = %(ws)s AND c.id = own.id
JOIN channels ch ON ch.workspace_id = c.workspace_id AND ch.id = c.channel_id
LEFT JOIN messages root ON root.workspace_id = c.workspace_id AND root.channel_id = c.channel_id
  AND root.network_id = c.network_key AND root.audience = 'public'
ORDER BY own.at DESC, c.id DESC LIMIT {MOST_THREADS}
"""
_GROUPS = f"""
SELECT reason, count(*) FROM (
  SELECT m.reason FROM messages m WHERE m.workspace_id = %(ws)s AND m.conversation_id = %(thread)s
    AND m.case_id IS NULL AND m.identity_id IS NOT NULL LIMIT {COUNTED}) v GROUP BY reason
"""
_VOICES = f"""
SELECT {items.COLUMNS} FROM (
  SELECT * FROM messages WHERE workspace_id = %(ws)s AND conversation_id = %(thread)s AND case_id IS NULL
    AND identity_id IS NOT NULL AND id < %(before)s AND (%(kind)s::text IS NULL OR reason = %(kind)s)
  ORDER BY id DESC LIMIT {PAGE}) m {items.JOINS} ORDER BY m.id DESC
"""


def page(tx: Tx, workspace: int, case_id: int, *, thread: int | None, kind: Kind | None, before: int) -> AroundPage:
    """A page of one thread around a case, its newest unless `thread` names another. Raises `NotFound`."""
    found = tx.rows(_THREADS, {"ws": workspace, "case": case_id})
    known = [row[0] for row in found]
    if thread is not None and thread not in known:
        raise NotFound
    chosen = thread if thread is not None else (known[0] if known else None)
    params: dict[str, Any] = {"ws": workspace, "thread": chosen, "before": before, "kind": kind}
    counted, rows = tx.together(Question(_GROUPS, params), Question(_VOICES, params))
    roots = {placed: item.item for placed, item in items.load(tx, [(workspace, r[5]) for r in found if r[5]]).items()}
    voices = sum(count for _, count in counted)
    return AroundPage(
        threads=[_thread(row, roots, voices if row[0] == chosen else 0) for row in found],
        thread=None if chosen is None else str(chosen),
        groups=sorted(
            (VoiceGroup(kind=reason, count=count) for reason, count in counted), key=lambda g: (-g.count, g.kind)
        ),
        voices=[items.from_row(row) for row in rows],
        next=str(rows[-1][0]) if len(rows) == PAGE else None,
    )


def _thread(row: Any, roots: dict[int, MessageItem], voices: int) -> AroundThread:
    thread, channel, network, others, own, root = row
    return AroundThread(
        id=str(thread), channel_id=str(channel), network_label=registry.label(network), root=roots.get(root),
        own_cases=max(0, others - own - voices) if voices < COUNTED else 0,
    )  # fmt: skip
