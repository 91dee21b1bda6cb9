"""How often one person may ask the API: as many requests a minute as a setting says, spread or in one burst.

Counted in the memory of the web process: there is one, and a write to the database for each request would cost more
than most requests do. After a restart everybody begins anew. Attempts to sign in are counted in the database instead.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

from django.conf import settings

from offhold.kernel.errors import TooOften

_MOST_KEPT = 10_000  # people; who is forgotten begins anew


class Pace:
    """A bucket for each person: it holds a minute's worth, and fills evenly. `clock` is monotonic, in seconds."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute, self._clock = per_minute, clock
        self._full_at: dict[int, float] = {}  # when a person's bucket will be full again
        self._lock = threading.Lock()

    def check(self, user_id: int) -> None:
        """Count one request. Raises `TooOften` with the seconds to wait; what was refused is not counted."""
        each, now = 60 / self._per_minute, self._clock()
        with self._lock:
            full_at = max(self._full_at.get(user_id, now), now) + each
            if full_at - now > 60 + each / 2:
                raise TooOften(retry_after=max(1, math.ceil(full_at - now - 60)))
            self._full_at[user_id] = full_at
            if len(self._full_at) > _MOST_KEPT:
                self._full_at = {user: at for user, at in self._full_at.items() if at > now}

    def kept(self) -> int:
        """How many people it remembers."""
        return len(self._full_at)


pace = Pace(settings.API_PER_MINUTE)
