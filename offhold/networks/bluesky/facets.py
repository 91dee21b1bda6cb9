"""Rich text: which bytes of a text are a mention, a link or a hashtag. Offsets count UTF-8 bytes. Pure.

A mention is a facet with a DID; the letters "@acme" alone notify nobody. What counts as one is `connectors.marking`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from offhold.connectors.marking import Mark, marks
from offhold.networks.bluesky.manifest import MARKING
from offhold.networks.bluesky.wire import Facet


def handles(text: str) -> tuple[str, ...]:
    """Handles the text names, lower-case, once each: what must be resolved before `facets` can be made."""
    return tuple(dict.fromkeys(mark.target for mark in marks(text, MARKING) if mark.kind == "mention"))


def facets(text: str, dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Facets as the record holds them. `dids`: handle to DID; a handle that is not among them stays plain text."""
    return [
        _facet(text, mark, feature) for mark in marks(text, MARKING) if (feature := _feature(mark, dids)) is not None
    ]


def _feature(mark: Mark, dids: Mapping[str, str]) -> dict[str, str] | None:
    match mark.kind:
        case "mention":
            did = dids.get(mark.target)
            return {"did": did} if did else None
        case "link":
            return {"uri": mark.target}
        case "tag":
            return {"tag": mark.target}


def _facet(text: str, mark: Mark, feature: dict[str, str]) -> dict[str, Any]:
    before, here = len(text[: mark.start].encode()), len(text[mark.start : mark.end].encode())
    return {
        "index": {"byteStart": before, "byteEnd": before + here},
        "features": [{"$type": f"app.bsky.richtext.facet#{mark.kind}", **feature}],
    }


def mentions(facets: Iterable[Facet]) -> set[str]:
    """DIDs a post mentions."""
    return {feature.did for facet in facets for feature in facet.features if feature.kind("mention")}


def spelled_out(text: str, facets: Iterable[Facet]) -> str:
    """The text with every link's real address: apps shorten "example.com/very-long…" and may hide one behind words."""
    data = text.encode()
    for facet in sorted(facets, key=lambda f: f.index.byte_start, reverse=True):
        uri = next((feature.uri for feature in facet.features if feature.kind("link")), "")
        start, end = facet.index.byte_start, facet.index.byte_end
        if uri and 0 <= start < end <= len(data):
            data = data[:start] + _with_address(data[start:end], uri.encode()) + data[end:]
    return data.decode(errors="replace")


def _with_address(shown: bytes, uri: bytes) -> bytes:
    short = shown.removesuffix("…".encode()).removesuffix(b"...")
    for whole in (uri, uri.partition(b"://")[2], uri.partition(b"://www.")[2]):
        if whole and whole.rstrip(b"/") == shown.rstrip(b"/"):
            return shown
        if short != shown and whole.startswith(short):
            return uri
    return shown + b" (" + uri + b")"
