"""How patient the sender is: seconds of business time for what is about replies, of the database's for leases."""

from __future__ import annotations

import msgspec

from offhold.connectors.contract import Manifest
from offhold.publishing.standing import Rule


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Defaults for real networks; tests shorten them.

    A lease outlives any request begun under it: `lease_seconds` > `request_seconds` + `skew_seconds`.
    """

    request_seconds: float = 20.0
    lease_seconds: float = 45.0
    skew_seconds: float = 5.0
    at_once: int = 4  # replies under way on one channel
    rest_seconds: float = 5.0  # before trying again on a channel that somebody else writes to, or that failed
    idle_seconds: float = 1.0  # before looking again at a channel where what is due has to wait
    withdraw_again_after: float = 30.0
    longest_sleep: float = 30.0  # with nothing to send; a wake-up ends it
    restless_sleep: float = 2.0  # while something is under way: business time may be moved while we wait
    rule: Rule = Rule()

    def __post_init__(self) -> None:
        if self.lease_seconds <= self.request_seconds + self.skew_seconds:
            raise ValueError("a lease must outlive a request begun under it")

    @property
    def needed(self) -> float:
        """Seconds of lease that must be left when a socket is opened."""
        return self.request_seconds + self.skew_seconds


def rule_of(manifest: Manifest, pace: Pace, *, private: bool) -> Rule:
    """Our patience with what this network says of itself; `private`: of its direct messages."""
    can = manifest.can
    return msgspec.structs.replace(
        pace.rule,
        dedupes_by_key=can.dedupes_direct_by_key if private else can.dedupes_by_key,
        read_backs=(manifest.direct_read_backs or manifest.read_backs) if private else manifest.read_backs,
        read_back_after=manifest.read_back_after,
    )
