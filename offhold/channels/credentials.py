"""Credentials of channels, sealed at rest. Each opens only in the row it was sealed for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from django.conf import settings

from offhold.kernel.db.tx import Tx
from offhold.kernel.secrets import Vault

STORE = """
INSERT INTO channel_secrets (workspace_id, channel_id, name, sealed)
SELECT %s, %s, unnest(%s::text[]), unnest(%s::text[])
ON CONFLICT (workspace_id, channel_id, name) DO UPDATE SET sealed = excluded.sealed
"""


@cache
def vault() -> Vault:
    """The vault with this installation's master keys. Raises `ValueError` when there is no key file."""
    return Vault(*settings.MASTER_KEYS)


def place(workspace_id: int, channel_id: int, name: str) -> str:
    """Where a credential stands: what its ciphertext is bound to."""
    return f"{workspace_id}/channel_secrets/{channel_id}/{name}"


def do_store_secrets(tx: Tx, workspace_id: int, channel_id: int, secrets: Mapping[str, str]) -> None:
    """Keep these in place of those of the same name; others stay (a network may rotate one token of two)."""
    names = sorted(secrets)
    sealed = [vault().seal(secrets[name], where=place(workspace_id, channel_id, name)) for name in names]
    if names:
        tx.run(STORE, (workspace_id, channel_id, names, sealed))


def do_forget_secrets(tx: Tx, channel_id: int) -> None:
    """Remove every credential of a channel."""
    tx.run("DELETE FROM channel_secrets WHERE channel_id = %s", (channel_id,))


def open_secrets(tx: Tx, channel_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Opened credentials by channel and name; never log them. Raises `WrongKey` when one was moved or changed."""
    opened: dict[int, dict[str, str]] = {}
    query = "SELECT workspace_id, channel_id, name, sealed FROM channel_secrets WHERE channel_id = ANY(%s)"
    for workspace_id, channel_id, name, sealed in tx.rows(query, (list(channel_ids),)):
        plain = vault().open(sealed, where=place(workspace_id, channel_id, name))
        opened.setdefault(channel_id, {})[name] = plain
    return opened
