"""May this be said: everything that may refuse a reply does it here, before anything is written.

`check_public_reply` and `check_direct_reply` return the reply as it will be kept; from then on it is frozen.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime
from typing import Any

import msgspec

from offhold.connectors import counting, splitting
from offhold.connectors.contract import Counter, Manifest, ThreadRule
from offhold.kernel import ids
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Invalid, NotFound, Stale
from offhold.people.actors import Actor
from offhold.publishing import accounts, gate, lanes, news, pictures, recipient, threads
from offhold.publishing.asked import DirectAsk, PublicAsk
from offhold.publishing.guard.blanks import UNFILLED
from offhold.publishing.lanes import Closed
from offhold.publishing.replies import DirectReply, PublicReply, from_json

_CASE = """
SELECT version, merged_into FROM cases WHERE workspace_id = %s AND id = %s FOR UPDATE
"""
_PUBLIC_TARGET = """
SELECT m.network_id, m.audience, m.conversation_id, m.channel_id, m.native::text, m.deleted_at, c.network_key,
  r.native::text
FROM messages m JOIN conversations c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
LEFT JOIN messages r ON r.workspace_id = m.workspace_id AND r.channel_id = m.channel_id AND r.network_id = c.network_key
WHERE m.workspace_id = %s AND m.id = %s AND m.case_id = %s
"""


class CaseAsked(msgspec.Struct, frozen=True):
    """The case that is answered in, its row locked."""

    id: int
    version: int


def lock_case(tx: Tx, actor: Actor, case_id: int) -> CaseAsked:
    """The case, locked to the end of the transaction. Raises `NotFound`, `Conflict` when it was merged into another."""
    row = tx.one(_CASE, (actor.workspace_id, case_id))
    if row is None:
        raise NotFound
    version, merged_into = row
    if merged_into is not None:
        raise Conflict("This case was merged into another.", code="case_merged", into=str(merged_into))
    return CaseAsked(case_id, version)


def check_public_reply(tx: Tx, actor: Actor, case: CaseAsked, ask: PublicAsk) -> PublicReply:
    """The public reply as it will be kept. Raises `Forbidden`, `Invalid`, `NotFound`, `Conflict`, `Stale`."""
    actor.check_may("answer")
    row = tx.one(_PUBLIC_TARGET, (actor.workspace_id, ask.in_reply_to, case.id))
    if row is None:
        raise NotFound("The message to answer is not in this case.", code="no_such_message")
    parent_id, audience, conversation_id, channel_id, native, deleted_at, root_id, root_native = row
    if audience != "public":
        raise Invalid("A direct message cannot be answered in public.", code="not_public")
    account, channel = accounts.sealed(tx, actor.workspace_id, channel_id)
    _open(lanes.public_lane(account, deleted=deleted_at is not None))
    assert account.manifest is not None  # an open lane has a network
    text, posts = check_public_text(ask.text, account.manifest, ask.in_parts)
    pictures.check_pictures(tx, account, actor.workspace_id, ask.pictures)
    check_fresh(tx, actor, case, ask.seen_version, anyway=ask.before.anyway)
    connector, key = accounts.connector(account.network), uuid.uuid4().hex
    assert connector is not None  # it gave the manifest
    common = _common(tx.at, actor, case, ask, text)
    return PublicReply(
        **common,
        **gate.begin_public(tx, actor, ask, channel_id, text),
        key=key,
        channel_id=channel_id,
        account_id=account.account_id,
        prepared=connector.prepare_public(channel, key, tx.at),
        in_reply_to=ask.in_reply_to,
        conversation_id=conversation_id,
        parent_id=parent_id,
        parent_native=from_json(native),
        root_id=root_id,
        root_native=from_json(root_native),
        pictures=ask.pictures,
        thread=threads.meant((common["id"], key), posts, connector, channel, tx.at),
    )


def check_direct_reply(tx: Tx, actor: Actor, case: CaseAsked, ask: DirectAsk) -> DirectReply:
    """The direct reply as it will be kept. Raises `Forbidden`, `Invalid`, `Conflict`, `Stale`."""
    actor.check_may("answer")
    to = recipient.find(tx, actor.workspace_id, case.id)
    account, channel = accounts.sealed(tx, actor.workspace_id, to.channel_id)
    _open(lanes.direct_lane(account))
    assert account.manifest is not None  # an open lane has a network
    text = check_text(ask.text, account.manifest.private_text)
    check_fresh(tx, actor, case, ask.seen_version, anyway=ask.before.anyway)
    recipient.check_shown(tx, actor.workspace_id, ask, to, account)
    connector, key = accounts.connector(account.network), uuid.uuid4().hex
    assert connector is not None  # it gave the manifest
    return DirectReply(
        **_common(tx.at, actor, case, ask, text),
        **gate.begin_direct(tx, actor, ask, to.channel_id, text),
        key=key,
        channel_id=to.channel_id,
        account_id=account.account_id,
        prepared=connector.prepare_direct(channel, key, tx.at),
        in_reply_to=to.message_id,
        conversation_id=to.conversation_id,
        conversation=to.conversation,
        identity_id=to.identity_id,
        recipient_id=to.account,
    )


def check_lane(closed: Closed | None) -> None:
    """Raises `Conflict` with the lane's reason."""
    _open(closed)


def _open(closed: Closed | None) -> None:
    if closed is not None:
        raise Conflict(closed.message, code=closed.code, **closed.params)


def check_public_text(typed: str, manifest: Manifest, in_parts: int | None) -> tuple[str, tuple[str, ...]]:
    """What will be said to everyone, and the posts it goes out as: `in_parts` of them, as its author was shown. Raises
    `Invalid` when the network would not take it, or it would be other posts than that."""
    if in_parts is None or manifest.thread is None:
        text = check_text(typed, manifest.public_text)
        return text, (text,)
    text = check_words(typed)
    posts = _split(text, manifest.public_text, manifest.thread)
    if len(posts) != in_parts:
        raise Invalid("It would go out in other parts than you were shown.", code="parts_changed", parts=len(posts))
    return text, posts


def check_changed_text(typed: str, manifest: Manifest, was: PublicReply) -> tuple[str, tuple[str, ...]]:
    """What will be said to everyone in the place of other words, and the posts it goes out as: several only if those
    were several. Raises `Invalid`."""
    if was.thread is None or manifest.thread is None:
        return check_public_text(typed, manifest, None)
    text = check_words(typed)
    return text, _split(text, manifest.public_text, manifest.thread)


def _split(text: str, counter: Counter, rule: ThreadRule) -> tuple[str, ...]:
    posts = splitting.split(text, counter, rule)
    if posts is None:
        count, limit = counting.length(text, counter), rule.most * counter.limit
        raise Invalid("The text is too long for this network.", code="text_too_long", count=count, limit=limit)
    return posts


def check_text(typed: str, counter: Counter) -> str:
    """What will be said in one post, without the white space around it. Raises `Invalid` when the network would not
    take it."""
    text = check_words(typed)
    if not counting.fits(text, counter):
        count = counting.length(text, counter)
        raise Invalid("The text is too long for this network.", code="text_too_long", count=count, limit=counter.limit)
    return text


def check_words(typed: str) -> str:
    """What will be said, however long it is, without the white space around it. Raises `Invalid`."""
    text = typed.strip()
    if not text:
        raise Invalid("There is nothing to say.", code="empty_text")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Invalid("The text holds half a character.", code="bad_text") from error
    if UNFILLED.search(text):
        raise Invalid("A place in braces was never filled in.", code="unfilled")
    return text


def check_fresh(tx: Tx, actor: Actor, case: CaseAsked, seen_version: int, *, anyway: bool) -> None:
    """Raises `Stale` with what the author has not seen yet; they look, and send again with the new version.

    `anyway`: they saw that the customer goes on writing, and are not asked about the customer's words again.
    """
    if seen_version > case.version:
        raise Invalid("This case has no such version yet.", code="bad_version")
    if seen_version == case.version:
        return
    unseen = news.since(
        tx, workspace_id=actor.workspace_id, case_id=case.id, version=seen_version, author_id=actor.membership_id
    )
    if anyway:
        unseen = [item for item in unseen if not news.is_the_customers(item)]
    if unseen:
        raise Stale(case_version=case.version, what=unseen)


def _common(at: datetime, actor: Actor, case: CaseAsked, ask: PublicAsk | DirectAsk, text: str) -> dict[str, Any]:
    """What both kinds keep of who says what."""
    return {
        "workspace_id": actor.workspace_id,
        "id": ids.new(),
        "case_id": case.id,
        "case_version": ask.seen_version,
        "client_key": ask.client_key.lower(),
        "text": text,
        "text_sha256": hashlib.sha256(text.encode()).digest(),
        "author_id": actor.membership_id,
        "duty_name": actor.duty_name,
        "initials": actor.initials,
        "created_at": at,
        "attempts": 0,
        "network_id": None,
        "sent_at": None,
        "withdraw_at": None,
    }
