"""The command line: help that reads well, errors that name the way out, acts that do what they say."""

from __future__ import annotations

import argparse
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from offhold.app.cli import doctor, upgrade
from offhold.app.cli.main import COMMANDS, parser
from offhold.connectors.registry import Registry
from tests.platform.places import place

PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """A var directory with a migrated database in it, shared by the tests of this module."""
    with place() as directory:
        done = offhold("migrate", var=directory / "var")
        assert done.returncode == 0, done.stderr
        yield directory / "var"


def offhold(
    *arguments: str | Path, var: Path | None = None, typed: str = "", **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OFFHOLD_", "DATABASE_"))}
    where = ["--var", str(var)] if var else []
    return subprocess.run(
        [sys.executable, "-m", "offhold.app.cli", *where, *map(str, arguments)],
        env=clean | environ,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def told(done: subprocess.CompletedProcess[str]) -> str:
    """What a failed command said: its problem and its way out, and no traceback."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert re.match(r"offhold: .+\n  .+", done.stderr), done.stderr
    return done.stderr


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    text = parser().format_help()
    for name, command in COMMANDS.items():
        assert f"    {name}" in text
        assert command.HELP in re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_that_reads_well(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parser().parse_args([name, "--help"])
    assert end.value.code == 0
    text = capsys.readouterr().out
    assert f"usage: offhold {name}" in text
    assert len((COMMANDS[name].__doc__ or "").splitlines()) > 1
    assert max(map(len, text.splitlines())) <= 120


def test_help_does_not_load_the_server() -> None:
    heavy = "('django', 'uvicorn', 'httpx', 'ninja')"
    script = f"import sys; from offhold.app.cli.main import parser; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_taken_port_is_told_with_its_holder(var: Path, built_client: None) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = told(offhold("up", var=var, OFFHOLD_PORT=str(port)))
    assert f"Port {port} is taken by" in said
    assert f"(process {os.getpid()})" in said
    assert "OFFHOLD_PORT=" in said


def test_an_unreachable_database_is_told_without_its_password(built_client: None, tmp_path: Path) -> None:
    url = "postgresql://owner:sesame@127.0.0.1:9/offhold"
    said = told(offhold("up", var=tmp_path / "var", DATABASE_URL=url, OFFHOLD_PORT="0"))
    assert "cannot be reached" in said
    assert "sesame" not in said


def test_nonsense_as_database_is_told(tmp_path: Path) -> None:
    done = offhold("doctor", var=tmp_path / "var", DATABASE_URL="mysql://nobody@nowhere/sesame")
    assert done.returncode == 1
    assert "not a PostgreSQL address" in done.stdout
    assert "Traceback" not in done.stderr


def test_an_unwritable_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "Cannot make" in told(offhold("migrate", var=tmp_path / "file/var"))


def test_an_unknown_setting_is_told(tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_text("prot = 1\n")
    assert "Did you mean port?" in told(offhold("--config", tmp_path / "desk.toml", "migrate", var=tmp_path / "var"))


def test_a_network_that_cannot_be_loaded_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, content in (("whole", "connector = None"), ("torn", "import nowhere")):
        (tmp_path / "somewhere" / name).mkdir(parents=True)
        for file, text in (("__init__.py", ""), ("connector.py", content)):
            (tmp_path / "somewhere" / name / file).write_text(text)
    (tmp_path / "somewhere" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = list(doctor.networks(Registry("somewhere")))
    assert [(finding.level, finding.what.split(":")[0]) for finding in found] == [
        ("ok", "none"),
        ("bad", "The folder networks/torn is left out"),
        ("bad", "The folder networks/whole is left out"),
    ]
    assert all(finding.way_out for finding in found[1:])


def test_the_help_of_upgrade_is_what_the_manual_says() -> None:
    options = argparse.ArgumentParser()
    upgrade.configure(options)
    said = " ".join(options.format_help().split())
    manual = (Path(__file__).parents[2] / "docs/operate/install.md").read_text()
    promised = dict(re.findall(r"^offhold upgrade( --check)? +# (.+)$", manual, re.MULTILINE))
    assert promised[""] == upgrade.HELP
    assert promised[" --check"] in said


def test_migrating_twice_does_nothing(var: Path) -> None:
    done = offhold("migrate", var=var)
    assert (done.returncode, done.stderr) == (0, "")
    assert offhold("migrate", "--plan", var=var).stdout == "Nothing to do.\n"
    assert "up to date" in offhold("upgrade", "--check", var=var).stderr


def test_the_first_user_founds_the_workspace_and_the_next_joins_it(var: Path) -> None:
    first = offhold(
        "create-user", "alice@example.com", "--workspace", "Northwind Air", "--role", "admin", "--name", "Alice",
        var=var, typed=PASSWORD,
    )  # fmt: skip
    assert "Founding the workspace Northwind Air" in first.stderr
    assert first.returncode == 0
    second = offhold("create-user", "bob@example.com", "--name", "Bob", var=var, typed=PASSWORD)
    assert (second.returncode, second.stderr) == (0, "bob@example.com may sign in.\n")
    assert "e-mail address already" in told(
        offhold("create-user", "bob@example.com", "--name", "Bo", var=var, typed=PASSWORD)
    )
    assert PASSWORD not in first.stderr + second.stderr


def test_a_short_password_is_refused(var: Path) -> None:
    said = told(offhold("create-user", "c@example.com", "--workspace", "X", "--name", "C", var=var, typed="short"))
    assert "12 characters" in said
    assert "Founding" not in said


def test_doctor_finds_what_is_wrong_and_says_what_to_do(var: Path) -> None:
    done = offhold("doctor", var=var, OFFHOLD_PROT="1", COLUMNS="200")
    assert "OFFHOLD_PROT is no setting" in done.stdout
    assert "the ones this database was written with" in done.stdout
    (var / "keys/master").chmod(0o644)
    try:
        loose = offhold("doctor", var=var, COLUMNS="200")
        assert loose.returncode == 1
        assert f"chmod -R go= {var / 'keys'}" in loose.stdout
    finally:
        (var / "keys/master").chmod(0o600)


def test_a_dump_is_restored_into_a_fresh_place_with_its_keys(var: Path) -> None:
    file = offhold("backup", var=var).stdout.strip()
    assert Path(file).stat().st_mode & 0o077 == 0
    with place() as directory:
        fresh = directory / "var"
        assert "lacks django and master" in told(offhold("restore", file, var=fresh))
        (fresh / "keys").mkdir(parents=True, mode=0o700)
        for name in ("django", "master"):
            (fresh / "keys" / name).write_bytes((var / "keys" / name).read_bytes())
            (fresh / "keys" / name).chmod(0o600)
        assert offhold("restore", file, var=fresh).returncode == 0
        assert "the ones this database was written with" in offhold("doctor", var=fresh, COLUMNS="200").stdout
        assert offhold("migrate", "--plan", var=fresh).stdout == "Nothing to do.\n"
        assert "not empty" in told(offhold("restore", file, var=fresh))


def test_old_dumps_go_and_others_files_stay(var: Path) -> None:
    backups = var / "backups"
    backups.mkdir(exist_ok=True)
    for name in ("offhold-20200101T000000Z.dump", "mine.dump"):
        (backups / name).touch()
        os.utime(backups / name, (0, 0))
    assert offhold("backup", var=var).returncode == 0
    assert {file.name for file in backups.iterdir()} >= {"mine.dump"}
    assert not (backups / "offhold-20200101T000000Z.dump").exists()


def test_the_demo_never_touches_a_real_installation(var: Path) -> None:
    for arguments in (["demo"], ["demo", "--reset"]):
        assert "holds a real installation" in told(offhold(*arguments, var=var))
