"""A company in which a second person is asked."""

from __future__ import annotations

from offhold.people.actors import Actor
from offhold.publishing import approvals
from offhold.publishing.approvals import Change
from offhold.publishing.policy import Asks, Holds, PublishingPolicy
from offhold.publishing.replies import PublicReply
from offhold.publishing.tests.world import World
from tests.support import builders
from tests.support.site import Member

EVERYTHING = PublishingPolicy(holds=Holds(0, 0), asks_public=Asks(everyone=True), asks_private=Asks(everyone=True))


class Office(World):
    """A company where every reply needs a second person: Mia writes, Carol leads."""

    def __init__(self) -> None:
        super().__init__()
        builders.policy(self.company, EVERYTHING)
        self.mia, self.carol = self.hired("agent"), self.hired("lead")

    def hired(self, role: str) -> Actor:
        member = Member(self.company, role)
        user, name, initials = self.one("SELECT user_id, duty_name, initials FROM memberships WHERE id = %s", member.id)
        return Actor(user, member.id, self.company.id, role, name, initials, member.email)

    def ask(self, case: int, text: str = "On its way, Dora.") -> int:
        return self.say(case, text, by=self.mia)

    def agree(self, reply: int, case: int, *, by: Actor | None = None) -> None:
        seen = self.version(case)
        with self.tx() as tx:
            approvals.approve_public(tx, by or self.carol, reply, seen)

    def code(self, reply: int) -> str | None:
        return self.public_reply(reply).standing.error_code

    def change(self, reply: int, case: int, text: str, *, by: Actor | None = None) -> PublicReply:
        """Put other words in their place."""
        seen = self.version(case)
        with self.tx() as tx:
            return approvals.edit_public(tx, by or self.carol, reply, Change(text, seen))
