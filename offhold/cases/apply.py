"""Arrivals become messages, conversations and cases: one batch, one transaction, any number of workspaces."""

from __future__ import annotations

import msgspec

from offhold.cases import changes, facts, items, renames, rows
from offhold.cases.adopt import adopt
from offhold.cases.known import Case, Incoming, Known
from offhold.cases.late import answered_before
from offhold.cases.load import load
from offhold.cases.recount import recount
from offhold.cases.sets import columns
from offhold.cases.threading import Changed, Plan, thread
from offhold.cases.times import believed
from offhold.cases.told import Teller
from offhold.cases.views import CaseRow, EventItem, MessageItem
from offhold.cases.write import write, writing
from offhold.connectors.contract import Deleted, Edited, Hidden
from offhold.kernel import ids, jsons
from offhold.kernel.db.tx import Tx
from offhold.kernel.facts import Recorded

IDS_EACH = 4  # a message, and half of them a case, a conversation, an identity and a customer besides


class Applied(msgspec.Struct, frozen=True):
    """What a batch did, for the stages after it: new messages, cases that changed, and those of them that are new, as
    (workspace, id)."""

    messages: list[tuple[int, int]]
    cases: list[tuple[int, int]]
    opened: list[tuple[int, int]]


def apply(tx: Tx, batch: list[Incoming]) -> Applied:
    """Thread and store a batch. Raises `write.Outrun` when it must be decided again in a new transaction."""
    batch = [believed(item) for item in batch]
    known = load(tx, batch)
    plan = thread(known, batch, ids.ahead(IDS_EACH * len(batch)))
    renamed = renames.store(tx, [i for i in known.identities.values() if i.changed and not i.new])
    with writing(tx) as writes:
        write(writes, known, plan)
        add_events(tx, [event for case in known.cases.values() if (event := _event_of(case))])
        told = _tell(Teller(known), known, plan)  # while the database writes
    changes.apply(tx, plan.changes)
    adopted = adopt(tx, known, plan)
    derived = adopted.cases | {(c.workspace, c.id) for c in known.cases.values() if c.recount}
    recount(tx, derived)
    _announce_messages(tx, told, plan, adopted.messages, answered_before(tx, known, plan))
    touched = {key: recorded for key, recorded in told.cases.items() if key not in derived}
    tx.record(*touched.values())
    changed = derived.union(touched)
    announce_cases(tx, sorted(derived | (renamed - changed)))
    opened = [(case.workspace, case.id) for case in plan.opened]
    return Applied([(n.message.workspace, n.message.id) for n in plan.messages], sorted(changed), opened)


class _Told(msgspec.Struct):
    """What a batch will say if nothing else comes to its cases, by (workspace, message) and (workspace, case)."""

    messages: dict[tuple[int, int], Recorded]
    cases: dict[tuple[int, int], Recorded]


def _tell(teller: Teller, known: Known, plan: Plan) -> _Told:
    changed = {(change.message.workspace, change.message.id) for change in plan.changes}
    messages = {
        (m.workspace, m.id): _message_told(m.workspace, m.case, facts.MessagePosted, teller.item(new))
        for new in plan.messages
        if (m := new.message).case is not None and (m.workspace, m.id) not in changed
    }
    cases = {
        (c.workspace, c.id): _case_told(c.workspace, c.id, teller.row(c))
        for c in known.cases.values()
        if c.touched and not c.recount
    }
    return _Told(messages, cases)


_EVENTS = """
INSERT INTO case_events (workspace_id, id, case_id, kind, at, params)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[], %s::jsonb[])
"""


def add_events(tx: Tx, happened: list[tuple[int, int, str, dict[str, str]]]) -> None:
    """Put events, as (workspace, case, kind, params), on the timelines of their cases and announce them."""
    rows_ = [(w, ids.new(), case, kind, tx.at, jsons.encode(params).decode()) for w, case, kind, params in happened]
    if rows_:
        tx.run(_EVENTS, columns(rows_, 6))
    for (w, case, kind, params), row in zip(happened, rows_, strict=True):
        event = EventItem(id=str(row[1]), kind=kind, at=tx.at, params=params)
        tx.record(Recorded(w, facts.CaseEvent(event=event), case_id=case))


def _event_of(case: Case) -> tuple[int, int, str, dict[str, str]] | None:
    if case.new:
        return (case.workspace, case.id, "case.opened", {"linked": str(case.linked)} if case.linked else {})
    if case.woken:
        return (case.workspace, case.id, "case.woken", {"why": "customer_wrote"})
    return (case.workspace, case.id, "case.reopened", {"why": "customer_wrote"}) if case.reopened else None


def announce_cases(tx: Tx, changed: list[tuple[int, int]]) -> None:
    """Record each case, given as (workspace, case), as it is now."""
    workspaces = {case: w for w, case in changed}
    for case_id, row in rows.load(tx, changed).items():
        tx.record(_case_told(workspaces[case_id], case_id, row))


def _case_told(workspace: int, case_id: int, row: CaseRow) -> Recorded:
    private = row.snippet_private or row.title_private
    return Recorded(workspace, facts.CaseChanged(case=row), case_id=case_id, private=private)


def announce_messages(tx: Tx, kinds: dict[tuple[int, int], type[facts.MessagePosted]]) -> None:
    """Record messages, by (workspace, message), with the kind of fact each is. Voices are on no timeline: skipped."""
    for message_id, placed in items.load(tx, kinds).items():
        if placed.case is not None:
            kind = kinds[(placed.workspace, message_id)]
            tx.record(_message_told(placed.workspace, placed.case, kind, placed.item))


def _message_told(workspace: int, case: int, kind: type[facts.MessagePosted], item: MessageItem) -> Recorded:
    return Recorded(workspace, kind(message=item), case_id=case, private=item.audience == "private")


def _announce_messages(
    tx: Tx, told: _Told, plan: Plan, adopted: set[tuple[int, int]], answers: set[tuple[int, int]]
) -> None:
    kinds = dict.fromkeys(sorted(adopted), facts.MessagePosted)  # new on a timeline, if not on the network
    posted = [(n.message.workspace, n.message.id) for n in plan.messages]
    tx.record(*(told.messages[key] for key in posted if key in told.messages and key not in kinds))
    changed = {(change.message.workspace, change.message.id) for change in plan.changes}
    kinds |= dict.fromkeys((key for key in posted if key in changed), facts.MessagePosted)
    for change in plan.changes:
        kinds.setdefault((change.message.workspace, change.message.id), _kind(change))
    for answer in sorted(answers):
        kinds.setdefault(answer, facts.MessageEdited)  # type: ignore[arg-type]
    announce_messages(tx, kinds)


def _kind(change: Changed) -> type[facts.MessagePosted]:
    kinds = {Edited: facts.MessageEdited, Deleted: facts.MessageDeleted, Hidden: facts.MessageHidden}
    return kinds.get(type(change.signal), facts.MessageEdited)  # type: ignore[return-value]
