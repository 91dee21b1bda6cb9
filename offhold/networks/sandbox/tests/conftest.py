"""One running network for the tests of this folder, with one company; each test plays its own customers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from offhold.connectors.contract import Channel
from offhold.networks.sandbox.demo import DemoCompany
from offhold.networks.sandbox.tests.running import Running, network

_handles = itertools.count(1)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with network(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def running(shared: Running) -> Iterator[Running]:
    """With no faults on, before and after."""
    shared.control.no_faults()
    yield shared
    shared.control.no_faults()


@pytest.fixture
def company(running: Running) -> DemoCompany:
    """A fresh company, so that its event log is empty."""
    return running.control.found_company(f"firm{next(_handles)}", "A firm", 1_600_000)


@pytest.fixture
def customer(running: Running) -> str:
    """The handle of somebody new."""
    handle = f"customer{next(_handles)}"
    running.control.call("POST", "/control/accounts", handle=handle, name=f"Customer {handle}")
    return handle


@pytest.fixture
def channel(company: DemoCompany) -> Channel:
    return channel_of(company)


def channel_of(company: DemoCompany) -> Channel:
    typed = dict(company.typed)
    return Channel(
        id=1,
        workspace_id=1,
        network="sandbox",
        account_id=company.account_id,
        handle=company.handle,
        config={"base_url": typed.pop("base_url")},
        secrets=typed,
    )
