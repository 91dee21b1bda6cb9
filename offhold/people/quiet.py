"""Quiet hours: when nothing rings for a person. Pure.

They are said in the wall time of a zone, so that they stay where they are when clocks are put forward or back.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

import msgspec

Kind = Literal["mention", "assigned", "handed_over", "woke", "sent_back", "page"]
KINDS: tuple[Kind, ...] = ("mention", "assigned", "handed_over", "woke", "sent_back", "page")


class Quiet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From `begin` to `end` ("20:00", "08:00") of each day in `zone` (an IANA name); over midnight where begin is
    later. `pages`: what a lead has to know now rings all the same."""

    on: bool = False
    begin: str = "20:00"
    end: str = "08:00"
    zone: str = "UTC"
    pages: bool = True


class Ring(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where one kind of notice makes itself felt; in the list of notices it always is."""

    screen: bool = True
    push: bool = True


class NoticeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What rings for one person. `desktop`: a window of the system beside the browser; `sound`: it is heard."""

    desktop: bool = False
    sound: bool = False
    quiet: Quiet = Quiet()
    kinds: dict[Kind, Ring] = {}

    def ring(self, kind: Kind) -> Ring:
        """How this kind rings: as it was said, or as it does for a new colleague."""
        return self.kinds.get(kind, Ring())


def is_quiet(quiet: Quiet, at: datetime, kind: Kind) -> bool:
    """Whether nothing of this kind rings at this moment."""
    if not quiet.on or (kind == "page" and quiet.pages):
        return False
    wall = at.astimezone(ZoneInfo(quiet.zone)).time().replace(tzinfo=None)
    begin, end = time.fromisoformat(quiet.begin), time.fromisoformat(quiet.end)
    return begin <= wall < end if begin <= end else wall >= begin or wall < end


def faults(quiet: Quiet) -> str:
    """The name of the field that cannot be used, or empty."""
    for name in ("begin", "end"):
        if not _is_time(getattr(quiet, name)):
            return name
    return "" if quiet.zone in available_timezones() else "zone"


def _is_time(text: str) -> bool:
    try:
        return len(text) == 5 and time.fromisoformat(text).tzinfo is None
    except ValueError:
        return False
