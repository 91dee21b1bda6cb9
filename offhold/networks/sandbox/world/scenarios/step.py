"""A scenario is a generator of timed steps. A step names its actor and earlier items by names of the scenario's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import msgspec


class Actor(msgspec.Struct, frozen=True):
    """Who acts. `handle` is the wish; where somebody has it, the player puts a number behind."""

    handle: str
    name: str
    lang: str = "en"
    followers: int = 0
    bio: str = ""


class Post(msgspec.Struct, frozen=True):
    """A public post. `reply_to` and `quotes` are names of earlier items; `picture`: a photo's alternative text."""

    text: str
    ref: str = ""
    reply_to: str | None = None
    quotes: str | None = None
    picture: str | None = None


class Direct(msgspec.Struct, frozen=True):
    """A direct message to the company."""

    text: str
    ref: str = ""


class Edit(msgspec.Struct, frozen=True):
    of: str
    text: str


class Delete(msgspec.Struct, frozen=True):
    of: str


class Applaud(msgspec.Struct, frozen=True):
    """So many likes and reposts more, from people far away."""

    of: str
    likes: int
    reposts: int = 0


class AsCompany(msgspec.Struct, frozen=True):
    """The company posts by itself, outside the desk: the post a storm gathers under."""

    text: str
    ref: str


Act = Post | Direct | Edit | Delete | Applaud | AsCompany


class Step(msgspec.Struct, frozen=True):
    """`at`: seconds after the scenario's start."""

    at: float
    actor: Actor | None
    act: Act


Company = str  # the company's handle, without @
Scenario = Callable[[Random, Company], Iterator[Step]]
