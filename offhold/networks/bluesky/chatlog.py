"""Reading direct messages: the service's event log from where we were, and the conversations themselves at the start
and every hour, in case the log leaves something out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from offhold.connectors.contract import Refused
from offhold.networks.bluesky.chat import Chat
from offhold.networks.bluesky.xrpc import decoded, told_time

_PAGES_A_STEP = 10
_BACKFILL = timedelta(days=3)
_SWEEP_EVERY = timedelta(hours=1)
_SWEEP_BACK = timedelta(hours=24)
_NOTHING = msgspec.Raw()  # msgspec has no optional raw value
_DEFS = "chat.bsky.convo.defs#"

# Known, and no message: what is left (also what the network may add one day) is handed on, and kept as unsupported.
_NOT_MESSAGES = frozenset(
    f"{_DEFS}log{name}"
    for name in (
        *("BeginConvo", "AcceptConvo", "LeaveConvo", "MuteConvo", "UnmuteConvo", "ReadMessage", "ReadConvo"),
        *("AddReaction", "RemoveReaction", "AddMember", "RemoveMember", "MemberJoin", "MemberLeave"),
        *("LockConvo", "UnlockConvo", "LockConvoPermanently", "EditGroup", "CreateJoinLink", "EditJoinLink"),
        *("EnableJoinLink", "DisableJoinLink", "IncomingJoinRequest", "ApproveJoinRequest", "RejectJoinRequest"),
        *("OutgoingJoinRequest", "WithdrawIncomingJoinRequest", "WithdrawOutgoingJoinRequest", "ReadJoinRequests"),
    )
)


class Reached(msgspec.Struct, frozen=True):
    """`log`: the log's cursor, None before the first look. `swept`: when the conversations were last read whole."""

    log: str | None = None
    swept: datetime | None = None


class Step(msgspec.Struct, frozen=True):
    bodies: tuple[bytes, ...]
    reached: Reached
    more: bool = False


class _Log(msgspec.Struct):
    logs: list[msgspec.Raw]
    cursor: str = ""


class _Entry(msgspec.Struct, rename="camel"):
    type: str = msgspec.field(name="$type", default="")
    convo_id: str = ""


class ConvoView(msgspec.Struct, rename="camel"):
    """What of a conversation goes into a body: not what changes with every message."""

    id: str
    rev: str = ""
    members: msgspec.Raw = msgspec.Raw(b"[]")
    kind: msgspec.Raw = msgspec.Raw(b"{}")
    status: str = "accepted"
    last_message: msgspec.Raw = _NOTHING


class _ConvoAnswer(msgspec.Struct):
    convo: ConvoView


class _Convos(msgspec.Struct):
    convos: list[ConvoView]
    cursor: str = ""


class _Sent(msgspec.Struct, rename="camel"):
    sent_at: str = ""


class _Messages(msgspec.Struct):
    messages: list[msgspec.Raw]
    cursor: str = ""


async def step(chat: Chat, reached: Reached, known: dict[str, ConvoView], now: datetime) -> Step:
    """`known`: conversations seen before, by id; filled as we go."""
    if reached.log is None:
        return await _begun(chat, known, now)
    bodies, log, more = await _followed(chat, reached.log, known)
    swept = reached.swept
    if swept is None or now - swept >= _SWEEP_EVERY:
        bodies += await said_since(chat, known, now - _SWEEP_BACK)
        swept = now
    return Step(tuple(bodies), Reached(log, swept), more)


async def _begun(chat: Chat, known: dict[str, ConvoView], now: datetime) -> Step:
    """The log's place is taken before the messages are read: what is said in between is read twice, not never."""
    newest = await chat.get("listConvos", _Convos, [("limit", 100)])
    log = max((convo.rev for convo in newest.convos), default="")
    return Step(tuple(await said_since(chat, known, now - _BACKFILL)), Reached(log, now))


async def _followed(chat: Chat, log: str, known: dict[str, ConvoView]) -> tuple[list[bytes], str, bool]:
    bodies: list[bytes] = []
    for _ in range(_PAGES_A_STEP):
        answer = await chat.get("getLog", _Log, [("cursor", log)] if log else [])
        for raw in answer.logs:
            entry = decoded(raw, _Entry)
            if entry.type not in _NOT_MESSAGES:
                bodies.append(_body(raw, await _convo(chat, entry.convo_id, known)))
        if not answer.logs or not answer.cursor or answer.cursor == log:
            return bodies, answer.cursor or log, False
        log = answer.cursor
    return bodies, log, True


async def _convo(chat: Chat, convo_id: str, known: dict[str, ConvoView]) -> ConvoView:
    if convo_id not in known:
        try:
            answer = await chat.get("getConvo", _ConvoAnswer, [("convoId", convo_id)])
        except Refused:  # left since, or not a conversation at all: the event is kept with what it says itself
            return ConvoView(convo_id)
        known[convo_id] = answer.convo
    return known[convo_id]


async def said_since(chat: Chat, known: dict[str, ConvoView], floor: datetime) -> list[bytes]:
    """Every message of every conversation of two from `floor` on, as the log would have told it."""
    bodies: list[bytes] = []
    cursor = ""
    while True:
        answer = await chat.get("listConvos", _Convos, [("limit", 100), *_after(cursor)])
        for convo in answer.convos:
            known[convo.id] = convo
            if _last_said(convo) >= floor and not _is_group(convo):
                bodies += await _messages(chat, convo, floor)
        cursor = answer.cursor
        if not cursor or not answer.convos or _last_said(answer.convos[-1]) < floor:  # newest first
            return bodies


async def _messages(chat: Chat, convo: ConvoView, floor: datetime) -> list[bytes]:
    said: list[bytes] = []
    cursor = ""
    while True:
        params: list[tuple[str, str | int]] = [("convoId", convo.id), ("limit", 100), *_after(cursor)]
        answer = await chat.get("getMessages", _Messages, params)
        recent = [raw for raw in answer.messages if _sent_at(raw) >= floor]
        said += [_body(_as_log(convo.id, raw), convo) for raw in recent]
        cursor = answer.cursor
        if not cursor or len(recent) < len(answer.messages) or not recent:
            return said[::-1]


def _after(cursor: str) -> Sequence[tuple[str, str | int]]:
    return [("cursor", cursor)] if cursor else []


def _as_log(convo_id: str, message: msgspec.Raw) -> msgspec.Raw:
    entry = {"$type": f"{_DEFS}logCreateMessage", "convoId": convo_id, "message": message}
    return msgspec.Raw(msgspec.json.encode(entry))


def _body(log: msgspec.Raw, convo: ConvoView) -> bytes:
    about = {"id": convo.id, "members": convo.members, "kind": convo.kind}
    return msgspec.json.encode({"type": "chat", "log": log, "convo": about})


def _is_group(convo: ConvoView) -> bool:
    return decoded(convo.kind, _Entry).type.endswith("#groupConvo")


def _last_said(convo: ConvoView) -> datetime:
    return _sent_at(convo.last_message) if convo.last_message != _NOTHING else told_time("0001-01-01T00:00:00Z")


def _sent_at(message: msgspec.Raw) -> datetime:
    return told_time(decoded(message, _Sent).sent_at)
