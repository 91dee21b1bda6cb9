"""Somebody has another name or picture: all screens that show them are told, and nobody else."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from offhold.cases import acts, facts, splitting
from offhold.cases.apply import apply
from offhold.cases.tests.stories import arrive, incoming, public
from offhold.connectors.contract import Posted
from offhold.kernel.db.tx import transaction_over
from tests.support import builders

pytestmark = pytest.mark.usefixtures("as_pipeline")


@pytest.fixture
def channel(workspace: builders.Workspace) -> builders.Channel:
    return builders.channel(workspace, network="fake", account_id="us")


def by_another_name(said: Posted, **changed: Any) -> Posted:
    return msgspec.structs.replace(said, author=msgspec.structs.replace(said.author, **changed))


def told(workspace: builders.Workspace, channel: builders.Channel, said: Posted) -> dict[int, tuple[str, int]]:
    """Which cases screens hear of when this is said: their identity's name, and their version."""
    with transaction_over([workspace.id]) as tx:
        apply(tx, incoming(workspace, channel, [said]))
        rows = [recorded.fact.case for recorded in tx.recorded if isinstance(recorded.fact, facts.CaseChanged)]
        return {int(row.id): (row.identity.name, row.version) for row in rows}


def two_open_cases(workspace: builders.Workspace, channel: builders.Channel) -> dict[int, int]:
    """Ann's, with the version of each; Bob's is beside them."""
    arrive(workspace, channel, [public("a1", "ann", "Where is my bag?", 0), public("b1", "bob", "And mine?", 1)])
    arrive(workspace, channel, [public("a2", "ann", "And is there a refund?", 2)])
    with transaction_over([workspace.id]) as tx:
        ((said, whose),) = tx.rows("SELECT id, case_id FROM messages WHERE network_id = 'a2'")
        case = acts.lock(tx, workspace.id, whose)
        identity = splitting.check_split(tx, case, [said])
        splitting.do_split(tx, case, [said], identity, by="Mia", by_id=None)
    with transaction_over([workspace.id]) as tx:
        return dict(
            tx.rows(
                "SELECT id, version FROM cases WHERE identity_id = (SELECT id FROM identities WHERE account = 'id-ann')"
            )
        )


def test_every_open_case_of_a_renamed_person_is_told_and_keeps_its_version(
    workspace: builders.Workspace, channel: builders.Channel
) -> None:
    cases = two_open_cases(workspace, channel)
    said = by_another_name(public("a3", "ann", "Hello?", 3, root="a1", parent="a1"), name="Dr. Ann")
    heard = told(workspace, channel, said)
    assert {case: name for case, (name, _) in heard.items()} == dict.fromkeys(cases, "Dr. Ann")
    assert sorted(version - cases[case] for case, (_, version) in heard.items()) == [0, 1]


def test_a_new_picture_is_told_even_when_nothing_was_said_to_us(
    workspace: builders.Workspace, channel: builders.Channel
) -> None:
    cases = two_open_cases(workspace, channel)
    said = by_another_name(public("a4", "ann", "Nice weather", 4, to_us=False), avatar_url="https://cdn.example/n.png")
    assert told(workspace, channel, said).keys() == cases.keys()


def test_only_what_is_shown_is_told(workspace: builders.Workspace, channel: builders.Channel) -> None:
    two_open_cases(workspace, channel)
    said = public("a5", "ann", "Nice weather", 5, to_us=False)
    assert told(workspace, channel, by_another_name(said, followers=11)) == {}
    with transaction_over([workspace.id]) as tx:
        assert tx.rows("SELECT followers FROM identities WHERE account = 'id-ann'") == [(11,)]
