"""The companies of a bench: workspaces with people signed in, channels on the sandbox network, queues.

Imported once Django is set up.
"""

from __future__ import annotations

from bench.traffic import LARGEST, Account, Company
from offhold.channels.actions import do_add_channel
from offhold.channels.queries import hook_token
from offhold.connectors.contract import Connected
from offhold.kernel import ids
from offhold.kernel.db.tx import transaction
from offhold.people.actions import do_create_user
from offhold.people.actors import key_hash
from offhold.people.models import Membership, Session
from offhold.people.workspaces import do_found_workspace

QUEUES, CHANNELS = 40, 4


def found(count: int, network: str) -> list[Company]:
    """Make companies whose channels believe their network to be at the address `network`."""
    return [_found(number, network) for number in range(count)]


def _found(number: int, network: str) -> Company:
    workspace, first = do_found_workspace(f"Company {number}")
    queues = [first, *ids.take(QUEUES - 1)] if number == LARGEST else [first]
    with transaction(workspace) as tx:
        for queue in queues[1:]:
            tx.run("INSERT INTO queues (workspace_id, id, name) VALUES (%s, %s, %s)", (workspace, queue, str(queue)))
    return Company(workspace, queues, [_connected(workspace, number, n, network) for n in range(_channels(number))])


def _channels(company: int) -> int:
    return CHANNELS if company == LARGEST else 1


def _connected(workspace: int, company: int, number: int, network: str) -> Account:
    account, secret = f"care-{company}-{number}", f"secret-{company}-{number}"
    given = Connected(
        account_id=account,
        handle=account,
        name=f"Care {company}",
        config={"base_url": f"{network}/{account}"},
        secrets={"token": "bench", "webhook_secret": secret},
        followers=None,
    )
    with transaction(workspace) as tx:
        channel = int(do_add_channel(tx, workspace, "sandbox", given).id)
        return Account(channel, account, f"/hooks/{hook_token(tx, channel)}", secret)


def sign_ins(company: Company, count: int) -> list[str]:
    """So many people of a company signed in on one screen each; the tokens of their cookies."""
    member = do_create_user(
        company.workspace,
        email=f"bench-{company.workspace}@example.com",
        password="correct horse battery",
        role="agent",
        duty_name="Mia",
    )
    tokens = [f"bench-{ids.new()}" for _ in range(count)]
    with transaction(company.workspace) as tx:
        user = Membership.objects.get(pk=member).user_id
        Session.objects.bulk_create(
            Session(key_hash=key_hash(token), user_id=user, data="", began_at=tx.at, seen_at=tx.at) for token in tokens
        )
    return tokens
