"""Django in this process: set up once, with the database and the role it acts as."""

from __future__ import annotations

import gc
import os
from typing import Literal

from offhold.app import config


def set_up(url: str, role: Literal["app", "pipeline", "owner"]) -> config.Config:
    """Set Django up on the database at `url`, acting as `role`; before any model is imported. Returns the settings."""
    os.environ |= {"DATABASE_URL": url, "OFFHOLD_DATABASE_ROLE": role}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "offhold.app.settings")
    config.current.cache_clear()
    import django

    django.setup()
    if role == "pipeline":
        _collect_seldom()
    return config.current()


def _collect_seldom() -> None:
    """A batch makes tens of thousands of objects, none of them in cycles: looking for some took a fifth of its time."""
    gc.collect()
    gc.freeze()  # what was imported stays
    gc.set_threshold(50_000, 20, 20)
