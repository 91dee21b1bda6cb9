"""Walking down a list that has no "since"."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from offhold.connectors.contract import Batch, Posted, Reacted
from offhold.kernel import clock
from offhold.networks.bluesky.connector import BlueskyConnector
from offhold.networks.bluesky.tests.scripted import US, Call, Script, channel

LIST = "app.bsky.notification.listNotifications"


class Wall:
    """The network's list of notifications: newest first by `at`, in pages; and the posts and profiles behind them."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self.counts = {"likeCount": 0, "repostCount": 0, "replyCount": 0}
        self.gone: set[str] = set()
        self.script = Script().on(LIST, self._list)
        self.script.on("app.bsky.feed.getPosts", self._posts).on("app.bsky.actor.getProfiles", self._profiles)

    def tell(self, name: str, at: datetime, reason: str = "mention", cid: str = "cid-1", by: str = "ann") -> str:
        """Somebody's post that addressed us, or a like of our post `ours`. Returns its URI."""
        uri = f"at://did:plc:{by}/app.bsky.feed.post/{name}"
        when = at.isoformat().replace("+00:00", "Z")
        self.items = [item for item in self.items if item["uri"] != uri]  # an edit replaces the notification
        self.items.append(
            {
                "uri": uri,
                "cid": cid,
                "author": {"did": f"did:plc:{by}", "handle": f"{by}.example"},
                "reason": reason,
                "reasonSubject": f"at://{US}/app.bsky.feed.post/ours",
                "record": {"$type": "app.bsky.feed.post", "text": f"{name} {cid}", "createdAt": when},
                "indexedAt": when,
                "isRead": False,
            }
        )
        return uri

    def _list(self, call: Call) -> object:
        told = sorted(self.items, key=lambda item: item["indexedAt"], reverse=True)
        told = [item for item in told if item["reason"] in call.params["reasons"]]
        start, limit = int(call.params.get("cursor", ["0"])[0]), int(call.params["limit"][0])
        more = {"cursor": str(start + limit)} if start + limit < len(told) else {}
        return {"notifications": told[start : start + limit], **more}

    def _posts(self, call: Call) -> object:
        assert len(call.params["uris"]) <= 25
        return {"posts": [self._post(uri) for uri in call.params["uris"] if uri not in self.gone]}

    def _post(self, uri: str) -> dict[str, Any]:
        base = {"uri": uri, "cid": "c", "author": {"did": US}, "record": {}, "indexedAt": "2026-11-22T12:00:00Z"}
        for item in self.items:
            if item["uri"] == uri:
                base |= {name: item[name] for name in ("cid", "author", "record", "indexedAt")}
        return {**base, **self.counts}

    def _profiles(self, call: Call) -> object:
        return {"profiles": [{"did": did, "followersCount": 7} for did in call.params["actors"]]}


class Desk:
    """Polls as the desk does: the cursor goes through JSON and is stored with the bodies, or lost with them."""

    def __init__(self, wall: Wall) -> None:
        self.wall = wall
        self.connector = BlueskyConnector()
        self.channel = channel(direct="no")
        self.cursor: Any = None

    async def poll(self, *, store: bool = True) -> Batch:
        batch = await self.connector.poll(self.wall.script, self.channel, self.cursor)
        if store:
            self.cursor = msgspec.json.decode(msgspec.json.encode(batch.cursor))
        return batch

    async def texts(self, *, store: bool = True) -> list[str]:
        batch = await self.poll(store=store)
        said = [s for body in batch.bodies for s in self.connector.parse(self.channel, body)]
        return [s.text for s in said if isinstance(s, Posted)]


def ago(**time: float) -> datetime:
    return clock.now() - timedelta(**time)


async def test_the_first_poll_takes_the_last_days_and_the_next_only_what_is_new() -> None:
    wall = Wall()
    wall.tell("ancient", ago(days=9))
    wall.tell("older", ago(days=2))
    wall.tell("old", ago(hours=5))
    desk = Desk(wall)
    assert await desk.texts() == ["older cid-1", "old cid-1"], "oldest first"
    assert await desk.texts() == []
    wall.tell("new", ago(seconds=1))
    assert await desk.texts() == ["new cid-1"]
    assert await desk.texts() == []


async def test_an_edit_is_told_again() -> None:
    wall = Wall()
    desk = Desk(wall)
    said_at = ago(minutes=2)
    wall.tell("post", said_at)
    await desk.texts()
    wall.tell("post", said_at, cid="cid-2")
    assert await desk.texts() == ["post cid-2"]


async def test_what_was_not_stored_is_told_again() -> None:
    wall = Wall()
    desk = Desk(wall)
    await desk.poll()
    wall.tell("new", ago(minutes=1))
    for _ in range(3):
        assert await desk.texts(store=False) == ["new cid-1"]
    assert await desk.texts() == ["new cid-1"]
    assert await desk.texts() == []


async def test_a_post_that_appears_a_little_below_the_top_is_found() -> None:
    """Its author's clock is slow, or it was indexed late."""
    wall = Wall()
    desk = Desk(wall)
    wall.tell("newest", ago(seconds=5))
    await desk.poll()
    await desk.poll()
    wall.tell("late", ago(minutes=4))
    assert await desk.texts() == ["late cid-1"]
    assert await desk.texts() == []


async def test_a_post_that_appears_hours_below_is_found_within_the_hour() -> None:
    wall = Wall()
    desk = Desk(wall)
    wall.tell("newest", ago(seconds=5))
    await desk.poll()
    wall.tell("written in a tunnel", ago(hours=7))
    assert await desk.texts() == []
    desk.cursor["public"]["swept"] = ago(hours=1, minutes=1).isoformat()
    assert "written in a tunnel cid-1" in await desk.texts()
    assert await desk.texts() == []


async def test_a_new_process_tells_only_the_last_minutes_twice() -> None:
    wall = Wall()
    desk = Desk(wall)
    wall.tell("hours ago", ago(hours=3))
    wall.tell("just now", ago(minutes=1))
    await desk.poll()
    desk.connector = BlueskyConnector()
    assert await desk.texts() == ["just now cid-1"]


async def test_a_flood_is_read_in_steps_and_whole() -> None:
    wall = Wall()
    expected = [f"p{n} cid-1" for n in range(1700)]
    for n in range(1700):
        wall.tell(f"p{n}", ago(seconds=4000 - n))
    desk = Desk(wall)
    texts: list[str] = []
    steps: list[Batch] = []
    while not steps or steps[-1].more:
        steps.append(await desk.poll())
        said = [s for body in steps[-1].bodies for s in desk.connector.parse(desk.channel, body)]
        texts += [s.text for s in said if isinstance(s, Posted)]
    assert sorted(texts) == sorted(expected)
    assert len(steps) > 2
    assert [step.complete_until is None for step in steps[:-1]] == [True] * (len(steps) - 1)
    assert steps[-1].complete_until is not None


async def test_complete_until_is_when_the_walk_began() -> None:
    before = clock.now()
    batch = await Desk(Wall()).poll()
    assert batch.complete_until is not None
    assert before <= batch.complete_until <= clock.now()


async def test_what_arrives_during_a_walk_comes_after_it() -> None:
    wall = Wall()
    for n in range(700):
        wall.tell(f"p{n}", ago(seconds=4000 - n))
    desk = Desk(wall)
    assert (await desk.poll()).more
    wall.tell("meanwhile", ago(seconds=1))
    texts = await desk.texts() + await desk.texts()
    assert "meanwhile cid-1" in texts


async def test_likes_and_reposts_become_the_counts_of_our_post() -> None:
    wall = Wall()
    desk = Desk(wall)
    wall.tell("before", ago(minutes=5), reason="like")
    await desk.poll()
    wall.counts = {"likeCount": 12, "repostCount": 3, "replyCount": 1}
    for n in range(12):
        wall.tell(f"like{n}", ago(seconds=20 - n), reason="like", by=f"b{n}")
    wall.tell("repost", ago(seconds=1), reason="repost")
    batch = await desk.poll()
    [counted] = [s for body in batch.bodies for s in desk.connector.parse(desk.channel, body)]
    assert isinstance(counted, Reacted)
    assert (counted.id, counted.likes, counted.reposts) == (f"at://{US}/app.bsky.feed.post/ours", 12, 3)


async def test_a_post_gone_before_we_look_is_told_from_its_notification() -> None:
    wall = Wall()
    wall.gone.add(wall.tell("fleeting", ago(minutes=1)))
    assert await Desk(wall).texts() == ["fleeting cid-1"]


async def test_followers_come_with_the_author() -> None:
    wall = Wall()
    wall.tell("post", ago(minutes=1))
    desk = Desk(wall)
    [post] = desk.connector.parse(desk.channel, (await desk.poll()).bodies[0])
    assert isinstance(post, Posted)
    assert post.author.followers == 7


async def test_an_accounts_own_filter_of_notifications_is_switched_off() -> None:
    """`priority` would leave out everybody the account does not follow."""
    wall = Wall()
    await Desk(wall).poll()
    assert wall.script.asked(LIST)[0].params["priority"] == ["false"]


async def test_times_are_utc_in_the_cursor() -> None:
    desk = Desk(Wall())
    await desk.poll()
    assert datetime.fromisoformat(desk.cursor["public"]["high"]).tzinfo == UTC
