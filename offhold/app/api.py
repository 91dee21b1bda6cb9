"""The HTTP API under /api: every stage's router, one way to fail, one way to write JSON."""

from __future__ import annotations

import json
import logging
import secrets
from typing import Any

import psycopg
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DatabaseError as DjangoDatabaseError
from django.db.utils import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from psycopg_pool import PoolTimeout

from offhold.app import openapi
from offhold.app.first_steps import router as first_steps
from offhold.app.kept import router as kept
from offhold.app.me import router as me
from offhold.app.media import router as media
from offhold.channels.api import router as channels
from offhold.desk.api import router as desk
from offhold.desk.api_around import router as around
from offhold.desk.api_aside import router as aside
from offhold.desk.api_bulk import router as bulk
from offhold.desk.api_due import router as due
from offhold.desk.api_merging import router as merging
from offhold.desk.api_saved import router as saved
from offhold.desk.api_settings import router as settings
from offhold.desk.api_together import router as together
from offhold.desk.api_views import router as views
from offhold.desk.search.api import router as search
from offhold.kernel import jsons
from offhold.kernel.errors import OffholdError, TooOften
from offhold.people.api_join import router as join
from offhold.people.api_mine import router as mine
from offhold.people.api_notices import router as notices
from offhold.people.api_pages import router as pages
from offhold.people.api_push import router as push
from offhold.people.api_team import router as team
from offhold.promises.api import router as promises
from offhold.promises.api_pledges import router as pledges
from offhold.publishing.api import router as publishing
from offhold.publishing.api_after import router as after
from offhold.publishing.api_gates import router as gates
from offhold.publishing.api_stops import router as stops

log = logging.getLogger(__name__)

ABOUT = """What Offhold's own screens use. Ids are strings, times ISO 8601 in UTC. Sign in by
`POST /_allauth/browser/v1/auth/login`; everything but GET carries the CSRF cookie's value as X-CSRFToken. Errors are
`{code, params, message}`."""


class Reader(Parser):
    """JSON without NaN, lone surrogates and bottomless nesting."""

    def parse_body(self, request: HttpRequest) -> Any:
        return jsons.decode(request.body)


class Writer(BaseRenderer):
    """JSON as facts are written."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ARG002 - ninja's
        return jsons.encode(data)


class Api(NinjaAPI):
    """django-ninja, described with our structs."""

    def get_openapi_schema(self, **options: Any) -> Any:
        return openapi.complete(dict(super().get_openapi_schema(**options)))


def description() -> str:
    """OpenAPI as it is kept in client/openapi.json: one line a value, so that a change reads well."""
    return json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False) + "\n"


api = Api(title="Offhold", version="1", description=ABOUT, parser=Reader(), renderer=Writer(), docs_url=None)


def refused(request: HttpRequest, status: int, code: str, message: str, **params: Any) -> HttpResponse:
    """An error as every part of the API words it."""
    return api.create_response(request, {"code": code, "params": params, "message": message}, status=status)


@api.exception_handler(OffholdError)
def on_refusal(request: HttpRequest, error: OffholdError) -> HttpResponse:
    """What a stage refused, in its own words."""
    if error.status == 503:
        log.warning("%s at %s", error.code, request.path)
    answer = refused(request, error.status, error.code, str(error), **error.params)
    if isinstance(error, TooOften):
        answer.headers["Retry-After"] = str(error.params["retry_after"])
    return answer


_HTTP_CODES = {400: "bad_request", 401: "signed_out", 403: "csrf", 429: "too_often"}


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What django-ninja refuses itself: a body that is no JSON, a missing CSRF token, too many requests."""
    code = _HTTP_CODES.get(error.status_code, "bad_request")
    words = "The request cannot be understood." if error.status_code == 400 else str(error)
    return refused(request, error.status_code, code, words)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What does not fit: where, and why, never the value itself."""
    places = [{"at": [str(part) for part in found["loc"]], "why": found["type"]} for found in error.errors]
    return refused(request, 422, "invalid", "What was sent cannot be used.", fields=places)


@api.exception_handler(Http404)
def on_not_found(request: HttpRequest, error: Http404) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    """Nothing at that address."""
    return refused(request, 404, "not_found", "There is no such thing here.")


@api.exception_handler(BadRequest)
@api.exception_handler(MultiPartParserError)
@api.exception_handler(SuspiciousOperation)
@api.exception_handler(UnreadablePostError)
def on_unreadable(request: HttpRequest, error: Exception) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    """A body or a form that is not what it says it is."""
    return refused(request, 400, "bad_request", "The request cannot be understood.")


@api.exception_handler(RequestDataTooBig)
@api.exception_handler(TooManyFieldsSent)
@api.exception_handler(TooManyFilesSent)
def on_too_big(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    """More than any screen of ours sends."""
    return refused(request, 413, "too_big", "That is too large.")


@api.exception_handler(psycopg.DataError)
@api.exception_handler(DataError)
def on_unstorable(request: HttpRequest, error: Exception) -> HttpResponse:
    """A value no column can hold, which a stage should have refused earlier: written down, and still no 500."""
    log.warning("unstorable value at %s: %s", request.path, type(error).__name__)
    return refused(request, 422, "invalid", "What was sent cannot be used.")


@api.exception_handler(PoolTimeout)
@api.exception_handler(psycopg.OperationalError)
@api.exception_handler(OperationalError)
def on_no_database(request: HttpRequest, error: Exception) -> HttpResponse:
    """The database is away, full, or too slow."""
    log.error("no database for %s: %s", request.path, type(error).__name__)
    return refused(request, 503, "unavailable", "Offhold cannot do this right now; try again in a moment.")


@api.exception_handler(DjangoDatabaseError)
@api.exception_handler(Exception)
def on_failure(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours: logged in full under a reference, of which alone the person is told."""
    reference = secrets.token_hex(4)
    log.error("failure %s at %s %s", reference, request.method, request.path, exc_info=error)
    return refused(request, 500, "internal", f"Something went wrong here (reference {reference}).", reference=reference)


for router in (
    me, channels, media, desk, aside, views, bulk, merging, together, around, due, promises, saved, search, notices,
    pages, pledges, publishing, gates, stops, after, join, mine, team, push, settings, first_steps, kept,
):  # fmt: skip
    api.add_router("", router)
