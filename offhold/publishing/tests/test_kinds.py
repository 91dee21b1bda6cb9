"""What both kinds do, each with its own lane, its own patience and its own words with the network."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import msgspec
import psycopg
import pytest

from offhold.cases import acts
from offhold.connectors.contract import Audience, Counter, Receipt
from offhold.kernel import clock
from offhold.kernel.errors import Conflict, Forbidden, Invalid, Stale
from offhold.publishing import approvals, check, direct, drafts, public, unsent
from offhold.publishing.approvals import Change
from offhold.publishing.asked import Before
from offhold.publishing.conclude import _contradicted, conclude, lock
from offhold.publishing.drafts import Words
from offhold.publishing.graph import Confirmed, Looking, Misaddressed, SendAgain, Slowed, Unstated
from offhold.publishing.policy import AgreedText, Asks, Holds, PublishingPolicy
from offhold.publishing.standing import Rule
from offhold.publishing.tests.office import EVERYTHING, Office
from offhold.publishing.tests.world import Move, World
from tests.support import builders

Kind = Literal["public", "direct"]
KINDS: tuple[Kind, ...] = ("public", "direct")
BOTH = pytest.mark.parametrize("kind", KINDS)
FAR = datetime(2100, 1, 1, tzinfo=UTC)
LINES: dict[str, Any] = {"public": public.LINE, "direct": direct.LINE}
APPROVE = {"public": approvals.approve_public, "direct": approvals.approve_direct}
EDIT = {"public": approvals.edit_public, "direct": approvals.edit_direct}
RELEASE: dict[str, Callable[..., Any]] = {"public": unsent.release_public, "direct": unsent.release_direct}


def meant(office: Office, kind: Kind, text: str = "On its way.") -> tuple[int, int]:
    """Mia's reply, and its case."""
    if kind == "public":
        case = office.asked_in_public()
        return office.say(case, text, by=office.mia), case
    case = office.asked_in_private()
    return office.whisper(case, text, by=office.mia), case


def close(world: World) -> None:
    with world.tx() as tx:
        tx.run("UPDATE channels SET sending = false WHERE id = %s", (world.channel_id,))


@BOTH
def test_nothing_is_agreed_to_where_the_lane_is_closed(office: Office, kind: Kind) -> None:
    reply, case = meant(office, kind)
    seen = office.version(case)
    close(office)
    with pytest.raises(Conflict, match="only reads"), office.tx() as tx:
        APPROVE[kind](tx, office.carol, reply, seen)
    with pytest.raises(Conflict, match="only reads"), office.tx() as tx:
        EDIT[kind](tx, office.carol, reply, Change("We found it.", seen))
    assert office.state(reply) == "approval"


@BOTH
def test_nothing_is_let_go_where_the_lane_is_closed(office: Office, kind: Kind) -> None:
    builders.holds(office.company, public=20, private=5)
    reply, case = meant(office, kind)
    seen = office.version(case)
    close(office)
    with pytest.raises(Conflict, match="only reads"), office.tx() as tx:
        RELEASE[kind](tx, office.mia, reply, seen)
    assert office.state(reply) == "held"


@BOTH
def test_what_is_agreed_to_is_held_as_long_as_others_of_its_kind(office: Office, kind: Kind) -> None:
    builders.policy(office.company, msgspec.structs.replace(EVERYTHING, holds=Holds(20, 5)))
    reply, case = meant(office, kind)
    seen, before = office.version(case), clock.now()
    with office.tx() as tx:
        agreed = APPROVE[kind](tx, office.carol, reply, seen)
    hold = timedelta(seconds=20 if kind == "public" else 5)
    assert agreed.standing.next_at is not None
    assert before + hold <= agreed.standing.next_at <= clock.now() + hold


@BOTH
def test_words_are_as_long_as_the_network_takes_them_there(office: Office, kind: Kind) -> None:
    """Thirty in public, sixty in private."""
    office.connector.manifest = msgspec.structs.replace(
        office.connector.manifest, public_text=Counter(30), private_text=Counter(60)
    )
    reply, case = meant(office, kind)
    seen, limit = office.version(case), 30 if kind == "public" else 60
    with pytest.raises(Invalid) as caught, office.tx() as tx:
        EDIT[kind](tx, office.carol, reply, Change("x" * limit + "y", seen))
    assert caught.value.code == "text_too_long"
    with office.tx() as tx:
        assert len(EDIT[kind](tx, office.carol, reply, Change("x" * (limit - 1) + "y", seen)).text) == limit


@BOTH
def test_they_are_meant_as_long_as_the_network_takes_them_there(office: Office, kind: Kind) -> None:
    office.connector.manifest = msgspec.structs.replace(
        office.connector.manifest, public_text=Counter(30), private_text=Counter(60)
    )
    limit = 30 if kind == "public" else 60
    with pytest.raises(Invalid, match="too long"):
        meant(office, kind, "x" * (limit + 1))
    assert office.state(meant(office, kind, "x" * limit)[0]) == "approval"


@BOTH
def test_changed_words_wait_in_the_place_of_the_first(office: Office, kind: Kind) -> None:
    reply, case = meant(office, kind)
    seen = office.version(case)
    with office.tx() as tx:
        edited = EDIT[kind](tx, office.carol, reply, Change("We found it.", seen))
    assert (office.state(reply), office.state(edited.id)) == ("cancelled", "approval")


@BOTH
def test_words_agreed_to_once_for_many_pass_in_their_own_kind_alone(office: Office, kind: Kind) -> None:
    agreed = {"agreed_public" if kind == "public" else "agreed_private": (AgreedText(text="At noon.", until=FAR),)}
    builders.policy(office.company, msgspec.structs.replace(EVERYTHING, **agreed))
    states = {each: office.state(meant(office, each, "At noon.")[0]) for each in KINDS}
    assert states == {each: "intent" if each == kind else "approval" for each in KINDS}
    assert office.state(meant(office, kind, "At one.")[0]) == "approval"
    asked = Before(written_as="public" if kind == "public" else "private", second_person=True)
    if kind == "public":
        said: Any = office.mean_publicly(office.public_ask(office.asked_in_public(), "At noon.", before=asked))
    else:
        said = office.mean_directly(office.direct_ask(office.asked_in_private(), "At noon.", before=asked))
    assert said.standing.state == "approval"  # its author wants a second person all the same


@BOTH
def test_a_network_that_is_slow_for_one_kind_is_left_alone_by_both(office: Office, kind: Kind) -> None:
    builders.holds(office.company)
    replies = {each: meant(office, each)[0] for each in KINDS}
    with office.tx() as tx:
        at = tx.at
        tx.run(f"UPDATE {kind}_replies SET state = 'sending', deadline = %s WHERE id = %s", (at, replies[kind]))
        conclude(lock(tx, LINES[kind], office.company.id, replies[kind]), Slowed("Slow down.", 60.0), Rule())
    for reply in replies.values():
        when = office.one("SELECT next_at FROM public_replies WHERE id = %(id)s UNION ALL"
                          " SELECT next_at FROM direct_replies WHERE id = %(id)s", {"id": reply})[0]  # fmt: skip
        assert when >= at + timedelta(seconds=60)


@BOTH
def test_what_the_network_calls_it_is_known_until_it_is_said_again(office: Office, kind: Kind) -> None:
    builders.holds(office.company)
    reply, _ = meant(office, kind)
    with office.tx() as tx:
        tx.run(f"UPDATE {kind}_replies SET state = 'sending', deadline = %s WHERE id = %s", (tx.at, reply))
    called = []
    for event, receipt in ((Unstated(), Receipt("item", clock.now(), None)), (Looking(), None)):
        with office.tx() as tx:
            conclude(lock(tx, LINES[kind], office.company.id, reply), event, Rule(), receipt)
        called.append(office.one(f"SELECT network_id FROM {kind}_replies WHERE id = %s", reply)[0])
    with office.tx() as tx:
        tx.run(f"UPDATE {kind}_replies SET state = 'needs_human', next_at = NULL WHERE id = %s", (reply,))
        conclude(lock(tx, LINES[kind], office.company.id, reply), SendAgain("Mia"), Rule())
    called.append(office.one(f"SELECT network_id FROM {kind}_replies WHERE id = %s", reply)[0])
    assert called == ["item", "item", None]


@BOTH
def test_a_receipt_for_somebody_elses_words_proves_nothing(office: Office, kind: Kind) -> None:
    """Also where our own copy is there: the two contradict each other."""
    builders.holds(office.company)
    reply, case = meant(office, kind)
    with office.sending():
        assert office.until(reply, "sent")
    office.hear(settle=False)
    audience: Audience = "public" if kind == "public" else "private"
    (theirs,) = office.one("SELECT network_id FROM messages WHERE id = %s", office.newest(case, audience))
    with office.tx() as tx:
        held = lock(tx, LINES[kind], office.company.id, reply)
        echo = held.line.echo(tx, held.reply)
        assert echo is not None
        assert held.line.judge(held.reply, echo) == Confirmed()
        assert _contradicted(held, Receipt(theirs, clock.now(), audience)) == Unstated()


@BOTH
def test_a_colleagues_answer_is_shown_before_a_held_one_is_let_go(office: Office, kind: Kind) -> None:
    builders.holds(office.company, public=20, private=5)
    reply, case = meant(office, kind)
    seen = office.version(case)
    (office.say if kind == "public" else office.whisper)(case, "We have it.", by=office.carol)
    with pytest.raises(Stale), office.tx() as tx:
        RELEASE[kind](tx, office.mia, reply, seen)


@BOTH
def test_a_case_that_somebody_else_resolved_cancels_what_is_held_in_it(office: Office, kind: Kind) -> None:
    builders.holds(office.company, public=20, private=5)
    reply, case = meant(office, kind)
    with office.tx() as tx:
        acts.do_resolve(tx, acts.lock(tx, office.company.id, case), "Carol")
        unsent.lapse_of_case(tx, office.company.id, case)
    assert office.state(reply) == "cancelled"


@BOTH
def test_what_is_meant_in_a_case_that_was_resolved_before_goes(office: Office, kind: Kind, clock_offset: Move) -> None:
    builders.holds(office.company, public=20, private=5)
    case = office.asked_in_public() if kind == "public" else office.asked_in_private()
    with office.tx() as tx:
        acts.do_resolve(tx, acts.lock(tx, office.company.id, case), "Carol")
    clock_offset(1.0)  # later than that
    reply = (office.say if kind == "public" else office.whisper)(case, "One thing more.", by=office.mia)
    with office.tx() as tx:
        unsent.let_go(lock(tx, LINES[kind], office.company.id, reply), Rule())
    assert office.state(reply) == "intent"


@BOTH
def test_each_speaks_with_the_network_by_its_own_methods(office: Office, kind: Kind) -> None:
    builders.holds(office.company)
    reply, _ = meant(office, kind)
    called = []

    class Network:
        def __getattr__(self, name: str) -> Callable[..., Awaitable[None]]:
            async def speak(*_: object) -> None:
                called.append(name)

            return speak

    line = LINES[kind]
    with office.tx() as tx:
        out = line.out(tx, line.lock(tx, office.company.id, reply), None)
    asyncio.run(line.deliver(Network(), None, None, out))
    asyncio.run(line.look(Network(), None, None, out))
    assert called == [f"deliver_{kind}", f"read_back_{kind}"]


@BOTH
def test_a_draft_was_written_for_one_audience_or_the_other(world: World, kind: Kind) -> None:
    case = world.asked_in_public()
    with world.tx() as tx:
        kept = drafts.PUBLIC if kind == "public" else drafts.DIRECT
        kept.do_keep(tx, world.person(), case, Words(text="We look."), 0)
    with pytest.raises(psycopg.errors.CheckViolation, match="written_as"), world.tx() as tx:
        tx.run(f"UPDATE {kind}_drafts SET written_as = 'elsewhere' WHERE case_id = %s", (case,))


@BOTH
def test_a_second_person_is_asked_for_the_kind_that_the_policy_names(office: Office, kind: Kind) -> None:
    asks: dict[str, Any] = {"asks_public" if kind == "public" else "asks_private": Asks(everyone=True)}
    builders.policy(office.company, PublishingPolicy(holds=Holds(0, 0), **asks))
    said, _ = meant(office, "public")
    whispered, _ = meant(office, "direct")
    assert {"public": office.state(said), "direct": office.state(whispered)} == {
        "public": "approval" if kind == "public" else "intent",
        "direct": "approval" if kind == "direct" else "intent",
    }


@BOTH
def test_the_check_itself_refuses_who_only_observes(world: World, kind: Kind) -> None:
    case, observer = world.asked_in_public(), world.person(role="observer")
    said, whispered = world.public_ask(case), world.direct_ask(case)
    with world.tx() as tx:
        asked = check.lock_case(tx, observer, case)
        with pytest.raises(Forbidden):
            _ = (
                check.check_public_reply(tx, observer, asked, said)
                if kind == "public"
                else check.check_direct_reply(tx, observer, asked, whispered)
            )


@BOTH
def test_what_the_network_states_is_believed(office: Office, kind: Kind) -> None:
    reply, _ = meant(office, kind)
    line = LINES[kind]
    with office.tx() as tx:
        found = line.lock(tx, office.company.id, reply)
    audiences: tuple[Audience | None, ...] = ("public", "private", None)
    judged = {a: type(line.judge(found, Receipt("item", clock.now(), a))) for a in audiences}
    own, other = ("public", "private") if kind == "public" else ("private", "public")
    assert judged == {own: Confirmed, other: Misaddressed, None: Unstated}


@BOTH
def test_screens_learn_of_what_was_taken_back_under_its_own_audience(office: Office, kind: Kind) -> None:
    reply, case = meant(office, kind)
    take_back = unsent.take_back_public if kind == "public" else unsent.take_back_direct
    with office.tx() as tx:
        take_back(tx, office.mia, reply)
    told = "SELECT private, payload -> 'reply' ->> 'audience' FROM facts WHERE kind = 'reply.changed' AND case_id = %s"
    audience = "public" if kind == "public" else "private"
    assert set(office.all(told, case)) == {(kind == "direct", audience)}
    strip = "SELECT payload -> 'unsent' ->> 'audience' FROM facts WHERE kind = 'unsent.changed' AND workspace_id = %s"
    assert set(office.all(strip, office.company.id)) == {(audience,)}
