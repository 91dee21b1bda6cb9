"""One id, two messages: what is said of the public one never touches the private one, nor the other way round."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offhold.cases.tests.stories import arrive, at, deleted, direct, edited, public, shown
from offhold.cases.tests.test_any_order import cut
from offhold.connectors.contract import Audience, Deleted, Edited, Hidden, Posted, Reacted, Signal
from tests.support import builders

pytestmark = pytest.mark.usefixtures("as_pipeline")

AUDIENCES: tuple[Audience, ...] = ("public", "private")


Change = Edited | Deleted | Hidden | Reacted


def said_of(signal: Change, audience: Audience) -> Signal:
    return msgspec.structs.replace(signal, audience=audience)


@st.composite
def histories(draw: st.DrawFn) -> list[Signal]:
    """Three numbers, each used in public, in private or in both, and what became of each message."""
    signals: list[Signal] = []
    for number in range(1, 4):
        for audience in draw(st.sampled_from((AUDIENCES, AUDIENCES, ("public",), ("private",)))):
            say = public if audience == "public" else direct
            signals.append(say(f"{number}", "ann", f"{audience} {number}, where is it?", number))
            changes: dict[str, Change] = {
                "edit": edited(f"{number}", f"{audience} {number}, where is it now?", number + 0.5),
                "delete": deleted(f"{number}", number + 0.6),
                "hide": Hidden(f"{number}", True, at(number + 0.7)),
                "count": Reacted(f"{number}", at(number + 0.8), likes=7),
            }
            kinds = draw(st.lists(st.sampled_from(sorted(changes)), max_size=2, unique=True))
            signals += [said_of(changes[kind], audience) for kind in kinds]
    return signals


def renamed(signals: list[Signal], audience: Audience) -> list[Signal]:
    """The history as if the network had numbered each kind in its own way."""
    return [msgspec.structs.replace(s, id=f"{_audience(s)}-{s.id}") for s in signals if _audience(s) == audience]  # type: ignore[union-attr]


def _audience(signal: Signal) -> Audience | None:
    assert isinstance(signal, Posted | Edited | Deleted | Hidden | Reacted)
    return signal.audience


def messages(workspace: builders.Workspace) -> list[Any]:
    """Without the id they are kept under: audience, text, times, verdict, versions; and no signal is left waiting."""
    found = shown(workspace)
    assert found["early"] == []
    return sorted((row[1:] for row in found["messages"]), key=repr)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True)
@given(histories(), st.integers(0, 2**32))
def test_messages_of_one_id_live_apart_in_any_order(database: str, signals: list[Signal], seed: int) -> None:
    rng = random.Random(seed)
    apart, mixed = builders.workspace(), builders.workspace()
    channel = builders.channel(apart, network="fake", account_id="us")
    told = [*renamed(signals, "public"), *renamed(signals, "private")]
    rng.shuffle(told)
    arrive(apart, channel, *cut(rng, told))
    again = signals + rng.sample(signals, len(signals) // 2)
    rng.shuffle(again)
    arrive(mixed, builders.channel(mixed, network="fake", account_id="us"), *cut(rng, again))
    assert messages(mixed) == messages(apart)


@pytest.mark.parametrize("first", AUDIENCES)
def test_the_public_one_keeps_the_id_that_the_network_knows(first: Audience, workspace: builders.Workspace) -> None:
    channel = builders.channel(workspace, network="fake", account_id="us")
    both = [public("7", "ann", "Where is it?", 1), direct("7", "ann", "Where is it?", 2)]
    arrive(workspace, channel, *[[said] for said in sorted(both, key=lambda said: said.audience != first)])
    kept = {audience: network_id for network_id, audience, *_ in shown(workspace)["messages"]}
    assert kept == {"public": "7", "private": "private:7"}


def test_words_for_one_person_never_become_a_version_of_public_ones(workspace: builders.Workspace) -> None:
    channel = builders.channel(workspace, network="fake", account_id="us")
    arrive(workspace, channel, [public("7", "ann", "Where is it?", 1)])
    arrive(workspace, channel, [said_of(edited("7", "My code is Q7K2MX", 2), "private")])
    assert [row[2] for row in shown(workspace)["messages"]] == ["Where is it?"]


def test_a_network_with_one_kind_of_id_need_not_say_which(workspace: builders.Workspace) -> None:
    channel = builders.channel(workspace, network="fake", account_id="us")
    arrive(workspace, channel, [direct("7", "ann", "My code is", 1)], [edited("7", "My code is Q7K2MX", 2)])
    assert [row[2] for row in shown(workspace)["messages"]] == ["My code is Q7K2MX"]
