"""What has had its time goes, with the clock moved on; what is still needed stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError

from offhold.app import sweep
from offhold.app.media import do_keep, path_of, reencode, write
from offhold.app.tests.test_media import drawn
from offhold.connectors.contract import Abilities
from offhold.intake import log
from offhold.intake.log import Arrival, append
from offhold.kernel import clock
from offhold.kernel.db.tx import transaction, transaction_over
from offhold.live.reader import Asked, Database
from offhold.people import notices
from offhold.publishing.replies import AskedPicture
from offhold.publishing.tests.world import World
from tests.support.builders import Workspace
from tests.support.database import Server, acting
from tests.support.fixtures import OwnerSql
from tests.support.running import running, until
from tests.support.site import Member

DAY = 86_400.0
Move = Callable[[float], None]


@pytest.fixture
def world(database: str) -> Iterator[World]:
    can = Abilities(reply_public=True, reply_private=True, webhooks=True)
    made = World(abilities=can)
    with made.installed():
        yield made


def swept(part: Callable[[], object]) -> None:
    with acting("pipeline"):
        part()


def arrives(world: World, body: bytes) -> int:
    """How many were new."""
    log.forget_rolls()
    arrival = Arrival(world.company.id, world.channel_id, "fake", "webhook", body, clock.now())
    with transaction_over([world.company.id]) as tx:
        return append(tx, [arrival])


def bodies(world: World, owner_sql: OwnerSql) -> list[bytes]:
    rows = owner_sql("SELECT body FROM arrivals WHERE workspace_id = %s ORDER BY id", (world.company.id,))
    return [bytes(body) for (body,) in rows]


def test_raw_arrivals_go_after_thirty_days_and_their_keys_after_thirty_five(
    world: World, clock_offset: Move, owner_sql: OwnerSql
) -> None:
    with acting("pipeline"):
        assert arrives(world, b"first") == 1
    clock_offset(29 * DAY)
    swept(sweep.forget_arrivals)
    assert bodies(world, owner_sql) == [b"first"]
    clock_offset(32 * DAY)
    swept(sweep.forget_arrivals)
    assert bodies(world, owner_sql) == []
    with acting("pipeline"):
        assert arrives(world, b"first") == 0, "a network that repeats itself after a month is not heard twice"
    clock_offset(37 * DAY)
    swept(sweep.forget_arrivals)
    assert owner_sql("SELECT count(*) FROM arrival_keys WHERE workspace_id = %s", (world.company.id,)) == [(0,)]


def test_an_acknowledgement_deletes_nothing(world: World, clock_offset: Move, owner_sql: OwnerSql) -> None:
    with acting("pipeline"):
        arrives(world, b"first")
        clock_offset(37 * DAY)
        arrives(world, b"second")
    assert bodies(world, owner_sql) == [b"first", b"second"]


def test_old_keys_go_a_part_at_a_time(
    world: World, clock_offset: Move, owner_sql: OwnerSql, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting("pipeline"):
        for n in range(5):
            arrives(world, b"%d" % n)
    monkeypatch.setattr(sweep, "_AT_ONCE", 2)
    clock_offset(37 * DAY)
    with acting("pipeline"):
        assert sweep.forget_arrivals() >= 5
    assert owner_sql("SELECT count(*) FROM arrival_keys WHERE workspace_id = %s", (world.company.id,)) == [(0,)]


def test_a_backup_that_reads_the_log_makes_no_arrival_wait(
    world: World, clock_offset: Move, owner_sql: OwnerSql, database: str
) -> None:
    with acting("pipeline"):
        arrives(world, b"first")
    clock_offset(37 * DAY)
    with psycopg.connect(database) as backup:
        backup.execute("SELECT count(*) FROM arrivals")
        with pytest.raises((psycopg.errors.LockNotAvailable, DatabaseError)):
            swept(sweep.forget_arrivals)
        with acting("pipeline"):
            assert arrives(world, b"second") == 1
    swept(sweep.forget_arrivals)
    assert bodies(world, owner_sql) == [b"second"]


def test_old_facts_go_and_a_screen_that_resumes_from_there_reads_anew(
    world: World, clock_offset: Move, owner_sql: OwnerSql, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "_AT_ONCE", 2)
    world.asked_in_public()
    world.asked_in_private()
    ws = world.company.id
    (old,) = owner_sql("SELECT count(*) FROM facts WHERE workspace_id = %s", (ws,))[0]
    assert old > 4
    clock_offset(31 * DAY)
    world.asked_in_public("Is anybody there?", by="emil")
    swept(sweep.forget_facts)
    kept = [seq for (seq,) in owner_sql("SELECT seq FROM facts WHERE workspace_id = %s ORDER BY seq", (ws,))]
    assert kept
    assert kept[0] == old + 1
    with acting("pipeline"):
        database = Database()
        (behind,) = database.news({ws: Asked(old - 3, frozenset())})
        (near,) = database.news({ws: Asked(old, frozenset())})
    assert (behind.lost, near.lost, near.last) == (True, False, kept[-1])


def uploaded(world: World) -> str:
    return do_keep(world.person(), reencode(drawn("PNG"))).media_id


def there(world: World, token: str) -> tuple[bool, bool]:
    """Its row, and its file."""
    with transaction(world.company.id) as tx:
        row = tx.one("SELECT 1 FROM media WHERE token = %s", (token,))
    return row is not None, path_of(world.company.id, token).exists()


def test_pictures_no_reply_uses_go_after_a_day(world: World, clock_offset: Move) -> None:
    unused, used = uploaded(world), uploaded(world)
    case = world.asked_in_public()
    world.mean_publicly(world.public_ask(case, pictures=(AskedPicture(used, "a bag"),)))
    clock_offset(0.9 * DAY)
    swept(sweep.forget_pictures)
    assert there(world, unused) == (True, True)
    clock_offset(1.1 * DAY)
    swept(sweep.forget_pictures)
    assert there(world, unused) == (False, False)
    assert there(world, used) == (True, True)


def test_what_a_cut_upload_or_a_cut_sweep_left_goes_too(world: World, clock_offset: Move) -> None:
    without_row, half = path_of(world.company.id, "x" * 32), path_of(world.company.id, "y" * 32).with_name(".y.fresh")
    for file in (without_row, half):
        write(file, b"picture")
    strange = Path(settings.MEDIA_DIR) / "remote" / "xx" / "a"
    write(strange, b"not an upload")
    swept(sweep.forget_pictures)
    assert without_row.exists(), "its upload may still be under way"
    clock_offset(1.1 * DAY)
    swept(sweep.forget_pictures)
    assert (without_row.exists(), half.exists(), strange.exists()) == (False, False, True)


def test_what_fails_leaves_the_rest_its_turn(world: World, clock_offset: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError("no such disk")

    unused = uploaded(world)
    fail.__name__ = "forget_arrivals"
    monkeypatch.setattr(sweep, "forget_arrivals", fail)
    clock_offset(2 * DAY)
    swept(sweep._sweep)
    assert there(world, unused) == (False, False)


def test_the_worker_sweeps_when_a_day_has_passed(database_server: Server, tmp_path: Path) -> None:
    file = tmp_path / "clock"
    with running(database_server.copy(), tmp_path / "var", clock_file=str(file)):
        lost = tmp_path / "var" / "media" / "7" / "xx" / "lost"
        write(lost, b"an upload that was cut off")
        file.write_text(str(2 * DAY))
        until(lambda: not lost.exists(), 30, 0.2, what="the sweep")


def test_notices_go_after_a_month(workspace: Workspace, clock_offset: Move) -> None:
    member = Member(workspace, "agent")
    with transaction(workspace.id) as tx:
        notices.do_notice(tx, workspace.id, member.id, "mention", None)
    for days, left in ((29, 1), (31, 0)):
        clock_offset(days * DAY)
        swept(sweep.forget_notices)
        with transaction(workspace.id) as tx:
            assert tx.rows("SELECT count(*) FROM notices") == [(left,)]
