"""What happened to people: everybody's screens learn of a new colleague, another role, a changed duty name."""

from __future__ import annotations

from typing import Literal

import msgspec

from offhold.kernel.facts import Fact


class Person(msgspec.Struct, frozen=True):
    """A colleague as the team sees them. `id` is the membership's."""

    id: str
    duty_name: str
    initials: str


class PersonChanged(Fact, frozen=True, kw_only=True, tag="person.changed"):
    """Somebody joined, left or was changed. `what` says which; `by` is the membership that did it, None = a command."""

    person: Person
    role: str
    what: str
    by: str | None


class DeskChanged(Fact, frozen=True, kw_only=True, tag="desk.changed"):
    """One of the workspace's own lists is another now; every screen reads it again. It carries no entry: some are one
    person's alone."""

    what: Literal["views", "tags", "queues", "saved_replies", "macros", "link_templates", "invitations"]
