"""What Django itself answers: the client's page for every client route, and short errors."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import psycopg
from csp.decorators import csp_replace
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_safe
from psycopg_pool import PoolTimeout

from offhold.app.languages import Language, read_by

log = logging.getLogger(__name__)

AWAY = (psycopg.OperationalError, OperationalError, PoolTimeout)
CLIENT = Path(__file__).parent / "client_build"
NONCE_PLACE = "__CSP_NONCE__"
NOT_BUILT: dict[Language, str] = {
    "en": """<!doctype html><html lang="en"><meta charset="utf-8"><title>Offhold</title>
<h1>The browser client is not built</h1>
<p>The server runs, and its API answers. Build the client with <code>make setup</code> in the working copy; an installed
wheel carries it.</p></html>""",
    "es": """<!doctype html><html lang="es"><meta charset="utf-8"><title>Offhold</title>
<h1>Falta construir el cliente del navegador</h1>
<p>El servidor funciona y su API responde. Construye el cliente con <code>make setup</code> en la copia de trabajo; un
paquete instalado ya lo trae.</p></html>""",
}


@require_safe
def client(request: HttpRequest) -> HttpResponse:
    """The built `index.html`, with this answer's nonce in the places left for it; sets the CSRF cookie."""
    get_token(request)
    try:
        page = (CLIENT / "index.html").read_text("utf-8")
    except FileNotFoundError:
        read = read_by(request.headers.get("Accept-Language", ""))
        return HttpResponse(NOT_BUILT[read], status=503, headers={"Vary": "Accept-Language"})
    nonce: object = request.csp_nonce  # type: ignore[attr-defined]
    return HttpResponse(page.replace(NONCE_PLACE, str(nonce)))


@require_safe
def worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The client's service worker, which shows what is pushed. It must stand at the root to lead to every address;
    browsers look for a newer one by themselves, so it is never kept."""
    try:
        script = (CLIENT / "sw.js").read_text("utf-8")
    except FileNotFoundError:
        return not_found(HttpRequest(), Http404())
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


def problem(code: str, message: str, status: int) -> JsonResponse:
    """An error as the whole API words it."""
    return JsonResponse({"code": code, "params": {}, "message": message}, status=status)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A form or script of another site, or a page older than its sign-in."""
    return problem("csrf", "Please load this page again, then repeat what you did.", 403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return problem("bad_request", "The request cannot be understood.", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return problem("forbidden", "This is not allowed.", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return problem("not_found", "There is no such thing here.", 404)


def failed(request: HttpRequest) -> HttpResponse:
    """Called while an error is being handled. A database that is away is no fault of the page: 503, as the API says."""
    error = sys.exc_info()[1]
    if isinstance(error, AWAY):
        log.error("no database for %s: %s", request.path, type(error).__name__)
        return problem("unavailable", "Offhold cannot do this right now; try again in a moment.", 503)
    return problem("internal", "Something went wrong here; it has been written down.", 500)


@csp_replace({"require-trusted-types-for": None})
@require_safe
def docs(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The API's description, readable: Swagger UI out of django-ninja's package, no foreign host or inline script."""
    return HttpResponse(DOCS)


DOCS = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Offhold API</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css"></head><body data-csrf-token="" data-api-csrf="">
<script type="application/json" id="swagger-settings">{"layout": "BaseLayout", "url": "/api/openapi.json"}</script>
<div id="swagger-ui"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script><script src="/api/docs/swagger-ui-init.js"></script>
</body></html>"""
