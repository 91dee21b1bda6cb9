"""Channels over HTTP and in rows: connecting, credentials, switches, taking away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from offhold.channels.actions import do_freeze, do_note_health, do_set_sending
from offhold.channels.credentials import do_store_secrets
from offhold.channels.health import Seen
from offhold.channels.queries import channel_view, load_channel
from offhold.connectors import registry
from offhold.connectors.contract import Connected, Egress, LoginExpired, NotSent, RateLimited, Refused
from offhold.connectors.fake import FakeConnector, FakeNetwork
from offhold.kernel import clock
from offhold.kernel.db.tx import transaction, transaction_over
from offhold.kernel.errors import NotFound
from offhold.kernel.secrets import WrongKey
from tests.support import builders
from tests.support.builders import Workspace
from tests.support.fixtures import OwnerSql
from tests.support.site import Browser, Member, signed_in


class Asked(FakeConnector):
    """The fake network, reached by its own way instead of HTTP; `refuses` is raised instead of connecting."""

    def __init__(self, network: FakeNetwork) -> None:
        super().__init__(network)
        self.network = network
        self.refuses: Exception | None = None

    async def connect(self, egress: Egress, typed: Mapping[str, str]) -> Connected:
        if self.refuses:
            raise self.refuses
        return await super().connect(self.network.egress, typed)


@pytest.fixture
def network() -> Iterator[Asked]:
    connector = Asked(FakeNetwork())
    with registry.networks.lend(connector):
        yield connector


@pytest.fixture
def admin(site: str, workspace: Workspace) -> Browser:
    return signed_in(site, Member(workspace, "admin"))


def typed(connector: Asked) -> dict[str, str]:
    """What an admin types for the fake network."""
    return {field.name: field.default or connector.network.token for field in connector.manifest.connect}


def connect(browser: Browser, connector: Asked, **more: str) -> httpx.Response:
    return browser.post("/api/channels", json={"network": "fake", "typed": typed(connector) | more})


def test_a_channel_is_connected_watch_only_and_then_switched(
    admin: Browser, network: Asked, workspace: Workspace, owner_sql: OwnerSql
) -> None:
    answer = connect(admin, network)
    assert answer.status_code == 201, answer.text
    channel = answer.json()["channel"]
    assert (channel["sending"], channel["paused"], channel["health"]["state"]) == (False, False, "starting")
    assert channel["handle"] == network.network.us.handle
    address = f"/api/channels/{channel['id']}"
    assert admin.post(f"{address}/sending", json={"on": True}).json()["channel"]["sending"] is True
    assert admin.post(f"{address}/pause", json={"paused": True}).json()["channel"]["paused"] is True
    assert [found["id"] for found in admin.get("/api/channels").json()["channels"]] == [channel["id"]]
    assert [found["id"] for found in admin.get("/api/me").json()["channels"]] == [channel["id"]]
    told = owner_sql("SELECT payload->'channel'->>'sending' FROM facts WHERE workspace_id = %s AND kind = %s"
                     " ORDER BY seq", (workspace.id, "channel.changed"))  # fmt: skip
    assert told == [("false",), ("true",), ("true",)]


def test_the_same_account_is_connected_once(admin: Browser, network: Asked) -> None:
    channel = connect(admin, network).json()["channel"]
    again = connect(admin, network)
    assert (again.status_code, again.json()["code"]) == (409, "already_connected")
    renewed = admin.post(f"/api/channels/{channel['id']}/reconnect", json={"typed": typed(network)})
    assert (renewed.status_code, renewed.json()["channel"]["id"]) == (200, channel["id"])


def test_a_channel_nobody_spoke_on_goes_and_another_stays(
    admin: Browser, network: Asked, workspace: Workspace, owner_sql: OwnerSql
) -> None:
    channel = connect(admin, network).json()["channel"]
    assert admin.delete(f"/api/channels/{channel['id']}").json() == {"removed": True}
    assert admin.get("/api/channels").json() == {"channels": []}
    used = builders.channel(workspace, network="fake")
    owner_sql(
        "INSERT INTO customers VALUES (%(ws)s, 1, 'Dora', now());"
        " INSERT INTO identities VALUES (%(ws)s, 1, 'fake', 'dora', 1, 'dora', 'Dora', '', null, now());"
        " INSERT INTO cases (workspace_id, id, reference, customer_id, identity_id, channel_id, queue_id, opened_at,"
        " last_at, last_audience) VALUES (%(ws)s, 1, 1, 1, 1, %(channel)s, %(queue)s, now(), now(), 'public')".replace(
            "%(ws)s", str(workspace.id)
        )
        .replace("%(channel)s", str(used.id))
        .replace("%(queue)s", str(workspace.queue_id))
    )
    assert admin.delete(f"/api/channels/{used.id}").json() == {"removed": False}
    (left,) = admin.get("/api/channels").json()["channels"]
    assert (left["paused"], left["sending"], left["health"]["state"]) == (True, False, "login_expired")


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (Refused("That app password is not right.", "bad_password"), 422, "bad_password"),
        (LoginExpired("x"), 422, "login_refused"),
        (RateLimited("x", 30), 503, "rate_limited"),
        (NotSent("x"), 503, "unreachable"),
    ],
)
def test_a_networks_refusal_is_told_in_words(
    admin: Browser, network: Asked, refusal: Exception, status: int, code: str
) -> None:
    network.refuses = refusal
    answer = connect(admin, network)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert network.network.token not in answer.text


def test_what_a_network_does_not_ask_for_is_refused(admin: Browser, network: Asked) -> None:
    assert connect(admin, network, extra="1").json()["code"] == "unknown_field"
    assert admin.post("/api/channels", json={"network": "nowhere", "typed": {}}).json()["code"] == "unknown_network"


def test_only_who_may_does(site: str, admin: Browser, network: Asked, workspace: Workspace) -> None:
    channel = connect(admin, network).json()["channel"]["id"]
    agent, lead = (signed_in(site, Member(workspace, role)) for role in ("agent", "lead"))
    assert connect(lead, network).status_code == 403
    assert lead.delete(f"/api/channels/{channel}").status_code == 403
    assert lead.get(f"/api/channels/{channel}/hook").status_code == 403
    assert lead.post(f"/api/channels/{channel}/sending", json={"on": True}).status_code == 200
    assert agent.post(f"/api/channels/{channel}/sending", json={"on": False}).status_code == 403
    assert agent.get("/api/channels").status_code == 200
    assert "/hooks/" in admin.get(f"/api/channels/{channel}/hook").json()["url"]


def test_credentials_are_sealed_and_bound_to_their_row(workspace: Workspace, owner_sql: OwnerSql) -> None:
    one, two = (builders.channel(workspace) for _ in range(2))
    with transaction(workspace.id) as tx:
        for made, word in ((one, "open sesame"), (two, "another word")):
            do_store_secrets(tx, workspace.id, made.id, {"token": word})
        do_store_secrets(tx, workspace.id, one.id, {"refresh": "later"})
        assert load_channel(tx, one.id).secrets == {"token": "open sesame", "refresh": "later"}
        assert "sesame" not in repr(load_channel(tx, one.id))
    stored = owner_sql("SELECT sealed FROM channel_secrets WHERE workspace_id = %s", (workspace.id,))
    assert not any("sesame" in sealed for (sealed,) in stored)
    owner_sql(
        "UPDATE channel_secrets SET sealed ="
        " (SELECT sealed FROM channel_secrets WHERE channel_id = %s AND name = 'token')"
        " WHERE channel_id = %s", (one.id, two.id),
    )  # fmt: skip
    with pytest.raises(WrongKey), transaction(workspace.id) as tx:
        load_channel(tx, two.id)


def test_another_workspace_does_not_load_it(workspace: Workspace, other_workspace: Workspace) -> None:
    made = builders.channel(workspace)
    with pytest.raises(NotFound), transaction(other_workspace.id) as tx:
        load_channel(tx, made.id)
    with transaction_over([workspace.id]) as tx, pytest.raises(NotFound):
        load_channel(tx, made.id + 1)


def test_screens_learn_of_health_when_it_changes(workspace: Workspace, owner_sql: OwnerSql) -> None:
    made = builders.channel(workspace)
    for seen in (Seen(looked=True), Seen(looked=True), Seen(events=3), Seen(failure=("unreachable", "No answer."))):
        with transaction(workspace.id) as tx:
            do_note_health(tx, workspace.id, made.id, seen)
    with transaction(workspace.id) as tx:
        view = channel_view(tx, made.id)
    assert (view.health.state, view.health.message) == ("unreachable", "No answer.")
    told = owner_sql("SELECT payload->'channel'->'health'->>'state' FROM facts WHERE workspace_id = %s ORDER BY seq",
                     (workspace.id,))  # fmt: skip
    assert told == [("ok",), ("unreachable",)]


def test_open_screens_learn_once_a_minute_how_far_a_channel_got(
    workspace: Workspace, owner_sql: OwnerSql, clock_offset: Callable[[float], None]
) -> None:
    made = builders.channel(workspace)
    began = clock.now().replace(second=0, microsecond=0) + timedelta(minutes=5)

    def looks(second: float, until: datetime) -> None:
        clock_offset((began - datetime.now(UTC)).total_seconds() + second)
        with transaction(workspace.id) as tx:
            do_note_health(tx, workspace.id, made.id, Seen(looked=True, complete_until=until))

    def told() -> int:
        return int(owner_sql("SELECT count(*) FROM facts WHERE workspace_id = %s", (workspace.id,))[0][0])

    looks(1, began)
    first = told()
    for second in range(3, 55, 4):
        looks(second, began + timedelta(seconds=second))
    assert told() == first
    looks(63, began + timedelta(seconds=61))
    assert told() == first + 1
    (shown,) = owner_sql(
        "SELECT payload -> 'channel' -> 'health' ->> 'complete_until' FROM facts WHERE workspace_id = %s"
        " ORDER BY seq DESC LIMIT 1", (workspace.id,)
    )[0]  # fmt: skip
    assert datetime.fromisoformat(shown) == began + timedelta(seconds=61)
    looks(123, began + timedelta(seconds=61))
    assert told() == first + 1, "it got no further"


def test_why_a_channel_was_frozen_stays_until_somebody_lets_it_send_again(workspace: Workspace) -> None:
    made = builders.channel(workspace, sending=True)

    def shown() -> tuple[bool, str, str]:
        with transaction(workspace.id) as tx:
            view = channel_view(tx, made.id)
        return view.sending, view.health.state, view.health.message

    with transaction(workspace.id) as tx:
        do_freeze(tx, workspace.id, made.id, "It went to the wrong people.")
    for seen, state in ((Seen(looked=True), "ok"), (Seen(failure=("unreachable", "Away.")), "unreachable")):
        with transaction(workspace.id) as tx:
            do_note_health(tx, workspace.id, made.id, seen)
        assert shown() == (False, state, "It went to the wrong people.")
    with transaction(workspace.id) as tx:
        do_set_sending(tx, workspace.id, made.id, on=False)
    assert shown()[2] == "It went to the wrong people."
    with transaction(workspace.id) as tx:
        do_set_sending(tx, workspace.id, made.id, on=True)
    assert shown() == (True, "unreachable", "Away.")
