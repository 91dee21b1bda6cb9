"""Our role and our database inside the embedded PostgreSQL."""

from __future__ import annotations

import psycopg
from psycopg import sql

from offhold.app.embedded.cluster import DATABASE, OWNER, SUPERUSER, Cluster, password
from offhold.app.problem import Problem


def prepare(cluster: Cluster) -> None:
    """Make the owner's role and database, or see that they are there. Idempotent.

    The owner is no superuser: row-level security and the roles of the web and the worker stand on that. It may make
    those roles, and databases for tests and benches.
    """
    secret = password(cluster.keys / OWNER)
    try:
        conn = psycopg.connect(cluster.url(SUPERUSER, "postgres"), autocommit=True)
    except FileNotFoundError as error:
        raise Problem(f"The database's password {error.filename} is missing.", "Put it back from a backup.") from error
    except psycopg.OperationalError as error:
        raise Problem(f"PostgreSQL runs but does not let us in: {error}", "Restore var/keys from a backup.") from error
    with conn:
        owner = sql.Identifier(OWNER)
        if not exists(conn, "SELECT 1 FROM pg_roles WHERE rolname = %s", OWNER):
            conn.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB").format(owner))
        conn.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(owner, sql.Literal(secret)))
        if not exists(conn, "SELECT 1 FROM pg_database WHERE datname = %s", DATABASE):
            conn.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), owner))


def exists(conn: psycopg.Connection, query: str, name: str) -> bool:
    """Does `query` find `name`."""
    return conn.execute(query.encode(), (name,)).fetchone() is not None
