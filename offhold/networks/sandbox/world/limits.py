"""Rate limits: so many calls of a class for each account in each window, told in headers.

`x-ratelimit-limit`, `-remaining`, `-reset` (seconds since 1970), and `Retry-After` in seconds on a 429.
"""

from __future__ import annotations

DEFAULT = {"read": (3000, 300), "write": (600, 60), "upload": (60, 60)}


class Limits:
    """`rules`: class -> (calls, seconds)."""

    def __init__(self, rules: dict[str, tuple[int, int]] | None = None) -> None:
        self.rules = dict(rules or DEFAULT)
        self._used: dict[tuple[str, str], tuple[int, int]] = {}

    def take(self, account: str, what: str, now: int) -> tuple[bool, dict[str, str]]:
        """Whether this call fits, and the headers that say so. `now` in ms."""
        allowed, seconds = self.rules[what]
        window = now // (seconds * 1000)
        was, used = self._used.get((account, what), (window, 0))
        used = used + 1 if was == window else 1
        self._used[(account, what)] = (window, min(used, allowed + 1))
        reset = (window + 1) * seconds
        headers = {
            "x-ratelimit-limit": str(allowed),
            "x-ratelimit-remaining": str(max(0, allowed - used)),
            "x-ratelimit-reset": str(reset),
        }
        if used > allowed:
            headers["retry-after"] = str(max(1, reset - now // 1000))
        return used <= allowed, headers
