"""The way of every API call: who asks, what goes wrong today, is it within the limits, the act, the answer.

A handler is synchronous: it acts and returns a status and a JSON shape. The answer leaves once all it did is on disk.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Literal, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from offhold.networks.sandbox.world import cut, tokens
from offhold.networks.sandbox.world.faults import AFTER, BEFORE, Fault
from offhold.networks.sandbox.world.limits import Limits
from offhold.networks.sandbox.world.network import Network, Refusal

T = TypeVar("T")
MAX_BODY = 5_000_000
OVER_CAPACITY = b"<!doctype html><title>We will be right back</title><h1>Over capacity</h1>"


class Call(msgspec.Struct):
    """One request of a known account. `name` is the endpoint's, which faults and limits go by."""

    net: Network
    name: str
    account: str
    token: str
    path: dict[str, Any]
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def read(self, expected: type[T]) -> T:
        try:
            return msgspec.json.decode(self.body, type=expected)
        except msgspec.DecodeError as error:
            raise Refusal(400, "bad_request", str(error)) from error

    def number(self, name: str, default: int, low: int, high: int) -> int:
        try:
            return min(high, max(low, int(self.query.get(name, default))))
        except ValueError as error:
            raise Refusal(400, "bad_request", f"{name} is not a number.") from error


class Reply(msgspec.Struct):
    """`shape` is JSON to be encoded, or bytes as they are."""

    status: int
    shape: Any
    headers: dict[str, str] = {}


Handler = Callable[[Call], Reply]
Endpoint = Callable[[Request], Awaitable[Response]]


def endpoint(
    net: Network, limits: Limits, name: str, what: Literal["read", "write", "upload"], do: Handler
) -> Endpoint:
    async def serve(request: Request) -> Response:
        body = await _body(request)
        fault: Fault | None = None
        headers: dict[str, str] = {}
        account = ""
        try:
            token = tokens.bearer(request.headers.get("authorization", ""))
            account = tokens.who(net, token)
            await _before(net, name, account)
            fits, headers = limits.take(account, what, net.now())
            check_fits(fits)
            call = Call(
                net, name, account, token, request.path_params, dict(request.query_params), dict(request.headers), body
            )
            reply = _drifted(net, name, account, do(call))
            fault = net.faults.pick(AFTER, name, account)
        except Refusal as no:
            reply = refused(no)
        reply.headers = headers | reply.headers
        if what != "read":
            _remember(net, name, account, reply, fault, request.headers.get("idempotency-key"))
        await net.settle()
        return answer(reply) if fault is None else await _spoilt(fault, reply, request)

    return serve


def check_fits(fits: bool) -> None:
    if not fits:
        raise Refusal(429, "rate_limited", "Too many calls; wait.")


def refused(no: Refusal) -> Reply:
    wait = {"retry-after": str(no.wait)} if isinstance(no, Later) and no.wait else {}
    return Reply(no.status, {"error": {"code": no.code, "message": str(no)}}, wait)


class Later(Refusal):
    """A 429 that a fault asked for. `wait` None: it does not say how long."""

    def __init__(self, wait: int | None) -> None:
        super().__init__(429, "rate_limited", "Too many calls; wait.")
        self.wait = wait


def answer(reply: Reply) -> Response:
    content = reply.shape if isinstance(reply.shape, bytes) else msgspec.json.encode(reply.shape)
    return Response(content, reply.status, reply.headers, media_type="application/json")


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            break
    return body


async def _before(net: Network, name: str, account: str) -> None:
    if (slow := net.faults.pick(("latency",), name, account)) is not None:
        net.record("fault", name="latency", endpoint=name, account=account)
        await asyncio.sleep(slow.ask.seconds)
    spoil_before(net, name, account)


def spoil_before(net: Network, name: str, account: str) -> None:
    """Raises the Refusal that a fault asks for before anything happened."""
    fault = net.faults.pick(tuple(n for n in BEFORE if n not in ("latency", "duplicate_refusal")), name, account)
    if fault is None:
        return
    net.record("fault", name=fault.ask.name, endpoint=name, account=account)
    match fault.ask.name:
        case "expired_token":
            raise Refusal(401, "expired_token", "This token has expired.")
        case "limited":
            raise Later(int(fault.ask.seconds))
        case "limited_bare":
            raise Later(None)
        case _:
            raise Refusal(500, "internal", "Something went wrong on our side.")


def _drifted(net: Network, name: str, account: str, reply: Reply) -> Reply:
    if isinstance(reply.shape, dict) and net.faults.pick(("drift_fields",), name, account) is not None:
        reply.shape = drift(reply.shape)
    return reply


def drift(shape: Any) -> Any:
    """The same with fields nobody has heard of, at every level."""
    if isinstance(shape, list):
        return [drift(s) for s in shape]
    if isinstance(shape, dict):
        return {"x_rollout": {"cohort": 7, "flags": ["new"]}, **{k: drift(v) for k, v in shape.items()}, "x_score": 0.5}
    return shape


def _remember(net: Network, name: str, account: str, reply: Reply, fault: Fault | None, key: str | None) -> None:
    shape = reply.shape if isinstance(reply.shape, dict) else {}
    net.record(
        "answered",
        endpoint=name,
        account=account or None,
        status=reply.status,
        item=shape.get("id"),
        key=key,
        fault=fault.ask.name if fault else None,
    )


async def _spoilt(fault: Fault, reply: Reply, request: Request) -> Response:
    """What the caller gets instead, after it has happened."""
    content = reply.shape if isinstance(reply.shape, bytes) else msgspec.json.encode(reply.shape)
    match fault.ask.name:
        case "lost_answer":
            return await cut.lost(request)
        case "reset_midway":
            return cut.Reset(content, request)
        case "slow_body":
            drops = _drops(content, fault.ask.seconds)
            return StreamingResponse(drops, reply.status, reply.headers, media_type="application/json")
        case "html":
            return Response(OVER_CAPACITY, 200, media_type="text/html")
        case _:
            return answer(_another(fault.ask.name, reply, content))


def _another(fault: str, reply: Reply, content: bytes) -> Reply:
    """A reply that comes whole and on time, and is wrong."""
    error = {"error": {"code": "internal", "message": "Something went wrong on our side."}}
    match fault:
        case "error_after":
            return Reply(500, error)
        case "ok_with_error":
            return Reply(200, error)
        case "malformed":
            return Reply(200, content[: max(1, len(content) * 2 // 3)])
        case _:
            return Reply(reply.status, _other_visibility(reply.shape), reply.headers)


def _other_visibility(shape: Any) -> Any:
    if isinstance(shape, dict) and "visibility" in shape:
        return shape | {"visibility": "private" if shape["visibility"] == "public" else "public"}
    return shape


async def _drops(content: bytes, seconds: float) -> AsyncIterator[bytes]:
    step = max(1, len(content) // 20)
    for start in range(0, len(content), step):
        yield content[start : start + step]
        await asyncio.sleep(seconds / 20)
