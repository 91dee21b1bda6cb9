"""How long a text is for a network: one function for the composer's figure and the server's check. Pure."""

from __future__ import annotations

import unicodedata

import regex

from offhold.connectors.contract import Counter
from offhold.connectors.links import find_links

# twitter-text configuration version 3: these weigh one, all else two, and so does an emoji however it is put together.
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_HEAVY_WEIGHT = 2
_NEVER_VALID = regex.compile(r"[\ufffe\ufeff\uffff]")

_GRAPHEME = regex.compile(r"\X")
_EMOJI = regex.compile(
    r"""
    \p{Regional_Indicator}{2}
    | [0-9\#*]\ufe0f?\u20e3
    | \p{Extended_Pictographic}(?!\ufe0e)(?:\p{Emoji_Modifier}|\ufe0f)?[\U000e0020-\U000e007f]*
      (?:\u200d\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\ufe0f)?)*
    """,
    regex.VERBOSE,
)


def length(text: str, counter: Counter) -> int:
    """The length of a text by a network's own rule, in that rule's units."""
    if counter.rule == "weighted":
        return _weighted(unicodedata.normalize("NFC", text), counter.url_length)
    if counter.url_length is None:
        return _plain(text, counter)
    links = find_links(text, bare=False)
    written = sum(_plain(text[link.start : link.end], counter) for link in links)
    return _plain(text, counter) - written + len(links) * counter.url_length


def fits(text: str, counter: Counter) -> bool:
    """Would the network take it? An empty text never fits, nor one whose UTF-8 is longer than `max_bytes`."""
    if not text.strip() or (counter.rule == "weighted" and _NEVER_VALID.search(text)):
        return False
    if counter.max_bytes is not None and _bytes(text) > counter.max_bytes:
        return False
    return length(text, counter) <= counter.limit


def _plain(text: str, counter: Counter) -> int:
    match counter.rule:
        case "graphemes":
            return sum(1 for _ in _GRAPHEME.finditer(text))
        case "utf16":
            return len(text.encode("utf-16-le", "surrogatepass")) // 2
        case "bytes":
            return _bytes(text)
        case _:
            return len(text)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _weighted(text: str, url_length: int | None) -> int:
    if url_length is None:
        return _weigh(text)
    total, at = 0, 0
    for link in find_links(text):
        total += _weigh(text[at : link.start]) + url_length
        at = link.end
    return total + _weigh(text[at:])


def _weigh(text: str) -> int:
    rest = _EMOJI.split(text)
    emoji = len(rest) - 1
    return emoji * _HEAVY_WEIGHT + sum(_weight(ord(character)) for part in rest for character in part)


def _weight(code: int) -> int:
    return 1 if any(first <= code <= last for first, last in _LIGHT) else _HEAVY_WEIGHT
