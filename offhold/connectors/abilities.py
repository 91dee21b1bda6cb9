"""What a network can do, in its own words, and a connected account of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import quote

import msgspec

Audience = Literal["public", "private"]
JSON = Any  # a value as msgspec.json decodes it: what a network keeps for itself, opaque to everybody else


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


PictureType = Literal["image/png", "image/jpeg", "image/gif", "image/webp"]


class PictureRule(msgspec.Struct, frozen=True):
    """Which pictures a public reply may carry here: how many, of which types, and of how many bytes each."""

    most: int
    types: tuple[PictureType, ...]
    max_bytes: int


class ThreadRule(msgspec.Struct, frozen=True):
    """A public reply too long for one post goes out as several here, each in answer to the one before
    (`connectors.splitting`): at most so many, and numbered ("1/3") where people expect that."""

    most: int
    numbered: bool


class Marking(msgspec.Struct, frozen=True):
    """What this network makes of a text it shows (`connectors.marking`).

    - `mentions`: handles are domains (@ann.example.com), or names (@ann); None: it links none
    - `links`, `tags`: are addresses and hashtags links
    - `shortened`: long addresses are shown without their protocol and cut, though the whole address is linked
    """

    mentions: Literal["domain", "name"] | None = None
    links: bool = False
    tags: bool = False
    shortened: bool = False


class Abilities(msgspec.Struct, frozen=True):
    """What the desk may ask of this network; everything else is greyed with a reason."""

    reply_public: bool = False
    reply_private: bool = False
    webhooks: bool = False
    polls: bool = False
    streams: bool = False
    edit_signal: bool = False  # does the network tell of edits
    delete_signal: bool = False  # does the network tell of deletions; if not, open threads are read again
    thread_reread: bool = False  # must open threads be read again because notifications are lossy
    dedupes_by_key: bool = False  # saying it in public again with our key is safe, always
    dedupes_direct_by_key: bool = False  # the same of a direct message


class Manifest(msgspec.Struct, frozen=True):
    """A network's own description of itself. `name` is the folder's name; `label` is what people read.

    `profile`: where people read of an account, an https address with `{account}` (its stable id) or `{handle}` in it;
    empty where there is none, or none that is the same for everybody. `pictures` None: none go out in public.
    `marking` None: a text is shown as it is written. `thread` None: what is too long for one post is refused.
    """

    name: str
    label: str
    can: Abilities
    public_text: Counter
    private_text: Counter
    pictures: PictureRule | None = None
    marking: Marking | None = None
    thread: ThreadRule | None = None
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
