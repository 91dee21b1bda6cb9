"""The one door for HTTP out: `GuardedEgress`. Why it is shaped like this: docs/decisions/0004-egress.md."""

from __future__ import annotations

from offhold.connectors.egress.guarded import GuardedEgress

__all__ = ["GuardedEgress"]
