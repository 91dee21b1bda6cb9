"""What we mean to say, as it stands in its table: two types, because who will read it is a type and not a field.

Nothing takes "a reply and an audience". What both have in common (how it stands, who wrote it) is in `Reply`; whom it
is for, and how it leaves the building, is in `public` and `direct`, which never see each other's type.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from offhold.kernel import jsons
from offhold.publishing.approval import Reason
from offhold.publishing.graph import State
from offhold.publishing.standing import Standing


class Looked(msgspec.Struct, frozen=True):
    """A finding of the guard that the author saw and let stand: its rule, how heavily it weighed, and its cause."""

    rule: str
    level: str
    cause: str


class Agreed(msgspec.Struct, frozen=True):
    """Who agreed to exactly these words, and when. `by` is a membership."""

    by: int
    name: str
    at: datetime


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What both kinds have. `key` is ours towards the network; `client_key` the browser's; `author_id` a membership.

    `case_version` was on the author's screen; `anyway`: they were shown what came since, and answer all the same.
    `asks`: why a second person had to agree; `looked`: what the guard found and the author let stand; `alone`: there is
    no second person, so the author looks twice. `edited_by` agreed after changing the words of `edited_from`.
    `automatic`: no person wrote it. `scheduled_for`, `time_zone`: when it shall go, as its author said it.
    `prepared` is what the connector chose before the first attempt. `attempts` counts sockets opened, ever;
    `network_id` is what the network called it, once it told us. `withdraw_at`: when its deletion there is tried.
    """

    workspace_id: int
    id: int
    case_id: int
    channel_id: int
    account_id: str
    client_key: str
    key: str
    text: str
    text_sha256: bytes
    author_id: int
    duty_name: str
    initials: str
    prepared: Any
    created_at: datetime
    in_reply_to: int | None
    case_version: int
    anyway: bool = False
    asks: tuple[Reason, ...] = ()
    looked: tuple[Looked, ...] = ()
    alone: bool = False
    asked_at: datetime | None = None
    agreed: Agreed | None = None
    edited_by: int | None = None
    edited_from: int | None = None
    automatic: bool = False
    scheduled_for: datetime | None = None
    time_zone: str | None = None
    attempts: int
    network_id: str | None
    sent_at: datetime | None
    withdraw_at: datetime | None
    standing: Standing

    @property
    def state(self) -> State:
        return self.standing.state


class AskedPicture(msgspec.Struct, frozen=True):
    """A picture of a public reply: uploaded media and the words for those who cannot see it."""

    media_id: str
    alt: str


class Part(msgspec.Struct, frozen=True):
    """One post of a reply that goes out as several: the id and key of the reply it is, and what its connector chose."""

    id: int
    key: str
    text: str
    prepared: Any = None


class Thread(msgspec.Struct, frozen=True):
    """The posts a reply goes out as, fixed when it was meant, and which of them (from 1) this one is.

    The first is the reply that passed the gates with all the words. Each other becomes a reply of its own once the one
    before it is out (`publishing.threads`), and from there on is sent, looked up and proven as any other.
    """

    part: int
    parts: tuple[Part, ...]

    @property
    def head(self) -> int:
        return self.parts[0].id


class PublicReply(Reply, frozen=True, kw_only=True):
    """Said to everyone: an answer to `parent_id` in the public thread `root_id`. `thread` None: it is one post."""

    conversation_id: int
    parent_id: str
    parent_native: Any
    root_id: str
    root_native: Any
    pictures: tuple[AskedPicture, ...]
    thread: Thread | None = None

    @property
    def post(self) -> str:
        """What goes out under its key: all its words, or the first part of them."""
        return self.text if self.thread is None else self.thread.parts[self.thread.part - 1].text


class DirectReply(Reply, frozen=True, kw_only=True):
    """Said to one person. `conversation` is the network's id of it; None when the network must open one first."""

    conversation_id: int | None
    conversation: str | None
    identity_id: int
    recipient_id: str


# The columns of `Reply`, in the order `common` reads them.
COLUMNS = """
workspace_id, id, case_id, channel_id, account_id, client_key, key, text, text_sha256, author_id, duty_name, initials,
prepared::text, created_at, in_reply_to, case_version, anyway, asks::text, looked::text, alone, asked_at,
approved_by, approved_name, approved_at, edited_by, edited_from, automatic, scheduled_for, time_zone,
attempts, network_id, sent_at, withdraw_at,
state, until, next_at, tries, deadline, unknown_at, absences, absent_at, doubted, error_code,
error_text
"""
WIDTH = 44
# What is written of both kinds when a reply begins, and by `begun` in the same order.
BEGUN = """
workspace_id, id, case_id, channel_id, account_id, client_key, key, text, text_sha256, author_id, duty_name, initials,
prepared, created_at, in_reply_to, case_version, anyway, asks, looked, alone, asked_at,
approved_by, approved_name, approved_at, approved_sha256, edited_by, edited_from, automatic, scheduled_for, time_zone,
state, until, next_at, error_code, error_text
"""
BEGUN_VALUES = ", ".join(["%s"] * 35)


def begun(r: Reply) -> tuple[Any, ...]:
    """The values of `BEGUN`."""
    s = r.standing
    agreed = (None, None, None, None) if r.agreed is None else (r.agreed.by, r.agreed.name, r.agreed.at, r.text_sha256)
    return (
        r.workspace_id, r.id, r.case_id, r.channel_id, r.account_id, r.client_key, r.key, r.text, r.text_sha256,
        r.author_id, r.duty_name, r.initials, as_json(r.prepared), r.created_at, r.in_reply_to, r.case_version,
        r.anyway, as_json(r.asks), as_json(r.looked), r.alone, r.asked_at, *agreed, r.edited_by, r.edited_from,
        r.automatic, r.scheduled_for, r.time_zone, s.state.value, s.until, s.next_at, s.error_code, s.error_text,
    )  # fmt: skip


def common(row: tuple[Any, ...]) -> dict[str, Any]:
    """The fields of `Reply` from a row that begins with `COLUMNS`."""
    (workspace_id, reply_id, case_id, channel_id, account_id, client_key, key, text, sha256, author_id, duty_name,
     initials, prepared, created_at, in_reply_to, case_version, anyway, asks, looked, alone, asked_at,
     approved_by, approved_name, approved_at, edited_by, edited_from, automatic, scheduled_for, time_zone,
     attempts, network_id, sent_at, withdraw_at, *stands) = row[:WIDTH]  # fmt: skip
    return {
        "workspace_id": workspace_id, "id": reply_id, "case_id": case_id, "channel_id": channel_id,
        "account_id": account_id, "client_key": client_key, "key": key, "text": text, "text_sha256": bytes(sha256),
        "author_id": author_id, "duty_name": duty_name, "initials": initials, "prepared": from_json(prepared),
        "created_at": created_at, "in_reply_to": in_reply_to, "case_version": case_version, "anyway": anyway,
        "asks": msgspec.json.decode(asks, type=tuple[Reason, ...]),
        "looked": msgspec.json.decode(looked, type=tuple[Looked, ...]), "alone": alone, "asked_at": asked_at,
        "agreed": None if approved_at is None else Agreed(approved_by, approved_name, approved_at),
        "edited_by": edited_by, "edited_from": edited_from, "automatic": automatic, "scheduled_for": scheduled_for,
        "time_zone": time_zone, "attempts": attempts, "network_id": network_id,
        "sent_at": sent_at, "withdraw_at": withdraw_at, "standing": _standing(stands, certain=network_id is not None),
    }  # fmt: skip


def _standing(stands: list[Any], *, certain: bool) -> Standing:
    state, until, next_at, tries, deadline, unknown_at, absences, absent_at, doubted, error_code, error_text = stands
    return Standing(
        state=State(state),
        until=until,
        next_at=next_at,
        tries=tries,
        deadline=deadline,
        unknown_at=unknown_at,
        absences=absences,
        absent_at=absent_at,
        doubted=doubted,
        certain=certain,
        error_code=error_code,
        error_text=error_text,
    )


def reason(reply: Reply) -> str:
    """Why no answer is owed to it as a message: it is ours. What no person wrote answers nobody."""
    return "automatic" if reply.automatic else "own"


def as_json(value: Any) -> str | None:
    """For a jsonb column."""
    return None if value is None else jsons.encode(value).decode()


def from_json(text: str | None) -> Any:
    """A jsonb column, read as text."""
    return None if text is None else msgspec.json.decode(text)
