"""Real replies of brands, for how quiet the guard is. Evaluation data beside the repository: nothing of it is kept.

Each brand is a workspace that knows what it said before: the hosts and contacts of its own earlier answers, and what it
told others. Of the customer the guard is told the last words before the reply, where they are known.
"""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from offhold.publishing.guard import own
from offhold.publishing.guard.look import Around, Said

STORED = Path(__file__).parents[2] / "shared" / "data" / "twcs"
_STREAM, _DIALOGUES = "stream_real.jsonl.gz", "airline_dialogues.jsonl.gz"
_REMEMBERED = 200  # earlier answers of a brand


class Reply(NamedTuple):
    """One public answer: who gave it, its words, and the customer's words before it."""

    brand: str
    text: str
    before: str | None


class Brand:
    """What a workspace knows after some answers."""

    def __init__(self) -> None:
        self._hosts: Counter[str] = Counter()
        self._contacts: Counter[str] = Counter()
        self._earlier: deque[str] = deque(maxlen=_REMEMBERED)

    def around(self, reply: Reply) -> Around:
        return Around(
            last_public=reply.before, own_handles=(reply.brand,), earlier_elsewhere=tuple(self._earlier),
            allowed_hosts=own.told_twice(self._hosts), own_contacts=own.told_twice(self._contacts),
        )  # fmt: skip

    def learn(self, text: str) -> None:
        self._hosts.update(own.hosts_in(text))
        self._contacts.update(own.contacts_in(text))
        self._earlier.append(text)


def there(folder: Path) -> bool:
    """Is the data beside the repository?"""
    return (folder / _STREAM).is_file() and (folder / _DIALOGUES).is_file()


def replies(folder: Path) -> list[Reply]:
    """Every reply, in the order in which each brand gave them."""
    return [*_stream(folder / _STREAM), *_dialogues(folder / _DIALOGUES)]


def drawn(every: list[Reply], number: int, seed: int) -> Iterator[tuple[Said, Around]]:
    """`number` of them at random, each with what its brand knew then. The others are learnt from, too."""
    chosen = set(random.Random(seed).sample(range(len(every)), min(number, len(every))))
    brands: defaultdict[str, Brand] = defaultdict(Brand)
    for at, reply in enumerate(every):
        if at in chosen:
            yield Said(text=reply.text, audience="public", written_as="public"), brands[reply.brand].around(reply)
        brands[reply.brand].learn(reply.text)


def _stream(file: Path) -> Iterator[Reply]:
    rows = list(_rows(file))
    texts = {row["tweet_id"]: row["text"] for row in rows}
    for row in rows:
        if not row["inbound"]:
            yield Reply(str(row["brand"]), row["text"], texts.get(row["parent_id"]))


def _dialogues(file: Path) -> Iterator[Reply]:
    """Its makers put words in the place of handles; a handle is put back."""
    for row in _rows(file):
        before = None
        for who, words in row["turns"]:
            text = words.replace("__cust__", "@customer").replace("__company__", f"@{row['brand']}")
            if who == "a":
                yield Reply(row["brand"], text, before)
            else:
                before = text


def _rows(file: Path) -> Iterator[dict]:  # type: ignore[type-arg]
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
