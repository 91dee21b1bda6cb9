"""People on the real network, acting through their own client (the `atproto` SDK): what they do is not our code."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from atproto import Client, Request, models
from PIL import Image

_PASSWORD = "a-real-password"
_SECONDS = 60


@dataclass(frozen=True)
class Said:
    """A post as its author knows it: `root` and `parent` are its own place in the thread, None for a first post."""

    uri: str
    cid: str
    text: str
    root: Said | None = None
    parent: Said | None = None

    @property
    def rkey(self) -> str:
        return self.uri.rpartition("/")[2]

    def thread_root(self) -> Said:
        return self.root or self

    def ref(self) -> models.ComAtprotoRepoStrongRef.Main:
        return models.ComAtprotoRepoStrongRef.Main(uri=self.uri, cid=self.cid)


class Account:
    """Somebody's account and client. Texts may name people with `@handle`: mentions become facets as in any app."""

    def __init__(self, client: Client, did: str, handle: str, pds: str) -> None:
        self.client = client
        self.did = did
        self.handle = handle
        self.pds = pds

    @classmethod
    def create(cls, pds: str, handle: str) -> Account:
        client = Client(f"{pds}/xrpc", request=Request(timeout=_SECONDS))
        account = {"handle": handle, "email": f"{handle}@example.com", "password": _PASSWORD}
        client.com.atproto.server.create_account(account)
        client.login(handle, _PASSWORD, fetch_bsky_profile=False)  # there is no profile before the account is indexed
        session = client._session
        assert session is not None
        client.me = models.AppBskyActorDefs.ProfileViewDetailed(did=session.did, handle=handle)
        return cls(client, session.did, handle, pds)

    def set_profile(self, display_name: str) -> None:
        record = {"$type": "app.bsky.actor.profile", "displayName": display_name}
        self._put("app.bsky.actor.profile", "self", record)

    def app_password(self, *, direct: bool) -> str:
        """A new app password; `direct`: with access to direct messages."""
        name = f"desk-{datetime.now(UTC).timestamp():.6f}"
        made = self.client.com.atproto.server.create_app_password({"name": name, "privileged": direct})
        self.app_password_name = name
        return str(made.password)

    def revoke_app_password(self) -> None:
        self.client.com.atproto.server.revoke_app_password({"name": self.app_password_name})

    def say(
        self,
        text: str,
        *,
        answering: Said | None = None,
        quoting: Said | None = None,
        pictures: Sequence[tuple[bytes, str]] = (),
        mentioning: Sequence[Account] = (),
    ) -> Said:
        """Post. `pictures` are (PNG, alt text); `@handle` of those in `mentioning` becomes a mention."""
        record: dict[str, Any] = {
            "$type": "app.bsky.feed.post",
            "text": text,
            "createdAt": _now(),
            "langs": ["en"],
            "facets": _mentions(text, mentioning),
        }
        if answering:
            record["reply"] = {"root": answering.thread_root().ref(), "parent": answering.ref()}
        embed = self._embed(quoting, pictures)
        if embed:
            record["embed"] = embed
        return self._create(record, text, answering)

    def say_with_links(self, mentioned: Account) -> Said:
        """A link shortened as apps do, one hidden behind a word, a hashtag, and a link card that the words lack."""
        text = f"@{mentioned.handle} see example.com/timetable/2026… and here #delay"
        record = {
            "$type": "app.bsky.feed.post",
            "text": text,
            "createdAt": _now(),
            "facets": [
                *_mentions(text, [mentioned]),
                _link(text, "example.com/timetable/2026…", "https://example.com/timetable/2026/december"),
                _link(text, "here", "https://example.org/claims"),
            ],
            "embed": {
                "$type": "app.bsky.embed.external",
                "external": {"uri": "https://example.net/card", "title": "A card", "description": "of a page"},
            },
        }
        return self._create(record, text)

    def _create(self, record: dict[str, Any], text: str, answering: Said | None = None) -> Said:
        made = self.client.com.atproto.repo.create_record(
            {"repo": self.did, "collection": "app.bsky.feed.post", "record": record}
        )
        return Said(made.uri, made.cid, text, answering.thread_root() if answering else None, answering)

    def edit(self, said: Said, text: str, *, mentioning: Sequence[Account] = ()) -> Said:
        """Change a post in place: same URI, another cid. Everything else of the record stays."""
        before = self.client.com.atproto.repo.get_record(
            {"repo": self.did, "collection": "app.bsky.feed.post", "rkey": said.rkey}
        )
        record = before.value.model_dump(by_alias=True, exclude_none=True)
        record |= {"text": text, "facets": _mentions(text, mentioning)}
        return Said(said.uri, self._put("app.bsky.feed.post", said.rkey, record), text, said.root, said.parent)

    def delete(self, said: Said) -> None:
        self.client.delete_post(said.uri)

    def like(self, said: Said) -> None:
        self.client.like(said.uri, said.cid)

    def repost(self, said: Said) -> None:
        self.client.repost(said.uri, said.cid)

    def block(self, other: Account) -> None:
        record = {"$type": "app.bsky.graph.block", "subject": other.did, "createdAt": _now()}
        self.client.com.atproto.repo.create_record(
            {"repo": self.did, "collection": "app.bsky.graph.block", "record": record}
        )

    def close_replies(self, said: Said) -> None:
        """Nobody may answer in this thread (a thread gate that allows nobody)."""
        record = {"$type": "app.bsky.feed.threadgate", "post": said.uri, "allow": [], "createdAt": _now()}
        self._put("app.bsky.feed.threadgate", said.rkey, record)

    def find(self, uri: str) -> Said:
        """Somebody's post as this person's client needs it to answer it."""
        did, _, rkey = uri.removeprefix("at://").split("/")
        found = self.client.com.atproto.repo.get_record({"repo": did, "collection": "app.bsky.feed.post", "rkey": rkey})
        reply = found.value.reply
        root = Said(reply.root.uri, reply.root.cid, "") if reply else None
        return Said(uri, str(found.cid), found.value.text, root)

    def texts_of(self, did: str) -> list[str]:
        """The texts of all posts in an account's repository, as anybody may read it."""
        texts: list[str] = []
        cursor: str | None = None
        while True:
            page = self.client.com.atproto.repo.list_records(
                {"repo": did, "collection": "app.bsky.feed.post", "limit": 100, "cursor": cursor}
            )
            texts += [record.value.text for record in page.records]
            cursor = page.cursor
            if not cursor:
                return texts

    def answers_under(self, uri: str) -> list[models.AppBskyFeedDefs.PostView]:
        """What this person's own app shows below a post: the posts of all replies, whatever the depth."""
        found: list[models.AppBskyFeedDefs.PostView] = []
        level = [self.client.get_post_thread(uri, depth=100).thread]
        while level:
            level = [reply for node in level for reply in getattr(node, "replies", None) or ()]
            found += [node.post for node in level if hasattr(node, "post")]
        return found

    def _embed(self, quoting: Said | None, pictures: Sequence[tuple[bytes, str]]) -> dict[str, Any] | None:
        images = [
            {"image": self.client.upload_blob(png).blob, "alt": alt, "aspectRatio": _ratio(png)}
            for png, alt in pictures
        ]
        media = {"$type": "app.bsky.embed.images", "images": images}
        if quoting is None:
            return media if images else None
        record = {"$type": "app.bsky.embed.record", "record": quoting.ref()}
        return {"$type": "app.bsky.embed.recordWithMedia", "record": record, "media": media} if images else record

    def _put(self, collection: str, rkey: str, record: dict[str, Any]) -> str:
        asked = {"repo": self.did, "collection": collection, "rkey": rkey, "record": record}
        return str(self.client.com.atproto.repo.put_record(asked).cid)


def _mentions(text: str, people: Sequence[Account]) -> list[dict[str, Any]]:
    data = text.encode()
    found = [(data.find(f"@{one.handle}".encode()), one) for one in people]
    return [
        {
            "index": {"byteStart": start, "byteEnd": start + len(one.handle.encode()) + 1},
            "features": [{"$type": "app.bsky.richtext.facet#mention", "did": one.did}],
        }
        for start, one in found
        if start >= 0
    ]


def _link(text: str, words: str, uri: str) -> dict[str, Any]:
    start = len(text[: text.index(words)].encode())
    return {
        "index": {"byteStart": start, "byteEnd": start + len(words.encode())},
        "features": [{"$type": "app.bsky.richtext.facet#link", "uri": uri}],
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def png(width: int = 24, height: int = 16, colour: str = "tomato") -> bytes:
    """A small real picture."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def _ratio(picture: bytes) -> dict[str, int]:
    width, height = Image.open(io.BytesIO(picture)).size
    return {"width": width, "height": height}
