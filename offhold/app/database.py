"""DATABASE_URL as Django wants it, acting as one of our roles."""

from __future__ import annotations

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from offhold.kernel.db.roles import APP, PIPELINE

# At most so many requests of one web process are in the database at once; the others wait, and are told after 5 s.
POOL = {"min_size": 1, "max_size": 12, "timeout": 5, "max_idle": 300}
# The web prepares what says so itself, and only that: None would be never, whatever it says.
_ONLY_IF_TOLD = 2**31
_DRIVER: dict[str, dict[str, Any]] = {
    "app": {"pool": POOL, "prepare_threshold": _ONLY_IF_TOLD},
    "pipeline": {"prepare_threshold": 3},
}
# A prepared plan outlives the size of its tables: without this one made while they are small reads them whole for ever.
# What the web prepares are the desk's pages (`Tx.together`), whose indexes are made for them whatever is asked for:
# planning each anew takes longer than running it.
_PLANS = {
    "pipeline": "-c enable_seqscan=off",
    "app": "-c enable_seqscan=off -c plan_cache_mode=force_generic_plan",
}
_ROLES = {"app": APP, "pipeline": PIPELINE, "owner": None}


def django_database(url: str, role: str) -> dict[str, Any]:
    """Django's settings of one database. `url` is libpq's form; its user owns the tables, `role` is what we act as.

    The role is a start-up option of each connection: Django's own `assume_role` times out with a pool. The web has a
    pool, because under ASGI each request runs in a thread of its own and would open a connection of its own; the
    worker's few threads live long and keep theirs. They say the same thirty statements over and over, so these are
    prepared: a small batch costs half of what it costs when each is planned anew (Django's default).
    """
    pooled = role == "app"
    given: dict[str, Any] = dict(conninfo_to_dict(url))
    options = {k: v for k, v in given.items() if k not in ("dbname", "user", "password", "host", "port")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": given.get("dbname", "offhold"),
        "USER": given.get("user", ""),
        "PASSWORD": given.get("password", ""),
        "HOST": given.get("host", ""),
        "PORT": str(given.get("port", "")),
        "CONN_MAX_AGE": 0 if pooled else None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**options, "options": start_options(role), **_DRIVER.get(role, {})},
    }


def start_options(role: str) -> str:
    """libpq's `options`: act as the role, and never wait for a lock or an idle transaction for ever."""
    acting = _ROLES[role]
    limits = "-c idle_in_transaction_session_timeout=60000"
    if not acting:
        return "-c lock_timeout=5000"
    return f"-c role={acting} {limits} -c lock_timeout=10000 {_PLANS.get(role, '')}".rstrip()
