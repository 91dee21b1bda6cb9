"""What we ask of the sandbox network, and what its answers mean. Pure: no socket is opened here.

The rule of every write: only an answer that this network itself gives, well-formed, says "not created". Whatever we
cannot read (a page of HTML, half a JSON, a 200 with an error, any 5xx) may have happened: `OutcomeUnknown`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from offhold.connectors.contract import (
    Absent,
    Answer,
    Audience,
    CannotTell,
    DeliveryError,
    DirectOut,
    Found,
    LoginExpired,
    OutcomeUnknown,
    PublicOut,
    RateLimited,
    ReadBack,
    Receipt,
    Refused,
)
from offhold.connectors.decode import utc

SKEW = timedelta(minutes=5)  # their clock against ours, when we ask for "since"
FRESH = timedelta(seconds=5)  # a list that lags more than this cannot tell what is not there
LONGEST_WAIT = 3600.0
FALLBACK_WAIT = 60.0
MAYBE_CREATED = frozenset({"duplicate", "key_reused"})  # refusals that hint at an earlier success


class Sent(msgspec.Struct, frozen=True):
    """A status or a direct message as the network states it; a tombstone has only some of it."""

    id: Annotated[str, msgspec.Meta(min_length=1)]
    created_at: datetime
    visibility: str | None = None
    deleted_at: datetime | None = None
    client_key: str | None = None
    thread: str | None = None
    conversation: str | None = None
    url: str | None = None


class Listed(msgspec.Struct, frozen=True):
    """A page of own items. `as_of`: everything created up to then is in the list. `now`: their clock."""

    as_of: datetime
    now: datetime
    cursor: str
    more: bool
    statuses: tuple[Sent, ...] = ()
    messages: tuple[Sent, ...] = ()


class Problem(msgspec.Struct, frozen=True):
    code: str
    message: str = ""


class Failed(msgspec.Struct, frozen=True):
    error: Problem


def status_body(out: PublicOut, media: Iterable[str]) -> bytes:
    """The audience is written into the request; the network refuses any other."""
    return msgspec.json.encode(
        {"text": out.text, "visibility": "public", "in_reply_to": out.parent_id, "media": list(media)}
    )


def direct_body(out: DirectOut) -> bytes:
    return msgspec.json.encode({"text": out.text, "visibility": "private"})


def receipt(answer: Answer) -> Receipt:
    """Of a write. Raises a DeliveryError where the answer is not a plain success."""
    if answer.status not in (200, 201):
        raise refusal(answer)
    try:
        sent = msgspec.json.decode(answer.body, type=Sent)
    except msgspec.DecodeError as error:
        raise OutcomeUnknown(f"an answer {answer.status} that cannot be read") from error
    return receipt_of(sent)


def receipt_of(sent: Sent) -> Receipt:
    return Receipt(
        sent.id, utc(sent.created_at), audience_of(sent.visibility), sent.thread or sent.conversation, sent.url
    )


def audience_of(visibility: str | None) -> Audience | None:
    match visibility:
        case "public":
            return "public"
        case "private":
            return "private"
        case _:
            return None


def refusal(answer: Answer) -> DeliveryError:
    """What an answer other than a success means for a write."""
    problem = _problem(answer.body)
    if answer.status == 401:
        return LoginExpired(problem.message if problem else "the network no longer takes the token")
    if answer.status == 429:
        return RateLimited("the network asks us to wait", retry_after(answer))
    if 400 <= answer.status < 500 and problem is not None and problem.code not in MAYBE_CREATED:
        return Refused(problem.message or problem.code, problem.code)
    return OutcomeUnknown(f"answer {answer.status}" + (f" ({problem.code})" if problem else ""))


def retry_after(answer: Answer) -> float:
    """Seconds, from `Retry-After` (seconds; this network never sends a date), or a careful guess."""
    try:
        return min(LONGEST_WAIT, max(1.0, float(answer.headers.get("retry-after", FALLBACK_WAIT))))
    except ValueError:
        return FALLBACK_WAIT


def page(answer: Answer) -> Listed:
    """Of a list. Raises a DeliveryError where it cannot be read."""
    if answer.status != 200:
        raise refusal(answer)
    try:
        return msgspec.json.decode(answer.body, type=Listed)
    except msgspec.DecodeError as error:
        raise OutcomeUnknown("a list that cannot be read") from error


def found(key: str, items: Iterable[Sent]) -> Found | None:
    """A tombstone counts: what was deleted since had been sent."""
    return next((Found(receipt_of(s)) for s in items if s.client_key == key), None)


def not_there(last: Listed, at: datetime) -> ReadBack:
    """Our key is in none of the pages: was that a complete look? The control is the watermark of the last page."""
    if utc(last.as_of) <= at:
        return CannotTell(f"the network's list is complete until {last.as_of:%H:%M:%S} only, before we asked it")
    if last.now - last.as_of > FRESH:
        return CannotTell(f"the network's list lags {(last.now - last.as_of).total_seconds():.0f} s behind")
    return Absent()


def _problem(body: bytes) -> Problem | None:
    try:
        return msgspec.json.decode(body, type=Failed).error
    except (msgspec.DecodeError, RecursionError):
        return None
