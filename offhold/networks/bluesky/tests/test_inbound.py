"""Recorded bodies to signals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from offhold.connectors.contract import (
    AccountEvent,
    Deleted,
    Malformed,
    Media,
    Posted,
    Present,
    Reacted,
    Signal,
    Unsupported,
)
from offhold.networks.bluesky.inbound import parse
from offhold.networks.bluesky.tests.recorded import BRAND, CAST, bodies, only_post, signals
from offhold.networks.bluesky.wire import moment


def altered(name: str, **changes: Any) -> list[Signal]:
    return parse(BRAND, msgspec.json.encode({**msgspec.json.decode(bodies()[name]), **changes}))


def posts(name: str) -> dict[str, Posted]:
    return {signal.text: signal for signal in signals(name) if isinstance(signal, Posted)}


def held(name: str) -> Present:
    [present] = [signal for signal in signals(name) if isinstance(signal, Present)]
    return present


def test_a_mention_with_pictures() -> None:
    post = only_post("mention-with-picture")
    assert post.text.startswith("Grüße 👋 @brand")
    assert (post.audience, post.mentions_us, post.lang) == ("public", True, "en")
    assert (post.author.id, post.author.name, post.author.followers) == (CAST.ann, "Ann 👋 Ångström", 0)
    assert (post.conversation, post.parent, post.quotes) == (post.id, None, None)
    assert post.native == {"cid": post.version, "langs": ["en"]}
    assert post.url == f"https://bsky.app/profile/{CAST.ann}/post/{post.id.rpartition('/')[2]}"
    assert post.at.tzinfo is UTC
    first, second = post.media
    assert (first.kind, first.alt, first.width, first.height) == ("image", "An empty box", 24, 16)
    assert (second.alt, second.width, second.height) == ("", 12, 34)
    assert first.url.startswith("http")


def test_a_reply_to_us_names_its_parent_and_the_root_to_answer_with() -> None:
    post = only_post("reply-to-us")
    assert post.text == "いつ届きますか？"
    assert post.parent == post.conversation
    assert post.conversation.startswith(f"at://{CAST.brand}/")
    assert post.mentions_us
    assert post.native["root"]["uri"] == post.conversation
    assert post.native["root"]["cid"].startswith("bafy")


def test_a_quote_is_a_conversation_of_its_own() -> None:
    post = only_post("quote-with-picture")
    assert post.quotes is not None
    assert post.quotes.startswith(f"at://{CAST.brand}/")
    assert post.conversation == post.id
    assert post.mentions_us
    assert [medium.alt for medium in post.media] == ["A crowded platform"]


def test_links_come_in_full() -> None:
    text = only_post("links-and-card").text
    assert "see https://example.com/timetable/2026/december and here (https://example.org/claims) #delay" in text
    assert text.endswith("\nhttps://example.net/card")


def test_likes_and_reposts_are_numbers() -> None:
    [counted] = signals("counts")
    assert isinstance(counted, Reacted)
    assert (counted.likes, counted.reposts, counted.replies) == (1, 1, 1)
    assert counted.id.startswith(f"at://{CAST.brand}/")


def test_a_thread_is_told_whole() -> None:
    told = posts("thread")
    assert len(told) == 5
    assert len({post.conversation for post in told.values()}) == 1
    assert told["And my dog?"].parent == told["What did you do?"].id
    assert not told["Mine too"].mentions_us
    assert told["We are sorry. A bus leaves at 9."].author.id == CAST.brand
    present = held("thread")
    assert present.complete
    assert set(present.ids) == {post.id for post in told.values()}
    assert present.conversation in present.ids


def test_an_edit_is_the_same_id_with_another_version() -> None:
    before, after = posts("thread")["What did you do?"], posts("thread-after-edit-and-deletion")["What will you do?"]
    assert before.id == after.id
    assert before.version != after.version
    assert before.at == after.at


def test_replies_to_a_deleted_post_are_still_there() -> None:
    gone = posts("thread")["Mine too"]
    after = held("thread-after-edit-and-deletion")
    assert gone.id not in after.ids
    assert set(held("thread").ids) - set(after.ids) == {gone.id}


def test_a_post_that_was_hidden_from_us_is_there_but_not_told() -> None:
    name = "thread-with-somebody-who-blocked-us"
    assert "And my dog?" not in posts(name)
    assert posts("thread")["And my dog?"].id in held(name).ids


def test_a_notification_and_a_thread_tell_the_same_of_one_version() -> None:
    """So it does not matter which comes first. Only the full profile of the notification knows followers."""
    body = msgspec.json.decode(bodies()["mention-with-picture"])
    thread = {"type": "thread", "root": body["post"]["uri"], "posts": [body["post"]], "read_at": "2026-11-22T12:00:00Z"}
    [from_thread, _] = parse(BRAND, msgspec.json.encode(thread))
    from_notification = only_post("mention-with-picture")
    assert isinstance(from_thread, Posted)
    stranger = msgspec.structs.replace(from_notification.author, followers=None)
    assert from_thread == msgspec.structs.replace(from_notification, author=stranger)


def test_a_post_that_was_gone_when_we_looked_is_told_from_its_notification() -> None:
    [post] = altered("mention-with-picture", post=None)
    assert isinstance(post, Posted)
    assert post.text == only_post("mention-with-picture").text
    assert post.media == ()


def test_a_direct_message_is_private() -> None:
    message = only_post("direct-message")
    assert (message.audience, message.text, message.author.id) == ("private", "My booking is 4711", CAST.ann)
    assert message.id == f"{message.conversation}/{message.native['message']}"
    assert message.mentions_us
    assert message.counterpart is None


def test_our_own_direct_message_names_the_other() -> None:
    message = only_post("direct-message-of-ours")
    assert message.author.id == CAST.brand
    assert message.counterpart is not None
    assert message.counterpart.id == CAST.ann
    assert message.conversation == only_post("direct-message").conversation


def test_a_deleted_direct_message() -> None:
    [deleted] = signals("direct-message-deleted")
    assert isinstance(deleted, Deleted)
    assert deleted.id == only_post("direct-message").id


def test_a_group_is_not_taken_for_a_conversation_of_two() -> None:
    assert signals("direct-message-to-a-group") == [Unsupported("chat.group")]


def test_three_members_are_a_group_whatever_it_is_called() -> None:
    convo = msgspec.json.decode(bodies()["direct-message"])["convo"]
    crowd = {**convo, "members": [*convo["members"], {"did": "did:plc:third"}]}
    assert altered("direct-message", convo=crowd) == [Unsupported("chat.group")]


@pytest.mark.parametrize("kind", ["logAddReaction", "logSomethingNew"])
def test_an_event_of_another_kind_is_kept_as_unsupported(kind: str) -> None:
    log = msgspec.json.decode(bodies()["direct-message"])["log"]
    assert altered("direct-message", log={**log, "$type": f"chat.bsky.convo.defs#{kind}"}) == [
        Unsupported(f"chat.{kind}")
    ]


def test_a_rename_is_an_account_event() -> None:
    body = {"type": "renamed", "handle": "new.example", "at": "2026-11-22T12:00:00Z"}
    [event] = parse(BRAND, msgspec.json.encode(body))
    assert event == AccountEvent("renamed", datetime(2026, 11, 22, 12, tzinfo=UTC), "new.example")


def test_a_body_of_the_future_is_unsupported() -> None:
    assert parse(BRAND, b'{"type":"hologram"}') == [Unsupported("hologram")]


def test_a_reason_of_the_future_is_unsupported() -> None:
    notification = {**msgspec.json.decode(bodies()["mention-with-picture"])["notification"], "reason": "wave"}
    assert altered("mention-with-picture", notification=notification) == [Unsupported("notification.wave")]


def record_saying(**changes: Any) -> Posted:
    post = msgspec.json.decode(bodies()["mention-with-picture"])["post"]
    [told] = altered("mention-with-picture", post={**post, "record": {**post["record"], **changes}})
    assert isinstance(told, Posted)
    return told


def test_a_claimed_time_in_the_future_is_not_believed() -> None:
    indexed = msgspec.json.decode(bodies()["mention-with-picture"])["post"]["indexedAt"]
    assert record_saying(createdAt="2999-01-01T00:00:00Z").at == moment(indexed)


@pytest.mark.parametrize("claimed", ["", "yesterday", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59-12:00"])
def test_a_claimed_time_that_is_none_is_not_believed(claimed: str) -> None:
    indexed = msgspec.json.decode(bodies()["mention-with-picture"])["post"]["indexedAt"]
    assert record_saying(createdAt=claimed).at == moment(indexed)


def test_a_link_to_a_feed_is_no_quote() -> None:
    feed = {
        "$type": "app.bsky.embed.record",
        "record": {"uri": f"at://{CAST.brand}/app.bsky.feed.generator/x", "cid": "c"},
    }
    assert record_saying(embed=feed).quotes is None


def view_showing(embed: dict[str, Any]) -> tuple[Media, ...]:
    post = msgspec.json.decode(bodies()["mention-with-picture"])["post"]
    [told] = altered("mention-with-picture", post={**post, "embed": embed})
    assert isinstance(told, Posted)
    return told.media


def test_a_video_is_its_playlist() -> None:
    [video] = view_showing(
        {
            "$type": "app.bsky.embed.video#view",
            "cid": "bafy",
            "playlist": "https://video.example/x/playlist.m3u8",
            "thumbnail": "https://video.example/x/thumbnail.jpg",
            "alt": "Rain",
            "aspectRatio": {"width": 16, "height": 9},
        }
    )
    assert video == Media("video", "https://video.example/x/playlist.m3u8", "Rain", 16, 9)


def test_a_gallery_is_its_pictures() -> None:
    picture = {
        "$type": "app.bsky.embed.gallery#viewImage",
        "thumbnail": "https://cdn.example/t",
        "fullsize": "https://cdn.example/f",
        "alt": "One of many",
        "aspectRatio": {"width": 4, "height": 3},
    }
    shown = view_showing({"$type": "app.bsky.embed.gallery#view", "items": [picture] * 7})
    assert shown == (Media("image", "https://cdn.example/f", "One of many", 4, 3),) * 7


def test_a_thread_body_with_a_post_that_is_none_is_malformed() -> None:
    with pytest.raises(Malformed):
        altered("thread", posts=[{"uri": 5}])


def test_times_of_any_zone_become_utc() -> None:
    assert moment("2026-11-22T12:00:00+02:00") == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert moment("2026-11-22T12:00:00").utcoffset() == timedelta()
    with pytest.raises(ValueError, match="beyond the calendar"):
        moment("0001-01-01T00:00:00+14:00")
