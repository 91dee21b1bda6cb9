"""Every fault met by every network, for both kinds of reply, many at once, in virtual time.

One company; for each cell and batch a channel of its own on a network account of its own, with up to ten customers who
ask, and an answer to each. The sender's own steps are run here one due moment after the other, and the clock file moves
every process from one to the next: minutes of patience take no time. What counts is what the networks took.
"""

from __future__ import annotations

import asyncio
import os
import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec
from django.db import connection

from offhold.cases.apply import apply
from offhold.cases.known import Incoming
from offhold.channels.credentials import do_store_secrets
from offhold.channels.queries import load_channel
from offhold.connectors import registry
from offhold.connectors.contract import Audience, Posted
from offhold.connectors.egress import GuardedEgress
from offhold.connectors.fake import FakeConnector, FakeNetwork
from offhold.kernel import clock, ids, jsons
from offhold.kernel.db.tx import transaction
from offhold.networks.sandbox.tests.running import Running, network
from offhold.people.actors import Actor
from offhold.publishing import actions, recipient, visit, writers
from offhold.publishing.asked import DirectAsk, PublicAsk
from offhold.publishing.pace import Pace
from offhold.publishing.sender import Sender
from offhold.publishing.tests.world import no_picture
from offhold.publishing.writers import Hold
from tests.faults.ends import FAULTS, BlueskyEnd, End, FakeEnd, FaultName, Mux, SandboxEnd
from tests.support import builders

Move = Callable[[float], None]
NETWORKS = ("sandbox", "bluesky", "fake")
BATCH = 10  # replies on one channel
AT_A_TIME = 48  # channels under way together
FIVE_MINUTES = 300.0
PACE = Pace(request_seconds=2.0, lease_seconds=3600.0, skew_seconds=0.5, at_once=BATCH)
_MOVING = ("approval", "held", "intent", "sending", "unknown", "reconciling")
_UNSURE = ("Lost", "Crashed", "Unstated")


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """One reply, at its end. `taken`: how often its network took it; `unsure_for`: seconds from when its outcome was
    unknown until a machine knew, or a person was asked; None: it never was."""

    network: str
    fault: str
    audience: Audience
    state: str
    taken: int
    leaked: bool
    unsure_for: float | None
    how: str

    @property
    def settled(self) -> bool:
        return self.state in ("sent", "refused")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What came of all runs."""

    seed: int
    outcomes: list[Outcome]

    @property
    def doubled(self) -> list[Outcome]:
        return [one for one in self.outcomes if one.taken > 1]

    @property
    def leaked(self) -> list[Outcome]:
        return [one for one in self.outcomes if one.leaked]

    @property
    def lost(self) -> list[Outcome]:
        """Said to be sent and not taken; taken and said to be refused; or at no end."""
        wrong = {("sent", 0), ("refused", 1)}
        return [o for o in self.outcomes if (o.state, o.taken) in wrong or not (o.settled or o.state == "needs_human")]

    @property
    def late(self) -> list[Outcome]:
        """Neither settled nor before a person within five minutes of becoming unknown."""
        return [o for o in self.outcomes if o.unsure_for is not None and o.unsure_for > FIVE_MINUTES]

    @property
    def settled_share(self) -> float:
        unsure = [one for one in self.outcomes if one.unsure_for is not None]
        return sum(one.settled for one in unsure) / len(unsure) if unsure else 1.0

    def cells(self) -> Counter[tuple[str, str, str, str]]:
        return Counter((one.network, one.fault, one.audience, one.state) for one in self.outcomes)


class Batch:
    """One cell's replies on one channel."""

    def __init__(self, matrix: Matrix, end: End, fault: FaultName, audience: Audience, late: float) -> None:
        self.end, self.fault, self.audience, self.late = end, fault, audience, late
        self.texts: dict[int, str] = {}  # reply: what it says
        self._matrix = matrix
        made = builders.channel(matrix.company, network=end.network, account_id=end.account_id, sending=True)
        self.channel_id = made.id
        with transaction(matrix.company.id) as tx:
            config = jsons.encode(end.config).decode()
            tx.run("UPDATE channels SET config = %s WHERE id = %s", (config, made.id))
            do_store_secrets(tx, matrix.company.id, made.id, end.secrets)
            tx.run("UPDATE channel_health SET state = 'ok' WHERE channel_id = %s", (made.id,))
        with transaction(matrix.company.id) as tx:
            hold = writers.take(tx, matrix.company.id, made.id, lease=PACE.lease_seconds)
        assert hold is not None  # a new channel is nobody's
        self.hold: Hold = hold

    async def prepare(self, count: int) -> None:
        """Customers ask, we mean an answer to each, and the network is told to break."""
        company = self._matrix.company
        with transaction(company.id) as tx:
            channel = load_channel(tx, self.channel_id)
        signals = [s for s in await self.end.asked(channel, self.audience, count) if isinstance(s, Posted)]
        with transaction(company.id) as tx:
            apply(tx, [self._incoming(signal, tx.at) for signal in signals])
            rows = tx.rows(
                "SELECT m.id, m.case_id, c.version FROM messages m JOIN cases c ON c.workspace_id = m.workspace_id"
                " AND c.id = m.case_id WHERE m.channel_id = %s AND m.identity_id IS NOT NULL ORDER BY m.id",
                (self.channel_id,),
            )
            asked = [tuple(row) for row in rows]
        assert len(asked) == count, (self.end.network, self.audience, len(asked))
        for message, case, version in asked:
            text = f"It is in Lisbon, {uuid.uuid4().hex[:12]}."
            self.texts[self._mean(message, case, version, text)] = text
        self.end.arm(self.fault, count, self.late)

    def _incoming(self, signal: Posted, at: datetime) -> Incoming:
        company = self._matrix.company
        return Incoming(
            workspace=company.id, channel=self.channel_id, network=self.end.network, account=self.end.account_id,
            queue=company.queue_id, received_at=at, edit_times=True, signal=signal,
        )  # fmt: skip

    def _mean(self, message: int, case: int, version: int, text: str) -> int:
        company, key = self._matrix.company, str(uuid.uuid4())
        with transaction(company.id) as tx:
            if self.audience == "public":
                ask = PublicAsk(case_id=case, text=text, in_reply_to=message, client_key=key, seen_version=version)
                return actions.answer_publicly(tx, self._matrix.person, ask).id
            to = recipient.find(tx, company.id, case)
            asked = DirectAsk(
                case_id=case, text=text, to_identity=to.identity_id, in_reply_to=to.message_id, client_key=key,
                seen_version=version,
            )  # fmt: skip
            return actions.answer_directly(tx, self._matrix.person, asked).id

    async def work(self) -> None:
        """All that is due on this channel now."""
        due = await self._matrix.sender.hop(visit.due, self.hold, [], PACE)
        assert due is not None  # nobody else writes here
        await asyncio.gather(
            *(getattr(self._matrix.sender, doing)(visit.LINES[at], self.hold, reply) for (at, reply), doing in due)
        )

    def outcomes(self) -> list[Outcome]:
        table = "public_replies" if self.audience == "public" else "direct_replies"
        said = Counter(self.end.published())
        other: Audience = "private" if self.audience == "public" else "public"
        with transaction(self._matrix.company.id) as tx:
            rows = [
                tuple(row)
                for row in tx.rows(
                    f"SELECT id, state, evidence::text FROM {table} WHERE channel_id = %s", (self.channel_id,)
                )
            ]
        return [
            Outcome(
                network=self.end.network, fault=self.fault, audience=self.audience, state=state,
                taken=said[self.audience, self.texts[reply]] + said[other, self.texts[reply]],
                leaked=said[other, self.texts[reply]] > 0,
                unsure_for=_unsure_for(msgspec.json.decode(told)), how=told,
            )
            for reply, state, told in rows
        ]  # fmt: skip


class Matrix:
    """All cells, `runs` of each."""

    def __init__(self, seed: int, move: Move, running: Running, real: GuardedEgress) -> None:
        self.seed, self._move = seed, move
        self._rng = random.Random(seed)
        self._running, self._real = running, real
        self._mux = Mux(real)
        self.company = builders.workspace()
        builders.holds(self.company)
        self.sender = Sender(self._mux, no_picture, pace=PACE)
        self.person = Actor(
            user_id=ids.new(), membership_id=ids.new(), workspace_id=self.company.id, role="agent", duty_name="Mia",
            initials="MI", email="mia@example.com",
        )  # fmt: skip
        self._ahead = clock.offset()
        self._controls = 0.0

    async def run(self, runs: int, tell: Callable[[str], None], networks: tuple[str, ...] = NETWORKS) -> Found:
        wanted = [
            (name, fault, audience, min(BATCH, runs - start))
            for name, fault, audience in product(networks, FAULTS, ("public", "private"))
            for start in range(0, runs, BATCH)
        ]
        found: list[Outcome] = []
        for start in range(0, len(wanted), AT_A_TIME):
            found += await self._together(wanted[start : start + AT_A_TIME])
            tell(f"{len(found)} runs")
        return Found(seed=self.seed, outcomes=found)

    async def _together(self, wanted: list[tuple[str, Any, Any, int]]) -> list[Outcome]:
        batches = []
        for name, fault, audience, count in wanted:
            late = self._rng.uniform(20, 120) if fault == "late_reads" else 0.0
            batch = Batch(self, self._end(name), fault, audience, late)
            await batch.prepare(count)
            batches.append(batch)
        await self._to_the_end(batches)
        return [outcome for batch in batches for outcome in batch.outcomes()]

    def _end(self, name: str) -> End:
        end: End
        match name:
            case "sandbox":
                end = SandboxEnd(self._running, self._real)
            case "bluesky":
                end = BlueskyEnd()
            case _:
                end = FakeEnd()
        self._mux.add(end)
        return end

    async def _to_the_end(self, batches: list[Batch]) -> None:
        for _ in range(3000):
            while due := self._due_now():
                await asyncio.gather(*(batch.work() for batch in batches if batch.channel_id in due))
                self._nothing_is_forgotten()
            ahead = self._seconds_to_next()
            if ahead is None:
                return
            self._pass(max(0.0, ahead) + 1.0, batches)
        raise AssertionError("it never comes to rest")

    def _pass(self, seconds: float, batches: list[Batch]) -> None:
        """Time passes; twice a minute each company says something else, and logins that died are mended."""
        self._ahead += seconds
        self._move(self._ahead)
        if self._ahead - self._controls >= 30:
            self._controls = self._ahead
            for batch in batches:
                batch.end.later()
            with transaction(self.company.id) as tx:
                tx.run("UPDATE channel_health SET state = 'ok' WHERE state = 'login_expired'", ())
            with transaction(self.company.id) as tx:
                for batch in batches:
                    assert writers.renew(tx, batch.hold, lease=PACE.lease_seconds)

    def _due_now(self) -> set[int]:
        """Channels on which something is due."""
        return {
            row[0]
            for table in ("public_replies", "direct_replies")
            for row in self._rows(
                f"SELECT DISTINCT channel_id FROM {table} WHERE least(next_at, verify_at, withdraw_at) <= %s",
                clock.now(),
            )
        }

    def _seconds_to_next(self) -> float | None:
        """Until something is due: a reply, a read-back of who can read it, a withdrawal."""
        moments = [
            row[0]
            for table in ("public_replies", "direct_replies")
            for row in self._rows(f"SELECT least(next_at, verify_at, withdraw_at) FROM {table}")
            if row[0] is not None
        ]
        return (min(moments) - clock.now()).total_seconds() if moments else None

    def _nothing_is_forgotten(self) -> None:
        """Whatever moves has a moment at which somebody looks; whatever rests has none."""
        for table in ("public_replies", "direct_replies"):
            wrong = self._rows(
                f"SELECT id, state, next_at FROM {table} WHERE (state = ANY (%s)) <> (next_at IS NOT NULL)",
                list(_MOVING),
            )
            assert not wrong, wrong

    def _rows(self, query: str, *params: Any) -> list[tuple[Any, ...]]:
        with transaction(self.company.id) as tx:
            return [tuple(row) for row in tx.rows(query, params)]

    async def close(self) -> None:
        await asyncio.gather(*(asyncio.wrap_future(done) for done in self.sender._close_connections()))
        self.sender._threads.shutdown()
        with transaction(self.company.id) as tx:  # nothing of ours is due for anybody else
            for table in ("public_replies", "direct_replies"):
                tx.run(f"UPDATE {table} SET verify_at = NULL, withdraw_at = NULL", ())
        connection.close()  # what is asked within a loop has a connection of its own


def _unsure_for(told: list[dict[str, Any]]) -> float | None:
    """From the first time nobody knew, to the last thing that happened to it before a verdict or a person."""
    unsure = [moment["at"] for moment in told if moment["event"] in _UNSURE]
    if not unsure:
        return None
    began, ended = (datetime.fromisoformat(at) for at in (unsure[0], told[-1]["at"]))
    return (ended - began) / timedelta(seconds=1)


@contextmanager
def installed() -> Iterator[None]:
    """The fake is among the networks there are; without deduplication, as its ends are."""
    with registry.networks.lend(FakeConnector(FakeNetwork(dedupes=False))):
        yield


def run(
    runs: int, seed: int, move: Move, data: Path, tell: Callable[[str], None], networks: tuple[str, ...] = NETWORKS
) -> Found:
    """All cells against a sandbox in `data`. Django is connected to a database that nobody else uses."""

    async def work(running: Running) -> Found:
        real = GuardedEgress(allow=[f"127.0.0.1:{running.port}"])
        matrix = Matrix(seed, move, running, real)
        try:
            return await matrix.run(runs, tell, networks)
        finally:
            await matrix.close()
            await real.aclose()

    with ExitStack() as stack:
        # between two steps nothing else runs in this loop, so statements may be made right there
        stack.enter_context(patch.dict(os.environ, DJANGO_ALLOW_ASYNC_UNSAFE="true"))
        stack.enter_context(installed())
        running = stack.enter_context(network(data))
        return asyncio.run(work(running))
