"""The contract between Offhold and a network.

A network is one folder under `offhold/networks/`. It says what it can do (`Manifest`), turns raw bytes into
typed signals (`parse`), and is the only code that speaks to that network. Nothing outside the folder asks for a
network by name: everything asks the manifest.

Parsing is pure and synchronous; all that touches the network is async and goes through the `Egress` it is given.
Times are timezone-aware UTC datetimes. Network ids are opaque strings, never numbers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any, Literal, Protocol
from urllib.parse import quote

import msgspec

Audience = Literal["public", "private"]
JSON = Any  # a value as msgspec.json decodes it: what a network keeps for itself, opaque to everybody else


# --- what a network can do -----------------------------------------------------------------------------------


class Field(msgspec.Struct, frozen=True):
    """One thing an admin types to connect a channel, e.g. an app password. `secret` ones are stored encrypted."""

    name: str
    label: str
    secret: bool = False
    help: str = ""
    default: str = ""


class Counter(msgspec.Struct, frozen=True):
    """How this network counts text, for the composer and for the server's check.

    rule: `codepoints`, `graphemes`, `utf16`, `bytes` or `weighted` (X). `max_bytes` is a second limit on UTF-8 bytes.
    `url_length`: each URL counts as so many, None = as it is written.
    """

    limit: int
    rule: Literal["codepoints", "graphemes", "utf16", "bytes", "weighted"] = "codepoints"
    max_bytes: int | None = None
    url_length: int | None = None


class Abilities(msgspec.Struct, frozen=True):
    """What the desk may ask of this network; everything else is greyed with a reason."""

    reply_public: bool = False
    reply_private: bool = False
    webhooks: bool = False
    polls: bool = False
    streams: bool = False
    media_out: int = 0  # pictures per public reply
    edit_signal: bool = False  # does the network tell of edits
    delete_signal: bool = False  # does the network tell of deletions; if not, open threads are read again
    thread_reread: bool = False  # must open threads be read again because notifications are lossy
    dedupes_by_key: bool = False  # saying it in public again with our key is safe, always
    dedupes_direct_by_key: bool = False  # the same of a direct message


class Manifest(msgspec.Struct, frozen=True):
    """A network's own description of itself. `name` is the folder's name; `label` is what people read.

    `profile`: where people read of an account, an https address with `{account}` (its stable id) or `{handle}` in it;
    empty where there is none, or none that is the same for everybody.
    """

    name: str
    label: str
    can: Abilities
    public_text: Counter
    private_text: Counter
    connect: tuple[Field, ...] = ()
    poll_seconds: float = 60.0
    read_back_after: float = 30.0  # seconds after the deadline before an unknown outcome is looked up
    read_backs: int = 2  # complete negative read-backs, each with a positive control, before sending again
    direct_read_backs: int = 0  # of a direct message, where it takes more to believe them; 0: as many
    profile: str = ""

    def profile_of(self, account: str, handle: str) -> str | None:
        """The address of an account's profile."""
        if not self.profile:
            return None
        return self.profile.format(account=quote(account, safe=":"), handle=quote(handle.removeprefix("@"), safe=""))


class Channel(msgspec.Struct, frozen=True):
    """One account of the company, as a connector sees it. Its decrypted credentials never leave it or get logged."""

    id: int
    workspace_id: int
    network: str
    account_id: str  # the network's stable id of our own account
    handle: str
    config: Mapping[str, str]
    secrets: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Channel(id={self.id}, network={self.network!r}, handle={self.handle!r})"


# --- what arrived: typed signals -----------------------------------------------------------------------------


class Person(msgspec.Struct, frozen=True):
    """An account on a network. `id` is the stable one; handle, name and the rest are attributes that change."""

    id: str
    handle: str = ""
    name: str = ""
    avatar_url: str = ""
    followers: int | None = None


class Media(msgspec.Struct, frozen=True):
    kind: Literal["image", "video", "audio", "file"]
    url: str
    alt: str = ""
    width: int | None = None
    height: int | None = None


class Posted(msgspec.Struct, frozen=True, tag="posted"):
    """Somebody said something. `conversation` is the public thread's root id, or the direct conversation's id.

    `parent` is the network id this answers, `quotes` the one it quotes. `author.id == channel.account_id` means it is
    our own (an echo, or said outside the desk). `counterpart` is the other person in a direct conversation when we are
    the author. `client_key` is our own key if the network hands it back. `native` is what the connector needs to
    answer it later (e.g. a cid). `mentions_us`: addressed to the channel by mention, reply, quote or direct message.
    """

    id: str
    audience: Audience
    author: Person
    text: str
    at: datetime
    conversation: str
    parent: str | None = None
    quotes: str | None = None
    counterpart: Person | None = None
    media: tuple[Media, ...] = ()
    lang: str | None = None
    url: str | None = None
    mentions_us: bool = True
    version: str = ""
    edited_at: datetime | None = None
    client_key: str | None = None
    native: JSON = None


class Edited(msgspec.Struct, frozen=True, tag="edited"):
    """The text of an item changed. Last writer wins by (`at`, `version`).

    `audience`, here and in the signals below, is that of the item when the network says it or numbers each kind by
    itself; None when it has one kind of id, which names one item whatever its audience.
    """

    id: str
    text: str
    at: datetime
    version: str = ""
    media: tuple[Media, ...] = ()
    native: JSON = None
    audience: Audience | None = None


class Deleted(msgspec.Struct, frozen=True, tag="deleted"):
    id: str
    at: datetime
    audience: Audience | None = None


class Present(msgspec.Struct, frozen=True, tag="present"):
    """What a conversation held when it was read at `at`, for networks which do not tell of deletions.

    `complete`: the whole conversation was read, so a stored id which is not among `ids` may be gone; ask
    `Connector.still_there` before calling it deleted. When False nothing may be concluded from what is missing.
    """

    conversation: str
    ids: tuple[str, ...]
    at: datetime
    complete: bool


class Hidden(msgspec.Struct, frozen=True, tag="hidden"):
    id: str
    hidden: bool
    at: datetime
    audience: Audience | None = None


class Reacted(msgspec.Struct, frozen=True, tag="reacted"):
    """Absolute counts on one post, as far as the network told them (None = not told). A repost is never a message."""

    id: str
    at: datetime
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    audience: Audience | None = None


class AccountEvent(msgspec.Struct, frozen=True, tag="account"):
    """Something about our own account, for the channel's health."""

    kind: Literal["token_revoked", "suspended", "restored", "renamed"]
    at: datetime
    detail: str = ""


class Unsupported(msgspec.Struct, frozen=True, tag="unsupported"):
    """It is from them and well-formed, but we do not handle it: counted, kept, never an error."""

    kind: str


Signal = Posted | Edited | Deleted | Present | Hidden | Reacted | AccountEvent | Unsupported


class Malformed(Exception):
    """These bytes are not what the network promises: the arrival is put aside alone, with this reason."""


# --- receiving -----------------------------------------------------------------------------------------------


class WebhookRequest(msgspec.Struct, frozen=True):
    """A delivery as it came: lower-case header names (repeated ones kept as a list), raw body."""

    method: str
    headers: tuple[tuple[str, str], ...]
    query: Mapping[str, str]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Every value of a header; a signature header must appear exactly once."""
        return [v for k, v in self.headers if k == name]


class Accepted(msgspec.Struct, frozen=True):
    """It is from them: append the body."""


class Answered(msgspec.Struct, frozen=True):
    """A challenge, answered at once; nothing is stored."""

    body: bytes
    content_type: str = "text/plain"


class Forged(msgspec.Struct, frozen=True):
    """It is not from them: 401, counted, never stored. The reason is for the admin, not for the sender."""

    reason: str


Verdict = Accepted | Answered | Forged


class Batch(msgspec.Struct, frozen=True):
    """What one poll or stream step brought: raw bodies (each one arrival) and the cursor to store with them.

    `complete_until`: everything said before this time has been read: the screen's "complete until 14:02".
    """

    bodies: tuple[bytes, ...]
    cursor: JSON
    complete_until: datetime | None = None
    more: bool = False  # call again at once
    secrets: Mapping[str, str] | None = None  # rotated tokens, stored in the same transaction


# --- sending -------------------------------------------------------------------------------------------------


class Picture(msgspec.Struct, frozen=True):
    content: bytes
    content_type: str
    alt: str


class PublicOut(msgspec.Struct, frozen=True):
    """A public reply as it must appear. `key` is ours, chosen before the first attempt and kept for all of them.

    `prepared` is what `prepare_public` returned when the reply became INTENT (e.g. the rkey and createdAt).
    `tried_until`: when its latest attempt had ended for sure. It is told for a read-back, whose positive control must
    be something later than this: the network may have worked on it until then.
    `human`: a signed-in person wrote or released it; a tag that a network keeps for people is for these alone.
    """

    key: str
    text: str
    parent_id: str
    parent_native: JSON
    root_id: str
    root_native: JSON
    prepared: JSON
    pictures: tuple[Picture, ...] = ()
    tried_until: datetime | None = None
    human: bool = False


class DirectOut(msgspec.Struct, frozen=True):
    """A direct message to one customer. `conversation` is None when the network must open one first.

    `tried_until` and `human` as for public replies.
    """

    key: str
    text: str
    recipient_id: str
    conversation: str | None
    prepared: JSON
    tried_until: datetime | None = None
    human: bool = False


class Receipt(msgspec.Struct, frozen=True):
    """The network says it has it. `audience` is what the network stated, None when it stated nothing."""

    network_id: str
    at: datetime
    audience: Audience | None
    conversation: str | None = None
    url: str | None = None
    native: JSON = None
    secrets: Mapping[str, str] | None = None


class Found(msgspec.Struct, frozen=True):
    """Read-back: it is there."""

    receipt: Receipt


class Absent(msgspec.Struct, frozen=True):
    """Read-back: a complete look with a positive control (a later known item was visible) shows nothing."""


class CannotTell(msgspec.Struct, frozen=True):
    """Read-back: the look was incomplete, or there was no positive control."""

    reason: str


ReadBack = Found | Absent | CannotTell


class DeliveryError(Exception):
    """Why a delivery did not end with a receipt. The class alone decides what happens next."""


class Refused(DeliveryError):
    """The network said no and created nothing. `code` is stable, `str(error)` is for the agent."""

    def __init__(self, reason: str, code: str = "refused") -> None:
        super().__init__(reason)
        self.code = code


class NotSent(DeliveryError):
    """The connection was never made: nothing was sent, trying again is safe."""


class RateLimited(DeliveryError):
    """Definitely not created; try again after `retry_after` seconds."""

    def __init__(self, reason: str, retry_after: float) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class LoginExpired(DeliveryError):
    """Definitely not created: the channel's credentials no longer work. The channel's health says so."""


class OutcomeUnknown(DeliveryError):
    """Timeout, reset, 5xx, an answer we cannot read: it may be out there. Only a read-back may tell."""


class Connected(msgspec.Struct, frozen=True):
    """What connecting an account found out, and the secrets to store in place of what was typed."""

    account_id: str
    handle: str
    name: str
    config: Mapping[str, str]
    secrets: Mapping[str, str]
    followers: int | None = None


# --- the port ------------------------------------------------------------------------------------------------


class Answer(msgspec.Struct, frozen=True):
    """An HTTP answer, read whole within the limits. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class Stream(Protocol):
    """An open stream of text frames (server-sent data lines or WebSocket messages)."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...


class Egress(Protocol):
    """The only way out over HTTP. Raises `NotSent` when no connection was made, `OutcomeUnknown` when one was and no
    whole answer came, `ForbiddenAddress` (a `NotSent`) when the address is on the deny list."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        params: Mapping[str, str] | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109 - it bounds the whole, body included
        max_bytes: int = 10_000_000,
        redirects: int = 0,
    ) -> Answer: ...

    def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None, idle_timeout: float = 60.0
    ) -> AsyncIterator[bytes]:
        """Lines of a streaming GET (`text/event-stream` data or newline-delimited JSON), without the line end."""
        ...

    def websocket(
        self, url: str, *, headers: Mapping[str, str] | None = None, idle_timeout: float = 60.0
    ) -> AsyncIterator[bytes]: ...


class ForbiddenAddress(NotSent):
    """The address is private, local or reserved, and no setting allows it."""


class Connector(Protocol):
    """What each network's `connector.py` provides as `connector`. What the manifest lacks may be `Refused`."""

    manifest: Manifest

    # pure
    def parse(self, channel: Channel, body: bytes) -> list[Signal]:
        """Raises `Malformed`, and nothing else, on bytes that are not what the network promises."""
        ...

    def verify(self, channel: Channel, request: WebhookRequest) -> Verdict: ...

    def prepare_public(self, channel: Channel, key: str, at: datetime) -> JSON: ...

    def prepare_direct(self, channel: Channel, key: str, at: datetime) -> JSON: ...

    # touching the network
    async def connect(self, egress: Egress, typed: Mapping[str, str]) -> Connected:
        """Check what an admin typed. Raises `Refused` with words the admin can act on, `NotSent`, `RateLimited`."""
        ...

    async def poll(self, egress: Egress, channel: Channel, cursor: JSON) -> Batch: ...

    def listen(self, egress: Egress, channel: Channel, cursor: JSON) -> AsyncIterator[Batch]: ...

    async def reread(self, egress: Egress, channel: Channel, conversations: tuple[str, ...]) -> Batch:
        """Read open public threads again, for networks whose notifications are lossy or silent on edits and deletes."""
        ...

    async def still_there(self, egress: Egress, channel: Channel, ids: tuple[str, ...]) -> set[str]:
        """Which of these message ids the network still shows; a network that cannot tell returns all of them.

        Raises `DeliveryError` when the look was incomplete: an id absent from the answer is really gone.
        """
        ...

    async def deliver_public(self, egress: Egress, channel: Channel, out: PublicOut) -> Receipt: ...

    async def deliver_direct(self, egress: Egress, channel: Channel, out: DirectOut) -> Receipt: ...

    async def read_back_public(self, egress: Egress, channel: Channel, out: PublicOut) -> ReadBack: ...

    async def read_back_direct(self, egress: Egress, channel: Channel, out: DirectOut) -> ReadBack: ...

    async def withdraw_public(self, egress: Egress, channel: Channel, network_id: str) -> None:
        """Delete our own public post: the repair when the network states a wrong audience."""
        ...

    async def inventory(self, egress: Egress, channel: Channel, since: datetime) -> set[str]:
        """Ids of everything addressed to us that the network holds since then, for the completeness proof."""
        ...
