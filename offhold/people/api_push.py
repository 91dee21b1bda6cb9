"""Web push over HTTP: the key browsers need, and which of one's own browsers ring."""

from __future__ import annotations

from typing import Annotated

import msgspec
from ninja import Router, Status
from pydantic import StringConstraints

from offhold.kernel.db.tx import Tx, transaction
from offhold.people import push
from offhold.people.push import Device
from offhold.people.web import Asked, Body, Id, Line, shown, signed_in

router = Router(auth=signed_in, tags=["push"])
Address = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_=-]{1,200}$")]


class DevicesAnswer(msgspec.Struct, frozen=True):
    """`key`: this workspace's public key, for `PushManager.subscribe`."""

    key: str
    devices: list[Device]


class DeviceBody(Body):
    endpoint: Address
    p256dh: Key
    auth: Key
    device: Line


@router.get("/me/devices", response=shown(DevicesAnswer))
def devices(request: Asked) -> DevicesAnswer:
    """What rings for oneself."""
    with transaction(request.auth.workspace_id) as tx:
        return _answer(tx, request)


@router.post("/me/devices", response={201: shown(DevicesAnswer)})
def subscribe(request: Asked, body: DeviceBody) -> Status[DevicesAnswer]:
    """Ring this browser."""
    with transaction(request.auth.workspace_id) as tx:
        push.do_subscribe(tx, request.auth, push.Asked(body.endpoint, body.p256dh, body.auth, body.device))
        return Status(201, _answer(tx, request))


@router.delete("/me/devices/{device_id}", response=shown(DevicesAnswer))
def unsubscribe(request: Asked, device_id: Id) -> DevicesAnswer:
    """Ring it no more."""
    with transaction(request.auth.workspace_id) as tx:
        push.do_unsubscribe(tx, request.auth, device_id)
        return _answer(tx, request)


def _answer(tx: Tx, request: Asked) -> DevicesAnswer:
    return DevicesAnswer(push.public_key(tx, request.auth.workspace_id), push.devices(tx, request.auth))
