"""Every address Django answers; the bare routes beside it are in `asgi.py`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
