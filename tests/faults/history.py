"""One history of the outbox: a company, what must hold after each step of it, and how it comes to its end."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from offhold.connectors import registry
from offhold.kernel import clock, ids
from offhold.kernel.errors import OffholdError
from offhold.people.actors import Actor
from offhold.people.models import Membership, User
from offhold.publishing.graph import State
from offhold.publishing.policy import Holds, PublishingPolicy
from offhold.publishing.tests.world import Move, World
from tests.faults.processes import Process
from tests.support import builders

PUBLIC, PRIVATE = "For everyone", "For one person"
TABLES = ("public_replies", "direct_replies")
MOVING = ["approval", "held", "intent", "sending", "unknown", "reconciling"]
WAITING = ["approval", "held", "review"]
PICK = st.integers(0, 719)  # which of the things that could happen next; what they are depends on the clock
WHO = st.sampled_from(["Mia", "Bob", "Carol"])

_STANDING = """
SELECT id, text, text_sha256, state, next_at, attempts, author_id, alone, asks <> '[]'::jsonb, approved_by,
  approved_sha256, error_code, evidence::text, edited_by, asks @> '[{{"code": "edited"}}]' FROM {table}
WHERE workspace_id = %s
"""


class History(RuleBasedStateMachine):
    """`move` moves business time."""

    def __init__(self, move: Move) -> None:
        super().__init__()
        self._move = move
        self._ahead = clock.offset()
        self._loop = asyncio.new_event_loop()
        self.said = 0
        self.taken_back: set[int] = set()  # before anything was opened

    @initialize(dedupes=st.booleans(), holds=st.booleans())
    def a_company(self, dedupes: bool, holds: bool) -> None:
        self.world = World(dedupes=dedupes)
        builders.policy(self.world.company, PublishingPolicy(holds=Holds(20, 5) if holds else Holds(0, 0)))
        self._lent = registry.networks.lend(self.world.connector)
        self._lent.__enter__()
        self.cases = [self.world.asked_in_public(by="dora"), self.world.asked_in_private(by="erik")]
        self.people = {name: self._member(name, role) for name, role in
                       (("Mia", "agent"), ("Bob", "agent"), ("Carol", "lead"))}  # fmt: skip
        self.process = Process(self.world, self._loop)
        self.zombies: list[Process] = []

    def _member(self, name: str, role: str) -> Actor:
        """Somebody of the team, who never signs in."""
        company, initials = self.world.company.id, name[:2].upper()
        user = User(email=f"{name.lower()}-{ids.new()}@example.com", password="!")
        with self.world.tx():
            user.save()
            member = Membership(id=ids.new(), workspace_id=company, role=role, duty_name=name, initials=initials)
            member.user_id = user.pk
            member.save(force_insert=True)
        return Actor(user.pk, member.id, company, role, name, initials, user.email)

    # --- what must hold -----------------------------------------------------------------------------------------

    @invariant()
    def all_that_must_hold(self) -> None:
        if not hasattr(self, "process"):
            return
        out = self.out()
        assert not [text for text, times in Counter(text for _, text in out).items() if times > 1], out
        assert not [text for audience, text in out if text.startswith(PRIVATE) and audience == "public"]
        assert not [text for audience, text in out if text.startswith(PUBLIC) and audience == "private"]
        said = {text for _, text in out}
        known = [row for table in TABLES for row in self.standing(table)]
        assert said <= {row[1] for row in known}, "something is out that nobody meant"
        for row in known:
            self._one(row, row[1] in said)

    def _one(self, row: tuple[Any, ...], out: bool) -> None:
        (reply, text, sha256, state, next_at, attempts, author, alone, asks, by, agreed_sha256, _, evidence, editor,
         edited) = row  # fmt: skip
        assert (state in MOVING) == (next_at is not None), row
        assert bytes(sha256) == hashlib.sha256(text.encode()).digest(), row
        assert not out or attempts, row
        assert not (out and reply in self.taken_back), row
        if attempts and (asks or by is not None):
            assert by is not None, row
            assert bytes(agreed_sha256) == bytes(sha256), row
            assert by != editor if edited else by != author or alone, row
        if state in WAITING:
            assert not out or "Restored" in evidence or "restored" in evidence, row

    def teardown(self) -> None:
        try:
            if hasattr(self, "process"):
                self._let_it_end()
        finally:
            if hasattr(self, "_lent"):
                self._lent.__exit__(None, None, None)
            self._loop.close()

    def _let_it_end(self) -> None:
        """The failures stop, the index catches up, time passes: every reply must come to rest."""
        self.world.network.failures.clear()
        self.world.network.reveal()
        self.lease_ends()
        self.process = Process(self.world, self._loop)
        for _ in range(60):
            self.do_all_there_is()
            self.all_that_must_hold()
            ahead = self._seconds_to_next()
            if ahead is None:
                break
            self.time_passes_by(int(max(0.0, ahead)) + 1)
        assert self._seconds_to_next() is None
        self._every_sent_one_is_there()

    def do_all_there_is(self) -> None:
        for _ in range(200):
            while self.process.hand:
                self.process.go_on(min(self.process.hand))
            due = self.process.due() if self.process.take() else []
            if not due:
                return
            for key, doing in due:
                self.process.begin(key, doing)

    def time_passes_by(self, seconds: int) -> None:
        self._ahead += seconds
        self._move(self._ahead)

    def _every_sent_one_is_there(self) -> None:
        out = self.out()
        for table, audience in zip(TABLES, ("public", "private"), strict=True):
            for row in self.standing(table):
                text, state = row[1], row[3]
                there = (audience, text) in out
                assert there or state != State.SENT, row
                assert not there or state in (State.SENT, State.NEEDS_HUMAN, State.REVIEW, State.CANCELLED), row
                assert state not in (State.CANCELLED, State.REFUSED) or not there or "estored" in row[12], row

    def _seconds_to_next(self) -> float | None:
        moments = [
            row[0]
            for table in TABLES
            for row in self.world.all(
                f"SELECT least(next_at, verify_at, withdraw_at) FROM {table} WHERE workspace_id = %s",
                self.world.company.id,
            )
            if row[0] is not None
        ]
        return (min(moments) - clock.now()).total_seconds() if moments else None

    # --- inside -----------------------------------------------------------------------------------------------------

    def out(self) -> list[tuple[str, str]]:
        return [(p.audience, p.text) for p in self.world.network.publications if p.text.startswith("For ")]

    def standing(self, table: str) -> list[tuple[Any, ...]]:
        return self.world.all(_STANDING.format(table=table), self.world.company.id)

    def with_one(self, pick: int, states: list[str], act: Any) -> Any:
        """Somebody tries to do something with a reply that stands so; None: they may not, or it is too late."""
        found = [(table, row[0]) for table in TABLES for row in self.standing(table) if row[3] in states]
        if not found:
            return None
        table, reply = found[pick % len(found)]
        try:
            with self.world.tx() as tx:
                return act(tx, table == "public_replies", reply)
        except OffholdError:
            return None

    def version(self, tx: Any, reply: int) -> int:
        row = tx.one(
            "SELECT c.version FROM cases c WHERE c.id = (SELECT case_id FROM public_replies WHERE id = %(id)s"
            " UNION ALL SELECT case_id FROM direct_replies WHERE id = %(id)s)",
            {"id": reply},
        )
        return int(row[0])

    def root(self) -> str:
        return next(i.id for i in self.world.network.items.values() if i.author.id == "acct-dora")

    def lease_ends(self) -> None:
        with self.world.tx() as tx:
            tx.run("UPDATE channel_writers SET until = '-infinity'")
