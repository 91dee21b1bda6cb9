"""Customers in a hurry: threads of quick posts, played on the real network, with the truth about each post kept.

    story = QuickThreads(network, brand, customers, seed=7).play(threads=60, posts=5)
    story.visible()  # what must be in the desk, by URI
    story.deleted    # what must not

Every thread begins with a mention of the brand or as a reply to one of its posts; other customers join in; some posts
have pictures, some are edited, some deleted, also in the middle of a thread. Nobody waits for anything to be indexed.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from offhold.networks.bluesky.tests.people import Account, Said, png

_QUESTIONS = (
    "Where is parcel {n}?",
    "Train {n} did not come",
    "¿Dónde está el pedido {n}?",
    "{n} 番の荷物は？",
    "طلبي {n}؟",
)
_ADDED = ("Hello? ({n})", "Same here ({n})", "It is the blue one 🧳 ({n})", "And nobody answers ({n})")


@dataclass
class Post:
    """One post as it is now. `thread` counts from 0; `starter` said the first post of its thread."""

    said: Said
    author: Account
    thread: int
    starter: Account
    pictures: int = 0
    edited: bool = False

    @property
    def uri(self) -> str:
        return self.said.uri


@dataclass
class QuickThreads:
    brand: Account
    customers: Sequence[Account]
    seed: int = 7
    at_once: int = 4
    posts: dict[str, Post] = field(default_factory=dict)
    deleted: dict[str, Post] = field(default_factory=dict)

    def play(self, *, threads: int = 60, posts: int = 5, under_ours: int = 0) -> QuickThreads:
        """Threads times posts. The first `under_ours` of them are replies below one post of the brand."""
        ours = self.brand.say("Our winter timetable is out") if under_ours else None
        with ThreadPoolExecutor(self.at_once) as hands:
            for played in hands.map(lambda n: self._thread(n, posts, ours if n < under_ours else None), range(threads)):
                self.posts |= {post.uri: post for post in played}
        return self

    def edit_some(self, share: float = 0.1) -> None:
        for post in self._some(share, 1):
            text = f"{post.said.text} (corrected)"
            mentioning = [self.brand] if f"@{self.brand.handle}" in text else []
            post.said = post.author.edit(post.said, text, mentioning=mentioning)
            post.edited = True

    def delete_some(self, share: float = 0.1) -> None:
        """Never the first post of a thread, so that every thread stays one; often one that was answered."""
        for post in self._some(share, 2):
            if post.said.parent is not None and post.author.did == post.said.uri.split("/")[2]:
                post.author.delete(post.said)
                self.deleted[post.uri] = self.posts.pop(post.uri)

    def visible(self) -> dict[str, Post]:
        return dict(self.posts)

    def _some(self, share: float, salt: int) -> list[Post]:
        chance = random.Random(self.seed * 1000 + salt)
        return [post for post in list(self.posts.values()) if chance.random() < share]

    def _thread(self, number: int, length: int, ours: Said | None) -> list[Post]:
        chance = random.Random(self.seed * 100_000 + number)
        starter = self.customers[number % len(self.customers)]
        said = self._first(number, starter, ours, chance)
        played = [said]
        for n in range(1, length):
            # Mostly the same customer goes on, one post after the other; sometimes somebody joins in.
            author = starter if chance.random() < 0.7 else chance.choice(self.customers)
            answering = chance.choice(played[-2:]).said
            pictures = [(png(20 + n, 20, "teal"), f"picture {number}.{n}")] if chance.random() < 0.1 else []
            text = chance.choice(_ADDED).format(n=f"{number}.{n}")
            added = author.say(text, answering=answering, pictures=pictures)
            played.append(Post(added, author, number, starter, pictures=len(pictures)))
        return played

    def _first(self, number: int, starter: Account, ours: Said | None, chance: random.Random) -> Post:
        question = chance.choice(_QUESTIONS).format(n=number)
        pictures = [(png(), f"picture {number}.0")] if number % 4 == 0 else []
        if ours is not None:
            return Post(
                starter.say(question, answering=ours, pictures=pictures), starter, number, starter, len(pictures)
            )
        text = f"@{self.brand.handle} {question}"
        said = starter.say(text, mentioning=[self.brand], pictures=pictures)
        return Post(said, starter, number, starter, len(pictures))
