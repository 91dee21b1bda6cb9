"""Public replies: what is refused before anything is sent, and what the record says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from offhold.connectors.contract import Absent, Answer, CannotTell, Found, NotSent, Picture, PublicOut, Receipt, Refused
from offhold.networks.bluesky.connector import BlueskyConnector
from offhold.networks.bluesky.tests.people import png
from offhold.networks.bluesky.tests.scripted import US, Call, Script, channel, no

PARENT = "at://did:plc:ann/app.bsky.feed.post/question"
ROOT = {"uri": "at://did:plc:bob/app.bsky.feed.post/root", "cid": "cid-root"}
AT = datetime(2026, 11, 22, 12, 0, 0, 5000, tzinfo=UTC)

CREATE = "com.atproto.repo.createRecord"
GET = "com.atproto.repo.getRecord"
POSTS = "app.bsky.feed.getPosts"
RESOLVE = "com.atproto.identity.resolveHandle"


class Server:
    """Our own server: records by key, with its refusals; and the one post we answer."""

    def __init__(self) -> None:
        self.records: dict[str, dict[str, Any]] = {}
        self.viewer: dict[str, object] = {}
        self.script = Script().on(CREATE, self._create).on(GET, self._get)
        self.script.on(POSTS, lambda call: {"posts": [self._parent()] if PARENT in call.params["uris"] else []})
        self.script.says("com.atproto.repo.describeRepo", {"did": US, "handle": "acme.example"})
        self.script.says(RESOLVE, {"did": "did:plc:ann"})
        self.script.on("com.atproto.repo.uploadBlob", lambda _call: {"blob": {"$type": "blob", "size": 1}})
        self.connector = BlueskyConnector()
        self.channel = channel()

    def _create(self, call: Call) -> object:
        rkey = call.body["rkey"]
        if rkey in self.records:
            return no("InternalServerError", status=500)
        self.records[rkey] = call.body["record"]
        return {"uri": f"at://{US}/app.bsky.feed.post/{rkey}", "cid": "cid-new"}

    def _get(self, call: Call) -> object:
        repo, rkey = call.params["repo"][0], call.params["rkey"][0]
        if repo != US or rkey not in self.records:
            return no("RecordNotFound", "Could not locate record")
        return {"uri": f"at://{US}/app.bsky.feed.post/{rkey}", "cid": "cid-new", "value": self.records[rkey]}

    def _parent(self) -> dict[str, object]:
        author = {"did": "did:plc:ann"}
        seen = {"uri": PARENT, "cid": "cid-seen", "author": author, "record": {}, "indexedAt": "2026-11-22T11:00:00Z"}
        return {**seen, "viewer": self.viewer}

    def reply(self, text: str = "On its way", **changes: Any) -> PublicOut:
        return PublicOut(
            **{
                "key": "key-1",
                "text": text,
                "parent_id": PARENT,
                "parent_native": {"cid": "cid-parent", "root": ROOT, "langs": ["pt-BR"]},
                "root_id": ROOT["uri"],
                "root_native": {"cid": "cid-root"},
                "prepared": self.connector.prepare_public(self.channel, "key-1", AT),
                **changes,
            }
        )

    async def send(self, out: PublicOut) -> Receipt:
        return await self.connector.deliver_public(self.script, self.channel, out)

    def written(self) -> dict[str, Any]:
        [record] = self.records.values()
        return record


async def refused(out: PublicOut, server: Server) -> Refused:
    with pytest.raises(Refused) as error:
        await server.send(out)
    assert not server.records
    return error.value


def test_key_and_time_are_chosen_beforehand_and_do_not_change() -> None:
    prepared = Server().reply().prepared
    assert prepared == Server().reply().prepared
    assert prepared["created_at"] == "2026-11-22T12:00:00.005Z"
    assert len(prepared["rkey"]) == 13


async def test_the_record_answers_in_the_thread_and_in_the_customers_language() -> None:
    server = Server()
    receipt = await server.send(server.reply())
    record = server.written()
    assert record["reply"] == {"root": ROOT, "parent": {"uri": PARENT, "cid": "cid-parent"}}
    assert record["langs"] == ["pt-BR"]
    assert record["createdAt"] == "2026-11-22T12:00:00.005Z"
    assert "facets" not in record
    assert receipt.network_id == f"at://{US}/app.bsky.feed.post/{server.reply().prepared['rkey']}"
    assert (receipt.audience, receipt.conversation, receipt.at) == ("public", ROOT["uri"], AT)
    assert receipt.native == {"cid": "cid-new", "root": ROOT, "langs": ["pt-BR"]}


@pytest.mark.parametrize(
    ("native", "root_native", "root"),
    [
        ({"cid": "cid-parent"}, {"cid": "cid-root"}, ROOT),
        ({"cid": "cid-parent"}, None, {"uri": PARENT, "cid": "cid-parent"}),
        (None, None, {"uri": PARENT, "cid": "cid-seen"}),
    ],
)
async def test_the_root_is_taken_from_where_it_is_known_best(
    native: Mapping[str, str] | None, root_native: Mapping[str, str] | None, root: Mapping[str, str]
) -> None:
    server = Server()
    await server.send(server.reply(parent_native=native, root_native=root_native))
    assert server.written()["reply"]["root"] == root


async def test_a_first_post_is_its_own_root() -> None:
    server = Server()
    native = {"cid": "cid-parent"}
    await server.send(server.reply(parent_native=native, root_id=PARENT, root_native=native))
    assert server.written()["reply"]["root"] == {"uri": PARENT, "cid": "cid-parent"}


async def test_mentions_become_facets_and_unknown_handles_stay_words() -> None:
    server = Server()
    server.script.on(
        RESOLVE, lambda c: {"did": "did:plc:ann"} if "ann" in c.params["handle"][0] else no("HandleNotFound")
    )
    await server.send(server.reply("@ann.example or @nobody.example"))
    [facet] = server.written()["facets"]
    assert facet["index"] == {"byteStart": 0, "byteEnd": 12}


async def test_a_handle_that_cannot_be_looked_up_holds_no_answer_back() -> None:
    server = Server()
    server.script.says(RESOLVE, Answer(502, {}, b"", ""))
    await server.send(server.reply("@slow.example"))
    assert "facets" not in server.written()


async def test_pictures_go_with_their_words_and_shape() -> None:
    server = Server()
    await server.send(server.reply("", pictures=(Picture(png(30, 20), "image/png", "A platform"),)))
    [image] = server.written()["embed"]["images"]
    assert (image["alt"], image["aspectRatio"]) == ("A platform", {"width": 30, "height": 20})


@pytest.mark.parametrize(
    ("text", "code"),
    [("x" * 301, "too_long"), ("👨‍👩‍👧‍👦" * 200, "too_long"), ("", "empty"), (" \n ", "empty")],
)
async def test_a_text_bluesky_would_not_take(text: str, code: str) -> None:
    server = Server()
    assert (await refused(server.reply(text), server)).code == code
    assert not server.script.calls


@pytest.mark.parametrize("text", ["x" * 300, "👩🏽‍🚒" * 170, "é" * 300])
async def test_a_text_at_the_limit_goes_out(text: str) -> None:
    server = Server()
    await server.send(server.reply(text))
    assert server.written()["text"] == text


@pytest.mark.parametrize(
    ("pictures", "code"),
    [
        ((Picture(png(), "image/png", ""),) * 5, "too_many_pictures"),
        ((Picture(b"%PDF-1.4", "application/pdf", ""),), "picture_type"),
        ((Picture(b"\x00" * 2_000_001, "image/png", ""),), "picture_too_large"),
        ((Picture(b"not a picture", "image/png", ""),), "picture_broken"),
    ],
)
async def test_pictures_bluesky_would_not_take(pictures: tuple[Picture, ...], code: str) -> None:
    server = Server()
    assert (await refused(server.reply(pictures=pictures), server)).code == code
    assert not server.script.calls


async def test_where_nobody_would_see_it_it_is_refused() -> None:
    server = Server()
    server.viewer = {"replyDisabled": True}
    assert (await refused(server.reply(), server)).code == "replies_closed"


async def test_a_deleted_question_is_not_answered() -> None:
    server = Server()
    gone = "at://did:plc:ann/app.bsky.feed.post/gone"
    assert (await refused(server.reply(parent_id=gone), server)).code == "parent_gone"


async def test_an_answer_that_got_through_is_found_though_the_question_is_gone_since() -> None:
    server = Server()
    first = await server.send(server.reply())
    server.script.says(POSTS, {"posts": []})
    assert (await server.send(server.reply())).network_id == first.network_id


async def test_sending_again_finds_the_first_even_if_somebody_has_edited_it() -> None:
    server = Server()
    first = await server.send(server.reply())
    server.written()["text"] = "On its way, sorry"
    assert await server.send(server.reply()) == first
    assert len(server.script.asked(CREATE)) == 1


@pytest.mark.parametrize(
    ("created", "answers"),
    [("2020-01-01T00:00:00Z", PARENT), ("2026-11-22T12:00:00.005Z", ROOT["uri"]), ("2026-11-22T12:00:00.005Z", None)],
)
async def test_another_post_under_our_key_is_never_taken_for_ours(created: str, answers: str | None) -> None:
    server = Server()
    reply = {"reply": {"root": ROOT, "parent": {"uri": answers, "cid": "c"}}} if answers else {}
    rkey = server.reply().prepared["rkey"]
    server.records[rkey] = {"$type": "app.bsky.feed.post", "text": "?", "createdAt": created, **reply}
    with pytest.raises(Refused) as error:
        await server.send(server.reply())
    assert error.value.code == "key_taken"
    assert isinstance(
        await server.connector.read_back_public(server.script, server.channel, server.reply()), CannotTell
    )


@pytest.mark.parametrize("nsid", [GET, POSTS, "com.atproto.repo.uploadBlob"])
async def test_whatever_fails_before_the_record_is_written_is_not_sent(nsid: str) -> None:
    server = Server()
    server.script.says(nsid, Answer(502, {}, b"", ""))
    with pytest.raises(NotSent):
        await server.send(server.reply(pictures=(Picture(png(), "image/png", ""),)))
    assert not server.records


async def look_back(server: Server) -> object:
    return await server.connector.read_back_public(server.script, server.channel, server.reply())


async def test_reading_back() -> None:
    server = Server()
    assert await look_back(server) == Absent()
    receipt = await server.send(server.reply())
    assert await look_back(server) == Found(receipt)


@pytest.mark.parametrize(
    ("nsid", "answer"),
    [
        (GET, Answer(500, {}, b"", "")),
        (GET, no("InvalidRequest", "Could not find repo")),
        (GET, Answer(429, {}, b"", "")),
        ("com.atproto.repo.describeRepo", Answer(500, {}, b"", "")),
        ("com.atproto.repo.describeRepo", no("RepoNotFound")),
    ],
)
async def test_a_look_that_is_not_whole_says_nothing(nsid: str, answer: Answer) -> None:
    server = Server()
    server.script.says(nsid, answer)
    assert isinstance(await look_back(server), CannotTell)


async def test_a_server_that_shows_another_repository_is_no_control() -> None:
    server = Server()
    server.script.says("com.atproto.repo.describeRepo", {"did": "did:plc:other", "handle": "x"})
    assert isinstance(await look_back(server), CannotTell)


@pytest.mark.parametrize("uri", [PARENT, f"at://{US}/app.bsky.graph.follow/x", "convo/m1", ""])
async def test_only_our_own_posts_are_withdrawn(uri: str) -> None:
    server = Server()
    with pytest.raises(Refused):
        await server.connector.withdraw_public(server.script, server.channel, uri)
    assert not server.script.calls


async def test_withdrawing() -> None:
    server = Server()
    server.script.says("com.atproto.repo.deleteRecord", {})
    await server.connector.withdraw_public(server.script, server.channel, f"at://{US}/app.bsky.feed.post/3k")
    [call] = server.script.asked("com.atproto.repo.deleteRecord")
    assert call.body == {"repo": US, "collection": "app.bsky.feed.post", "rkey": "3k"}


def test_prepared_survives_the_database() -> None:
    prepared = Server().reply().prepared
    assert msgspec.json.decode(msgspec.json.encode(prepared)) == prepared
