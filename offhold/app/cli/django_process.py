"""Django in this process: set up once, with the database and the role it acts as."""

from __future__ import annotations

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
    return config.current()
