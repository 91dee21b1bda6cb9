"""Replies that wait to go out of a company. Imported once Django is set up."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import NamedTuple

import psycopg

from offhold.cases.apply import apply
from offhold.cases.known import Incoming
from offhold.channels.actions import do_add_channel, do_set_sending
from offhold.connectors.contract import Connected, Person, Posted
from offhold.kernel import clock, ids, jsons
from offhold.kernel.db.tx import transaction
from offhold.people.actors import Actor
from offhold.people.workspaces import do_found_workspace
from offhold.publishing import actions
from offhold.publishing.asked import PublicAsk
from offhold.publishing.policy import Holds, PublishingPolicy

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
    policy = PublishingPolicy(holds=Holds(public=0, private=0))
    with transaction(workspace) as tx:
        tx.run(_HOLDS, (workspace, jsons.encode(policy).decode()))


def _connected(workspace: int, account: str, place: str) -> int:
    config, secrets = {"base_url": f"http://{place}/{account}"}, {"token": "bench", "webhook_secret": "bench"}
    with transaction(workspace) as tx:
        given = Connected(account, account, "Care", config, secrets, followers=None)
        channel = int(do_add_channel(tx, workspace, "sandbox", given).id)
        do_set_sending(tx, workspace, channel, on=True)
    return channel


def _asked(workspace: int, queue: int, channel: int, count: int, at: datetime) -> None:
    """So many customers' questions come in, each a case of its own."""
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
    return Actor(
        user_id=ids.new(), membership_id=ids.new(), workspace_id=workspace, role="agent", duty_name="Mia",
        initials="MI", email="mia@example.com",
    )  # fmt: skip
