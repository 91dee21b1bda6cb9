"""Under whose uid PostgreSQL runs. It refuses to run as root, so root's runs as an unprivileged account."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from offhold.app.problem import Problem

# In this order; `nobody` is on every system, and the only one a bare container has.
CANDIDATES = ("offhold", "postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """An unprivileged user of this machine."""

    name: str
    uid: int
    gid: int


def unprivileged(data: Path) -> Account | None:
    """The account for root's PostgreSQL: who owns `data` if it exists, else the first candidate. None if not root."""
    if os.getuid() != 0:
        return None
    if data.exists():
        return owner(data)
    for name in CANDIDATES:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(found.pw_name, found.pw_uid, found.pw_gid)
    raise Problem(
        "PostgreSQL does not run as root, and no other account was found.", "Add one: useradd --system offhold."
    )


def owner(path: Path) -> Account:
    """Who owns `path`. Raises `Problem` when that is root or nobody known here."""
    status = path.stat()
    if status.st_uid == 0:
        raise Problem(
            f"{path} belongs to root, and PostgreSQL does not run as root.", f"Give it away: chown -R {path}."
        )
    try:
        name = pwd.getpwuid(status.st_uid).pw_name
    except KeyError as error:
        raise Problem(f"{path} belongs to the unknown user {status.st_uid}.", "Add that user, or chown it.") from error
    return Account(name, status.st_uid, status.st_gid)


def may_enter(path: Path, account: Account) -> bool:
    """May `account` pass through every directory down to and including `path`, as far as it exists."""
    path = path.resolve()
    return all(passes(directory, account) for directory in (path, *path.parents) if directory.is_dir())


def passes(directory: Path, account: Account) -> bool:
    """Does `directory`'s mode let `account` through."""
    status = directory.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & 0o100)
    if status.st_gid == account.gid:
        return bool(status.st_mode & 0o010)
    return bool(status.st_mode & 0o001)
