"""`offhold pledge verify` as a stranger runs it: a file in, words and an exit code out."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from offhold.app.cli.main import main
from offhold.promises.pledge.ledger import code_of
from offhold.promises.tests.test_ledger import export


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pledges.json"
    path.write_bytes(msgspec.json.encode(export()))
    return path


def test_a_record_that_holds(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pledge", "verify", str(file)]) == 0
    said = capsys.readouterr().out
    assert "The record holds." in said
    assert "asked 4, reached 2, stayed 1, left 1" in said


def test_a_record_that_was_altered(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(file.read_bytes().replace(b"withdrawn", b"reached", 1))
    assert main(["pledge", "verify", str(file)]) == 1
    said = capsys.readouterr()
    assert "was altered" in said.err
    assert "does not hold" in said.out


def test_a_head_that_was_kept_must_be_in_it(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = export()
    assert main(["pledge", "verify", str(file), "--head", whole.entries[3].hash]) == 0
    assert main(["pledge", "verify", str(file), "--head", "0" * 64]) == 1
    assert "rewritten" in capsys.readouterr().err


def test_a_customer_finds_what_came_of_their_own_wish(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = code_of(bytes.fromhex(export().entries[4].hash))  # the third one, asked and withdrawn
    assert main(["pledge", "verify", str(file), "--code", code.lower()]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines[:2]] == ["asked", "withdrawn"]
    assert main(["pledge", "verify", str(file), "--code", "AAAAAAAAAA"]) == 1


@pytest.mark.parametrize("words", [b"", b"{}", b"[1]", b"\xff"])
def test_what_is_no_record_is_said_so(tmp_path: Path, words: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.json"
    path.write_bytes(words)
    assert main(["pledge", "verify", str(path)]) == 1
    assert "no record of pledges" in capsys.readouterr().err
    assert main(["pledge", "verify", str(tmp_path / "none.json")]) == 1
