"""The network's store: one SQLite file, one writer, one thread."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
  id TEXT PRIMARY KEY, handle TEXT NOT NULL COLLATE NOCASE UNIQUE, name TEXT NOT NULL, bio TEXT NOT NULL DEFAULT '',
  lang TEXT NOT NULL DEFAULT 'en', kind TEXT NOT NULL CHECK (kind IN ('person', 'company')),
  followers INTEGER NOT NULL DEFAULT 0, suspended INTEGER NOT NULL DEFAULT 0, connected INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS items (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, audience TEXT NOT NULL CHECK (audience IN ('public', 'private')),
  author TEXT NOT NULL, recipient TEXT, conversation TEXT NOT NULL, parent TEXT, quotes TEXT, text TEXT NOT NULL,
  lang TEXT, client_key TEXT, media TEXT NOT NULL DEFAULT '[]', created INTEGER NOT NULL, edited INTEGER,
  version INTEGER NOT NULL DEFAULT 1, deleted INTEGER, hidden INTEGER NOT NULL DEFAULT 0,
  likes INTEGER NOT NULL DEFAULT 0, reposts INTEGER NOT NULL DEFAULT 0, replies INTEGER NOT NULL DEFAULT 0,
  CHECK ((audience = 'private') = (recipient IS NOT NULL)));
CREATE INDEX IF NOT EXISTS items_author ON items (author, seq);
CREATE INDEX IF NOT EXISTS items_conversation ON items (conversation, seq);
CREATE INDEX IF NOT EXISTS items_timeline ON items (seq) WHERE audience = 'public' AND parent IS NULL;
CREATE INDEX IF NOT EXISTS items_recipient ON items (recipient, seq) WHERE recipient IS NOT NULL;
CREATE TABLE IF NOT EXISTS addressed (
  account TEXT NOT NULL, item INTEGER NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (account, item)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS addressed_item ON addressed (item);
CREATE TABLE IF NOT EXISTS watching (
  conversation TEXT NOT NULL, account TEXT NOT NULL, PRIMARY KEY (conversation, account)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS touches (
  account TEXT NOT NULL, item TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (item, kind, account)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS follows (
  follower TEXT NOT NULL, followed TEXT NOT NULL, PRIMARY KEY (follower, followed)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS media (
  id TEXT PRIMARY KEY, owner TEXT NOT NULL, content_type TEXT NOT NULL, alt TEXT NOT NULL,
  width INTEGER, height INTEGER, content BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS tokens (
  hash BLOB PRIMARY KEY, account TEXT NOT NULL, expires INTEGER);
CREATE TABLE IF NOT EXISTS events (
  seq INTEGER PRIMARY KEY, account TEXT NOT NULL, payload BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS events_account ON events (account, seq);
CREATE TABLE IF NOT EXISTS subscriptions (
  id TEXT PRIMARY KEY, account TEXT NOT NULL, url TEXT NOT NULL, secret TEXT NOT NULL, cursor INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS idempotency (
  account TEXT NOT NULL, key TEXT NOT NULL, asked BLOB NOT NULL, item TEXT NOT NULL, until INTEGER NOT NULL,
  PRIMARY KEY (account, key)) WITHOUT ROWID;
"""


class Store:
    """Writes join one open transaction; `commit` ends it. Whoever writes has checked first: no act half happens."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, cached_statements=256, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-8000;" + SCHEMA)

    def write(self, sql: str, *values: Any) -> int:
        """The number of rows it touched."""
        if not self._db.in_transaction:
            self._db.execute("BEGIN")
        return self._db.execute(sql, values).rowcount

    def insert(self, sql: str, *values: Any) -> int:
        """The new row's number."""
        if not self._db.in_transaction:
            self._db.execute("BEGIN")
        return self._db.execute(sql, values).lastrowid or 0

    def one(self, sql: str, *values: Any) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._db.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        return self._db.execute(sql, values).fetchall()

    def number(self, sql: str, *values: Any) -> int:
        """The first column of the first row; 0 when there is none."""
        row = self.one(sql, *values)
        return int(row[0] or 0) if row else 0

    @property
    def dirty(self) -> bool:
        return self._db.in_transaction

    def commit(self) -> None:
        if self._db.in_transaction:
            self._db.execute("COMMIT")

    def close(self) -> None:
        self.commit()
        self._db.close()
