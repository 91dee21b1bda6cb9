"""Columns as PostgreSQL's binary arrays, for a statement that is sent as bytes: a body goes as it came, not as hex.

Form: `array_recv` and the `recv` functions of the element types in PostgreSQL's source. Numbers are big-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

BYTEA, INT8, INT2, TEXT, TIMESTAMPTZ = 17, 20, 21, 25, 1184  # pg_type.oid
_header = struct.Struct("!iiIii").pack  # dimensions, has nulls, element type, length, lower bound
_length = struct.Struct("!i").pack
_int8 = struct.Struct("!iq").pack
_int2 = struct.Struct("!ih").pack
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def int8s(values: Sequence[int]) -> bytes:
    """bigint[]"""
    return _array(INT8, values, [_int8(8, value) for value in values])


def int2s(values: Sequence[int]) -> bytes:
    """smallint[]"""
    return _array(INT2, values, [_int2(2, value) for value in values])


def texts(values: Sequence[str]) -> bytes:
    """text[]"""
    return _sized(TEXT, [value.encode() for value in values])


def byteas(values: Sequence[bytes]) -> bytes:
    """bytea[]"""
    return _sized(BYTEA, values)


def times(values: Sequence[datetime]) -> bytes:
    """timestamptz[], of aware times"""
    return _array(TIMESTAMPTZ, values, [_int8(8, (value - _EPOCH) // _MICROSECOND) for value in values])


def _sized(element: int, values: Sequence[bytes]) -> bytes:
    return _array(element, values, [part for value in values for part in (_length(len(value)), value)])


def _array(element: int, values: Sequence[object], parts: list[bytes]) -> bytes:
    return b"".join([_header(1, 0, element, len(values), 1), *parts])
