"""The few errors a person may see. Each has a stable code the client translates; the docstring is the fallback text."""

from __future__ import annotations

from typing import Any, ClassVar


class OffholdError(Exception):
    """The request could not be carried out."""

    status: ClassVar[int] = 400
    code: str = "error"

    def __init__(self, message: str = "", *, code: str | None = None, **params: Any) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
        self.code = code or self.code
        self.params = params


class SignedOut(OffholdError):
    """Please sign in."""

    status = 401
    code = "signed_out"


class Forbidden(OffholdError):
    """Your role does not allow this; ask an admin of your workspace."""

    status = 403
    code = "forbidden"


class NotFound(OffholdError):
    """There is no such thing here."""

    status = 404
    code = "not_found"


class Conflict(OffholdError):
    """Somebody was faster, or the state no longer allows this."""

    status = 409
    code = "conflict"


class Stale(Conflict):
    """The case got news since you opened it; it is shown to you first."""

    code = "stale"


class Invalid(OffholdError):
    """What was sent cannot be used."""

    status = 422
    code = "invalid"


class TooOften(OffholdError):
    """Too many requests in a short time; wait a moment."""

    status = 429
    code = "too_often"


class Unavailable(OffholdError):
    """Offhold cannot do this right now; try again in a moment."""

    status = 503
    code = "unavailable"
