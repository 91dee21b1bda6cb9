"""A snapshot and the facts since its number are the same screen as a new snapshot, whatever happened in between."""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from offhold.desk.filters import ViewName
from offhold.desk.tests.company import SECRET, Company, plain
from offhold.kernel.db.tx import transaction
from offhold.live import reader
from offhold.live.sight import audience_case, seen
from offhold.people.actors import Actor

VIEWS: tuple[ViewName, ...] = ("to_answer", "mine", "unassigned", "open", "snoozed", "resolved")


def facts(company: Company, who: Actor, after: str, followed: str | None = None) -> list[dict[str, Any]]:
    """What this person's stream brings since a number, while they follow this case."""
    with transaction(company.workspace.id) as tx:
        stored = reader.read(tx, [(company.workspace.id, int(after), 2**62)]).get(company.workspace.id, [])
    visible = (seen(fact, sees_private=who.can.see_private) for fact in stored)
    return [
        {"kind": fact.kind, "payload": json.loads(fact.payload)}
        for fact in visible
        if fact is not None and audience_case(fact) in (None, int(followed) if followed else None)
    ]


class Inbox:
    """The least a browser must do: keep rows, take newer ones, derive the views."""

    def __init__(self, company: Company, who: Actor) -> None:
        self.me = str(who.membership_id)
        self.rows: dict[str, Any] = {}
        pages = [company.page(who, view) for view in ("open", "resolved")]
        self.seq = pages[0].seq
        for page in pages:
            self.rows |= {row["id"]: row for row in plain(page)["rows"]}

    def take(self, fact: dict[str, Any]) -> None:
        if fact["kind"] == "case.changed":
            row = fact["payload"]["case"]
            known = self.rows.get(row["id"])
            if known is None or row["version"] >= known["version"]:
                self.rows[row["id"]] = row

    def view(self, name: str) -> list[Any]:
        shown = [row for row in self.rows.values() if self._belongs(row, name)]
        return sorted(shown, key=lambda row: (row["last_message_at"], int(row["id"])), reverse=True)

    def _belongs(self, row: Any, name: str) -> bool:
        if name == "resolved":
            return bool(row["state"] == "resolved")
        rests = row["snoozed_at"] is not None
        of_view = {
            "open": True,
            "snoozed": rests,
            "to_answer": row["waiting_since"] is not None and not rests,
            "unassigned": row["assignee"] is None and not rests,
            "mine": row["assignee"] is not None and row["assignee"]["id"] == self.me and not rests,
        }
        return row["state"] == "open" and of_view[name]


class Timeline:
    """One case's items. What comes to it from another place is read again, as its words are not in the fact."""

    def __init__(self, company: Company, who: Actor, case_id: int) -> None:
        self.company, self.who, self.id = company, who, str(case_id)
        page = plain(company.case(who, case_id))
        self.seq = page["seq"]
        self.items = {(item["type"], item["id"]): item for item in page["timeline"]}
        self.outdated = False

    def take(self, fact: dict[str, Any]) -> None:
        payload = fact["payload"]
        if fact["kind"] == "message.moved":
            self._moved(payload["message_id"], payload["case_id"])
        for name in ("message", "note", "event", "reply"):
            if name in payload:
                item = payload[name]
                self.items[(item["type"], item["id"])] = item

    def _moved(self, message: str, case: str) -> None:
        if case != self.id:
            self.items.pop(("message", message), None)
        elif ("message", message) not in self.items:
            self.outdated = True

    def shown(self) -> list[Any]:
        return sorted(self.items.values(), key=lambda item: (item["at"], int(item["id"])))


def a_day(seed: int, before: int) -> tuple[Company, random.Random]:
    rng, company = random.Random(seed), Company()
    company.live(rng, before)
    return company, rng


# A shorter day is another day, so nothing is gained by shrinking one.
DAYS = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)  # fmt: skip


@DAYS
@given(seed=st.integers(0, 2**32), before=st.integers(0, 15), after=st.integers(1, 15))
def test_the_inbox(database: str, seed: int, before: int, after: int) -> None:
    company, rng = a_day(seed, before)
    screens = {who.role: (who, Inbox(company, who)) for who in (company.alice, company.bob, company.oscar)}
    company.live(rng, after)
    for who, screen in screens.values():
        for fact in facts(company, who, screen.seq):
            screen.take(fact)
        for name in VIEWS:
            assert screen.view(name) == plain(company.page(who, name))["rows"], (who.role, name)


@DAYS
@given(seed=st.integers(0, 2**32), before=st.integers(3, 15), after=st.integers(1, 15))
def test_a_case(database: str, seed: int, before: int, after: int) -> None:
    company, rng = a_day(seed, before)
    people = (company.bob, company.oscar)
    screens = [(who, Timeline(company, who, case)) for who in people for case in company.cases()]
    company.live(rng, after)
    for who, screen in screens:
        for fact in facts(company, who, screen.seq, followed=screen.id):
            screen.take(fact)
        fresh = plain(company.case(who, int(screen.id)))
        if not screen.outdated:
            assert screen.shown() == fresh["timeline"], who.role


@DAYS
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 25))
def test_the_counters_are_what_a_count_finds(database: str, seed: int, steps: int) -> None:
    company, _ = a_day(seed, steps)
    counters = company.page(company.bob, "open").counters
    lengths = {name: len(company.page(company.bob, name).rows) for name in VIEWS}
    assert (counters.to_answer, counters.mine, counters.unassigned, counters.open, counters.snoozed) == (
        lengths["to_answer"], lengths["mine"], lengths["unassigned"], lengths["open"], lengths["snoozed"],
    )  # fmt: skip
    ((voices,),) = company.rows("SELECT count(*) FROM messages WHERE case_id IS NULL AND identity_id IS NOT NULL")
    assert counters.voices == voices
    with transaction(company.workspace.id) as tx:
        _, told = reader.states(tx, {company.workspace.id: -1})[company.workspace.id]
    assert (told.to_answer, told.unassigned, told.open) == (counters.to_answer, counters.unassigned, counters.open)


@DAYS
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 25))
def test_an_observer_sees_no_private_word(database: str, seed: int, steps: int) -> None:
    """On no screen and in no fact; whoever may see them does, or this test would prove nothing."""
    company, _ = a_day(seed, steps)
    assert SECRET not in everything(company, company.oscar)
    said = company.rows("SELECT text FROM messages WHERE audience = 'private' AND case_id IS NOT NULL AND text <> ''")
    assert (SECRET in everything(company, company.bob)) >= bool(said)


def everything(company: Company, who: Actor) -> str:
    """All that reaches this person's browser, as text."""
    shown = [plain(company.page(who, view)) for view in VIEWS]
    shown += [plain(company.case(who, case)) for case in company.cases()]
    shown += [facts(company, who, "0", followed=str(case)) for case in company.cases()]
    return json.dumps(shown)
