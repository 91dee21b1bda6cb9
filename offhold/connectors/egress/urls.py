"""Which URLs and headers may leave at all, before any name is resolved. Pure.

The allow list is a setting: entries are `host:port` (`localhost:2583`, `[::1]:8080`, `network.internal:443`). An entry
lets that very name reach a private address on that very port; it opens nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import httpx

from offhold.connectors.contract import ForbiddenAddress, NotSent

Place = tuple[str, int]  # host as we compare it (lower case, no trailing dot, no brackets) and port

_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_IPV6 = re.compile(r"[0-9a-f:.]*:[0-9a-f:.]*")
_NOT_IN_A_URL = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_LONGEST_URL = 8000
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_OURS = {"host", "content-length", "transfer-encoding", "connection", "accept-encoding", "upgrade", "te", "trailer"}


class Unfetchable(ForbiddenAddress):
    """This URL is not one we fetch; nothing was sent."""


def parse_allowed(entries: Iterable[str]) -> frozenset[Place]:
    """Raises `ValueError`, naming the entry, on anything that is not `host:port`."""
    return frozenset(_parse_entry(entry) for entry in entries)


def _parse_entry(entry: str) -> Place:
    host, _, port = entry.strip().rpartition(":")
    host = _comparable(host.removeprefix("[").removesuffix("]"))
    if not _is_host(host) or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"{entry!r} is not host:port")
    return host, int(port)


def _comparable(host: str) -> str:
    return host.lower().removesuffix(".")


def _is_host(host: str) -> bool:
    return len(host) <= 253 and bool(_NAME.fullmatch(host) or _IPV6.fullmatch(host))


def place(url: httpx.URL) -> Place:
    """Host and port a checked URL leads to."""
    return url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme]


def shown(url: httpx.URL) -> str:
    """The part of a URL that may stand in an error or a log: never its path or query, which can hold secrets."""
    host, port = place(url)
    return f"{url.scheme}://{host}:{port}"


def checked(text: str, allowed: frozenset[Place], schemes: tuple[str, ...] = ("http", "https")) -> httpx.URL:
    """The URL in the one form everything after this uses. Raises `ForbiddenAddress`, whose text quotes no secret."""
    if len(text) > _LONGEST_URL or _NOT_IN_A_URL.search(text):
        raise Unfetchable("the URL is too long or holds characters a URL cannot hold")
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise Unfetchable("this is not a URL") from None
    if url.scheme not in schemes:
        raise Unfetchable(f"only {' and '.join(schemes)} URLs are fetched")
    if url.userinfo:
        raise Unfetchable("a URL with a user name or password in it is not fetched")
    return _checked_place(url, allowed)


def _checked_place(url: httpx.URL, allowed: frozenset[Place]) -> httpx.URL:
    host = _comparable(url.raw_host.decode("ascii", "replace"))
    if not _is_host(host):
        raise Unfetchable("the URL names no host we could look up")
    port = _PORTS[url.scheme] if url.port is None else url.port
    if port not in (80, 443) and (host, port) not in allowed:
        raise Unfetchable(f"port {port} of {host} is not open to us; a setting may allow {host}:{port}")
    return url.copy_with(host=host, fragment=None)


def checked_headers(headers: Mapping[str, str] | None) -> list[tuple[bytes, bytes]]:
    """Headers as bytes. Raises `NotSent`, naming the header but never its value, on what would break the request."""
    found: list[tuple[bytes, bytes]] = []
    for name, value in (headers or {}).items():
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _OURS or not _HEADER_VALUE.fullmatch(value):
            raise NotSent(f"the header {name[:40]!r} cannot be sent")
        found.append((name.lower().encode("ascii"), value.encode("latin-1")))
    return found
