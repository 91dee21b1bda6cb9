"""A company at work: people of each role, customers whose words arrive, and random days of both."""

from __future__ import annotations

import random
import uuid
from datetime import timedelta
from typing import Any

import msgspec
from django.test import override_settings

from offhold.cases import acts, resting, tagging, voices
from offhold.cases.tests.stories import arrive, deleted, direct, edited, public
from offhold.connectors.contract import Hidden, Signal
from offhold.desk import case as case_pages
from offhold.desk import inbox
from offhold.desk.filters import ViewName
from offhold.desk.notes import do_add_note
from offhold.desk.views import CasePage, InboxPage
from offhold.kernel import ids
from offhold.kernel.db.tx import Row, Tx, transaction
from offhold.kernel.errors import Conflict
from offhold.people.actions import do_create_user
from offhold.people.actors import Actor
from tests.support import builders

CUSTOMERS = ("ann", "bob", "cem", "dora")
WORDS = ("Where is it?", "Thanks!", "never again", "I need a refund", "let me talk to a human")
SECRET = "booking Q7K2MX"  # stands in every direct message and note, and nowhere else


def actor(of: builders.Workspace, role: str) -> Actor:
    """A person of this role, as a request knows them."""
    email, name = f"{role}-{ids.new()}@example.com", role.title()
    member = do_create_user(of.id, email=email, password="correct horse battery staple", role=role, duty_name=name)
    return Actor(0, member, of.id, role, name, role[:2].upper(), email)


class Company:
    """One workspace with a channel; `minutes` is the network's clock."""

    def __init__(self) -> None:
        self.workspace = builders.workspace()
        self.channel = builders.channel(self.workspace, network="fake", account_id="us")
        with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):  # none signs in
            self.alice, self.bob, self.oscar = (actor(self.workspace, role) for role in ("lead", "agent", "observer"))
        self.minutes = 0
        self.posts: list[str] = []  # ids of public messages, ours too
        self.theirs: list[str] = []  # ids of customers' messages

    def hear(self, *signals: Signal) -> None:
        """These arrive, in one batch."""
        arrive(self.workspace, self.channel, list(signals))

    def rows(self, query: str, *params: Any) -> list[Row]:
        with transaction(self.workspace.id) as tx:
            return tx.rows(query, params)

    def page(self, who: Actor, view: ViewName, cursor: str | None = None, limit: int = 200) -> InboxPage:
        with transaction(self.workspace.id) as tx:
            return inbox.page(tx, who, view, queue=None, channel=None, cursor=cursor, limit=limit)

    def case(self, who: Actor, case_id: int) -> CasePage:
        with transaction(self.workspace.id) as tx:
            return case_pages.page(tx, who, case_id)

    def cases(self) -> list[int]:
        return [case for (case,) in self.rows("SELECT id FROM cases WHERE state <> 'merged' ORDER BY id")]

    # --- a random day

    def live(self, rng: random.Random, steps: int) -> None:
        """So many things happen, on the network or at the desk."""
        doings = (self.somebody_writes, self.somebody_writes, self.words_change, self.somebody_acts, self.we_answer)
        for _ in range(steps):
            rng.choice(doings)(rng)

    def somebody_writes(self, rng: random.Random) -> None:
        self.minutes += 1
        name, who, words = f"m{ids.new()}", rng.choice(CUSTOMERS), rng.choice(WORDS)
        self.theirs.append(name)
        if rng.random() < 0.4:
            self.hear(direct(name, who, f"{words} {SECRET}", self.minutes))
            return
        root = rng.choice(self.posts) if self.posts and rng.random() < 0.4 else None
        if root is None:
            self.posts.append(name)
        self.hear(public(name, who, words, self.minutes, root=root, parent=root, to_us=rng.random() < 0.8))

    def words_change(self, rng: random.Random) -> None:
        if not self.theirs:
            return
        self.minutes += 1
        name = rng.choice(self.theirs)
        private = self.rows("SELECT 1 FROM messages WHERE network_id = %s AND audience = 'private'", name)
        words = f"{rng.choice(WORDS)} {SECRET if private else ''}"
        hidden = Hidden(name, rng.random() < 0.5, deleted(name, self.minutes).at)
        self.hear(rng.choice((edited(name, words, self.minutes), deleted(name, self.minutes), hidden)))

    def we_answer(self, rng: random.Random) -> None:
        """Outside the desk; in public sometimes heard of before the words it answers."""
        self.minutes += 2
        name = f"m{ids.new()}"
        if rng.random() < 0.4:
            self.hear(direct(name, "us", f"It is on its way, {SECRET}", self.minutes, with_=rng.choice(CUSTOMERS)))
        elif rng.random() < 0.4:
            asked = f"m{ids.new()}"
            self.posts.append(asked)
            self.theirs.append(asked)
            self.hear(public(name, "us", "It is on its way.", self.minutes, root=asked, parent=asked))
            self.hear(public(asked, rng.choice(CUSTOMERS), rng.choice(WORDS), self.minutes - 1))
        elif self.posts:
            root = rng.choice(self.posts)
            self.hear(public(name, "us", "It is on its way.", self.minutes, root=root, parent=root))

    def somebody_acts(self, rng: random.Random) -> None:
        cases = self.cases()
        if not cases:
            return
        acted = rng.choice((self.assigns, self.solves, self.says, self.rests, self.tags, self.promotes))
        with transaction(self.workspace.id) as tx:
            acted(rng, tx, acts.lock(tx, self.workspace.id, rng.choice(cases)))

    def assigns(self, rng: random.Random, tx: Tx, case: acts.Locked) -> None:
        acts.do_assign(tx, case, rng.choice((self.bob.membership_id, self.alice.membership_id, None)), "Bob")

    def solves(self, rng: random.Random, tx: Tx, case: acts.Locked) -> None:
        if rng.random() < 0.5:
            acts.do_resolve(tx, case, "Bob")
        elif reopens(tx, case):
            acts.do_reopen(tx, case, "Bob")

    def says(self, _: random.Random, tx: Tx, case: acts.Locked) -> None:
        do_add_note(tx, self.bob, case, uuid.uuid4(), f"Called them, {SECRET}")

    def rests(self, rng: random.Random, tx: Tx, case: acts.Locked) -> None:
        if rng.random() < 0.5:
            resting.do_wake(tx, case, "Bob")
        elif case.state == "open":
            resting.do_snooze(tx, case, rng.choice((None, tx.at + timedelta(hours=1))), "Bob")

    def tags(self, rng: random.Random, tx: Tx, case: acts.Locked) -> None:
        tags = [int(tag.id) for tag in tagging.tags(tx)] or [
            int(tagging.do_add_tag(tx, self.workspace.id, name, "dot", "soft").id) for name in ("Refund", "Bag")
        ]
        tagging.do_set_tags(tx, case, set(rng.sample(tags, rng.randrange(3))), "Bob")

    def promotes(self, rng: random.Random, tx: Tx, _: acts.Locked) -> None:
        found = tx.rows("SELECT id FROM messages WHERE case_id IS NULL AND identity_id IS NOT NULL ORDER BY id")
        if found:
            voices.do_promote(tx, self.workspace.id, [rng.choice(found)[0]], "Bob")


def reopens(tx: Any, case: acts.Locked) -> bool:
    try:
        acts.check_reopen(tx, case)
    except Conflict:
        return False
    return True


def plain(view: Any) -> Any:
    """As a browser gets it."""
    return msgspec.json.decode(msgspec.json.encode(view))
