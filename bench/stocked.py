"""An installation with companies that have messages stored already: built now, or copied from what was prepared."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg import conninfo, sql

from bench import filed
from bench.installation import Installation, disconnect, installation, place
from bench.report import Say
from bench.stored import store, whole
from bench.traffic import Account, Company
from offhold.app import config

SIZES = {"k": 1_000, "m": 1_000_000}
DEFAULT = "200k"


class Stock(NamedTuple):
    """A running installation, its companies, and how many messages are stored."""

    here: Installation
    companies: list[Company]
    messages: int


def count_of(text: str) -> int:
    """`200k`, `10m` or a plain number. Raises `ValueError`."""
    found = re.fullmatch(r"(\d+)([km]?)", text.lower())
    if found is None:
        raise ValueError(text)
    return int(found[1]) * SIZES.get(found[2], 1)


@contextmanager
def stocked(size: str, network: str, say: Say, *, companies: int) -> Iterator[Stock]:
    """`network` is the host and port where the companies believe their network to be. Raises `Problem`."""
    wanted = count_of(size)
    kept = directory(wanted)
    if (kept / "companies.json").exists():
        with installation(say, template=database(wanted), keys=kept / "keys") as here:
            known = [company(read) for read in json.loads((kept / "companies.json").read_text())]
            move(here.url, network)
            with psycopg.connect(here.url) as conn:
                filed.must_be_filed(conn, whole(wanted))
            yield Stock(here, known, wanted)
    else:
        with installation(say) as here:
            yield fresh(here, wanted, network, say, companies)


def fresh(here: Installation, wanted: int, network: str, say: Say, companies: int) -> Stock:
    """Companies, and messages of theirs, in an empty installation."""
    from bench.companies import found  # noqa: PLC0415 - models can be imported once `installation` set Django up

    made = found(companies, f"http://{network}")
    return Stock(here, made, store(here.url, made, wanted, say))


def keep(stock: Stock, kept: Path) -> None:
    """Make an installation the one that later benches copy; `kept` is its `directory`, asked for before it was up."""
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(stock.here.directory / "keys", kept / "keys")
    server = conninfo.make_conninfo(stock.here.url, dbname="postgres")
    ours = conninfo.conninfo_to_dict(stock.here.url)["dbname"]
    with psycopg.connect(server, autocommit=True) as conn:
        disconnect(conn, str(ours))
        old, new = sql.Identifier(str(ours)), sql.Identifier(database(stock.messages))
        conn.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(new))
        conn.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(old, new))
    (kept / "companies.json").write_text(json.dumps(stock.companies))


def company(read: list[Any]) -> Company:
    """A company as JSON has it."""
    workspace, queues, channels = read
    return Company(workspace, queues, [Account(*channel) for channel in channels])


def move(url: str, network: str) -> None:
    """Let all channels believe their network to be at this host and port."""
    with psycopg.connect(url) as conn:
        conn.execute(
            "UPDATE channels SET config = jsonb_build_object('base_url', 'http://' || %s || '/' || account_id)",
            (network,),
        )


def directory(messages: int) -> Path:
    """Where the keys and the companies of a prepared database are."""
    return place(config.load()) / f"stored-{messages}"


def database(messages: int) -> str:
    """The name of a prepared database."""
    return f"offhold_stored_{messages}"
