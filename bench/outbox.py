"""Replies that wait to go out of a company, and the senders that see to them, each in a process of its own."""

from __future__ import annotations

import asyncio
import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg

from bench.installation import Installation
from bench.processes import beside

if TYPE_CHECKING:
    from offhold.people.actors import Actor

_HOLDS = "INSERT INTO publishing_policies (workspace_id, version, policy) VALUES (%s, 1, %s)"
_WAIT = "UPDATE public_replies SET next_at = now() + interval '1 day' WHERE workspace_id = %s AND state = 'intent'"
_DUE = """
UPDATE public_replies SET next_at = now(), until = now() + interval '15 minutes'
WHERE workspace_id = %s AND state = 'intent'
"""
_ASKED = "SELECT m.id, m.case_id, c.version FROM messages m JOIN cases c ON c.id = m.case_id ORDER BY m.id"


class Outbox(NamedTuple):
    """A company whose replies wait until they are made due."""

    workspace: int
    meant: int

    def begin(self, url: str) -> None:
        """Make all of them due at once, as the owner at `url`."""
        with psycopg.connect(url) as conn:
            conn.execute(_DUE, (self.workspace,))
            conn.execute("NOTIFY offhold_replies")


def meant(number: int, channels: int, each: int, place: str, url: str) -> Outbox:
    """A company with so many channels on the network at `place`; on each so many customers ask in public, and each
    is answered by the acts a browser's request calls. While no sender runs, for it would begin at once."""
    from offhold.kernel import clock  # noqa: PLC0415 - models can be imported once `installation` set Django up
    from offhold.kernel.db.tx import transaction  # noqa: PLC0415 - the same
    from offhold.people.workspaces import do_found_workspace  # noqa: PLC0415 - the same
    from offhold.publishing import actions  # noqa: PLC0415 - the same
    from offhold.publishing.asked import PublicAsk  # noqa: PLC0415 - the same

    workspace, queue = do_found_workspace(f"Company {number}")
    _not_held(workspace)
    for channel in range(channels):
        _asked(workspace, queue, _connected(workspace, f"out-{number}-{channel}", place), each, clock.now())
    mia = _mia(workspace)
    with transaction(workspace) as tx:
        asked = tx.rows(_ASKED)
    for message, case, version in asked:
        ask = PublicAsk(
            case_id=case, client_key=str(uuid.uuid4()), in_reply_to=message, seen_version=version,
            text=f"We have found it, number {message % 1000}, and bring it to you this afternoon.",
        )  # fmt: skip
        with transaction(workspace) as tx:
            actions.answer_publicly(tx, mia, ask)
    with psycopg.connect(url) as conn:
        waiting = conn.execute(_WAIT, (workspace,)).rowcount
    assert waiting == channels * each, "a reply of the bench met a rule"
    return Outbox(workspace, waiting)


def _not_held(workspace: int) -> None:
    from offhold.kernel import jsons  # noqa: PLC0415 - as above
    from offhold.kernel.db.tx import transaction  # noqa: PLC0415 - as above
    from offhold.publishing.policy import Holds, PublishingPolicy  # noqa: PLC0415 - as above

    policy = PublishingPolicy(holds=Holds(public=0, private=0))
    with transaction(workspace) as tx:
        tx.run(_HOLDS, (workspace, jsons.encode(policy).decode()))


def _connected(workspace: int, account: str, place: str) -> int:
    from offhold.channels.actions import do_add_channel, do_set_sending  # noqa: PLC0415 - as above
    from offhold.connectors.contract import Connected  # noqa: PLC0415 - as above
    from offhold.kernel.db.tx import transaction  # noqa: PLC0415 - as above

    config, secrets = {"base_url": f"http://{place}/{account}"}, {"token": "bench", "webhook_secret": "bench"}
    with transaction(workspace) as tx:
        given = Connected(account, account, "Care", config, secrets, followers=None)
        channel = int(do_add_channel(tx, workspace, "sandbox", given).id)
        do_set_sending(tx, workspace, channel, on=True)
    return channel


def _asked(workspace: int, queue: int, channel: int, count: int, at: Any) -> None:
    """So many customers' questions come in, each a case of its own."""
    from offhold.cases.apply import apply  # noqa: PLC0415 - as above
    from offhold.cases.known import Incoming  # noqa: PLC0415 - as above
    from offhold.connectors.contract import Person, Posted  # noqa: PLC0415 - as above
    from offhold.kernel.db.tx import transaction  # noqa: PLC0415 - as above

    signals = [
        Posted(
            id=f"asked-{channel}-{n}", author=Person(f"c{channel}-{n}", f"customer{n}", f"Customer {n}"),
            audience="public", text="Where is my suitcase, please?", at=at, conversation=f"asked-{channel}-{n}",
        )
        for n in range(count)
    ]  # fmt: skip
    with transaction(workspace) as tx:
        apply(
            tx,
            [Incoming(workspace=workspace, channel=channel, network="sandbox", account=str(channel), queue=queue,
                      received_at=at, edit_times=True, signal=signal) for signal in signals],
        )  # fmt: skip


def _mia(workspace: int) -> Actor:
    from offhold.kernel import ids  # noqa: PLC0415 - as above
    from offhold.people.actors import Actor  # noqa: PLC0415 - as above

    return Actor(
        user_id=ids.new(), membership_id=ids.new(), workspace_id=workspace, role="agent", duty_name="Mia",
        initials="MI", email="mia@example.com",
    )  # fmt: skip


# --- senders -------------------------------------------------------------------------------------------------


class Counting:
    """A sender's process as a bench asks it."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.pid: int = pipe.recv()

    def statements(self) -> int:
        """How many it has sent to the database so far."""
        self._pipe.send(None)
        return int(self._pipe.recv())


@contextmanager
def senders(here: Installation, place: str, count: int) -> Iterator[list[Counting]]:
    """So many senders of this installation, ready, for the length of a block."""
    with ExitStack() as open_:
        pipes = [open_.enter_context(beside(_child)) for _ in range(count)]
        for pipe in pipes:
            pipe.send((here.url, here.directory, place))
        yield [Counting(pipe) for pipe in pipes]


def _child(pipe: Connection) -> None:
    from offhold.app.cli.django_process import set_up  # noqa: PLC0415 - in the child alone

    url, directory, place = pipe.recv()
    os.environ |= {"OFFHOLD_VAR_DIR": str(Path(directory)), "OFFHOLD_LOG_LEVEL": "warning"}
    set_up(url, "pipeline")
    asyncio.run(_send(pipe, place))


async def _send(pipe: Connection, place: str) -> None:
    from offhold.app.media import picture  # noqa: PLC0415 - models can be imported once Django is set up
    from offhold.connectors.egress import GuardedEgress  # noqa: PLC0415 - the same
    from offhold.publishing.sender import Sender  # noqa: PLC0415 - the same

    counted = _counted()
    egress = GuardedEgress([place])
    threading.Thread(target=_tell, args=(pipe, counted), daemon=True).start()
    await Sender(egress, picture).run()


def _tell(pipe: Connection, counted: list[int]) -> None:
    pipe.send(os.getpid())
    while True:
        pipe.recv()
        pipe.send(counted[0])


def _counted() -> list[int]:
    """From here on every statement of this process counts; BEGIN and COMMIT do not."""
    counted, execute = [0], psycopg.Cursor.execute

    def counting(self: Any, *args: Any, **kwargs: Any) -> Any:
        counted[0] += 1
        return execute(self, *args, **kwargs)

    psycopg.Cursor.execute = counting  # type: ignore[method-assign]
    return counted
