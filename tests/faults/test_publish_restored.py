"""A backup from before a reply went out is put back: the reply is found on the network, not sent again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from offhold.app.cli.dumps import dump, restore
from offhold.publishing.tests.world import World, wait_for
from tests.faults.publish_victim import FileNetwork, taken
from tests.faults.test_publish_killed import ROOT, sender
from tests.support.database import Server, drop_database

DOUBT = "import django; django.setup(); from offhold.publishing import restored; print(restored.do_doubt())"


@pytest.fixture
def world(database: str) -> Iterator[World]:
    made = World()
    with made.installed():
        yield made


def test_what_went_out_since_the_backup_is_found_and_not_sent_again(
    world: World, database: str, database_server: Server, tmp_path: Path
) -> None:
    network, file = tmp_path / "network.jsonl", tmp_path / "offhold.dump"
    world.connector = FileNetwork(network)
    public = world.say(world.asked_in_public())
    private = world.whisper(world.asked_in_private(by="erik"))
    dump(database, file)
    with sender(database, network):
        world.until(public, "sent", seconds=30)
        world.until(private, "sent", seconds=30)
    drop_database(database_server.owner_url, "put_back")
    with psycopg.connect(database_server.owner_url, autocommit=True) as conn:
        conn.execute("CREATE DATABASE put_back")
    older = database_server.url("put_back")
    try:
        restore(older, file)
        env = {**os.environ, "DATABASE_URL": older, "OFFHOLD_DATABASE_ROLE": "owner", "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", DOUBT], env=env, cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert int(done.stdout) >= 2
        with sender(older, network), psycopg.connect(older, autocommit=True) as conn:
            query = (
                "SELECT state FROM public_replies WHERE id = %s"
                " UNION ALL SELECT state FROM direct_replies WHERE id = %s"
            )
            wait_for(lambda: conn.execute(query, (public, private)).fetchall() == [("sent",), ("sent",)], 30)
        assert len(taken(network)) == 2
    finally:
        drop_database(database_server.owner_url, "put_back")
