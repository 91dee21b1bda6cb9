"""Deliveries: signed, in order, again until taken, batched when behind; and all that can go wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from offhold.connectors.contract import Accepted, Channel, Forged, Unsupported
from offhold.networks.sandbox.connector import connector
from offhold.networks.sandbox.demo import ControlError, DemoCompany
from offhold.networks.sandbox.tests.conftest import channel_of
from offhold.networks.sandbox.tests.receiver import Receiver, receiving
from offhold.networks.sandbox.tests.running import Running, network


@pytest.fixture
def receiver(running: Running, company: DemoCompany) -> Iterator[Receiver]:
    with receiving() as receiver:
        subscription = running.control.register_webhook(company, receiver.url)
        yield receiver
        running.control.call("DELETE", f"/control/subscriptions/{subscription}")


def say(running: Running, who: str, company: DemoCompany, *texts: str) -> None:
    acts = [{"who": who, "do": "post", "text": f"@{company.handle} {text}"} for text in texts]
    assert all("id" in done for done in running.control.act(*acts))


def test_a_delivery_is_signed_and_verified(
    running: Running, company: DemoCompany, customer: str, receiver: Receiver, channel: Channel
) -> None:
    say(running, customer, company, "hello")
    receiver.wait_for(1)
    assert connector.verify(channel, receiver.requests[0]) == Accepted()
    [posted] = connector.parse(channel, receiver.requests[0].body)
    assert getattr(posted, "text", "") == f"@{company.handle} hello"


def test_refused_deliveries_come_again_in_order(
    running: Running, company: DemoCompany, customer: str, receiver: Receiver
) -> None:
    receiver.statuses = [503, 500]
    say(running, customer, company, "one", "two", "three")
    receiver.until(lambda: len(receiver.requests) >= 3 and len(set(receiver.event_ids())) == 3)
    taken = list(dict.fromkeys(receiver.event_ids()))
    assert taken == sorted(taken)
    assert len(taken) == 3
    assert receiver.requests[0].body == receiver.requests[1].body


def test_many_events_ride_in_one_body_when_behind(
    running: Running, company: DemoCompany, customer: str, receiver: Receiver
) -> None:
    receiver.statuses = [503]
    say(running, customer, company, *(f"number {n}" for n in range(250)))
    receiver.wait_for(250)
    sizes = [len(msgspec.json.decode(r.body)["events"]) for r in receiver.requests]
    assert max(sizes) == 100
    assert len(set(receiver.event_ids())) == 250


def test_duplicates_and_shuffled_order_bring_every_event(
    running: Running, company: DemoCompany, customer: str, receiver: Receiver
) -> None:
    running.control.fault("duplicate_webhook", "webhook", account=company.account_id)
    running.control.fault("reorder_webhook", "webhook", account=company.account_id, seed=3)
    say(running, customer, company, *(f"number {n}" for n in range(12)))
    receiver.until(lambda: len(receiver.event_ids()) >= 24)
    ids = receiver.event_ids()
    assert len(ids) == 24
    assert len(set(ids)) == 12
    assert ids != sorted(ids)


def test_a_dropped_delivery_is_missing_and_the_log_knows(
    running: Running, company: DemoCompany, customer: str, receiver: Receiver
) -> None:
    running.control.fault("drop_webhook", "webhook", account=company.account_id, count=1)
    say(running, customer, company, "lost")
    while not any(f["met"] for f in running.control.call("GET", "/control/faults")["faults"]):
        pass
    say(running, customer, company, "kept")
    receiver.wait_for(1)
    assert receiver.texts() == [f"@{company.handle} kept"]
    assert len(running.oracle.published(text=f"@{company.handle} lost")) == 1


def test_drift_and_forgeries(
    running: Running, company: DemoCompany, customer: str, receiver: Receiver, channel: Channel
) -> None:
    running.control.fault("bad_signature", "webhook", account=company.account_id, count=1)
    say(running, customer, company, "forged")
    receiver.wait_for(1)
    assert isinstance(connector.verify(channel, receiver.requests[0]), Forged)
    running.control.fault("drift_event", "webhook", account=company.account_id, count=1)
    running.control.fault("drift_fields", "webhook", account=company.account_id, count=1)
    say(running, customer, company, "drifted")
    receiver.wait_for(3)
    unknown, posted = connector.parse(channel, receiver.requests[-1].body)
    assert unknown == Unsupported("status.resonated")
    assert getattr(posted, "text", "") == f"@{company.handle} drifted"
    assert b"x_rollout" in receiver.requests[-1].body


def test_a_rotated_secret_signs_what_comes_next(
    running: Running, company: DemoCompany, customer: str, channel: Channel
) -> None:
    with receiving() as receiver:
        subscription = running.control.register_webhook(company, receiver.url)
        running.control.call("PATCH", f"/control/subscriptions/{subscription}", secret="fresh-secret")
        say(running, customer, company, "after the rotation")
        receiver.wait_for(1)
        old = channel.secrets["webhook_secret"]
        both = {**channel.secrets, "webhook_secret": "fresh-secret", "webhook_secret_previous": old}
        assert isinstance(connector.verify(channel, receiver.requests[0]), Forged)
        assert connector.verify(msgspec.structs.replace(channel, secrets=both), receiver.requests[0]) == Accepted()
        running.control.call("DELETE", f"/control/subscriptions/{subscription}")


def test_a_new_address_takes_over_what_the_old_one_missed(
    running: Running, company: DemoCompany, customer: str
) -> None:
    """The demo registers again at every start."""
    with receiving() as old, receiving() as new:
        old.statuses = [503] * 100
        running.control.register_webhook(company, old.url)
        say(running, customer, company, "missed")
        old.wait_for(1)
        subscription = running.control.register_webhook(company, new.url)
        new.wait_for(1)
        assert new.texts() == [f"@{company.handle} missed"]
        left = running.control.call("GET", "/control/state")["subscriptions"]
        assert [s["id"] for s in left if s["account"] == company.account_id] == [subscription]
        running.control.call("DELETE", f"/control/subscriptions/{subscription}")


@pytest.mark.parametrize("url", ["https://example.org/hooks", "http://10.0.0.1/hooks", "file:///etc/passwd", ""])
def test_it_delivers_to_this_machine_only(running: Running, company: DemoCompany, url: str) -> None:
    with pytest.raises(ControlError, match="422"):
        running.control.register_webhook(company, url)


def test_a_killed_network_goes_on_where_it_was(tmp_path: Path) -> None:
    """kill -9 in the middle: what was answered is there, and what was not delivered is delivered then."""
    with receiving() as receiver:
        with network(tmp_path) as first:
            company = first.control.found_company("northair", "Northwind Air", 10)
            first.control.call("POST", "/control/accounts", handle="dora")
            first.control.register_webhook(company, receiver.url)
            receiver.statuses = [503] * 100
            say(first, "dora", company, "before the crash")
            receiver.wait_for(1)
            first.kill()
        receiver.statuses.clear()
        taken = len(receiver.requests)
        with network(tmp_path) as second:
            receiver.until(lambda: len(receiver.requests) > taken)
            assert connector.verify(channel_of(company), receiver.requests[-1]) == Accepted()
            assert receiver.texts()[-1] == "@northair before the crash"
            assert len(second.oracle.published(text="@northair before the crash")) == 1
