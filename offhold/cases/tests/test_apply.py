"""What arrives becomes the cases a person would have made."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from offhold.cases.tests.stories import arrive, deleted, direct, edited, public, shown
from offhold.cases.times import EARLIEST
from offhold.kernel.db.tx import transaction, transaction_over
from tests.support import builders

pytestmark = pytest.mark.usefixtures("as_pipeline")


@pytest.fixture
def channel(workspace: builders.Workspace) -> builders.Channel:
    return builders.channel(workspace, network="fake", account_id="us")


def test_public_thread_and_direct_messages_of_one_customer_are_one_case(
    workspace: builders.Workspace, channel: builders.Channel
) -> None:
    arrive(
        workspace,
        channel,
        [public("p1", "dora", "Flight cancelled at the gate", 0), public("p2", "dora", "Third delay today", 5)],
        [direct("d1", "dora", "Booking Q7K2MX", 9)],
    )
    (case,) = shown(workspace)["cases"]
    assert case[-1] == ["d1", "p1", "p2"]
    assert case[7] == "Flight cancelled at the gate"
    assert (case[12], case[13], case[11]) == (True, True, "private")


def test_each_third_party_under_our_post_gets_a_case_only_when_owed(
    workspace: builders.Workspace, channel: builders.Channel
) -> None:
    arrive(
        workspace,
        channel,
        [
            public("root", "us", "Storm over Chicago, we are rebooking everyone.", 0),
            public("a", "ann", "Where is my bag?", 1, root="root", parent="root"),
            public("b", "bob", "Thanks!", 2, root="root", parent="root"),
            public("c", "cem", "same happened to my cousin", 3, root="root", parent="a", to_us=False),
        ],
    )
    assert [case[0] for case in shown(workspace)["cases"]] == ["id-ann"]


def test_our_answer_ends_the_wait_and_later_words_start_it_again(
    workspace: builders.Workspace, channel: builders.Channel
) -> None:
    arrive(workspace, channel, [public("p1", "dora", "Where is it?", 0)])
    arrive(workspace, channel, [public("r1", "us", "On its way.", 3, root="p1", parent="p1")])
    assert shown(workspace)["cases"][0][6] is None
    arrive(workspace, channel, [public("p2", "dora", "Still nothing, where?", 8, root="p1", parent="r1")])
    (case,) = shown(workspace)["cases"]
    assert case[6] == case[4]


def test_a_deleted_message_is_blanked_and_owes_nothing(
    workspace: builders.Workspace, channel: builders.Channel
) -> None:
    arrive(workspace, channel, [public("p1", "dora", "my card is 4111...", 0), edited("p1", "my card", 1)])
    arrive(workspace, channel, [deleted("p1", 2)])
    state = shown(workspace)
    assert (state["messages"][0][2], state["messages"][0][9]) == ("", None)
    assert (state["cases"][0][6], state["cases"][0][9]) == (None, "")


@pytest.mark.parametrize(("busy_after", "early"), [(0, 0), (50, 48)])
def test_five_thousand_replies_of_which_two_hundred_are_owed(
    workspace: builders.Workspace, channel: builders.Channel, busy_after: int, early: int
) -> None:
    """`early`: what was said before the post counted as busy; two of the first fifty are owed anyway."""
    with transaction(workspace.id) as tx:
        tx.run("UPDATE workspaces SET busy_post_replies = %s", (busy_after,))
    root = public("root", "us", "We are sorry about today.", 0)
    said = ["where is my refund?" if n % 25 == 0 else f"story number {n}, never again" for n in range(5001)]
    replies = [public(f"r{n}", f"p{n}", said[n], n, root="root", parent="root") for n in range(1, 5001)]
    arrive(workspace, channel, [root], *[replies[n : n + 500] for n in range(0, 5000, 500)])
    state = shown(workspace)
    assert len(state["cases"]) == 200 + early
    assert sum(m[5] == "busy_post" for m in state["messages"]) == 5000 - 200 - early


def test_what_a_customer_says_in_their_own_thread_is_said_to_us(
    workspace: builders.Workspace, channel: builders.Channel
) -> None:
    """Quick posts of one thread answer each other, not us; whichever arrives first, they are one case."""
    root = public("p1", "dora", "@northair where is my bag?", 0)
    more = [public(f"p{n}", "dora", "Hello? Anybody?", n, root="p1", parent=f"p{n - 1}", to_us=False) for n in (2, 3)]
    other = public("x", "eve", "Same here", 4, root="p1", parent="p1", to_us=False)
    arrive(workspace, channel, [more[0], other], [root], [more[1]])
    (case,) = shown(workspace)["cases"]
    assert case[-1] == ["p1", "p2", "p3"]


@pytest.mark.parametrize("year", [1, 1969, 9999])
def test_a_time_that_cannot_be_is_not_believed(
    workspace: builders.Workspace, channel: builders.Channel, year: int
) -> None:
    claimed = msgspec.structs.replace(
        public("p1", "dora", "Where is my bag?", 0), at=datetime(year, 1, 2, tzinfo=UTC), edited_at=None
    )
    changed = msgspec.structs.replace(edited("p1", "Where are my bags?", 1), at=datetime(year, 12, 31, tzinfo=UTC))
    arrive(workspace, channel, [claimed], [changed])
    with transaction(workspace.id) as tx:
        (said,) = tx.rows("SELECT at FROM messages")
        (case,) = tx.rows("SELECT opened_at, last_at, waiting_since FROM cases")
        received = tx.at
    assert {*case} == {said[0]}
    assert EARLIEST <= said[0] <= received


def test_answers_that_came_before_their_parent_are_told_to_open_screens(
    workspace: builders.Workspace, channel: builders.Channel
) -> None:
    arrive(workspace, channel, [public("root", "ann", "Where is it?", 0)])
    arrive(workspace, channel, [public("answer", "ann", "And when?", 3, root="root", parent="late")])
    arrive(workspace, channel, [public("late", "ann", "My bag, I mean.", 1, root="root", parent="root")])
    with transaction_over([workspace.id]) as tx:
        told = tx.rows(
            "SELECT payload -> 'message' ->> 'parent_id' FROM facts WHERE workspace_id = %s"
            " AND payload -> 'message' ->> 'network_id' = 'answer' ORDER BY seq", (workspace.id,)
        )  # fmt: skip
        (late,) = tx.rows("SELECT id::text FROM messages WHERE network_id = 'late'")
    assert told == [(None,), late]


def test_our_direct_words_belong_to_a_case_that_began_with_what_was_not_said_to_us(as_pipeline: None) -> None:
    """Whichever came first: their word that was only found to be theirs to us, or ours."""
    aside = public("m1", "bob", "Where is it?", 0, root="m0", parent="m0", to_us=False)
    ours = direct("m6", "us", "We look into it.", 0, with_="bob")
    asked = public("m7", "bob", "Where is it?", 1, root="m0", parent="m0")
    seen = []
    for order in ([aside, ours, asked], [asked, aside, ours]):
        here = builders.workspace()
        arrive(here, builders.channel(here, network="fake", account_id="us"), *[[one] for one in order])
        seen.append(shown(here))
    assert seen[0] == seen[1]
    assert len(seen[0]["cases"]) == 1
