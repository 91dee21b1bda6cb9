"""Deliveries of networks, taken where the server's protocol reads them: no task, no scope and no middleware for each of
some thousands a second.

A delivery nearly always comes whole in one read, on a connection that stays open, for an address that is known. It goes
to the log from here, and its answer is written when it is committed. Anything else goes the usual way: what was read is
handed to uvicorn's own protocol as if it came just now, which then begins the application.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from offhold.intake.webhooks import ANSWER, PREFIX, Head

# `(path, head, body)` of a POST to its COMMIT; None when it must go the usual way.
Take = Callable[[str, Head, bytes], asyncio.Future[None] | None]

_prefix = PREFIX.encode()


class PromptHttp(HttpToolsProtocol):
    """uvicorn's protocol, with a door of its own for deliveries. Without `take` it is uvicorn's protocol."""

    take: ClassVar[Take | None] = None
    _written: ClassVar[tuple[Head, bytes]] = ([], b"")  # the answer, and the server's own head (a date) in it

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._body: list[bytes] | None = None  # of a delivery about which nothing is decided yet
        self._whole = False
        self._storing: asyncio.Future[None] | None = None
        self._ahead: list[bytes] = []  # what was read while a delivery is being stored
        self._last = False

    def data_received(self, data: bytes) -> None:
        if self._storing is not None:
            self._ahead.append(data)
            self.flow.pause_reading()
            return
        super().data_received(data)
        if self._body is not None:
            self._decide(self._body)

    def on_message_begin(self) -> None:
        if self._body is not None:
            self._usual(self._body)  # the next one follows at once: they are answered in turn
        self.url, self.headers, self.expect_100_continue = b"", [], False

    def on_headers_complete(self) -> None:
        if self._plain():
            self._body, self._whole = [], False
        else:
            self.begin()

    def on_body(self, body: bytes) -> None:
        if self._body is None:
            super().on_body(body)
        else:
            self._body.append(body)

    def on_message_complete(self) -> None:
        if self._body is None:
            super().on_message_complete()
        else:
            self._whole = True

    def shutdown(self) -> None:
        """What is being stored is answered first, as a request that runs would be."""
        if self._storing is None:
            super().shutdown()
        else:
            self._last = True

    def begin(self) -> None:
        """What uvicorn does at the beginning of a message and at the end of its head, now that the head is read."""
        url, headers, expect = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expect
        self.headers.extend(headers)  # the scope's own list
        self.scoped()
        super().on_headers_complete()

    def scoped(self) -> None:
        """The scope is made, and nothing has seen it."""

    def _plain(self) -> bool:
        """Is it for an address of ours, with nothing in its head that asks for more than an answer?"""
        parser, busy = self.parser, bool(self.cycle) and not self.cycle.response_complete
        return (
            type(self).take is not None
            and self.url.startswith(_prefix)
            and not busy
            and not self.expect_100_continue
            and parser.get_method() == b"POST"
            and parser.get_http_version() == "1.1"
            and parser.should_keep_alive()
            and not parser.should_upgrade()
        )

    def _decide(self, body: list[bytes]) -> None:
        if self.transport.is_closing():  # it broke off in bad form, which was answered
            self._body = None
            return
        take = type(self).take
        assert take is not None, "only then a delivery is kept for it"
        storing = take(self.url.decode("latin-1"), self.headers, b"".join(body)) if self._whole else None
        if storing is None:
            self._usual(body)
            return
        self._body, self._storing = None, storing
        storing.add_done_callback(self._stored)

    def _usual(self, body: Sequence[bytes]) -> None:
        """Let the application have it, as far as it was read."""
        self._body = None
        self.begin()
        for part in body:
            super().on_body(part)
        if self._whole:
            super().on_message_complete()

    def _stored(self, storing: asyncio.Future[None]) -> None:
        self._storing = None
        stored = storing.exception() is None
        if self.transport.is_closing():
            return
        self.transport.write(self._taken() if stored else self._bytes(*ANSWER[stored]))
        if self._last:
            self.transport.close()
            return
        self.on_response_complete()
        if self._ahead:
            ahead, self._ahead = b"".join(self._ahead), []
            self.data_received(ahead)

    def _taken(self) -> bytes:
        """The one answer that is given thousands of times a second: made once for each date."""
        head, written = PromptHttp._written
        if head is not self.server_state.default_headers:
            written = self._bytes(*ANSWER[True])
            PromptHttp._written = self.server_state.default_headers, written
        return written

    def _bytes(self, status: int, head: Head, body: bytes) -> bytes:
        return whole(self.server_state.default_headers, status, head, body)


def whole(first: Head, status: int, head: Head, body: bytes) -> bytes:
    """A response as it stands on a connection that stays open."""
    lines = [b"%b: %b\r\n" % pair for pair in (*first, *head)]
    return b"".join([STATUS_LINE[status], *lines, b"\r\n", body])
