"""What an author is shown before their reply counts: whatever came since their screen did."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from offhold.cases import acts, merging, splitting
from offhold.kernel.errors import Conflict, Invalid, Stale
from offhold.publishing import public
from offhold.publishing.tests.world import World, refused


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
    asked = next(iter(world.network.items))
    world.network.add("public", world.network.us, "Hi Dora!", parent=asked)
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


def test_an_older_message_of_another_conversation_with_the_same_person_does_not(world: World) -> None:
    case = world.asked_in_private(by="dora")
    said = world.newest(case, "private")
    world.network.message("Hello?", by="dora")
    world.hear()
    with world.tx() as tx:  # where what comes now would go
        tx.run(
            "INSERT INTO conversations (workspace_id, id, channel_id, audience, network_key, identity_id, last_at)"
            " SELECT workspace_id, id + 1, channel_id, audience, 'another', identity_id, last_at FROM conversations"
            " WHERE audience = 'private'"
        )
        moved = "UPDATE messages SET conversation_id = conversation_id + 1 WHERE case_id = %s AND id <> %s"
        tx.run(moved, (case, said))
    with pytest.raises(Conflict, match="shown"):
        world.mean_directly(world.direct_ask(case, in_reply_to=said))
    assert world.mean_directly(world.direct_ask(case)).conversation == "another"


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
