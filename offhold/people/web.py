"""The HTTP edge every stage's `api.py` stands on: who asks, what may come in, how our structs go out.

    router = Router(auth=signed_in, tags=["cases"])

    @router.get("/cases/{case_id}", response=shown(CaseView))
    def case(request: Asked, case_id: Id) -> CaseView:
        request.auth.check_may("answer")
        ...

What goes out is a msgspec struct, the same that facts carry: it is written as it stands (`kernel.jsons`), never copied
into a second model, and the OpenAPI description is made from it. What comes in is a `Body`: closed, and strict.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from django.conf import settings
from django.http import HttpRequest
from ninja import Schema
from ninja.security import APIKeyCookie
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic.json_schema import JsonSchemaValue, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

from offhold.kernel.errors import SignedOut
from offhold.people.actors import Actor, actor_of
from offhold.people.pace import pace

LARGEST_ID = 2**63 - 1
# Marks, in the schema pydantic makes, the place of a struct; `app.openapi` puts a reference there.
PLACE = "x-offhold-struct"


class Asked(HttpRequest):
    """A request of a signed-in person, as a view under `signed_in` gets it."""

    auth: Actor


class SignedIn(APIKeyCookie):
    """Sign-in by session cookie; everything but GET must carry the CSRF token too. Raises `SignedOut`."""

    openapi_name = "session"

    def __init__(self) -> None:
        self.param_name = settings.SESSION_COOKIE_NAME
        super().__init__(csrf=True)

    def __call__(self, request: HttpRequest) -> Actor:
        """Who, then from where: the CSRF check reads the body, and a stranger's is not worth reading."""
        actor = self.authenticate(request, request.COOKIES.get(self.param_name))
        self._get_key(request)  # checks the CSRF token
        return actor

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor:  # noqa: ARG002 - ninja's signature
        actor = actor_of(key, used=True) if key else None
        if actor is None:
            raise SignedOut
        pace.check(actor.user_id)
        return actor


signed_in = SignedIn()


# --- what comes in -------------------------------------------------------------------------------------------


class Body(Schema):
    """Base of request bodies: an unknown field is an error, and a number is no string."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _id(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 19:
        number = int(value)
        if 0 < number <= LARGEST_ID:
            return number
    raise ValueError("not an id")


def _moment(value: object) -> datetime:
    if isinstance(value, str):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            return moment
    raise ValueError("not a moment with an offset")


def _without_nul(value: str) -> str:
    if "\0" in value:  # PostgreSQL's text holds every character but this one
        raise ValueError("holds a NUL character")
    return value


# An id in a path, a query or a body: a string of digits outside, an int of 63 bits inside.
Id = Annotated[
    int,
    BeforeValidator(_id, json_schema_input_type=str),
    WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]{0,18}$", "maxLength": 19}),
]
# Words of a person, 1 to 20,000 characters. Networks' own limits are checked where the reply is.
Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(_without_nul)]
# The same while it is being written: it may be empty.
Unfinished = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_without_nul)]
# A moment, as ISO 8601 with its offset.
Moment = Annotated[
    datetime,
    BeforeValidator(_moment, json_schema_input_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
# A name, a handle, a short line.
Line = Annotated[str, StringConstraints(max_length=400), AfterValidator(_without_nul)]
# Where the next page begins: made by us, opaque to everybody else.
Cursor = Annotated[str, StringConstraints(max_length=200, pattern=r"^[A-Za-z0-9_.:~-]*$")]
# A key the client makes once for one intent, so that sending it twice has one effect.
ClientKey = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")]


# --- what goes out -------------------------------------------------------------------------------------------


class Error(msgspec.Struct, frozen=True):
    """Any refusal: the client translates `code` with `params`; `message` is English, for programs and logs."""

    code: str
    params: dict[str, Any]
    message: str


class _Shown:
    """Tells pydantic, and so django-ninja, that a response is this struct and needs no second model."""

    def __init__(self, struct: type) -> None:
        self._struct = struct

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.is_instance_schema(self._struct)

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        STRUCTS[self._struct.__name__] = self._struct
        return {PLACE: self._struct.__name__}


# Every struct some response shows, by name; what they hold in turn is found from them.
STRUCTS: dict[str, type] = {}

if TYPE_CHECKING:

    def shown(struct: type) -> Any:
        """The `response=` of a view that returns this msgspec struct."""

else:

    def shown(struct: type) -> Any:
        """The `response=` of a view that returns this msgspec struct."""
        return Annotated[struct, _Shown(struct)]
