"""Channels and networks over HTTP."""

from __future__ import annotations

import msgspec
from django.conf import settings
from ninja import Router, Status

from offhold.channels import actions, connecting, queries
from offhold.channels.views import ChannelView, NetworkView, network_view
from offhold.connectors import registry
from offhold.kernel.db.tx import transaction
from offhold.people.web import Asked, Body, Id, Line, Text, shown, signed_in

router = Router(auth=signed_in, tags=["channels"])


class ChannelAnswer(msgspec.Struct, frozen=True):
    channel: ChannelView


class ChannelsAnswer(msgspec.Struct, frozen=True):
    channels: list[ChannelView]


class NetworksAnswer(msgspec.Struct, frozen=True):
    networks: list[NetworkView]


class HookAnswer(msgspec.Struct, frozen=True):
    """Where the network delivers to. The address is a secret: who has it may try to deliver."""

    url: str


class RemovedAnswer(msgspec.Struct, frozen=True):
    """`removed` False: things were said on the channel, so it stays, paused and without credentials."""

    removed: bool


class Connecting(Body):
    """`typed`: by field name, what the network's manifest asks for."""

    network: Line
    typed: dict[str, Text]


class Reconnecting(Body):
    typed: dict[str, Text]


class Sending(Body):
    on: bool


class Pausing(Body):
    paused: bool


@router.get("/networks", response=shown(NetworksAnswer))
def networks(request: Asked) -> NetworksAnswer:  # noqa: ARG001 - signed in is all it takes
    """The networks that can be connected."""
    return NetworksAnswer([network_view(manifest) for manifest in registry.manifests().values()])


@router.get("/channels", response=shown(ChannelsAnswer))
def channels(request: Asked) -> ChannelsAnswer:
    """The workspace's channels and their health."""
    with transaction(request.auth.workspace_id) as tx:
        return ChannelsAnswer(queries.channel_views(tx))


@router.post("/channels", response={201: shown(ChannelAnswer)})
def connect(request: Asked, body: Connecting) -> Status[ChannelAnswer]:
    """Connect an account. It starts watch-only."""
    request.auth.check_may("admin")
    account = connecting.connect(body.network, body.typed)
    with transaction(request.auth.workspace_id) as tx:
        return Status(201, ChannelAnswer(actions.do_add_channel(tx, request.auth.workspace_id, body.network, account)))


@router.post("/channels/{channel_id}/reconnect", response=shown(ChannelAnswer))
def reconnect(request: Asked, channel_id: Id, body: Reconnecting) -> ChannelAnswer:
    """Give a channel new credentials of the same account."""
    request.auth.check_may("admin")
    with transaction(request.auth.workspace_id) as tx:
        network = queries.channel_view(tx, channel_id).network
    account = connecting.connect(network, body.typed)
    with transaction(request.auth.workspace_id) as tx:
        return ChannelAnswer(actions.do_renew_channel(tx, request.auth.workspace_id, channel_id, account))


@router.post("/channels/{channel_id}/sending", response=shown(ChannelAnswer))
def sending(request: Asked, channel_id: Id, body: Sending) -> ChannelAnswer:
    """Let a channel send, or make it watch-only."""
    request.auth.check_may("lead")
    with transaction(request.auth.workspace_id) as tx:
        return ChannelAnswer(actions.do_set_sending(tx, request.auth.workspace_id, channel_id, on=body.on))


@router.post("/channels/{channel_id}/pause", response=shown(ChannelAnswer))
def pause(request: Asked, channel_id: Id, body: Pausing) -> ChannelAnswer:
    """Stop reading a channel for a while, or go on."""
    request.auth.check_may("lead")
    with transaction(request.auth.workspace_id) as tx:
        return ChannelAnswer(actions.do_set_paused(tx, request.auth.workspace_id, channel_id, paused=body.paused))


@router.get("/channels/{channel_id}/hook", response=shown(HookAnswer))
def hook(request: Asked, channel_id: Id) -> HookAnswer:
    """The webhook address to give to the network."""
    request.auth.check_may("admin")
    with transaction(request.auth.workspace_id) as tx:
        return HookAnswer(f"{settings.PUBLIC_URL}/hooks/{queries.hook_token(tx, channel_id)}")


@router.delete("/channels/{channel_id}", response=shown(RemovedAnswer))
def remove(request: Asked, channel_id: Id) -> RemovedAnswer:
    """Take a channel and its credentials away."""
    request.auth.check_may("admin")
    with transaction(request.auth.workspace_id) as tx:
        return RemovedAnswer(actions.do_remove_channel(tx, request.auth.workspace_id, channel_id))
