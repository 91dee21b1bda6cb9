"""Every switch, met by the connector through the real way out: what it makes of it, and what the oracle saw."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest

from offhold.connectors.contract import (
    Absent,
    CannotTell,
    Channel,
    DeliveryError,
    DirectOut,
    Egress,
    Found,
    LoginExpired,
    NotSent,
    OutcomeUnknown,
    Picture,
    PublicOut,
    RateLimited,
    Refused,
)
from offhold.connectors.egress import GuardedEgress
from offhold.kernel import clock
from offhold.networks.sandbox.connector import connector
from offhold.networks.sandbox.demo import ControlError, DemoCompany
from offhold.networks.sandbox.tests.running import Running
from offhold.networks.sandbox.world.faults import Ask, Faults
from offhold.networks.sandbox.world.pictures import snapshot


@pytest.fixture
async def egress(running: Running) -> AsyncIterator[Egress]:
    guarded = GuardedEgress(allow=[f"127.0.0.1:{running.port}"])
    yield guarded
    await guarded.aclose()


@pytest.fixture
def root(running: Running, company: DemoCompany, customer: str) -> str:
    [done] = running.control.act({"who": customer, "do": "post", "text": f"@{company.handle} hello"})
    return str(done["id"])


def public(root: str, text: str = "") -> PublicOut:
    key = str(uuid.uuid4())
    prepared = {"at": clock.now().isoformat()}
    return PublicOut(key, text or f"An answer {key}", root, None, root, None, prepared)


def private(customer: str) -> DirectOut:
    key = str(uuid.uuid4())
    return DirectOut(key, f"For you alone {key}", customer, None, {"at": clock.now().isoformat()})


HAPPENED: tuple[str, ...] = ("error_after", "lost_answer", "reset_midway", "malformed", "ok_with_error", "html")


@pytest.mark.parametrize("fault", HAPPENED)
async def test_it_happened_and_we_cannot_know(
    fault: str, running: Running, egress: Egress, channel: Channel, company: DemoCompany, root: str
) -> None:
    running.control.fault(fault, "statuses.create", account=company.account_id, count=1)
    out = public(root)
    with pytest.raises(OutcomeUnknown):
        await connector.deliver_public(egress, channel, out)
    assert len(running.oracle.published(key=out.key)) == 1
    assert isinstance(await connector.read_back_public(egress, channel, out), Found)


@pytest.mark.parametrize("fault", HAPPENED)
async def test_the_same_in_private(
    fault: str, running: Running, egress: Egress, channel: Channel, company: DemoCompany, customer: str
) -> None:
    running.control.fault(fault, "direct.create", account=company.account_id, count=1)
    out = private(customer)
    with pytest.raises(OutcomeUnknown):
        await connector.deliver_direct(egress, channel, out)
    assert [r.audience for r in running.oracle.published(key=out.key)] == ["private"]
    assert isinstance(await connector.read_back_direct(egress, channel, out), Found)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("error_before", OutcomeUnknown),
        ("limited", RateLimited),
        ("limited_bare", RateLimited),
        ("expired_token", LoginExpired),
    ],
)
async def test_it_did_not_happen(
    fault: str, expected: type[DeliveryError], running: Running, egress: Egress, channel: Channel, root: str
) -> None:
    running.control.fault(fault, "statuses.create", account=channel.account_id, count=1, seconds=9)
    out = public(root)
    with pytest.raises(expected) as raised:
        await connector.deliver_public(egress, channel, out)
    assert type(raised.value) is expected
    if isinstance(raised.value, RateLimited):
        assert raised.value.retry_after == (9 if fault == "limited" else 60)
    assert running.oracle.published(key=out.key) == []
    assert await connector.read_back_public(egress, channel, out) == Absent()


async def test_a_duplicate_refusal_may_mean_that_it_is_out(
    running: Running, egress: Egress, channel: Channel, company: DemoCompany, root: str
) -> None:
    first = public(root, "The very same words")
    await connector.deliver_public(egress, channel, first)
    running.control.fault("duplicate_refusal", "statuses.create", account=company.account_id)
    with pytest.raises(OutcomeUnknown, match="duplicate"):
        await connector.deliver_public(egress, channel, public(root, "The very same words"))
    assert len(running.oracle.published(author=company.account_id, text="The very same words")) == 1


async def test_the_wrong_visibility_is_passed_on_and_the_post_withdrawn(
    running: Running, egress: Egress, channel: Channel, company: DemoCompany, root: str
) -> None:
    running.control.fault("wrong_visibility", "statuses.create", account=company.account_id, count=1)
    receipt = await connector.deliver_public(egress, channel, public(root))
    assert receipt.audience == "private"
    await connector.withdraw_public(egress, channel, receipt.network_id)
    await connector.withdraw_public(egress, channel, receipt.network_id)  # gone already is as good
    assert [r.id for r in running.oracle.records("deleted") if r.author == company.account_id] == [receipt.network_id]
    assert await connector.still_there(egress, channel, (receipt.network_id, root)) == {root}


async def test_a_lagging_list_cannot_tell_and_says_so(
    running: Running, egress: Egress, channel: Channel, company: DemoCompany, root: str
) -> None:
    out = public(root)
    await connector.deliver_public(egress, channel, out)
    running.control.fault("late_reads", "statuses.own", account=company.account_id, seconds=600)
    assert isinstance(await connector.read_back_public(egress, channel, out), CannotTell)
    running.control.no_faults()
    running.control.fault("late_reads", "statuses.own", account=company.account_id, seconds=600, states=False)
    assert await connector.read_back_public(egress, channel, out) == Absent(), "why one look is not enough"
    running.control.no_faults()
    assert isinstance(await connector.read_back_public(egress, channel, out), Found)


async def test_a_slow_answer_is_still_an_answer(
    running: Running, egress: Egress, channel: Channel, company: DemoCompany, root: str
) -> None:
    running.control.fault("slow_body", "statuses.create", account=company.account_id, count=1, seconds=0.4)
    running.control.fault("latency", "statuses.create", account=company.account_id, count=1, seconds=0.2)
    assert (await connector.deliver_public(egress, channel, public(root))).audience == "public"


async def test_unknown_fields_change_nothing(
    running: Running, egress: Egress, channel: Channel, company: DemoCompany, root: str
) -> None:
    plain = await connector.poll(egress, channel, None)
    running.control.fault("drift_fields", account=company.account_id)
    drifted = await connector.poll(egress, channel, None)
    assert b"x_rollout" in drifted.bodies[0]
    assert connector.parse(channel, drifted.bodies[0]) == connector.parse(channel, plain.bodies[0])
    out = public(root)
    assert (await connector.deliver_public(egress, channel, out)).audience == "public"
    assert isinstance(await connector.read_back_public(egress, channel, out), Found)


async def test_a_picture_that_is_not_taken_means_nothing_was_sent(
    running: Running, egress: Egress, channel: Channel, company: DemoCompany, root: str
) -> None:
    out = PublicOut("k-picture", "With a picture", root, None, root, None, {"at": clock.now().isoformat()},
                    (Picture(snapshot("x"), "image/png", "Café"),))  # fmt: skip
    running.control.fault("error_after", "media.upload", account=company.account_id, count=1)
    with pytest.raises(NotSent):
        await connector.deliver_public(egress, channel, out)
    spoilt = PublicOut(
        **{**{f: getattr(out, f) for f in out.__struct_fields__}, "pictures": (Picture(b"nope", "image/png", ""),)}
    )
    with pytest.raises(Refused):
        await connector.deliver_public(egress, channel, spoilt)
    assert running.oracle.published(key=out.key) == []
    await connector.deliver_public(egress, channel, out)
    [poll] = (await connector.poll(egress, channel, None)).bodies
    assert b"Caf\xc3\xa9" in poll


async def test_a_cut_stream_goes_on_from_its_cursor(
    running: Running, egress: Egress, channel: Channel, company: DemoCompany, customer: str
) -> None:
    running.control.fault("lost_answer", "stream", account=company.account_id, count=1)
    acts = [{"who": customer, "do": "post", "text": f"@{company.handle} {n}"} for n in range(5)]
    running.control.act(*acts)
    cursor, seen, cut = None, list[str](), False
    try:
        async for batch in connector.listen(egress, channel, cursor):
            cursor = batch.cursor
    except DeliveryError:
        cut = True
    assert cut
    async for batch in connector.listen(egress, channel, cursor):
        seen += [s.text for body in batch.bodies for s in connector.parse(channel, body) if hasattr(s, "text")]
        if len(seen) == 5:
            break
    assert seen == [f"@{company.handle} {n}" for n in range(5)]


async def test_the_stream_ends_with_the_login(
    running: Running, egress: Egress, channel: Channel, company: DemoCompany
) -> None:
    running.control.fault("expired_token", "stream", account=company.account_id)
    with pytest.raises(LoginExpired):
        async for _ in connector.listen(egress, channel, None):
            pass


def test_a_fault_has_a_scope_an_account_a_count_and_dice() -> None:
    faults = Faults()
    faults.switch_on(Ask("html", scope="direct.create", account="a1", count=2))
    assert faults.pick(("html",), "statuses.create", "a1") is None
    assert faults.pick(("html",), "direct.create", "a2") is None
    assert [bool(faults.pick(("html",), "direct.create", "a1")) for _ in range(3)] == [True, True, False]
    rolled = [_rolls(seed) for seed in (1, 1, 2)]
    assert rolled[0] == rolled[1] != rolled[2]
    assert 30 < sum(rolled[0]) < 70


def _rolls(seed: int) -> list[bool]:
    faults = Faults()
    faults.switch_on(Ask("html", probability=0.5, seed=seed))
    return [faults.pick(("html",), "x", "a") is not None for _ in range(100)]


def test_an_unknown_fault_is_refused(running: Running) -> None:
    with pytest.raises(ControlError, match="no fault is called"):
        running.control.fault("earthquake")
