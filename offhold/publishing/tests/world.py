"""A desk beside a fake network: a company, its channel, a customer's case, people who answer, a sender that runs."""

from __future__ import annotations

import asyncio
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec
import pytest

from offhold.cases.apply import apply
from offhold.cases.known import Incoming
from offhold.channels.credentials import do_store_secrets
from offhold.connectors import registry
from offhold.connectors.contract import Abilities, Egress, Picture
from offhold.connectors.fake import FakeConnector, FakeNetwork, wire
from offhold.kernel import clock, ids
from offhold.kernel.db.tx import Tx, transaction
from offhold.kernel.errors import OffholdError
from offhold.people.actors import Actor
from offhold.publishing import actions, direct, public, recipient
from offhold.publishing.asked import DirectAsk, PublicAsk
from offhold.publishing.attempts import Opened
from offhold.publishing.echoes import settle_echoes
from offhold.publishing.graph import Event
from offhold.publishing.line import Gone, Line
from offhold.publishing.pace import Pace
from offhold.publishing.recipient import Recipient
from offhold.publishing.replies import AskedPicture, DirectReply, PublicReply
from offhold.publishing.sender import Sender
from offhold.publishing.standing import Rule
from offhold.publishing.writers import Hold
from tests.support import builders

Move = Callable[[float], None]  # the `clock_offset` fixture

QUICK = Pace(
    request_seconds=1.0,
    lease_seconds=3.0,
    skew_seconds=0.2,
    rest_seconds=0.05,
    idle_seconds=0.05,
    withdraw_again_after=0.0,
    longest_sleep=0.05,
    restless_sleep=0.02,
)
# The same rule in a hundredth of the time, for tests that let it run by itself.
HASTY = msgspec.structs.replace(
    QUICK,
    request_seconds=0.3,
    rule=Rule(apart=0.6, settle_within=3.0, send_within=9.0, backoff=0.02, longest_backoff=0.1, locked_out_for=0.2),
)


def no_picture(_: Tx, __: int, asked: AskedPicture) -> Picture:
    raise Gone(f"There is no picture {asked.media_id}.")


class World:
    """One company with one channel on one fake network. `network` is the truth about what was published."""

    def __init__(self, *, dedupes: bool = False, sending: bool = True, abilities: Abilities | None = None) -> None:
        self.network = FakeNetwork(dedupes=dedupes)
        self.connector = FakeConnector(self.network, abilities=abilities)
        self.company = builders.workspace()
        builders.holds(self.company)
        self.channel_id = self._connect(sending=sending)
        self._heard = 0

    def _connect(self, *, sending: bool) -> int:
        made = builders.channel(self.company, network="fake", account_id=self.network.us.id, sending=sending)
        secrets = self.network.channel(made.id, self.company.id).secrets
        with self.tx() as tx:
            do_store_secrets(tx, self.company.id, made.id, secrets)
            tx.run("UPDATE channel_health SET state = 'ok' WHERE channel_id = %s", (made.id,))
        return made.id

    def tx(self) -> Any:
        return transaction(self.company.id)

    # --- what is said on the network, and heard by the desk ---------------------------------------------------

    def hear(self, *, settle: bool = True) -> None:
        """The desk reads whatever the network tells since it last did; without `settle` the sender finds echoes."""
        events = self.network.events_after(self._heard, 1000)
        self._heard += len(events)
        with self.tx() as tx:
            batch = [
                Incoming(
                    workspace=self.company.id,
                    channel=self.channel_id,
                    network="fake",
                    account=self.network.us.id,
                    queue=self.company.queue_id,
                    received_at=tx.at,
                    edit_times=True,
                    signal=signal,
                )
                for event in events
                for signal in self.connector.parse(
                    self.network.channel(self.channel_id, self.company.id), wire.envelope(event)
                )
            ]
            stored = apply(tx, batch)
            if settle:
                settle_echoes(tx, stored.messages)

    def asked_in_public(self, text: str = "Where is my bag, please?", *, by: str = "dora") -> int:
        """A customer asks us something in public. Returns the case."""
        return self._case_of(self.network.post(text, by=by))

    def asked_in_private(self, text: str = "My booking is XK7QP2, where is my bag?", *, by: str = "dora") -> int:
        """A customer writes us a direct message. Returns the case."""
        return self._case_of(self.network.message(text, by=by))

    def _case_of(self, network_id: str) -> int:
        self.hear()
        return int(
            self.one("SELECT case_id FROM messages WHERE network_id = %s AND case_id IS NOT NULL", network_id)[0]
        )

    # --- what people do ----------------------------------------------------------------------------------------

    def person(self, duty_name: str = "Mia", role: str = "agent") -> Actor:
        return Actor(
            user_id=ids.new(),
            membership_id=ids.new(),
            workspace_id=self.company.id,
            role=role,
            duty_name=duty_name,
            initials=duty_name[:2].upper(),
            email=f"{duty_name.lower()}@example.com",
        )

    def version(self, case_id: int) -> int:
        return int(self.one("SELECT version FROM cases WHERE id = %s", case_id)[0])

    def newest(self, case_id: int, audience: str = "public") -> int:
        return int(
            self.one(
                "SELECT id FROM messages WHERE case_id = %s AND audience = %s AND identity_id IS NOT NULL"
                " ORDER BY at DESC LIMIT 1",
                case_id,
                audience,
            )[0]
        )

    def public_ask(self, case_id: int, text: str = "On its way, Dora.", **changes: Any) -> PublicAsk:
        known: dict[str, Any] = {
            "case_id": case_id,
            "client_key": str(uuid.uuid4()),
            "text": text,
            "in_reply_to": changes.pop("in_reply_to", None) or self.newest(case_id),
            "seen_version": self.version(case_id),
        }
        return PublicAsk(**(known | changes))

    def direct_ask(self, case_id: int, text: str = "XK7QP2 is in Lisbon.", **changes: Any) -> DirectAsk:
        known: dict[str, Any] = {
            "case_id": case_id,
            "client_key": str(uuid.uuid4()),
            "text": text,
            "to_identity": self.recipient(case_id).identity_id,
            "in_reply_to": self.recipient(case_id).message_id,
            "seen_version": self.version(case_id),
        }
        return DirectAsk(**(known | changes))

    def recipient(self, case_id: int) -> Recipient:
        """Whom the case's direct lane names now."""
        with self.tx() as tx:
            return recipient.find(tx, self.company.id, case_id)

    def mean_publicly(self, ask: PublicAsk, *, by: Actor | None = None) -> PublicReply:
        with self.tx() as tx:
            return actions.answer_publicly(tx, by or self.person(), ask)

    def mean_directly(self, ask: DirectAsk, *, by: Actor | None = None) -> DirectReply:
        with self.tx() as tx:
            return actions.answer_directly(tx, by or self.person(), ask)

    def say(self, case_id: int, text: str = "On its way, Dora.", *, by: Actor | None = None) -> int:
        """Answer in public. Returns the reply."""
        return self.mean_publicly(self.public_ask(case_id, text), by=by).id

    def whisper(self, case_id: int, text: str = "XK7QP2 is in Lisbon.", *, by: Actor | None = None) -> int:
        """Answer in private. Returns the reply."""
        return self.mean_directly(self.direct_ask(case_id, text), by=by).id

    # --- the sender --------------------------------------------------------------------------------------------

    @contextmanager
    def sending(self, *, pace: Pace = QUICK, egress: Egress | None = None) -> Iterator[Sender]:
        """A sender works within the block, in a thread and an event loop of its own."""
        sender = Sender(egress or self.network.egress, no_picture, pace=pace)
        loops: list[asyncio.AbstractEventLoop] = []
        failed: list[BaseException] = []
        started = threading.Event()

        async def work() -> None:
            loops.append(asyncio.get_running_loop())
            started.set()
            await sender.run()

        def live() -> None:
            try:
                asyncio.run(work())
            except BaseException as error:  # noqa: BLE001 - told to the test below
                failed.append(error)

        with registry.networks.lend(self.connector):
            thread = threading.Thread(target=live)
            thread.start()
            started.wait(5)
            try:
                yield sender
            finally:
                if thread.is_alive():
                    loops[0].call_soon_threadsafe(sender.stop)
                thread.join(10)
        assert not failed, failed
        assert not thread.is_alive()

    @contextmanager
    def installed(self) -> Iterator[None]:
        """The fake network is one of those installed, as the web server needs it. Afterwards nothing of ours is due:
        a sender works for every company there is, those of other tests too."""
        with registry.networks.lend(self.connector):
            yield
        with self.tx() as tx:
            for table in ("public_replies", "direct_replies"):
                tx.run(f"UPDATE {table} SET state = 'cancelled', next_at = NULL WHERE next_at IS NOT NULL")
                tx.run(f"UPDATE {table} SET withdraw_at = NULL WHERE withdraw_at IS NOT NULL")
                tx.run(f"UPDATE {table} SET verify_at = NULL WHERE verify_at IS NOT NULL")

    # --- how it stands -----------------------------------------------------------------------------------------

    def public_reply(self, reply_id: int) -> PublicReply:
        with self.tx() as tx:
            return public.find(tx, self.company.id, reply_id)

    def direct_reply(self, reply_id: int) -> DirectReply:
        with self.tx() as tx:
            return direct.find(tx, self.company.id, reply_id)

    def state(self, reply_id: int) -> str:
        return str(
            self.one(
                "SELECT state FROM public_replies WHERE id = %(id)s"
                " UNION ALL SELECT state FROM direct_replies WHERE id = %(id)s",
                {"id": reply_id},
            )[0]
        )

    def until(self, reply_id: int, *states: str, seconds: float = 15.0) -> str:
        """Wait until the reply is in one of these states. Returns which."""
        return str(wait_for(lambda: {self.state(reply_id)} & {*states}, seconds, lambda: self.how(reply_id)).pop())

    def to_the_end(self, reply_id: int, move: Move, *, within: float = 1200.0) -> float:
        """Let business time run from one thing that is due to the next, until nothing moves or `within` seconds passed.

        Returns how many seconds of business time it took.
        """
        began, offset = clock.now(), clock.offset()
        while (moment := self._next_at(reply_id)) is not None:
            if self.state(reply_id) == "sending" and not self._changes(reply_id, moment, seconds=1.5):
                pass  # its process died: only time shows that
            ahead = (moment - clock.now()).total_seconds()
            if (moment - began).total_seconds() > within:
                break
            if ahead > 0:
                offset += ahead + 0.001
                move(offset)
            if not self._changes(reply_id, moment, seconds=10.0):
                raise AssertionError(f"nobody looked: {self.how(reply_id)}")
        return (clock.now() - began).total_seconds()

    def _changes(self, reply_id: int, moment: datetime, seconds: float) -> bool:
        try:
            wait_for(lambda: self._next_at(reply_id) != moment, seconds)
        except AssertionError:
            return False
        return True

    def _next_at(self, reply_id: int) -> datetime | None:
        found = self.all(
            "SELECT next_at FROM public_replies WHERE id = %(id)s"
            " UNION ALL SELECT next_at FROM direct_replies WHERE id = %(id)s",
            {"id": reply_id},
        )
        return found[0][0]  # type: ignore[no-any-return]  # a driver's row holds anything

    def how(self, reply_id: int) -> str:
        """Everything about a reply, for a failing test."""
        query = "SELECT state, tries, next_at, error_code, error_text, evidence::text FROM public_replies WHERE id = %s"
        return str(self.all(query, reply_id) or self.all(query.replace("public", "direct"), reply_id))

    def one(self, query: str, *params: Any) -> tuple[Any, ...]:
        with self.tx() as tx:
            row = tx.one(query, params[0] if params and isinstance(params[0], dict) else params)
        assert row is not None, query
        return tuple(row)

    def all(self, query: str, *params: Any) -> list[tuple[Any, ...]]:
        with self.tx() as tx:
            return [
                tuple(row) for row in tx.rows(query, params[0] if params and isinstance(params[0], dict) else params)
            ]


def wait_for(check: Callable[[], Any], seconds: float = 15.0, tell: Callable[[], Any] = str) -> Any:
    """Until `check` is true. `tell` says how it stands when it never becomes so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = check()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"it did not happen within {seconds} s: {tell()}")


def delivered(sender: Sender, line: Line[Any, Any], hold: Hold, opened: Opened[Any, Any]) -> tuple[Event, Any]:
    """What `sender`, which runs no loop of its own, makes of one delivery."""

    async def alone() -> tuple[Event, Any]:
        try:
            return await sender.deliver(line, hold, opened)
        finally:
            await asyncio.gather(*(asyncio.wrap_future(done) for done in sender._close_connections()))

    return asyncio.run(alone())


def refused(world: World, error: type[OffholdError], **changes: Any) -> OffholdError:
    """What a public reply with these changes is refused with. Nothing of it may be left."""
    before = world.one("SELECT count(*) FROM public_replies")
    actor = changes.pop("actor", None)
    ask = world.public_ask(changes.pop("case"), **changes)
    with pytest.raises(error) as caught:
        world.mean_publicly(ask, by=actor)
    assert world.one("SELECT count(*) FROM public_replies") == before
    return caught.value
