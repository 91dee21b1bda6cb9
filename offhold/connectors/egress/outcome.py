"""What a failure on the wire means for whoever asked: was nothing sent, or may it be out there?

The rule that keeps us from publishing twice: `NotSent` is said only when TCP or TLS was never connected, and it is
proved, not guessed: httpcore tells us the moment before it writes the first byte of a request, on a new connection
and on a pooled one alike. From that moment on every failure is `OutcomeUnknown`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpcore

from offhold.connectors import passage
from offhold.connectors.contract import (
    DeliveryError,
    LoginExpired,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Refused,
)

_LONGEST_RETRY_AFTER = 3600.0
_WITHOUT_A_WORD = 60.0  # seconds to wait when a 429 does not say how long


class Progress:
    """Whether a byte of this request may have left. Give `trace` to httpcore as its trace extension."""

    def __init__(self) -> None:
        self.may_have_left = False

    async def trace(self, event: str, _info: Mapping[str, Any]) -> None:
        if event.endswith("send_request_headers.started"):
            passage.leave()
            self.may_have_left = True


@contextmanager
def told_apart(progress: Progress, where: str) -> Iterator[None]:
    """Turns every failure inside into a `DeliveryError` that names the place and nothing else of the request."""
    try:
        yield
    except DeliveryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, after the first byte it means the same
        kind = OutcomeUnknown if progress.may_have_left else NotSent
        # `from None`: a protocol error quotes the bytes it choked on, and those may hold a token.
        raise kind(f"{where}: {plain(error)}") from None


def plain(error: Exception) -> str:
    match error:
        case httpcore.TimeoutException() | TimeoutError():
            return "no whole answer in time"
        case httpcore.ConnectError():
            return "no secure connection"
        case httpcore.ProtocolError():
            return "the answer is not HTTP as we know it"
        case _:
            return f"the connection broke ({type(error).__name__})"


def refused_stream(where: str, status: int, headers: Mapping[str, str]) -> DeliveryError:
    """Why a stream was not opened, by the status of the answer that came in its place."""
    if status in (401, 403):
        return LoginExpired(f"{where}: the stream answered {status}")
    if status == 429:
        return RateLimited(f"{where}: too many streams or too often", retry_after(headers))
    if 300 <= status < 500:
        return Refused(f"{where}: the stream answered {status}", code=f"http_{status}")
    return OutcomeUnknown(f"{where}: the stream answered {status}")


def retry_after(headers: Mapping[str, str]) -> float:
    """Seconds from a `Retry-After` header; a date or nonsense counts as one minute."""
    value = headers.get("retry-after", "")
    if not value.isascii() or not value.isdigit():
        return _WITHOUT_A_WORD
    return min(float(value[:9]), _LONGEST_RETRY_AFTER)
