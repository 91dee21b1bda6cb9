"""Direct messages. Bluesky's chat is a service of its own behind the account's server, reached with a header.

There is no key of ours on a message, so a lost answer is settled by reading the conversation. Every message is sent
to a conversation that was just seen to hold the customer and us, and nobody else.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec

from offhold.connectors.contract import (
    Absent,
    CannotTell,
    DeliveryError,
    DirectOut,
    Found,
    NotSent,
    OutcomeUnknown,
    ReadBack,
    Receipt,
    Refused,
)
from offhold.networks.bluesky.inbound import chat_id
from offhold.networks.bluesky.manifest import manifest
from offhold.networks.bluesky.session import Session
from offhold.networks.bluesky.wire import ChatMessage, Convo
from offhold.networks.bluesky.writing import check_text, rich_text
from offhold.networks.bluesky.xrpc import Declined, Params, network_time, read, told_time

T = TypeVar("T")

NOT_ALLOWED = (
    "This app password may not read direct messages: create one with “Allow access to your direct messages” "
    "and connect the account again"
)
_CLOCKS_DIFFER = timedelta(seconds=3)  # after the difference the server's own date shows, which counts whole seconds
_PAGE = 100

_REASONS = {
    "AccountSuspended": "This account is suspended from direct messages",
    "BlockedActor": "One of the two accounts has blocked the other",
    "BlockedSubject": "One of the two accounts has blocked the other",
    "MessagesDisabled": "This customer takes no direct messages",
    "NotFollowedBySender": "This customer takes direct messages only from accounts they follow",
    "RecipientNotFound": "This customer's account no longer exists",
    "ConvoLocked": "This conversation is closed",
    "InvalidConvo": "This conversation no longer exists",
}


class NotAllowed(Refused):
    """The app password was made without access to direct messages."""

    def __init__(self) -> None:
        super().__init__(NOT_ALLOWED, code="direct_not_allowed")


class ConvoAnswer(msgspec.Struct):
    convo: Convo


class _Availability(msgspec.Struct, rename="camel"):
    can_chat: bool
    convo: Convo | None = None


class Messages(msgspec.Struct):
    messages: list[ChatMessage]
    cursor: str = ""


class Chat:
    """One account's way to the chat service. `Declined` comes out in words for an agent."""

    def __init__(self, session: Session, service_did: str) -> None:
        self.session = session
        self._proxy = f"{service_did}#bsky_chat"

    async def get(self, method: str, want: type[T], params: Params = ()) -> T:
        return (await self.dated(method, want, params))[0]

    async def dated(self, method: str, want: type[T], params: Params = ()) -> tuple[T, float | None]:
        """The answer, and the server's clock when it gave it."""
        answer = await self.session.ask("GET", f"chat.bsky.convo.{method}", params=params, proxy=self._proxy)
        try:
            return read(answer, want), network_time(answer)
        except Declined as no:
            raise _in_words(no) from None

    async def post(self, method: str, want: type[T], body: object) -> T:
        try:
            return await self.session.post(f"chat.bsky.convo.{method}", want, body, proxy=self._proxy)
        except Declined as no:
            raise _in_words(no) from None


def _in_words(no: Declined) -> Refused:
    if no.error in ("InvalidToken", "ScopeMissingError"):
        return NotAllowed()
    return Refused(_REASONS.get(no.error, str(no)), code=no.code)


async def deliver(chat: Chat, out: DirectOut) -> Receipt:
    check_text(out.text, manifest.private_text)
    if not out.text.strip():
        raise Refused("There is nothing to send", code="empty")
    try:
        convo = await _conversation(chat, out)
        message = await rich_text(chat.session, out.text)
    except OutcomeUnknown as lost:  # at most an empty conversation was opened, which nobody is told of
        raise NotSent(f"not sent: {lost}") from None
    sent = await chat.post("sendMessage", ChatMessage, {"convoId": convo, "message": message})
    return _receipt(chat, convo, sent)


async def _conversation(chat: Chat, out: DirectOut) -> str:
    """The id of the conversation with this customer alone, opened if need be, and accepted if it was a request."""
    if out.conversation is None:
        convo = await _opened(chat, out.recipient_id)
    else:
        convo = (await chat.get("getConvo", ConvoAnswer, [("convoId", out.conversation)])).convo
    if convo.group() or {member.did for member in convo.members} != {chat.session.did, out.recipient_id}:
        raise Refused("Others than this customer would read it: this is not a conversation of two", code="not_private")
    if convo.status == "request":
        await chat.post("acceptConvo", dict[str, Any], {"convoId": convo.id})
    return convo.id


async def _opened(chat: Chat, recipient: str) -> Convo:
    available = await chat.get("getConvoAvailability", _Availability, [("members", recipient)])
    if not available.can_chat:
        raise Refused(
            "This customer's settings allow no direct message from us: they must write first, or follow us",
            code="recipient_closed",
        )
    if available.convo is not None:
        return available.convo
    return (await chat.get("getConvoForMembers", ConvoAnswer, [("members", recipient)])).convo


def _receipt(chat: Chat, convo: str, sent: ChatMessage) -> Receipt:
    """`audience` is private: the conversation was seen to hold two people, and this method makes nothing public."""
    return Receipt(
        network_id=chat_id(convo, sent.id),
        at=told_time(sent.sent_at),
        audience="private",
        conversation=convo,
        native={"message": sent.id},
        secrets=chat.session.rotated(),
    )


async def read_back(chat: Chat, out: DirectOut, now: datetime) -> ReadBack:
    """Look for our words in the conversation, from when we prepared them. `now`: when this look began.

    What is not there counts only in a look that began after the last attempt had ended: nobody need say anything later
    in this conversation, so no later message can be asked for as a control.
    """
    try:
        convo = out.conversation or await _existing(chat, out.recipient_id)
        # where the service knows of no conversation between us, nothing can have been said in it
        found = Absent() if convo is None else await _search(chat, convo, out, now)
    except DeliveryError as failed:
        return CannotTell(str(failed))
    if isinstance(found, Absent) and out.tried_until is not None and now <= out.tried_until:
        return CannotTell("we looked while the attempt to send it could still be under way")
    return found


async def _existing(chat: Chat, recipient: str) -> str | None:
    available = await chat.get("getConvoAvailability", _Availability, [("members", recipient)])
    return available.convo.id if available.convo else None


async def _search(chat: Chat, convo: str, out: DirectOut, now: datetime) -> ReadBack:
    page, server_time = await _page(chat, convo, "")
    since = _prepared_at(out) - _CLOCKS_DIFFER
    if server_time is not None:
        since += timedelta(seconds=server_time - now.timestamp())
    seen = False
    while True:
        seen = seen or bool(page.messages)
        for message in page.messages:
            if told_time(message.sent_at) < since:
                return Absent()  # an earlier message was visible: the look went far enough, and the list is whole
            if message.sender and message.sender.did == chat.session.did and message.text == out.text:
                return Found(_receipt(chat, convo, message))
        if not page.cursor:
            break
        page, _ = await _page(chat, convo, page.cursor)
    if not seen:
        return await _empty(chat, convo)
    return Absent()


async def _empty(chat: Chat, convo: str) -> ReadBack:
    """No message at all: believed only if the conversation itself says so too."""
    view = (await chat.get("getConvo", ConvoAnswer, [("convoId", convo)])).convo
    return Absent() if view.last_message is None else CannotTell("the conversation shows no messages, but has some")


async def _page(chat: Chat, convo: str, cursor: str) -> tuple[Messages, float | None]:
    params: list[tuple[str, str | int]] = [("convoId", convo), ("limit", _PAGE)]
    return await chat.dated("getMessages", Messages, params + ([("cursor", cursor)] if cursor else []))


def prepare(at: datetime) -> dict[str, str]:
    return {"at": at.isoformat()}


def _prepared_at(out: DirectOut) -> datetime:
    return told_time(str(out.prepared["at"]))
