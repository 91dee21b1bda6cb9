"""XRPC, thin: one call is one HTTP request, and an answer is either a typed value or a `DeliveryError`.

Pure: it builds addresses and reads answers; the session does the sending.
Source: https://atproto.com/specs/xrpc
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import urlencode

import msgspec

from offhold.connectors.contract import Answer, OutcomeUnknown, RateLimited, Refused
from offhold.networks.bluesky.wire import moment

T = TypeVar("T")

Params = Iterable[tuple[str, str | int]]

_LONGEST_WAIT = 3600.0
_USUAL_WAIT = 60.0


class Declined(Refused):
    """The server understood and said no (4xx): nothing was made. `error` is the lexicon's name of the reason."""

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message or error, code=error or "refused")
        self.error = error


class _Problem(msgspec.Struct):
    error: str = ""
    message: str = ""


def address(service: str, nsid: str, params: Params = ()) -> str:
    """The URL of one call; a list parameter is the same name several times."""
    query = urlencode(list(params))
    return f"{service}/xrpc/{nsid}" + (f"?{query}" if query else "")


def problem(answer: Answer) -> Declined:
    """What a 4xx answer says, also when it is not XRPC's own form (a proxy's page)."""
    try:
        said = msgspec.json.decode(answer.body, type=_Problem)
    except (msgspec.MsgspecError, RecursionError):
        said = _Problem(message=f"The server answered {answer.status}")
    return Declined(said.error, said.message)


def read(answer: Answer, want: type[T]) -> T:
    """The typed value of a good answer. Raises `Declined`, `RateLimited`, or `OutcomeUnknown` for all else."""
    if answer.status == 429:
        raise RateLimited("Bluesky asks us to wait", retry_after(answer))
    if 400 <= answer.status < 500 and answer.status != 408:
        raise problem(answer)
    if not 200 <= answer.status < 300:
        raise OutcomeUnknown(f"the server answered {answer.status}")
    return decoded(answer.body, want)


def decoded(part: bytes | msgspec.Raw, want: type[T]) -> T:
    """An answer, or a part of one that was kept raw. Raises `OutcomeUnknown` when it is not what it should be."""
    try:
        return msgspec.json.decode(part, type=want)
    except (msgspec.MsgspecError, RecursionError):
        raise OutcomeUnknown("the server gave an answer we cannot read") from None


def told_time(text: str) -> datetime:
    """A time an answer tells, in UTC. Raises `OutcomeUnknown`."""
    try:
        return moment(text)
    except ValueError:
        raise OutcomeUnknown("the server told a time that is none") from None


def retry_after(answer: Answer) -> float:
    """Seconds to wait after a 429: `retry-after`, else `ratelimit-reset` (epoch seconds) against the server's `date`.

    Our clock takes no part: it may be wrong, and in tests it is moved on purpose.
    """
    told = answer.headers.get("retry-after", "")
    if told.isdigit():
        return min(float(told), _LONGEST_WAIT)
    reset, date = answer.headers.get("ratelimit-reset", ""), network_time(answer)
    if not reset.isdigit() or date is None:
        return _USUAL_WAIT
    return min(max(float(reset) - date, 1.0), _LONGEST_WAIT)


def network_time(answer: Answer) -> float | None:
    """The server's clock when it answered, epoch seconds, or None when it did not say."""
    try:
        return parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
    except (ValueError, OverflowError):
        return None
