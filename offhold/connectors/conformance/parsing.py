"""Manifest and parsing: pure, total, and sound whatever the bytes."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offhold.connectors.conformance.world import Specimen
from offhold.connectors.contract import Malformed, Manifest, Posted, Signal

# One class is inherited by each network, and the specimen is only read: both checks would warn of nothing real.
_quick = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)

_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)

HOSTILE: tuple[Any, ...] = (
    None, True, 0, -1, 2**63, 2**200, 1e308, "", "\x00", "a\x00b", "\u200b", "\u202e", "=cmd()", "../../etc",
    "x" * 10_000, "0000-00-00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00",
    "2026-11-22T12:00:00", [], {}, [[]], [None], {"": None}, {"id": {"id": []}},
)  # fmt: skip

NOT_JSON = {
    "empty": b"",
    "deep list": b"[" * 100_000,
    "deep object": b'{"a":' * 100_000,
    "not UTF-8": b"\xff\xfe",
    "null": b"null",
    "NaN": b"NaN",
    "surrogate": b'"\\ud800"',
}


class ParsingConformance:
    def test_the_manifest_is_sane(self, specimen: Specimen) -> None:
        manifest = specimen.connector.manifest
        assert isinstance(manifest, Manifest)
        assert manifest.name.isidentifier()
        assert manifest.name == manifest.name.lower()
        assert manifest.label
        assert manifest.can.polls or manifest.can.webhooks or manifest.can.streams, "it can receive nothing"
        for counter in (manifest.public_text, manifest.private_text):
            assert counter.limit > 0
            assert counter.max_bytes is None or counter.max_bytes > 0
        rule = manifest.pictures
        # what is taken in is encoded anew as one of these two, and no upload is larger
        assert rule is None or ({"image/png", "image/jpeg"} <= set(rule.types) and rule.most > 0)
        assert rule is None or 0 < rule.max_bytes <= 10_000_000
        assert manifest.poll_seconds > 0
        assert manifest.read_back_after >= 0
        assert manifest.read_backs >= 1
        profile = manifest.profile_of("a/../b?c#d", "@e/f")
        assert profile is None or (
            profile.startswith("https://") and not set("?#") & set(profile) and ".." not in profile.split("/")
        )
        names = [field.name for field in manifest.connect]
        assert len(names) == len(set(names))
        assert all(field.name and field.label for field in manifest.connect)

    def test_genuine_bodies_become_sound_signals(self, specimen: Specimen) -> None:
        signals = [signal for body in specimen.bodies for signal in _parse(specimen, body)]
        assert any(isinstance(signal, Posted) for signal in signals), "the specimen holds no message"
        for signal in signals:
            check_sound(signal)

    def test_parsing_changes_nothing_and_says_the_same_twice(self, specimen: Specimen) -> None:
        for body in specimen.bodies:
            before = copy.deepcopy((dict(specimen.channel.config), dict(specimen.channel.secrets)))
            assert _parse(specimen, body) == _parse(specimen, body)
            assert (dict(specimen.channel.config), dict(specimen.channel.secrets)) == before

    @_quick
    @given(body=st.binary(max_size=200))
    def test_any_bytes_are_parsed_or_malformed(self, specimen: Specimen, body: bytes) -> None:
        _parse_or_malformed(specimen, body)

    @_quick
    @given(value=_values)
    def test_any_json_is_parsed_or_malformed(self, specimen: Specimen, value: Any) -> None:
        _parse_or_malformed(specimen, msgspec.json.encode(value))

    @pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON.keys())
    def test_hostile_bytes_are_malformed(self, specimen: Specimen, body: bytes) -> None:
        with pytest.raises(Malformed):
            specimen.connector.parse(specimen.channel, body)

    @_quick
    @given(seed=st.integers(0, 2**32))
    def test_spoilt_bodies_are_parsed_or_malformed(self, specimen: Specimen, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311 - a seed to repeat, no secret
        body = chance.choice(specimen.bodies)
        _parse_or_malformed(specimen, _torn(body, chance))
        document = msgspec.json.decode(body)
        for _ in range(chance.randint(1, 3)):
            _spoil(document, chance)
        _parse_or_malformed(specimen, msgspec.json.encode(document))

    def test_every_field_survives_every_hostile_value(self, specimen: Specimen) -> None:
        for body in specimen.bodies:
            for container, key in list(_places(msgspec.json.decode(body))):
                # Each place anew in its own copy, found again by its path.
                for value in HOSTILE:
                    document = msgspec.json.decode(body)
                    _at(document, container)[key] = value
                    _parse_or_malformed(specimen, msgspec.json.encode(document))


def _parse(specimen: Specimen, body: bytes) -> list[Signal]:
    return specimen.connector.parse(specimen.channel, body)


def _parse_or_malformed(specimen: Specimen, body: bytes) -> None:
    try:
        signals = _parse(specimen, body)
    except Malformed:
        return
    for signal in signals:
        check_sound(signal)


def check_sound(signal: Signal) -> None:
    """Types as declared, ids that are strings and not empty, times in UTC, nothing a database cannot hold."""
    written = msgspec.json.encode(signal)
    msgspec.json.decode(written, type=Signal)
    assert b"\\u0000" not in written, f"a NUL character in {signal!r}: connectors.decode keeps it out"
    for name in ("id", "conversation"):
        assert getattr(signal, name, "-"), f"{name} is empty in {signal!r}"
    for name in ("at", "edited_at"):
        moment = getattr(signal, name, None)
        if isinstance(moment, datetime):
            assert moment.utcoffset() == timedelta(), f"{name} is not in UTC: {signal!r}"
            moment.astimezone(UTC)
    if isinstance(signal, Posted):
        assert signal.audience in ("public", "private")
        assert signal.author.id, f"the author has no id: {signal!r}"
        assert signal.counterpart is None or signal.counterpart.id


def _torn(body: bytes, chance: random.Random) -> bytes:
    """Cut short, one byte changed, or one stretch repeated."""
    at = chance.randrange(len(body))
    match chance.randrange(3):
        case 0:
            return body[:at]
        case 1:
            return body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]
        case _:
            return body[:at] + body[at // 2 :]


Path = tuple[Any, ...]


def _places(document: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every place in a document: the path of its container, and the key or index in it."""
    keys = document.keys() if isinstance(document, dict) else range(len(document)) if isinstance(document, list) else ()
    for key in keys:
        yield path, key
        yield from _places(document[key], (*path, key))


def _at(document: Any, path: Path) -> Any:
    for key in path:
        document = document[key]
    return document


def _spoil(document: Any, chance: random.Random) -> None:
    places = list(_places(document))
    if not places:
        return
    path, key = chance.choice(places)
    container = _at(document, path)
    match chance.randrange(3):
        case 0:
            del container[key]
        case 1:
            container[key] = chance.choice(HOSTILE)
        case _:
            other_path, other_key = chance.choice(places)
            container[key] = copy.deepcopy(_at(document, other_path)[other_key])
