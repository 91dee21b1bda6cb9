"""The roles of the database.

The owner (whoever `DATABASE_URL` names) owns the tables and is used by `migrate` alone. All else acts as
`offhold_app` (the web) or `offhold_pipeline` (the worker, which may work for several workspaces in one
transaction). Neither owns anything, is superuser, or bypasses row-level security.
"""

from __future__ import annotations

from typing import LiteralString

import psycopg
from psycopg import sql

APP = "offhold_app"
PIPELINE = "offhold_pipeline"

_CREATE: LiteralString = """
DO $$ BEGIN
  CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""


class UnsafeRole(Exception):
    """The server would run with more rights than it may have."""


def create(conn: psycopg.Connection) -> None:
    """Make the two roles and let the connecting user act as them. Idempotent; needs CREATEROLE."""
    for role in (APP, PIPELINE):
        conn.execute(sql.SQL(_CREATE).format(role=sql.Identifier(role)))
        conn.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))
    conn.execute(sql.SQL("ALTER ROLE {} INHERIT").format(sql.Identifier(PIPELINE)))
    conn.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP), sql.Identifier(PIPELINE)))


def refuse_unsafe(conn: psycopg.Connection) -> None:
    """Refuse to serve as superuser, with BYPASSRLS, or as the owner of a table. Raises `UnsafeRole`."""
    row = conn.execute(
        "SELECT current_user, rolsuper, rolbypassrls,"
        " EXISTS (SELECT 1 FROM pg_class WHERE relowner = r.oid AND relkind IN ('r', 'p'))"
        " FROM pg_roles r WHERE rolname = current_user"
    ).fetchone()
    assert row is not None  # current_user is always in pg_roles
    user, is_super, bypasses, owns = row
    if is_super or bypasses or owns:
        why = "is superuser" if is_super else "bypasses row-level security" if bypasses else "owns tables"
        raise UnsafeRole(
            f"The database role {user} {why}, so nothing would keep workspaces apart. "
            f"Run `offhold migrate` with the owner's DATABASE_URL; the server then acts as {APP}."
        )
