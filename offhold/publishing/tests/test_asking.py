"""Meaning a reply: what refuses it, and what makes it one and not two."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

import msgspec
import psycopg
import pytest

from offhold.channels.actions import do_note_health
from offhold.channels.health import Seen
from offhold.connectors.contract import Abilities, PictureRule
from offhold.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from offhold.publishing.replies import AskedPicture
from offhold.publishing.tests.world import World, refused
from tests.support.parallel import at_once

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
    shown = "SELECT private, payload -> 'reply' ->> 'audience' FROM facts WHERE case_id = %s AND kind = 'reply.changed'"
    assert world.one(shown, case) == (False, "public")


# --- what refuses it -----------------------------------------------------------------------------------------


def test_an_observer_may_not(world: World) -> None:
    case, actor = world.asked_in_public(), world.person(role="observer")
    refused(world, Forbidden, case=case, actor=actor)
    with pytest.raises(Forbidden):
        world.mean_directly(world.direct_ask(case), by=actor)


def test_what_was_meant_before_is_not_repeated_to_an_author_who_only_observes_by_now(world: World) -> None:
    public, private = world.asked_in_public(), world.asked_in_private(by="erik")
    said, whispered, mia = world.public_ask(public), world.direct_ask(private), world.person()
    world.mean_publicly(said, by=mia)
    world.mean_directly(whispered, by=mia)
    observer = msgspec.structs.replace(mia, role="observer")
    with pytest.raises(Forbidden):
        world.mean_publicly(said, by=observer)
    with pytest.raises(Forbidden):
        world.mean_directly(whispered, by=observer)


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


def test_only_pictures_that_the_network_takes(world: World) -> None:
    case = world.asked_in_public()

    def answer(*pictures: tuple[str, int]) -> tuple[str, dict[str, Any]]:
        asked = tuple(uploaded(world, kind, size) for kind, size in pictures)
        error = refused(world, Invalid, case=case, pictures=asked)
        return error.code, error.params

    png, about, taking = "image/png", {"network": "Fake"}, world.connector.manifest
    assert answer((png, 1), (png, 1), (png, 1)) == ("too_many_pictures", {**about, "most": 2})
    assert answer((png, 1_000_001)) == ("picture_too_heavy", {**about, "size": 1.1, "most": 1.0})
    unknown = (AskedPicture("x" * 32, "a suitcase"),)
    assert refused(world, Invalid, case=case, pictures=unknown).code == "no_such_picture"
    ready = uploaded(world, png, 1_000_000)
    world.connector.manifest = msgspec.structs.replace(
        world.connector.manifest, pictures=PictureRule(2, ("image/jpeg",), 1_000_000)
    )
    assert answer((png, 1)) == ("wrong_picture_type", {**about, "types": "JPEG"})
    world.connector.manifest = taking
    world.mean_publicly(world.public_ask(case, pictures=(ready,)))


def test_a_network_without_pictures_takes_none(world: World) -> None:
    case = world.asked_in_public()
    world.connector.manifest = msgspec.structs.replace(world.connector.manifest, pictures=None)
    asked = (uploaded(world, "image/png", 1),)
    assert refused(world, Invalid, case=case, pictures=asked).code == "no_pictures_here"


def uploaded(world: World, content_type: str, size: int) -> AskedPicture:
    """A picture as it was taken in, without its file."""
    token = secrets.token_urlsafe(24)
    with world.tx() as tx:
        tx.run(
            "INSERT INTO media (workspace_id, token, content_type, width, height, bytes, by_id, at)"
            " VALUES (%s, %s, %s, 1, 1, %s, 1, %s)",
            (world.company.id, token, content_type, size, tx.at),
        )
    return AskedPicture(token, "a suitcase")


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
    world.network.delete(next(iter(world.network.items)))
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


def test_the_same_client_key_is_the_same_direct_reply(world: World) -> None:
    ask, mia = world.direct_ask(world.asked_in_private()), world.person()
    assert world.mean_directly(ask, by=mia).id == world.mean_directly(ask, by=mia).id
    assert world.one("SELECT count(*) FROM direct_replies") == (1,)


def test_a_double_click_is_one_reply(world: World) -> None:
    case = world.asked_in_public()
    ask, mia = world.public_ask(case, "In Lisbon."), world.person()

    def click() -> int:
        return world.mean_publicly(ask, by=mia).id

    first, second = at_once(click, click)
    assert first == second


def test_two_agents_at_once_are_not_both_published(world: World) -> None:
    case = world.asked_in_public()
    asks = [(world.person("Mia"), world.public_ask(case, "In Lisbon.")), (world.person("Kofi"), world.public_ask(case))]
    said, stale = [], []

    def click() -> None:
        actor, ask = asks.pop()
        try:
            said.append(world.mean_publicly(ask, by=actor).text)
        except Stale as error:
            stale.append(error)

    at_once(click, click)
    assert (len(said), len(stale)) == (1, 1)
    assert [item["text"] for item in stale[0].params["what"]] == said


def test_a_key_used_for_another_case_is_no_reply_there(world: World) -> None:
    one, two = world.asked_in_public(by="dora"), world.asked_in_public(by="erik")
    key = str(uuid.uuid4())
    first = world.mean_publicly(world.public_ask(one, client_key=key))
    error = refused(world, Conflict, case=two, client_key=key)
    assert error.code == "client_key_used"
    assert world.public_reply(first.id).case_id == one
