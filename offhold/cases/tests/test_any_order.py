"""Any order, duplicates and any cut into batches give the same cases (pains.md 7, 8, 13; house-style: properties).

Two things are left out of these histories. Resolutions: which of two cases late words join depends on when a person
resolved. Edits and deletions of what was not said to us: whether an answer was owed to it is decided from the words we
have when its author asks us something in the same thread, and those may be gone by then.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from offhold.cases.recount import recount
from offhold.cases.tests.stories import arrive, deleted, direct, edited, public, shown
from offhold.connectors.contract import Posted, Signal
from offhold.kernel.db.tx import transaction_over
from tests.support import builders

pytestmark = pytest.mark.usefixtures("as_pipeline")

PEOPLE = ("ann", "bob", "cem")
TEXTS = ("Where is it?", "Thanks!", "never again", "I need a refund", "let me talk to a human", "Q7K2MX")


@st.composite
def histories(draw: st.DrawFn) -> list[Signal]:
    """What happened on the network, in the order of its own clock; times are whole minutes, some of them equal."""
    signals: list[Signal] = [public("root", "us", "We are sorry about today.", 0)]
    all_ids: list[str] = []
    roots, minutes = {"root": "root"}, 0  # a network's reply stands under its parent's root
    for number in range(draw(st.integers(2, 12))):
        minutes += draw(st.integers(0, 3))
        kind = draw(st.sampled_from(("public", "reply", "direct", "ours", "our direct", "edit", "delete")))
        who, text, name = draw(st.sampled_from(PEOPLE)), draw(st.sampled_from(TEXTS)), f"m{number}"
        parent = draw(st.sampled_from(sorted(roots)))
        if kind == "public":
            signals.append(public(name, who, text, minutes))
        elif kind == "reply":
            to_us = draw(st.booleans())
            signals.append(public(name, who, text, minutes, root=roots[parent], parent=parent, to_us=to_us))
            if not to_us:
                roots[name] = roots[parent]
                continue
        elif kind == "direct":
            signals.append(direct(name, who, text, minutes))
        elif kind == "ours":
            signals.append(public(name, "us", "We look into it.", minutes, root=roots[parent], parent=parent))
        elif kind == "our direct":
            signals.append(direct(name, "us", "We look into it.", minutes, with_=who))
        elif all_ids:
            target = draw(st.sampled_from(all_ids))
            signals.append(edited(target, f"{text} (edit {number})", minutes + number / 100) if kind == "edit"
                           else deleted(target, minutes))  # fmt: skip
            continue
        else:
            continue
        all_ids.append(name)
        if kind in ("public", "reply", "ours"):
            roots[name] = name if kind == "public" else roots[parent]
    return signals


def brief(signal: Signal) -> str:
    """A signal in a few words, for the report of a failure."""
    if isinstance(signal, Posted):
        who, when = signal.author.handle, f"{signal.at:%M}"
        return f"{signal.id} {signal.audience} by {who} {signal.text!r} at {when} to {signal.parent}"
    return repr(signal)


def cut(rng: random.Random, signals: list[Signal]) -> list[list[Signal]]:
    """The signals in batches of random size."""
    batches, rest = [], signals
    while rest:
        size = rng.randint(1, 4)
        batches.append(rest[:size])
        rest = rest[size:]
    return batches


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True)
@given(histories(), st.integers(0, 2**32))
def test_any_order_and_duplicates_give_the_same_cases(database: str, signals: list[Signal], seed: int) -> None:
    rng = random.Random(seed)
    told, other = builders.workspace(), builders.workspace()
    arrive(told, builders.channel(told, network="fake", account_id="us"), *[[s] for s in signals])
    mixed = signals + rng.sample(signals, len(signals) // 2)
    rng.shuffle(mixed)
    note("told: " + "; ".join(map(brief, signals)))
    note("other order: " + "; ".join(map(brief, mixed)))
    arrive(other, builders.channel(other, network="fake", account_id="us"), *cut(rng, mixed))
    assert shown(told) == shown(other)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True)
@given(histories(), st.integers(0, 2**32))
def test_columns_kept_one_message_at_a_time_equal_the_recount(database: str, signals: list[Signal], seed: int) -> None:
    rng = random.Random(seed)
    here = builders.workspace()
    mixed = list(signals)
    rng.shuffle(mixed)
    arrive(here, builders.channel(here, network="fake", account_id="us"), *cut(rng, mixed))
    before = shown(here)
    with transaction_over([here.id]) as tx:
        recount(tx, [(here.id, case) for (case,) in tx.rows("SELECT id FROM cases")])
    assert shown(here) == before
