"""One PostgreSQL data directory: where it is, how it is made, with which passwords it is entered."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from offhold.app.embedded.account import Account, may_enter, unprivileged
from offhold.app.embedded.binaries import MAJOR, SHARED, programs
from offhold.app.embedded.home import Home, made
from offhold.app.problem import Problem

SUPERUSER = "postgres"
OWNER = "offhold_owner"
DATABASE = "offhold"
PORT = 5432  # only part of the socket's file name: nothing listens on TCP
# A socket's whole path fits in 107 bytes on Linux, 103 on macOS; PostgreSQL adds /.s.PGSQL.5432.lock.
LONGEST_SOCKET_DIR = 90

# The builtin locale sorts by code point, the same on every machine and version: an index never goes bad by an upgrade
# of the C library. Checksums are on since PostgreSQL 18.
INITDB = (
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--encoding=UTF8",
    "--auth=scram-sha-256",
    "--no-instructions",
)


@dataclass(frozen=True)
class Cluster:
    """A data directory and what is needed to run it. `account` is None when we run it as ourselves."""

    data: Path
    programs: Path
    sockets: Path
    account: Account | None
    keys: Path

    def url(self, user: str = OWNER, database: str = DATABASE) -> str:
        """A connection URL through the socket, password included: never log it."""
        password = (self.keys / user).read_text().strip()
        return f"postgresql://{user}:{password}@/{database}?host={quote(str(self.sockets), safe='')}&port={PORT}"

    def identity(self) -> dict[str, object]:
        """Arguments that make `subprocess` run something as the account."""
        if self.account is None:
            return {}
        return {"user": self.account.uid, "group": self.account.gid, "extra_groups": ()}

    def give(self, path: Path) -> None:
        """Hand `path`, which we just made, to the account."""
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)


def locate(home: Home) -> Cluster:
    """The cluster of `home`, whether it was made yet or not. Raises `Problem` when its data cannot be reached."""
    account = unprivileged(home.data)
    if account is not None and not may_enter(home.data, account):
        raise Problem(
            f"PostgreSQL runs as {account.name}, which cannot reach {home.data}.",
            "Let others pass through the directories above it, or move the installation to where they may.",
        )
    keys = made(home.keys / "postgres", 0o700)
    return Cluster(home.data.resolve(), programs(account), socket_directory(home, account), account, keys)


def socket_directory(home: Home, account: Account | None) -> Path:
    """A private directory with a path short enough: in `var/run`, else one in the system's temporary directory.

    The latter's name is kept as a link in `var/run`, so that other commands find it.
    """
    near = home.run / "pg"
    if near.exists() or near.is_symlink():
        target = near.resolve()
        if target.is_dir():
            return target
        near.unlink()
    if len(os.fsencode(near)) < LONGEST_SOCKET_DIR and (account is None or may_enter(home.run, account)):
        directory = made(near, 0o700)
    else:
        directory = Path(tempfile.mkdtemp(prefix="offhold-"))
        near.symlink_to(directory)
    if account is not None:
        os.chown(directory, account.uid, account.gid)
    return directory


def create(home: Home, *, durable: bool = True) -> None:
    """Make the data directory of `home` if there is none. It appears whole or not at all.

    `durable` False leaves it to the system when to write it to disk: for throw-away ones.
    """
    refuse_lost(home)
    if home.data.exists():
        return check_version(home.data)
    account = unprivileged(home.data)
    data = place(home, account)
    cluster = Cluster(data, programs(account), data, account, made(home.keys / "postgres", 0o700))
    fresh = data.with_name(data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    cluster.give(made(fresh, 0o700))
    initialise(cluster, fresh, [] if durable else ["--no-sync"])
    fresh.rename(data)
    if data != home.data:
        home.data.symlink_to(data)
    return None


def refuse_lost(home: Home) -> None:
    """Data that was moved out of `home` and is gone is a loss to be told, never a reason to begin with an empty one."""
    if home.data.is_symlink() and not home.data.exists():
        raise Problem(
            f"The data of {home.root} should be in {home.data.readlink()}, which is gone.",
            f"Put it back from a backup, or remove {home.data} to start anew.",
        )


def place(home: Home, account: Account | None) -> Path:
    """Where a new data directory goes: into `home`, or beside others in /var/lib when its account cannot go there."""
    if account is None or may_enter(home.root, account):
        return home.data
    made(SHARED, 0o755)
    name = hashlib.sha256(os.fsencode(home.root)).hexdigest()[:12]
    directory = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=SHARED))
    directory.chmod(0o711)
    (directory / "belongs-to").write_text(f"{home.root}\n")
    return directory / "postgres"


def check_version(data: Path) -> None:
    """Refuse data that another major version of PostgreSQL wrote."""
    found = (data / "PG_VERSION").read_text().strip()
    if found != str(MAJOR):
        raise Problem(
            f"{data} was written by PostgreSQL {found}, this Offhold brings {MAJOR}.",
            "Dump it with the Offhold that wrote it and restore it here: docs/operate/install.md.",
        )


def initialise(cluster: Cluster, data: Path, options: Sequence[str]) -> None:
    """Run initdb in the empty directory `data`, with a random password for the superuser."""
    entrance = data.with_name(data.name + ".password")
    try:
        entrance.touch(mode=0o600)
        entrance.write_text(password(cluster.keys / SUPERUSER))
        cluster.give(entrance)
        command = [cluster.programs / "initdb", "-D", data, "-U", SUPERUSER, f"--pwfile={entrance}", *INITDB, *options]
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            cwd=data,
            env=environment(),
            **cluster.identity(),  # type: ignore[call-overload]
        )
    finally:
        entrance.unlink(missing_ok=True)
    if done.returncode:
        raise Problem(f"PostgreSQL could not make its data directory: {done.stderr.strip()}", "Free space, then retry.")


def password(file: Path) -> str:
    """The password in `file`, made up if there is none yet."""
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made_up:
            made_up.write(secrets.token_urlsafe(32))
    return file.read_text()


def environment() -> dict[str, str]:
    """What PostgreSQL's programs see of ours: no PG* variable of the shell may lead them elsewhere."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
