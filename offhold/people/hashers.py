"""Password hashing: argon2id, at most two at a time, so that a flood of sign-ins cannot take the memory away."""

from __future__ import annotations

import threading

from django.contrib.auth.hashers import Argon2PasswordHasher

_AT_ONCE = threading.BoundedSemaphore(2)


class Argon2(Argon2PasswordHasher):
    """argon2id with 46 MiB and one lane, twice the memory OWASP asks for at t=2: about 60 ms on a small server."""

    time_cost = 2
    memory_cost = 47104  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _AT_ONCE:
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        with _AT_ONCE:
            return bool(super().verify(password, encoded))
