"""Reads the network's own log: what was really published, to whom, and what was delivered. The truth in tests.

Kinds of record: `published`, `edited`, `deleted`, `hidden`, `shown`, `answered` (how a write was answered),
`delivered`, `delivery_failed`, `joined`, `fault`, `fault_on`, `fault_off`. A line counts once it ends with its newline.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import msgspec


class Record(msgspec.Struct, frozen=True):
    """One line. `to` is "everyone" or the account ids that can read it; the rest is there where its kind has it."""

    kind: str
    at: str
    id: str | None = None
    audience: Literal["public", "private"] | None = None
    to: str | list[str] | None = None
    author: str | None = None
    account: str | None = None
    key: str | None = None
    text: str = ""
    parent: str | None = None
    quotes: str | None = None
    conversation: str | None = None
    recipient: str | None = None
    via: str = ""
    how: str = ""
    status: int | None = None
    events: list[int] = []
    endpoint: str = ""
    name: str = ""
    fault: Any = None


class Oracle:
    """Keeps its place in the file, so asking again reads only what is new."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0
        self._records: list[Record] = []
        self._decode = msgspec.json.Decoder(Record).decode

    def records(self, kind: str | None = None) -> list[Record]:
        self._catch_up()
        return [r for r in self._records if kind in (None, r.kind)]

    def published(
        self, *, author: str | None = None, key: str | None = None, audience: str | None = None, text: str | None = None
    ) -> list[Record]:
        """In the order in which it happened; withdrawn items are among them, for they were out."""
        return [
            r
            for r in self.records("published")
            if author in (None, r.author)
            and key in (None, r.key)
            and audience in (None, r.audience)
            and text in (None, r.text)
        ]

    def doubles(self, author: str) -> list[list[Record]]:
        """What this author published twice: under one key, or in the same words in the same place."""
        groups: dict[tuple[str, ...], list[Record]] = {}
        for record in self.published(author=author):
            if record.key:
                groups.setdefault(("key", record.key), []).append(record)
            place = record.parent or record.recipient or ""
            groups.setdefault(("words", record.audience or "", place, record.text), []).append(record)
        found = [g for g in groups.values() if len(g) > 1]
        return list({tuple(r.id for r in g): g for g in found}.values())

    def leaks(self, private_texts: Iterable[str], author: str) -> list[Record]:
        """Public posts of this author that contain a text that was meant for one person."""
        secret = [t for t in private_texts if t.strip()]
        return [r for r in self.published(author=author, audience="public") if any(t in r.text for t in secret)]

    def readers(self, item_id: str) -> str | list[str] | None:
        """Who could read an item: "everyone", account ids, or None when it was never published."""
        return next((r.to for r in self.records("published") if r.id == item_id), None)

    def addressed(self, account: str) -> list[Record]:
        """Direct messages to this account; public items are matched by the caller, who knows the mention."""
        return [r for r in self.published(audience="private") if r.recipient == account]

    def deliveries(self, account: str, how: str | None = None) -> Counter[int]:
        """Event number -> how often it was handed over to this account."""
        handed = [r for r in self.records("delivered") if r.account == account and how in (None, r.how)]
        return Counter(event for record in handed for event in record.events)

    def answered(self, endpoint: str) -> list[Record]:
        return [r for r in self.records("answered") if r.endpoint == endpoint]

    def _catch_up(self) -> None:
        with self._path.open("rb") as file:
            file.seek(self._read)
            new = file.read()
        whole = new.rfind(b"\n") + 1
        self._records += [self._decode(line) for line in new[:whole].splitlines()]
        self._read += whole
