"""What a batch tells screens from memory is what anybody reads afterwards."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offhold.cases import facts, items, rows
from offhold.cases.apply import apply
from offhold.cases.tests.stories import incoming, public
from offhold.cases.tests.test_any_order import cut, histories
from offhold.connectors.contract import Media, Posted, Signal
from offhold.kernel.db.tx import Tx, transaction_over
from offhold.people.actions import do_create_user
from tests.support import builders

pytestmark = pytest.mark.usefixtures("as_pipeline")

PICTURE = Media(kind="image", url="https://cdn.example/a.png", alt="a suitcase", width=3, height=4)
SURE = public("sure", "ann", "Where is it?", 0)
OF_MESSAGES = (facts.MessagePosted, facts.MessageEdited, facts.MessageDeleted, facts.MessageHidden)
FILM = Media(kind="video", url="https://cdn.example/a.mp4")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=True)
@given(histories(), st.integers(0, 2**32))
def test_facts_say_what_is_stored(database: str, signals: list[Signal], seed: int) -> None:
    rng, here = random.Random(seed), builders.workspace()
    channel = builders.channel(here, network="fake", account_id="us")
    mixed = [_varied(rng, signal) for signal in [*signals, *signals[:2], SURE]]
    rng.shuffle(mixed)
    colleague = do_create_user(
        here.id, email=f"mia{here.id}@example.com", password="correct horse battery", role="agent", duty_name="Mia"
    )
    told = 0
    for batch in cut(rng, mixed):
        with transaction_over([here.id]) as tx:
            apply(tx, incoming(here, channel, batch))
            told += _compared(tx, here.id)
        with transaction_over([here.id]) as tx:  # as people do meanwhile
            member = rng.choice((None, colleague))
            tx.run("UPDATE cases SET assignee_id = %s, version = version + 1 WHERE id %% 2 = 0", (member,))
            rests = rng.choice((None, tx.at))
            tx.run(
                "UPDATE cases SET snoozed_at = %s, snoozed_until = %s, tags = %s, version = version + 1"
                " WHERE id %% 2 = 1 AND state = 'open'", (rests, rests, rng.choice((None, [7, 8]))),
            )  # fmt: skip
    assert told


def _varied(rng: random.Random, signal: Signal) -> Signal:
    """The author renamed, pictures with it, said to be edited."""
    if not isinstance(signal, Posted):
        return signal
    author = msgspec.structs.replace(
        signal.author, name=rng.choice(("", "Ann", "Dr. Ann")), followers=rng.choice((None, 7, 8)),
        avatar_url=rng.choice(("", "https://cdn.example/face.png")),
    )  # fmt: skip
    edited_at = rng.choice((None, signal.at))
    return msgspec.structs.replace(signal, author=author, media=rng.choice(((), (PICTURE, FILM))), edited_at=edited_at)


def _compared(tx: Tx, workspace: int) -> int:
    """How many facts about messages and cases this transaction is to tell; each is held against the tables."""
    messages = {int(r.fact.message.id): r for r in tx.recorded if isinstance(r.fact, OF_MESSAGES)}
    stored = items.load(tx, {(workspace, message) for message in messages})
    for message, recorded in messages.items():
        assert recorded.fact.message == stored[message].item  # type: ignore[attr-defined]
        assert recorded.case_id == stored[message].case
        assert recorded.private == (stored[message].item.audience == "private")
    cases = {int(r.fact.case.id): r for r in tx.recorded if isinstance(r.fact, facts.CaseChanged)}
    shown = rows.load(tx, {(workspace, case) for case in cases})
    for case, recorded in cases.items():
        assert recorded.fact.case == shown[case]  # type: ignore[attr-defined]
        assert recorded.private == (shown[case].title_private or shown[case].snippet_private)
    return len(messages) + len(cases)
