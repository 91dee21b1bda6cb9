"""What a stream is asked for, and how a refusal looks. Pure; every value comes from outside and may be anything."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import msgspec

from offhold.kernel import jsons
from offhold.kernel.errors import Invalid, OffholdError
from offhold.live.presence import Doing

Scope = MutableMapping[str, Any]

LARGEST = 2**63 - 1
_NUMBER = re.compile(r"[0-9]{1,19}", re.ASCII)
_OF_STREAM = re.compile(r"/live/streams/([A-Za-z0-9_-]{22})/(follow|doing)")


class Wanted(NamedTuple):
    """`after`: the number of the last fact the browser has, None for none. `strange`: what it named cannot be one."""

    after: int | None
    case_id: int | None
    strange: bool


class _Follow(msgspec.Struct, forbid_unknown_fields=True):
    case_id: str | None


class Does(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody does in the case their stream follows; None: they look elsewhere. `take`: the answer, from
    whoever has it."""

    doing: Doing | None
    take: bool = False


def headers_of(scope: Scope) -> dict[str, str]:
    """Header values by lower-case name; of a repeated one the first."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    return found


def number(text: str) -> int | None:
    """A fact's number or an id: decimal digits within 63 bits, else None."""
    if _NUMBER.fullmatch(text) is None:
        return None
    value = int(text)
    return value if value <= LARGEST else None


def wanted(query: bytes, last_event_id: str | None) -> Wanted:
    """What /live/stream is asked for. A browser that comes back says how far it got in Last-Event-ID, which counts
    more than the address it was first given. Raises `Invalid` for a case that cannot be."""
    asked = parse_qs(query.decode("latin-1"), keep_blank_values=True, max_num_fields=20)
    said = last_event_id or single(asked, "after")
    case = single(asked, "case")
    case_id = number(case) if case else None
    if case and case_id is None:
        raise Invalid("This is no case.")
    after = number(said) if said else None
    return Wanted(after, case_id, strange=bool(said) and after is None)


def single(asked: dict[str, list[str]], name: str) -> str:
    """The value of a parameter, empty when it is absent. Raises `Invalid` when it is given twice."""
    values = asked.get(name, [""])
    if len(values) > 1:
        raise Invalid(f"{name} is given twice.")
    return values[0]


def of_stream(path: str) -> tuple[str, str] | None:
    """The stream, and what is asked of it, in a path of the form /live/streams/{stream}/follow."""
    found = _OF_STREAM.fullmatch(path)
    return (found[1], found[2]) if found else None


def followed_case(body: bytes) -> int | None:
    """The case that a follow request names, None for none. Raises `Invalid`."""
    try:
        asked = msgspec.json.decode(body, type=_Follow).case_id
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid('A case is expected: {"case_id": "..."}, or null.') from error
    case_id = None if asked is None else number(asked)
    if asked is not None and case_id is None:
        raise Invalid("This is no case.")
    return case_id


def done(body: bytes) -> Does:
    """What a request says that somebody does. Raises `Invalid`."""
    try:
        return msgspec.json.decode(body, type=Does)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid('Expected: {"doing": "looking", "public", "direct", "note" or null, "take": bool}.') from error


def refusal(error: OffholdError) -> bytes:
    """An error as the whole API says it."""
    return jsons.encode({"code": error.code, "params": error.params, "message": str(error)})
