"""Rich text: which bytes of a text are a mention, a link or a hashtag. Offsets count UTF-8 bytes. Pure.

A mention is a facet with a DID; the letters "@acme" alone notify nobody. What counts as one follows Bluesky's own
detection (packages/api/src/rich-text in bluesky-social/atproto), but for bare domains: without a list of top-level
domains "Sorry.We" would become a link, so a link starts with http:// or https:// or www.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import regex

from offhold.networks.bluesky.wire import Facet

_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_MENTION = regex.compile(rf"(?:^|(?<=[\s(]))@((?:{_LABEL}\.)+[a-zA-Z][a-zA-Z0-9-]*)")
_LINK = regex.compile(r"(?:^|(?<=[\s(]))(?:https?://|www\.)[^\s]+", regex.IGNORECASE)
_TAG = regex.compile(r"(?:^|(?<=\s))[#＃]([^\s\u00AD\u2060\u200A-\u200D\u20e2]+)")
_TRAILING = ".,;:!?'\"。、！？」…»”"
_LONGEST_TAG = 64


def handles(text: str) -> tuple[str, ...]:
    """Handles the text names, lower-case, once each: what must be resolved before `facets` can be made."""
    return tuple(dict.fromkeys(found[1].lower() for found in _MENTION.finditer(text)))


def facets(text: str, dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Facets as the record holds them. `dids`: handle to DID; a handle that is not among them stays plain text."""
    return [*_mention_facets(text, dids), *_link_facets(text), *_tag_facets(text)]


def _mention_facets(text: str, dids: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    for found in _MENTION.finditer(text):
        did = dids.get(found[1].lower())
        if did:
            yield _facet(text, found.start(), found.end(), "mention", did=did)


def _link_facets(text: str) -> Iterable[dict[str, Any]]:
    for found in _LINK.finditer(text):
        shown = _without_trailing(found[0])
        uri = shown if "://" in shown else f"https://{shown}"
        if "." in uri.partition("://")[2]:
            yield _facet(text, found.start(), found.start() + len(shown), "link", uri=uri)


def _tag_facets(text: str) -> Iterable[dict[str, Any]]:
    for found in _TAG.finditer(text):
        tag = regex.sub(r"\p{P}+$", "", found[1])
        if tag and not tag.isdigit() and len(tag) <= _LONGEST_TAG and not tag.startswith("\ufe0f"):
            yield _facet(text, found.start(), found.start() + 1 + len(tag), "tag", tag=tag)


def _without_trailing(link: str) -> str:
    """In "(see https://x.example/a)." the closing punctuation belongs to the sentence, not to the link."""
    link = link.rstrip(_TRAILING)
    while link.endswith(")") and link.count(")") > link.count("("):
        link = link[:-1].rstrip(_TRAILING)
    return link


def _facet(text: str, start: int, end: int, kind: str, **feature: str) -> dict[str, Any]:
    before, here = len(text[:start].encode()), len(text[start:end].encode())
    return {
        "index": {"byteStart": before, "byteEnd": before + here},
        "features": [{"$type": f"app.bsky.richtext.facet#{kind}", **feature}],
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
