"""What we mean to say, as it stands in its table: two types, because who will read it is a type and not a field.

Nothing takes "a reply and an audience". What both have in common (how it stands, who wrote it) is in `Reply`; whom it
is for, and how it leaves the building, is in `public` and `direct`, which never see each other's type.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from offhold.kernel import jsons
from offhold.publishing.graph import State
from offhold.publishing.standing import Standing


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What both kinds have. `key` is ours towards the network; `client_key` the browser's; `author_id` a membership.

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


class PublicReply(Reply, frozen=True, kw_only=True):
    """Said to everyone: an answer to `parent_id` in the public thread `root_id`."""

    conversation_id: int
    parent_id: str
    parent_native: Any
    root_id: str
    root_native: Any
    pictures: tuple[AskedPicture, ...]


class DirectReply(Reply, frozen=True, kw_only=True):
    """Said to one person. `conversation` is the network's id of it; None when the network must open one first."""

    conversation_id: int | None
    conversation: str | None
    identity_id: int
    recipient_id: str


# The columns of `Reply`, in the order `common` reads them.
COLUMNS = """
workspace_id, id, case_id, channel_id, account_id, client_key, key, text, text_sha256, author_id, duty_name, initials,
prepared::text, created_at, in_reply_to, attempts, network_id, sent_at, withdraw_at,
state, until, next_at, tries, deadline, unknown_at, absences, absent_at, doubted, error_code,
error_text
"""
WIDTH = 30


def common(row: tuple[Any, ...]) -> dict[str, Any]:
    """The fields of `Reply` from a row that begins with `COLUMNS`."""
    (workspace_id, reply_id, case_id, channel_id, account_id, client_key, key, text, sha256, author_id, duty_name,
     initials, prepared, created_at, in_reply_to, attempts, network_id, sent_at, withdraw_at,
     *stands) = row[:WIDTH]  # fmt: skip
    return {
        "workspace_id": workspace_id, "id": reply_id, "case_id": case_id, "channel_id": channel_id,
        "account_id": account_id, "client_key": client_key, "key": key, "text": text, "text_sha256": bytes(sha256),
        "author_id": author_id, "duty_name": duty_name, "initials": initials, "prepared": from_json(prepared),
        "created_at": created_at, "in_reply_to": in_reply_to, "attempts": attempts, "network_id": network_id,
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


def as_json(value: Any) -> str | None:
    """For a jsonb column."""
    return None if value is None else jsons.encode(value).decode()


def from_json(text: str | None) -> Any:
    """A jsonb column, read as text."""
    return None if text is None else msgspec.json.decode(text)
