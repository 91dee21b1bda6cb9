"""Meaning a reply: what refuses it, what makes it one and not two, and what its author is shown first."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from typing import Any

import msgspec
import psycopg
import pytest

from offhold.cases import acts, merging, splitting
from offhold.channels.actions import do_note_health
from offhold.channels.health import Seen
from offhold.connectors.contract import Abilities
from offhold.kernel.errors import Conflict, Forbidden, Invalid, NotFound, OffholdError, Stale
from offhold.publishing import public
from offhold.publishing.replies import AskedPicture
from offhold.publishing.tests.world import World


@pytest.fixture
def world(database: str) -> Iterator[World]:
    made = World()
    with made.installed():
        yield made


def refused(world: World, error: type[OffholdError], **changes: Any) -> OffholdError:
    """What a public reply with these changes is refused with. Nothing of it may be left."""
    before = world.one("SELECT count(*) FROM public_replies")
    actor = changes.pop("actor", None)
    ask = world.public_ask(changes.pop("case"), **changes)
    with pytest.raises(error) as caught:
        world.mean_publicly(ask, by=actor)
    assert world.one("SELECT count(*) FROM public_replies") == before
    return caught.value


# --- what is kept --------------------------------------------------------------------------------------------


def test_target_account_and_words_are_frozen_when_meant(world: World) -> None:
    case = world.asked_in_public("Where is my bag?")
    reply = world.public_reply(world.say(case, "  In Lisbon.  "))
    root = next(iter(world.network.items.values()))
    assert reply.text == "In Lisbon."
    assert (reply.parent_id, reply.root_id, reply.account_id) == (root.id, root.id, world.network.us.id)
    assert reply.parent_native == {"version": 1}
    assert "at" in reply.prepared
    assert (reply.duty_name, reply.initials, reply.state) == ("Mia", "MI", "intent")


def test_a_direct_reply_goes_to_who_wrote_and_nobody_can_type_a_recipient(world: World) -> None:
    reply = world.direct_reply(world.whisper(world.asked_in_private(by="dora")))
    assert (reply.recipient_id, reply.conversation) == ("acct-dora", "dm:acct-dora:acct-us")


def test_a_direct_reply_needs_no_conversation_yet(world: World) -> None:
    reply_id = world.whisper(world.asked_in_public(by="dora"), "May we have your booking code?")
    reply = world.direct_reply(reply_id)
    assert (reply.recipient_id, reply.conversation_id, reply.conversation) == ("acct-dora", None, None)
    with world.sending():
        world.until(reply_id, "sent")
    assert world.network.published("private") == ["May we have your booking code?"]
    query = "SELECT network_key, c.audience FROM messages m JOIN conversations c ON c.id = conversation_id"
    opened = world.one(f"{query} WHERE m.reply_id = %s", reply_id)
    assert opened == ("dm:acct-dora:acct-us", "private")


def test_it_is_a_fact_and_wakes_the_sender(world: World, database: str) -> None:
    case = world.asked_in_private()
    with psycopg.connect(database, autocommit=True) as conn:
        conn.execute("LISTEN offhold_replies")
        reply = world.whisper(case, "XK7QP2 is in Lisbon.")
        assert len(list(conn.notifies(timeout=5, stop_after=1))) == 1
    kinds = world.all(
        "SELECT kind, private, payload::text FROM facts WHERE case_id = %s ORDER BY seq DESC LIMIT 2", case
    )
    assert [(kind, private) for kind, private, _ in kinds] == [("case.changed", True), ("reply.changed", True)]
    item = msgspec.json.decode(kinds[1][2])["reply"]
    assert (item["id"], item["audience"], item["state"], item["error"]) == (str(reply), "private", "intent", None)


def test_a_public_reply_is_no_private_fact(world: World) -> None:
    case = world.asked_in_public()
    world.say(case)
    assert world.one("SELECT private FROM facts WHERE case_id = %s AND kind = 'reply.changed'", case) == (False,)


# --- what refuses it -----------------------------------------------------------------------------------------


def test_an_observer_may_not(world: World) -> None:
    case, actor = world.asked_in_public(), world.person(role="observer")
    refused(world, Forbidden, case=case, actor=actor)
    with pytest.raises(Forbidden):
        world.mean_directly(world.direct_ask(case), by=actor)


@pytest.mark.parametrize("text", ["", "   ", "\n\t ", "\ud800"])
def test_there_must_be_something_to_say(world: World, text: str) -> None:
    refused(world, Invalid, case=world.asked_in_public(), text=text)


def test_the_networks_own_count_decides(world: World) -> None:
    case = world.asked_in_public()
    error = refused(world, Invalid, case=case, text="x" * 301)
    assert (error.code, error.params) == ("text_too_long", {"count": 301, "limit": 300})
    with pytest.raises(Invalid, match="too long"):
        world.mean_directly(world.direct_ask(case, "x" * 301))
    world.say(case, "x" * 300)


def test_only_as_many_pictures_as_the_network_takes(world: World) -> None:
    pictures = (AskedPicture("m1", "a suitcase"),)
    assert refused(world, Invalid, case=world.asked_in_public(), pictures=pictures).code == "too_many_pictures"


def test_a_watch_only_channel_says_so(database: str) -> None:
    world = World(sending=False)
    with world.installed():
        case = world.asked_in_public()
        assert refused(world, Conflict, case=case).code == "channel_watch_only"
        with pytest.raises(Conflict) as caught:
            world.mean_directly(world.direct_ask(case))
    assert caught.value.code == "channel_watch_only"


def test_a_paused_channel_says_so(world: World) -> None:
    case = world.asked_in_public()
    with world.tx() as tx:
        tx.run("UPDATE channels SET paused = true WHERE id = %s", (world.channel_id,))
    assert refused(world, Conflict, case=case).code == "channel_paused"


def test_a_dead_login_locks_the_composer(world: World) -> None:
    case = world.asked_in_public()
    with world.tx() as tx:
        do_note_health(tx, world.company.id, world.channel_id, Seen(failure=("login_expired", "Sign in again.")))
    assert refused(world, Conflict, case=case).code == "login_expired"


@pytest.mark.parametrize("lane", ["reply_public", "reply_private"])
def test_a_network_that_cannot_is_not_asked(database: str, lane: str) -> None:
    can = msgspec.structs.replace(Abilities(reply_public=True, reply_private=True, webhooks=True), **{lane: False})
    world = World(abilities=can)
    with world.installed():
        case = world.asked_in_public()
        if lane == "reply_public":
            assert refused(world, Conflict, case=case).code == "network_cannot_public"
            world.whisper(case)
        else:
            world.say(case)
            with pytest.raises(Conflict, match="direct messages"):
                world.mean_directly(world.direct_ask(case))


def test_a_network_whose_folder_is_gone_is_not_asked(world: World) -> None:
    case = world.asked_in_public()
    with world.tx() as tx:
        tx.run("UPDATE channels SET network = 'gone' WHERE id = %s", (world.channel_id,))
    assert refused(world, Conflict, case=case).code == "network_gone"


def test_words_that_were_deleted_are_not_answered(world: World) -> None:
    case = world.asked_in_public()
    said, version = world.newest(case), world.version(case)
    world.network.delete(world.network.events[0].item.id)  # type: ignore[union-attr]
    world.hear()
    assert refused(world, Conflict, case=case, in_reply_to=said, seen_version=version).code == "message_deleted"


def test_a_direct_message_is_never_answered_in_public(world: World) -> None:
    case = world.asked_in_private()
    error = refused(world, Invalid, case=case, in_reply_to=world.newest(case, "private"))
    assert error.code == "not_public"
    assert world.network.published("public") == []


def test_another_cases_message_cannot_be_answered_here(world: World) -> None:
    mine, other = world.asked_in_public(by="dora"), world.asked_in_public(by="erik")
    assert refused(world, NotFound, case=mine, in_reply_to=world.newest(other)).code == "no_such_message"


def test_another_companys_case_does_not_exist(world: World) -> None:
    other = World()
    case = other.asked_in_public()
    ask = other.public_ask(case)
    with pytest.raises(NotFound):
        world.mean_publicly(ask, by=world.person())


def test_a_merged_case_names_the_one_it_went_to(world: World) -> None:
    case, into = world.asked_in_public(by="dora"), world.asked_in_public(by="erik")
    with world.tx() as tx:
        tx.run("UPDATE cases SET state = 'merged', merged_into = %s WHERE id = %s", (into, case))
    error = refused(world, Conflict, case=case)
    assert (error.code, error.params) == ("case_merged", {"into": str(into)})


# --- one, and not two ----------------------------------------------------------------------------------------


def test_the_same_client_key_is_the_same_reply(world: World) -> None:
    case = world.asked_in_public()
    ask, mia = world.public_ask(case, "In Lisbon."), world.person()
    first = world.mean_publicly(ask, by=mia)
    world.network.post("Hello?", by="dora")
    world.hear()
    again = world.mean_publicly(ask, by=mia)  # replayed, although the case has moved on meanwhile
    assert again.id == first.id
    assert world.one("SELECT count(*) FROM public_replies") == (1,)


def test_a_double_click_is_one_reply(world: World) -> None:
    case = world.asked_in_public()
    ask, mia = world.public_ask(case, "In Lisbon."), world.person()
    together, found, failed = threading.Barrier(2), [], []

    def click() -> None:
        together.wait()
        try:
            found.append(world.mean_publicly(ask, by=mia).id)
        except OffholdError as error:
            failed.append(error)

    both(click)
    assert not failed
    assert len(found) == 2
    assert len({*found}) == 1


def test_two_agents_at_once_are_not_both_published(world: World) -> None:
    case = world.asked_in_public()
    asks = [(world.person("Mia"), world.public_ask(case, "In Lisbon.")), (world.person("Kofi"), world.public_ask(case))]
    together, said, stale = threading.Barrier(2), [], []

    def click() -> None:
        actor, ask = asks.pop()
        together.wait()
        try:
            said.append(world.mean_publicly(ask, by=actor).text)
        except Stale as error:
            stale.append(error)

    both(click)
    assert (len(said), len(stale)) == (1, 1)
    assert [item["text"] for item in stale[0].params["what"]] == said


def test_a_key_used_for_another_case_is_no_reply_there(world: World) -> None:
    one, two = world.asked_in_public(by="dora"), world.asked_in_public(by="erik")
    key = str(uuid.uuid4())
    first = world.mean_publicly(world.public_ask(one, client_key=key))
    error = refused(world, Conflict, case=two, client_key=key)
    assert error.code == "client_key_used"
    assert world.public_reply(first.id).case_id == one


def both(click: Any) -> None:
    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)


# --- shown first ---------------------------------------------------------------------------------------------


def stale(world: World, case: int, seen: int, **changes: Any) -> list[dict[str, Any]]:
    error = refused(world, Stale, case=case, seen_version=seen, **changes)
    assert error.status == 409
    assert error.params["case_version"] == world.version(case)
    what: list[dict[str, Any]] = error.params["what"]
    return what


def test_new_words_of_the_customer_are_shown_first(world: World) -> None:
    case = world.asked_in_public()
    seen, said = world.version(case), world.newest(case)
    world.network.post("Never mind, found it!", by="dora")
    world.hear()
    what = stale(world, case, seen, in_reply_to=said)
    assert [(item["type"], item["text"], item["direction"]) for item in what] == [
        ("message", "Never mind, found it!", "in")
    ]
    world.say(case)  # seen, and sent all the same


def test_new_words_hold_back_a_direct_reply_too(world: World) -> None:
    case = world.asked_in_private()
    seen = world.version(case)
    world.network.message("Never mind, found it!", by="dora")
    world.hear()
    with pytest.raises(Stale):
        world.mean_directly(world.direct_ask(case, seen_version=seen))


def test_a_colleagues_reply_is_shown_first(world: World) -> None:
    case = world.asked_in_public()
    seen = world.version(case)
    world.say(case, "In Lisbon.", by=world.person("Kofi"))
    what = stale(world, case, seen)
    assert [(item["type"], item["text"], item["duty_name"]) for item in what] == [("reply", "In Lisbon.", "Kofi")]


def test_a_colleagues_reply_is_shown_once_although_it_was_sent_since(world: World) -> None:
    case = world.asked_in_public()
    seen = world.version(case)
    reply = world.say(case, "In Lisbon.", by=world.person("Kofi"))
    with world.sending():
        world.until(reply, "sent")
    what = stale(world, case, seen)
    assert [(item["type"], item["text"], item["duty_name"]) for item in what] == [("message", "In Lisbon.", "Kofi")]


def test_a_colleagues_direct_answer_holds_back_a_public_one(world: World) -> None:
    case = world.asked_in_public()
    seen = world.version(case)
    world.whisper(case, "XK7QP2 is in Lisbon.", by=world.person("Kofi"))
    assert [item["audience"] for item in stale(world, case, seen)] == ["private"]


def test_an_answer_from_outside_the_desk_is_shown_first(world: World) -> None:
    case = world.asked_in_public()
    seen = world.version(case)
    world.network.add("public", world.network.us, "Hi Dora!", parent=world.network.events[0].item.id)  # type: ignore[union-attr]
    world.hear()
    assert [(item["text"], item["outside"]) for item in stale(world, case, seen)] == [("Hi Dora!", True)]


def test_a_merge_that_changes_the_recipient_holds_back_a_direct_reply(world: World) -> None:
    dora, emil = world.asked_in_private(by="dora"), world.asked_in_private("And my bag?", by="emil")
    seen = world.version(dora)  # the screen says: to Dora
    with world.tx() as tx:
        case, into = merging.lock_two(tx, world.company.id, emil, dora)
        merge = merging.do_merge(tx, case, into, by="Kofi", by_id=None)
    assert happened(world, dora, seen) == ["case.merged"]
    seen = world.version(dora)  # seen now: to Emil, who wrote last
    assert world.direct_reply(world.whisper(dora, "Yours is in Oslo, Emil.")).recipient_id == "acct-emil"
    with world.tx() as tx:
        merging.do_unmerge(tx, world.company.id, merging.find(tx, world.company.id, merge, "case"), by="Kofi")
    assert "case.unmerged" in happened(world, dora, seen)
    assert world.direct_reply(world.whisper(dora)).recipient_id == "acct-dora"


def test_words_split_off_hold_back_a_direct_reply(world: World) -> None:
    case = world.asked_in_public(by="dora")
    world.asked_in_private(by="dora")
    seen, private = world.version(case), world.newest(case, "private")
    with world.tx() as tx:
        held = acts.lock(tx, world.company.id, case)
        identity = splitting.check_split(tx, held, [private])
        splitting.do_split(tx, held, [private], identity, by="Kofi", by_id=None)
    assert happened(world, case, seen) == ["case.split"]


def test_another_recipient_than_shown_holds_back_a_direct_reply(world: World) -> None:
    dora, emil = world.asked_in_private(by="dora"), world.asked_in_private("And my bag?", by="emil")
    with pytest.raises(Conflict) as caught:
        world.mean_directly(world.direct_ask(dora, to_identity=world.recipient(emil).identity_id))
    assert (caught.value.code, caught.value.params["lane"]["to_handle"]) == ("recipient_changed", "@dora")
    assert world.one("SELECT count(*) FROM direct_replies") == (0,)


def test_a_merge_whose_news_was_seen_still_needs_the_new_recipient(world: World) -> None:
    dora, emil = world.asked_in_private(by="dora"), world.asked_in_private("And my bag?", by="emil")
    shown = world.direct_ask(dora)
    with world.tx() as tx:
        case, into = merging.lock_two(tx, world.company.id, emil, dora)
        merging.do_merge(tx, case, into, by="Kofi", by_id=None)
    with pytest.raises(Conflict) as caught:
        world.mean_directly(msgspec.structs.replace(shown, seen_version=world.version(dora)))
    assert (caught.value.code, caught.value.params["lane"]["to_handle"]) == ("recipient_changed", "@emil")


def test_a_message_of_elsewhere_is_no_proof_of_the_recipient(world: World) -> None:
    case, said = world.asked_in_private(by="dora"), world.newest(world.asked_in_private(by="emil"), "private")
    with pytest.raises(Conflict, match="shown"):
        world.mean_directly(world.direct_ask(case, in_reply_to=said))


def test_an_older_message_of_the_same_conversation_names_the_same_recipient(world: World) -> None:
    case = world.asked_in_private(by="dora")
    said = world.newest(case, "private")
    world.network.message("Hello?", by="dora")
    world.hear()
    reply = world.mean_directly(world.direct_ask(case, in_reply_to=said))
    assert (reply.recipient_id, reply.in_reply_to) == ("acct-dora", world.newest(case, "private"))


def happened(world: World, case: int, seen: int) -> list[str]:
    """The events a direct reply is held back for."""
    with pytest.raises(Stale) as caught:
        world.mean_directly(world.direct_ask(case, seen_version=seen))
    return [item["kind"] for item in caught.value.params["what"] if item["type"] == "event"]


def test_my_own_replies_do_not_hold_me_back(world: World) -> None:
    case, mia = world.asked_in_public(), world.person()
    seen = world.version(case)
    first = world.say(case, "Looking into it.", by=mia)
    with world.sending():
        world.until(first, "sent")
        world.hear()
    world.mean_publicly(world.public_ask(case, "It is in Lisbon.", seen_version=seen), by=mia)
    assert world.one("SELECT count(*) FROM public_replies WHERE case_id = %s", case) == (2,)


def test_what_does_not_concern_the_customer_holds_nobody_back(world: World) -> None:
    case = world.asked_in_public()
    seen = world.version(case)
    with world.tx() as tx:
        tx.run("UPDATE cases SET version = version + 1, assignee_id = 7 WHERE id = %s", (case,))
    reply = world.mean_publicly(world.public_ask(case, seen_version=seen))
    assert public.item(reply).state == "intent"


def test_a_version_that_was_never_is_refused(world: World) -> None:
    case = world.asked_in_public()
    assert refused(world, Invalid, case=case, seen_version=world.version(case) + 1).code == "bad_version"
