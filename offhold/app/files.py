"""Files served bare: the built client's hashed assets, and the API documentation's scripts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ninja
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from offhold.app.pages import CLIENT

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class Kept(StaticFiles):
    """Static files with a fixed lifetime: names with a hash never change, others are asked for again."""

    def __init__(self, directory: Path, cache: str) -> None:
        super().__init__(directory=directory, check_dir=False)
        self.config_checked = True  # a client that is not built yet is a 404, not a failure
        self._cache = cache

    async def get_response(self, path: str, scope: Any) -> Response:
        """The file, or 404 and not kept: a browser that asks during an upgrade must be able to ask again."""
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            response = PlainTextResponse(error.detail, error.status_code)
        response.headers.update(_HEADERS)
        response.headers["Cache-Control"] = self._cache if response.status_code < 400 else "no-store"
        return response


def mounted(routes: Mapping[str, StaticFiles]) -> Starlette:
    """Directories by the prefix they are served under."""
    return Starlette(routes=[Mount(prefix, app=app) for prefix, app in routes.items()])


assets = mounted({"/assets": Kept(CLIENT / "assets", "public, max-age=31536000, immutable")})
docs = mounted({"/api/docs": Kept(Path(ninja.__file__).parent / "static" / "ninja", "no-cache")})
