"""Answer bodies, read within a limit that counts what comes out of decompression, not what goes in."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable

from offhold.connectors.contract import OutcomeUnknown

_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


class TooLarge(OutcomeUnknown):
    """The answer is larger than we take; the request itself has been made."""


class Unreadable(OutcomeUnknown):
    """The answer is encoded in a way we did not ask for, or broken."""


class Body:
    """Collects one body. `add` and `finish` raise `OutcomeUnknown`; never holds more than the limit and one read."""

    def __init__(self, encoding: str, limit: int) -> None:
        self._parts: list[bytes] = []
        self._left = limit
        self._limit = limit
        self._inflate = _decoder(encoding)
        self._fed = False

    def add(self, chunk: bytes) -> None:
        self._fed = self._fed or bool(chunk)
        plain = chunk if self._inflate is None else self._inflated(chunk)
        self._left -= len(plain)
        if self._left < 0:
            raise TooLarge(f"the answer is larger than {self._limit} bytes")
        self._parts.append(plain)

    def _inflated(self, chunk: bytes) -> bytes:
        assert self._inflate is not None
        try:
            plain = self._inflate.decompress(chunk, self._left + 1)
        except zlib.error:
            raise Unreadable("the answer's compression is broken") from None
        if self._inflate.unused_data:
            raise Unreadable("something follows the compressed answer")
        return plain

    def finish(self) -> bytes:
        if self._inflate is not None and self._fed and not self._inflate.eof:
            raise Unreadable("the compressed answer ends too early")
        return b"".join(self._parts)


def _decoder(encoding: str) -> zlib._Decompress | None:
    match encoding.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip" | "deflate":
            return zlib.decompressobj(_GZIP_OR_ZLIB)
        case _:
            raise Unreadable("the answer is encoded in a way we did not ask for")


async def read_body(chunks: AsyncIterable[bytes], encoding: str, limit: int) -> bytes:
    body = Body(encoding, limit)
    async for chunk in chunks:
        body.add(chunk)
    return body.finish()
