"""The record holds: what is altered, left out, put in or moved is found by whoever has an export and nothing else."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest

from offhold.promises.pledge.ledger import (
    BEGINNING,
    NEXT,
    Entry,
    Export,
    Kind,
    Line,
    figures_of,
    hash_of,
    text_of,
    verified,
)

STORY: list[tuple[str, Kind, int]] = [
    ("1", "asked", 0), ("2", "likely", 1), ("1", "reached", 2), ("2", "asked", 3), ("3", "asked", 3),
    ("1", "stayed", 9), ("2", "released", 10), ("2", "reopened", 20), ("3", "withdrawn", 21), ("2", "reached", 33),
    ("4", "likely", 34), ("4", "unlikely", 35), ("5", "asked", 36), ("2", "left", 40),
]  # fmt: skip


def export(story: list[tuple[str, Kind, int]] = STORY) -> Export:
    entries, lines, before = [], [], BEGINNING
    for n, (pledge, kind, minute) in enumerate(story, 1):
        at = f"2026-11-22T12:{minute:02}:00+00:00"
        entry = Entry(n=n, pledge=pledge, kind=kind, at=at, noted=at)
        text = text_of(entry)
        before = hash_of(before, text)
        entries.append(entry)
        lines.append(Line(msgspec.Raw(text), before.hex()))
    return Export(
        company="Northwind Air", made_at="2026-11-22T13:00:00+00:00", head=before.hex(), entries=lines,
        figures=figures_of(entries),
    )  # fmt: skip


def test_a_whole_record_holds_and_its_figures_are_counted_again() -> None:
    whole = export()
    assert verified(whole) == []
    assert msgspec.structs.asdict(whole.figures) == {
        "asked": 4, "reached": 2, "stayed": 1, "left": 1, "withdrawn": 1, "released": 0, "waiting": 1, "middle": 1800,
        "longest": 1800,
    }  # fmt: skip
    again = msgspec.json.decode(msgspec.json.encode(whole), type=Export)
    assert verified(again) == []


def test_an_empty_record_holds() -> None:
    assert verified(export([])) == []


@pytest.mark.parametrize("seed", range(40))
def test_any_single_change_is_found(seed: int) -> None:
    whole, chance = export(), random.Random(seed)
    lines = list(whole.entries)
    place = chance.randrange(len(lines))
    what = chance.choice(["alter", "drop", "double", "swap", "cut", "hash"])
    if what == "alter":
        entry = msgspec.json.decode(lines[place].entry, type=Entry)
        other = msgspec.structs.replace(entry, at="2026-11-22T12:00:01+00:00")
        lines[place] = Line(msgspec.Raw(text_of(other)), lines[place].hash)
    elif what == "drop":
        del lines[place]
    elif what == "double":
        lines.insert(place, lines[place])
    elif what == "swap":
        other_place = (place + 1) % len(lines)
        lines[place], lines[other_place] = lines[other_place], lines[place]
    elif what == "cut":
        lines = lines[:place]
    else:
        lines[place] = Line(lines[place].entry, "0" * 64)
    assert verified(msgspec.structs.replace(whole, entries=lines)) != [], what


def test_a_record_rewritten_from_the_start_is_found_by_a_head_kept_elsewhere() -> None:
    """Whoever holds yesterday's head finds it in the chain, or the past was rewritten."""
    kept = export(STORY[:5]).head
    assert kept in [line.hash for line in export().entries]
    forged = export([("9", "asked", 0), *STORY])
    assert verified(forged) == []
    assert kept not in [line.hash for line in forged.entries]


def test_a_wish_that_just_closed_is_found() -> None:
    """No path from asked to an end but the ones there are, whatever the hashes say."""
    story: list[tuple[str, Kind, int]] = [("1", "asked", 0), ("1", "unlikely", 1)]
    assert verified(export(story)) == ["entry 2: a pledge cannot go from asked to unlikely"]


def test_figures_that_flatter_are_found() -> None:
    whole = export()
    better = msgspec.structs.replace(whole.figures, waiting=0)
    assert any("figures" in wrong for wrong in verified(msgspec.structs.replace(whole, figures=better)))


@pytest.mark.parametrize("entry", [b"{}", b"[]", b'{"n": "1"}', b'"x"'])
def test_what_cannot_be_read_is_said(entry: bytes) -> None:
    broken: Any = msgspec.structs.replace(export(), entries=[Line(msgspec.Raw(entry), "0" * 64)])
    assert "cannot be read" in verified(broken)[0]


def test_every_kind_is_reached_and_every_end_is_an_end() -> None:
    reached = {kind for following in NEXT.values() for kind in following}
    assert reached | {""} == set(NEXT)
