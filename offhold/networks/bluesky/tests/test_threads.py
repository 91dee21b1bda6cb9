"""Reading threads again: whole, however deep, and in the same bytes while nothing changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import pytest

from offhold.connectors.contract import Answer, OutcomeUnknown, Posted, Present, RateLimited, Reacted
from offhold.networks.bluesky import threads
from offhold.networks.bluesky.connector import BlueskyConnector
from offhold.networks.bluesky.tests.scripted import US, Call, Script, channel, no

THREAD = "app.bsky.feed.getPostThread"


class Forum:
    """Posts by name, each with a parent; answers thread reads as the network does, cut at the asked depth."""

    def __init__(self) -> None:
        self.parents: dict[str, str | None] = {}
        self.texts: dict[str, str] = {}
        self.likes: dict[str, int] = {}
        self.hidden: set[str] = set()
        self.broken: set[str] = set()
        self.ours: set[str] = set()
        self.script = Script().on(THREAD, self._thread)
        self.script.on("app.bsky.feed.getPosts", lambda call: {"posts": self._shown(call.params["uris"])})
        self.script.on("app.bsky.feed.getAuthorFeed", lambda _call: {"feed": self._feed()})
        self.script.on("com.atproto.repo.getRecord", self._record)

    def post(self, name: str, parent: str | None = None, text: str = "") -> str:
        self.parents[name] = parent
        self.texts[name] = text or name
        return self.uri(name)

    def delete(self, name: str) -> None:
        del self.parents[name]

    def uri(self, name: str) -> str:
        return f"at://{US if name in self.ours else 'did:plc:ann'}/app.bsky.feed.post/{name}"

    def _name(self, uri: str) -> str:
        return uri.rpartition("/")[2]

    def _children(self, name: str) -> list[str]:
        return [child for child, parent in self.parents.items() if parent == name]

    def _root(self, name: str) -> str:
        while (parent := self.parents.get(name)) is not None:
            name = parent
        return name

    def _view(self, name: str) -> dict[str, Any]:
        parent = self.parents[name]
        refs = {"root": self._root(name), "parent": str(parent)}
        reply: dict[str, Any] = {"reply": {key: {"uri": self.uri(ref), "cid": "c"} for key, ref in refs.items()}}
        if name in self.broken:
            reply = {"reply": "nonsense"}
        elif parent is None:
            reply = {}
        return {
            "uri": self.uri(name),
            "cid": f"cid-{self.texts[name]}",
            "author": {"did": self.uri(name).split("/")[2]},
            "record": {"text": self.texts[name], "createdAt": "2026-11-22T12:00:00Z", **reply},
            "indexedAt": "2026-11-22T12:00:00Z",
            "replyCount": len(self._children(name)),
            "likeCount": self.likes.get(name, 0),
        }

    def _thread(self, call: Call) -> object:
        name = self._name(call.params["uri"][0])
        if name not in self.parents:
            return no("NotFound", "Post not found")
        return {"thread": self._node(name, int(call.params["depth"][0]))}

    def _node(self, name: str, depth: int) -> dict[str, Any]:
        if name in self.hidden:
            return {"$type": "app.bsky.feed.defs#blockedPost", "uri": self.uri(name), "blocked": True}
        replies = {"replies": [self._node(child, depth - 1) for child in self._children(name)]} if depth else {}
        return {"$type": "app.bsky.feed.defs#threadViewPost", "post": self._view(name), **replies}

    def _shown(self, uris: list[str]) -> list[dict[str, Any]]:
        names = [self._name(uri) for uri in uris]
        return [self._view(name) for name in names if name in self.parents and name not in self.hidden]

    def _feed(self) -> list[dict[str, Any]]:
        return [{"post": self._view(name) | {"indexedAt": "2999-01-01T00:00:00Z"}} for name in self.ours]

    def _record(self, call: Call) -> object:
        name = call.params["rkey"][0]
        return {"uri": self.uri(name)} if name in self.parents else no("RecordNotFound", "Could not locate record")


class Desk:
    def __init__(self, forum: Forum) -> None:
        self.forum = forum
        self.connector = BlueskyConnector()
        self.channel = channel()

    async def read(self, *names: str) -> tuple[bytes, ...]:
        roots = tuple(self.forum.uri(name) for name in names)
        return (await self.connector.reread(self.forum.script, self.channel, roots)).bodies

    async def told(self, *names: str) -> tuple[dict[str, str], Present]:
        """Texts by name, and what the (one) thread held."""
        signals = [s for body in await self.read(*names) for s in self.connector.parse(self.channel, body)]
        [present] = [s for s in signals if isinstance(s, Present)]
        return {s.id.rpartition("/")[2]: s.text for s in signals if isinstance(s, Posted)}, present


def chain(forum: Forum, length: int) -> None:
    for n in range(length):
        forum.post(f"p{n:04d}", f"p{n - 1:04d}" if n else None)


async def test_a_thread_far_deeper_than_one_answer_is_read_whole() -> None:
    forum = Forum()
    chain(forum, 400)
    texts, present = await Desk(forum).told("p0000")
    assert len(texts) == len(present.ids) == 400
    assert present.complete
    assert len(forum.script.asked(THREAD)) == 7


async def test_beyond_all_measure_nothing_is_concluded_from_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "_READS", 3)
    forum = Forum()
    chain(forum, 400)
    texts, present = await Desk(forum).told("p0000")
    assert 100 < len(texts) < 400
    assert not present.complete


async def test_a_broad_thread_comes_in_several_bodies_of_which_the_last_says_what_it_held() -> None:
    forum = Forum()
    forum.post("root")
    for n in range(250):
        forum.post(f"reply{n}", "root")
    desk = Desk(forum)
    bodies = await desk.read("root")
    assert len(bodies) == 3
    assert [any(isinstance(s, Present) for s in desk.connector.parse(desk.channel, b)) for b in bodies] == [0, 0, 1]


async def test_an_unchanged_thread_gives_the_same_bytes() -> None:
    forum = Forum()
    chain(forum, 5)
    desk = Desk(forum)
    assert await desk.read("p0000") == await desk.read("p0000")


async def test_a_change_and_a_change_back_give_three_different_bodies() -> None:
    """The desk drops bytes it has seen: without a time in them a change back would never arrive."""
    forum = Forum()
    forum.post("root", text="one")
    desk = Desk(forum)
    seen = [await desk.read("root")]
    for text in ("two", "one"):
        forum.texts["root"] = text
        seen.append(await desk.read("root"))
    assert len(set(seen)) == 3


async def test_counts_are_absolute_and_come_with_the_thread() -> None:
    forum = Forum()
    forum.post("root")
    forum.likes["root"] = 5
    desk = Desk(forum)
    [body] = await desk.read("root")
    [counted] = [s for s in desk.connector.parse(desk.channel, body) if isinstance(s, Reacted)]
    assert (counted.likes, counted.replies) == (5, 0)


async def test_replies_under_a_deleted_post_stay_and_so_do_new_ones() -> None:
    forum = Forum()
    chain(forum, 4)
    desk = Desk(forum)
    await desk.read("p0000")
    forum.delete("p0001")
    forum.post("new", "p0003")
    texts, present = await desk.told("p0000")
    assert set(texts) == {"p0000", "p0002", "p0003", "new"}
    assert {uri.rpartition("/")[2] for uri in present.ids} == set(texts)


async def test_a_deleted_root_leaves_the_rest() -> None:
    forum = Forum()
    chain(forum, 3)
    desk = Desk(forum)
    await desk.read("p0000")
    forum.delete("p0000")
    texts, present = await desk.told("p0000")
    assert set(texts) == {"p0001", "p0002"}
    assert present.conversation == forum.uri("p0000")


async def test_a_new_process_learns_of_cut_off_replies_when_asked_whether_they_are_there() -> None:
    forum = Forum()
    chain(forum, 4)
    forum.post("aside", "p0000")
    cut_off = forum.uri("p0002")
    desk = Desk(forum)
    del forum.parents["p0001"]
    forum.parents["p0002"] = "p0000-was-here"
    assert (await desk.told("p0000"))[1].ids == tuple(sorted((forum.uri("p0000"), forum.uri("aside"))))
    forum._root = lambda name: "p0000"  # type: ignore[method-assign]  # its record still names the root
    assert await desk.connector.still_there(forum.script, desk.channel, (cut_off,)) == {cut_off}
    assert {"p0002", "p0003"} <= set((await desk.told("p0000"))[0])


async def test_what_is_hidden_from_us_is_there() -> None:
    forum = Forum()
    chain(forum, 3)
    forum.hidden.add("p0002")
    desk = Desk(forum)
    texts, present = await desk.told("p0000")
    assert "p0002" not in texts
    assert forum.uri("p0002") in present.ids
    asked = (forum.uri("p0002"), forum.uri("p0001"), forum.uri("never"), "convo/m1")
    assert await desk.connector.still_there(forum.script, desk.channel, asked) == {*asked[:2], "convo/m1"}


async def test_an_account_that_is_paused_has_not_deleted_its_posts() -> None:
    forum = Forum()
    forum.script.says("com.atproto.repo.getRecord", no("InvalidRequest", "Could not find repo: did:plc:ann"))
    desk = Desk(forum)
    paused = forum.uri("paused")
    assert await desk.connector.still_there(forum.script, desk.channel, (paused,)) == {paused}


async def test_a_post_we_cannot_read_is_put_aside_alone() -> None:
    forum = Forum()
    chain(forum, 3)
    forum.broken.add("p0002")
    desk = Desk(forum)
    bad, good = await desk.read("p0000")
    assert b"nonsense" in bad
    assert b"nonsense" not in good
    assert len([s for s in desk.connector.parse(desk.channel, good) if isinstance(s, Posted)]) == 2


async def test_one_thread_the_server_cannot_answer_for_keeps_no_other_back() -> None:
    forum = Forum()
    forum.post("good")
    forum.post("bad")
    usual = forum._thread
    forum.script.on(THREAD, lambda c: Answer(500, {}, b"", "") if "/bad" in c.params["uri"][0] else usual(c))
    desk = Desk(forum)
    assert len(await desk.read("good", "bad")) == 1
    with pytest.raises(OutcomeUnknown):
        await desk.read("bad")


async def test_being_asked_to_wait_ends_the_whole_look() -> None:
    forum = Forum()
    forum.post("good")
    usual = forum._thread
    forum.script.on(THREAD, lambda c: Answer(429, {}, b"", "") if "/bad" in c.params["uri"][0] else usual(c))
    with pytest.raises(RateLimited):
        await Desk(forum).read("good", "bad")


async def test_our_own_answered_posts_are_read_though_nobody_asked() -> None:
    forum = Forum()
    forum.ours = {"ours", "lonely"}
    forum.post("ours")
    forum.post("lonely")
    forum.post("a question", "ours")
    desk = Desk(forum)
    assert (await desk.told())[0].keys() == {"ours", "a question"}
    assert await desk.read() == (), "at most once a minute"


async def test_direct_conversations_are_passed_over() -> None:
    forum = Forum()
    desk = Desk(forum)
    assert (await desk.connector.reread(forum.script, desk.channel, ("convo1",))).bodies == ()
    assert not forum.script.asked(THREAD)


async def test_a_thread_that_never_was_holds_nothing() -> None:
    desk = Desk(Forum())
    texts, present = await desk.told("nothing")
    assert (texts, present.ids, present.complete) == ({}, (), True)
    assert isinstance(present.at, datetime)
    assert msgspec.json.encode(present)
