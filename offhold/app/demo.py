"""The demo's company: made once, found again at every later start, connected to the network that runs beside it."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any, NamedTuple

from offhold.app.config import Config
from offhold.channels import actions, connecting, queries
from offhold.kernel.db.tx import transaction
from offhold.networks.sandbox.demo import NORTHAIR, Control
from offhold.people.actions import do_create_user
from offhold.people.queries import workspaces
from offhold.people.workspaces import do_found_workspace

COMPANY = "Northwind Air"
# alice leads and is who signs in; the others are colleagues a case can be given to
PEOPLE = (
    ("alice@northair.example", "admin", "Alice", "AL"),
    ("bob@northair.example", "agent", "Bob", "BO"),
    ("carol@northair.example", "lead", "Carol", "CA"),
    ("oscar@northair.example", "observer", "Oscar", "OS"),
)


class Login(NamedTuple):
    """Who signs in at a demo: the admin, and an agent, who sees the desk as most people do. One password for all."""

    email: str
    agent_email: str
    password: str


def prepare(world: dict[str, Any], config: Config) -> Login:
    """Make or find company, people and channel; have the network deliver to us and live on. Idempotent.

    `world`: `address` and `control_token` of the sandbox network. Raises its `ControlError`, and `OffholdError`.
    """
    control = Control(world["address"], world["control_token"])
    workspace, password = _company(config)
    account = control.found_company(*NORTHAIR)
    connected = connecting.connect("sandbox", account.typed)
    with transaction(workspace) as tx:
        row = tx.one("SELECT id FROM channels WHERE network = 'sandbox' AND account_id = %s", (connected.account_id,))
        if row is None:
            channel = int(actions.do_add_channel(tx, workspace, "sandbox", connected).id)
            actions.do_set_sending(tx, workspace, channel, on=True)  # nobody but the visitor is on this network
        else:
            channel = row[0]
            actions.do_renew_channel(tx, workspace, channel, connected)
        token = queries.hook_token(tx, channel)
    control.register_webhook(account, f"{config.url}/hooks/{token}")
    control.play("calm", account.handle, seed=secrets.randbelow(2**31))  # another day at every start
    return Login(PEOPLE[0][0], PEOPLE[1][0], password)


def _company(config: Config) -> tuple[int, str]:
    """The demo's workspace and the password all its people share; made at the first start."""
    kept: Path = config.var_dir / "demo-password"
    if kept.exists() and (found := [w.id for w in workspaces() if w.name == COMPANY]):
        return found[0], kept.read_text().strip()
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    workspace = do_found_workspace(COMPANY).workspace_id
    for email, role, duty_name, initials in PEOPLE:
        do_create_user(workspace, email=email, password=password, role=role, duty_name=duty_name, initials=initials)
    kept.write_text(password + "\n")
    kept.chmod(0o600)
    return workspace, password
