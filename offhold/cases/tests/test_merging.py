"""Merges and splits of cases and customers, and their undoing."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offhold.cases import acts, customers, merging, splitting
from offhold.cases.tests.stories import arrive, direct, public, shown
from offhold.kernel.db.tx import Tx, transaction_over
from offhold.kernel.errors import Conflict, Invalid, NotFound
from tests.support import builders

pytestmark = pytest.mark.usefixtures("as_pipeline")


@pytest.fixture
def channel(workspace: builders.Workspace) -> builders.Channel:
    return builders.channel(workspace, network="fake", account_id="us")


def case_of(tx: Tx, network_id: str) -> int:
    row = tx.one("SELECT case_id FROM messages WHERE network_id = %s", (network_id,))
    assert row is not None
    return int(row[0])


def merge(tx: Tx, workspace: int, one: int, other: int) -> int:
    case, into = merging.lock_two(tx, workspace, one, other)
    merging.check_merge(case, into)
    return merging.do_merge(tx, case, into, by="Mia", by_id=None)


def split(tx: Tx, workspace: int, case_id: int, messages: list[int]) -> int:
    case = acts.lock(tx, workspace, case_id)
    identity = splitting.check_split(tx, case, messages)
    return splitting.do_split(tx, case, messages, identity, by="Mia", by_id=None)[0]


def undo(tx: Tx, workspace: int, merge_id: int) -> None:
    found = merging.find(tx, workspace, merge_id, "case", "split")
    (merging.do_unmerge if found.kind == "case" else splitting.do_unsplit)(tx, workspace, found, by="Mia")


def standing(tx: Tx) -> int:
    """The newest merge or split that is not undone."""
    row = tx.one("SELECT id FROM merges WHERE undone_at IS NULL ORDER BY id DESC LIMIT 1")
    assert row is not None
    return int(row[0])


def test_later_words_of_either_customer_join_the_merged_case(
    workspace: builders.Workspace, channel: builders.Channel
) -> None:
    arrive(workspace, channel, [public("a1", "ann", "Where is my bag?", 0), public("b1", "bob", "Our bag?", 1)])
    with transaction_over([workspace.id]) as tx:
        merge(tx, workspace.id, case_of(tx, "b1"), case_of(tx, "a1"))
    arrive(workspace, channel, [direct("b2", "bob", "It is blue", 5), public("a2", "ann", "Any news?", 6)])
    arrive(workspace, channel, [public("o1", "us", "Found it.", 7, root="b1", parent="b1")])
    with transaction_over([workspace.id]) as tx:
        assert {case_of(tx, name) for name in ("a1", "a2", "b1", "b2", "o1")} == {case_of(tx, "a1")}


def test_undoing_a_merge_gives_back_what_was_moved_and_what_came_since(
    workspace: builders.Workspace, channel: builders.Channel
) -> None:
    arrive(workspace, channel, [public("a1", "ann", "Where is my bag?", 0), public("b1", "bob", "Our bag?", 1)])
    before = shown(workspace)
    with transaction_over([workspace.id]) as tx:
        merge(tx, workspace.id, case_of(tx, "b1"), case_of(tx, "a1"))
    with transaction_over([workspace.id]) as tx:
        undo(tx, workspace.id, standing(tx))
    assert shown(workspace) == before
    with transaction_over([workspace.id]) as tx:
        merge(tx, workspace.id, case_of(tx, "b1"), case_of(tx, "a1"))
    arrive(workspace, channel, [public("b2", "bob", "Blue, please?", 3)])
    with transaction_over([workspace.id]) as tx:
        undo(tx, workspace.id, standing(tx))
        assert case_of(tx, "b2") == case_of(tx, "b1") != case_of(tx, "a1")


def test_a_chain_of_merges_ends_in_one_case(workspace: builders.Workspace, channel: builders.Channel) -> None:
    people = ("ann", "bob", "cem")
    arrive(workspace, channel, [public(f"{p}1", p, "Where is it?", n) for n, p in enumerate(people)])
    with transaction_over([workspace.id]) as tx:
        merge(tx, workspace.id, case_of(tx, "ann1"), case_of(tx, "bob1"))
    with transaction_over([workspace.id]) as tx:
        merge(tx, workspace.id, case_of(tx, "bob1"), case_of(tx, "cem1"))
    arrive(workspace, channel, [public("ann2", "ann", "And now?", 9)])
    with transaction_over([workspace.id]) as tx:
        assert case_of(tx, "ann2") == case_of(tx, "ann1") == case_of(tx, "cem1")
        with pytest.raises(Conflict):
            merge(tx, workspace.id, case_of(tx, "ann1"), case_of(tx, "cem1"))


def test_a_split_conversation_stays_with_its_case_until_it_is_undone(
    workspace: builders.Workspace, channel: builders.Channel
) -> None:
    arrive(workspace, channel, [public("p1", "dora", "Where is my bag?", 0), direct("d1", "dora", "And my refund?", 1)])
    before = shown(workspace)
    with transaction_over([workspace.id]) as tx:
        row = tx.one("SELECT id FROM messages WHERE network_id = 'd1'")
        assert row is not None
        split(tx, workspace.id, case_of(tx, "p1"), [row[0]])
    arrive(workspace, channel, [direct("d2", "dora", "still waiting", 2), public("p2", "dora", "Hello?", 3)])
    with transaction_over([workspace.id]) as tx:
        assert case_of(tx, "d2") == case_of(tx, "d1") != case_of(tx, "p1") == case_of(tx, "p2")
        undo(tx, workspace.id, standing(tx))
        assert case_of(tx, "d2") == case_of(tx, "p1")
    assert len([c for c in shown(workspace)["cases"] if c[1] == "open"]) == len(before["cases"])


def test_what_cannot_be_split_is_refused(workspace: builders.Workspace, channel: builders.Channel) -> None:
    arrive(workspace, channel, [public("p1", "dora", "Where is my bag?", 0), public("x1", "eve", "Mine?", 1)])
    with transaction_over([workspace.id]) as tx:
        ids: dict[str, int] = dict(tx.rows("SELECT network_id, id FROM messages"))
        case = acts.lock(tx, workspace.id, case_of(tx, "p1"))
        with pytest.raises(Invalid):
            splitting.check_split(tx, case, [ids["p1"]])
        with pytest.raises(NotFound):
            splitting.check_split(tx, case, [ids["x1"]])


def test_customers_are_merged_and_told_apart_again(workspace: builders.Workspace, channel: builders.Channel) -> None:
    arrive(workspace, channel, [public("a1", "ann", "Where is it?", 0), public("b1", "bob", "Where is it?", 1)])
    with transaction_over([workspace.id]) as tx:
        who: dict[str, int] = dict(tx.rows("SELECT account, customer_id FROM identities"))
        cases = {case_of(tx, "a1"), case_of(tx, "b1")}
        one, into = customers.check_merge(tx, workspace.id, who["id-bob"], who["id-ann"])
        done = customers.do_merge(tx, workspace.id, one, into, by="Mia", by_id=None)
    with transaction_over([workspace.id]) as tx:
        assert tx.rows("SELECT count(DISTINCT customer_id) FROM cases") == [(1,)]
        with pytest.raises(Conflict):
            customers.check_merge(tx, workspace.id, who["id-bob"], who["id-ann"])
    with transaction_over([workspace.id]) as tx:
        customers.do_unmerge(tx, workspace.id, done, by="Mia")
        assert dict(tx.rows("SELECT account, customer_id FROM identities")) == who
        told = tx.rows("SELECT case_id, kind, params->>'customer', params->>'merge_id' FROM case_events ORDER BY id")
    joined, parted = ("customer.merged", str(one), str(done)), ("customer.unmerged", str(one), None)
    for case in cases:
        assert [event[1:] for event in told if event[0] == case] == [("case.opened", None, None), joined, parted]


def test_another_workspace_is_not_there(
    workspace: builders.Workspace, other_workspace: builders.Workspace, channel: builders.Channel
) -> None:
    theirs = builders.channel(other_workspace, network="fake", account_id="us")
    arrive(workspace, channel, [public("a1", "ann", "Where is it?", 0)])
    arrive(other_workspace, theirs, [public("z1", "zoe", "Where is it?", 0)])
    with transaction_over([other_workspace.id]) as tx:
        foreign = case_of(tx, "z1")
    with transaction_over([workspace.id]) as tx, pytest.raises(NotFound):
        merging.lock_two(tx, workspace.id, case_of(tx, "a1"), foreign)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True)
@given(st.integers(0, 2**32))
def test_undoing_everything_in_reverse_restores_the_picture(database: str, seed: int) -> None:
    rng, here = random.Random(seed), builders.workspace()
    channel = builders.channel(here, network="fake", account_id="us")
    said = [public(f"{who}{n}", who, "Where is it?", n) for n in range(3) for who in ("ann", "bob", "cem", "dan")]
    arrive(here, channel, said)
    before = shown(here)
    for _ in range(rng.randint(1, 6)):
        _something(rng, here.id)
    with transaction_over([here.id]) as tx:
        homeless = tx.rows(
            "SELECT m.network_id FROM messages m LEFT JOIN cases c ON c.id = m.case_id "
            "WHERE c.state IS DISTINCT FROM 'open'"
        )
        assert homeless == []
        while tx.one("SELECT 1 FROM merges WHERE undone_at IS NULL") is not None:
            undo(tx, here.id, standing(tx))
    after = shown(here)
    assert [c for c in after["cases"] if c[1] == "open"] == before["cases"]
    assert after["messages"] == before["messages"]


def _something(rng: random.Random, workspace: int) -> None:
    """A merge or a split of what is open, if it is allowed."""
    with transaction_over([workspace]) as tx:
        open_cases = [case for (case,) in tx.rows("SELECT id FROM cases WHERE state = 'open' ORDER BY id")]
        acts_: list[Callable[[], int]] = [lambda: _split_some(tx, rng, workspace, rng.choice(open_cases))]
        if len(open_cases) > 1:
            acts_.append(lambda: merge(tx, workspace, *rng.sample(open_cases, 2)))
        try:
            rng.choice(acts_)()
        except (Invalid, Conflict):
            return


def _split_some(tx: Tx, rng: random.Random, workspace: int, case: int) -> int:
    messages = [m for (m,) in tx.rows("SELECT id FROM messages WHERE case_id = %s ORDER BY id", (case,))]
    return split(tx, workspace, case, rng.sample(messages, rng.randint(1, len(messages))))
