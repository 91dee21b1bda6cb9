"""Real messages of customers, for how seldom the pledge is heard where nobody asked. Evaluation data beside the
repository: of its words nothing is kept. Those that were flagged once were read and labelled by hand; what is kept is
that label by the hash of the text (`data/pledge_seen.jsonl`)."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from offhold.promises.asking.asked import asked

STORED = Path(__file__).parents[2] / "shared" / "data" / "twcs"
SEEN = Path(__file__).with_name("data") / "pledge_seen.jsonl"
SEED = 20_261_123
_STREAM, _DIALOGUES = "stream_real.jsonl.gz", "airline_dialogues.jsonl.gz"


class Message(NamedTuple):
    """One message of a customer, and what they had said before without an answer."""

    text: str
    before: tuple[str, ...]


def there(folder: Path) -> bool:
    """Is the data beside the repository?"""
    return (folder / _STREAM).is_file() and (folder / _DIALOGUES).is_file()


def drawn(folder: Path, start: int, number: int) -> list[Message]:
    """`number` of them from place `start` on of the one fixed shuffle of all."""
    every = list(
        {message.text: message for message in (*_stream(folder / _STREAM), *_dialogues(folder / _DIALOGUES))}.values()
    )
    random.Random(SEED).shuffle(every)
    return every[start : start + number]


def key(text: str) -> str:
    """What a text is found by without being kept."""
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def seen() -> dict[str, bool]:
    """By the text's key: did a person who read it find that a human is asked for, in words or by a sign?"""
    lines = map(json.loads, SEEN.read_text("utf-8").splitlines())
    return {line["key"]: line["asks"] for line in lines}


def heard(messages: list[Message]) -> dict[str, float]:
    """What was heard in them, by the labels that people gave. What nobody has read counts as false, and is told."""
    labels = seen()
    flagged = [key(message.text) for message in messages if asked(message.text, message.before)]
    right = sum(labels.get(found, False) for found in flagged)
    return {
        "real_heard": len(flagged) / len(messages),
        "real_precision": right / len(flagged) if flagged else 1.0,
        "real_false_share": (len(flagged) - right) / len(messages),
        "real_unread": float(sum(found not in labels for found in flagged)),
    }


def _stream(file: Path) -> Iterator[Message]:
    for row in _rows(file):
        if row["inbound"]:
            yield Message(row["text"], ())


def _dialogues(file: Path) -> Iterator[Message]:
    """Its makers put words in the place of handles; a handle is put back."""
    for row in _rows(file):
        before: list[str] = []
        for who, words in row["turns"]:
            if who == "a":
                before.clear()
                continue
            text = words.replace("__cust__", "@customer").replace("__company__", f"@{row['brand'] or 'company'}")
            yield Message(text, tuple(before))
            before.append(text)


def _rows(file: Path) -> Iterator[dict]:  # type: ignore[type-arg]
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)
