"""A few builders per stage: the least that makes a row whole, by the stages' own acts where those exist."""

from __future__ import annotations

from typing import NamedTuple

from offhold.kernel import ids, jsons
from offhold.kernel.db.tx import transaction
from offhold.people.workspaces import do_found_workspace
from offhold.publishing.policy import Holds, PublishingPolicy


class Workspace(NamedTuple):
    """A company with one queue."""

    id: int
    queue_id: int


class Channel(NamedTuple):
    """A connected account on a network; `hook_token` is the secret part of its webhook address."""

    id: int
    workspace_id: int
    hook_token: str


def workspace(name: str = "Northwind Air") -> Workspace:
    """A fresh workspace with clock and queue."""
    return Workspace(*do_found_workspace(name))


def channel(
    of: Workspace, *, network: str = "sandbox", account_id: str | None = None, sending: bool = False
) -> Channel:
    """A channel of `of`, without credentials; watch-only unless `sending`."""
    made = Channel(ids.new(), of.id, f"hook-{ids.new()}")
    with transaction(of.id) as tx:
        tx.run(
            "INSERT INTO channels (id, workspace_id, network, account_id, handle, name, config, queue_id, hook_token,"
            " sending, paused, connected_at) VALUES (%s, %s, %s, %s, %s, 'Care', '{}', %s, %s, %s, false, %s)",
            (made.id, of.id, network, account_id or f"acct-{made.id}", f"care-{made.id}", of.queue_id,
             made.hook_token, sending, tx.at),
        )  # fmt: skip
        tx.run("INSERT INTO channel_health (workspace_id, channel_id) VALUES (%s, %s)", (of.id, made.id))
    return made


def policy(of: Workspace, wanted: PublishingPolicy) -> None:
    """What has to happen in `of` before something goes out; without this as a new workspace has it."""
    with transaction(of.id) as tx:
        tx.run(
            "INSERT INTO publishing_policies (workspace_id, version, policy) VALUES (%s, 1, %s)"
            " ON CONFLICT (workspace_id) DO UPDATE SET policy = excluded.policy",
            (of.id, jsons.encode(wanted).decode()),
        )


def holds(of: Workspace, *, public: int = 0, private: int = 0) -> None:
    """For how many seconds the replies of `of` are held, and nothing else is asked of them."""
    policy(of, PublishingPolicy(holds=Holds(public=public, private=private)))
