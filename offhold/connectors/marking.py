"""What a network makes of a text it shows: its mentions, links and hashtags, by the rule in its manifest. Pure.

A connector makes from this what it sends, and the composer shows it before (client/src/composer/preview/marks.ts); both
are held to `tests/marks.json`. Where handles are domains this is Bluesky's own detection (bluesky-social/atproto, in
packages/api/src/rich-text), but for bare domains: without a list of top-level domains "Sorry.We" would become a link,
so a link starts with http:// or https:// or www.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import regex

from offhold.connectors.abilities import Marking

_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_MENTION = {
    "domain": regex.compile(rf"(?:^|(?<=[\s(]))@((?:{_LABEL}\.)+[a-zA-Z][a-zA-Z0-9-]*)"),
    "name": regex.compile(r"(?<![\p{L}\p{N}_@])@([A-Za-z0-9_]{1,30})"),
}
_LINK = regex.compile(r"(?:^|(?<=[\s(]))(?:https?://|www\.)[^\s]+", regex.IGNORECASE)
_TAG = regex.compile(r"(?:^|(?<=\s))[#＃]([^\s\u00AD\u2060\u200A-\u200D\u20e2]+)")
_DIGITS = regex.compile(r"\p{Nd}+")
_PUNCTUATION = regex.compile(r"\p{P}")
_TRAILING = ".,;:!?'\"。、！？」…»”"
_LONGEST_TAG = 64


class Mark(NamedTuple):
    """A stretch of a text, in code points. `target`: the handle in lower case, the address, or the tag."""

    kind: Literal["mention", "link", "tag"]
    start: int
    end: int
    target: str


def marks(text: str, marking: Marking) -> list[Mark]:
    """In the order of the text; of two that overlap, the first."""
    found: list[Mark] = []
    for mark in sorted(_all(text, marking), key=lambda mark: mark.start):
        if not found or mark.start >= found[-1].end:
            found.append(mark)
    return found


def _all(text: str, marking: Marking) -> Iterator[Mark]:
    if marking.mentions is not None:
        for found in _MENTION[marking.mentions].finditer(text):
            yield Mark("mention", found.start(), found.end(), found[1].lower())
    if marking.links:
        yield from _links(text)
    if marking.tags:
        yield from _tags(text)


def _links(text: str) -> Iterator[Mark]:
    for found in _LINK.finditer(text):
        shown = _without_trailing(found[0])
        address = shown if "://" in shown else f"https://{shown}"
        if "." in address.partition("://")[2]:
            yield Mark("link", found.start(), found.start() + len(shown), address)


def _tags(text: str) -> Iterator[Mark]:
    for found in _TAG.finditer(text):
        tag = found[1]
        while tag and _PUNCTUATION.fullmatch(tag[-1]):
            tag = tag[:-1]
        if tag and not _DIGITS.fullmatch(tag) and len(tag) <= _LONGEST_TAG and not tag.startswith("\ufe0f"):
            yield Mark("tag", found.start(), found.start() + 1 + len(tag), tag)


def _without_trailing(link: str) -> str:
    """In "(see https://x.example/a)." the closing punctuation belongs to the sentence, not to the link."""
    link = link.rstrip(_TRAILING)
    while link.endswith(")") and link.count(")") > link.count("("):
        link = link[:-1].rstrip(_TRAILING)
    return link
