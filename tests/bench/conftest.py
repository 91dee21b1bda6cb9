"""Benches that start `offhold up` need the browser's half."""

from __future__ import annotations

from tests.platform.conftest import built_client

__all__ = ["built_client"]
