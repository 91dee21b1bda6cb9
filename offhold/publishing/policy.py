"""What a workspace wants to happen before something goes out: holds, who has to agree, what the guard says.

Pure. One policy for a workspace, kept whole and with every version it ever had (`policies`). Public and private have
fields of their own throughout, so that loosening one never loosens the other.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec

from offhold.people.rights import Role
from offhold.publishing.guard.findings import Level

Seconds = Annotated[int, msgspec.Meta(ge=0, le=300)]
Ids = Annotated[tuple[str, ...], msgspec.Meta(max_length=200)]
Levels = Annotated[dict[str, Level], msgspec.Meta(max_length=100)]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Words = Annotated[tuple[Word, ...], msgspec.Meta(max_length=500)]


class Holds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For how many seconds a reply can be taken back before it goes."""

    public: Seconds = 20
    private: Seconds = 5


class Asks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When somebody else has to agree to a reply first. Any of these is enough; as it stands here, none does.

    - `everyone`: always; `roles`: of the author; `new_for_days`: after the author joined
    - `rules`: of the guard, when the author let such a finding stand
    - `reach`: the customer has at least so many followers
    """

    everyone: bool = False
    roles: tuple[Role, ...] = ()
    new_for_days: Annotated[int, msgspec.Meta(ge=0, le=365)] = 0
    rules: Words = ()
    reach: Annotated[int, msgspec.Meta(ge=1)] | None = None


class Guarding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the guard is told. Levels of a role are stricter or milder than the channel's, those than everybody's.

    - `patterns`: how our own codes look, see `guard.patterns`; `hosts`: where links may lead
    - `exceptions`: words or causes a lead allowed for good; `pages`: hosts of customers' secret pages
    """

    levels: Levels = {}
    by_channel: dict[str, Levels] = {}
    by_role: dict[Role, Levels] = {}
    patterns: Words = ()
    hosts: Words = ()
    exceptions: Words = ()


class OnChannel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is different on one channel; None: as everywhere."""

    holds: Holds | None = None
    asks_public: Asks | None = None
    asks_private: Asks | None = None


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """People are there on these days (0 is Monday) from `opens` to `closes`, as "09:00"; `closes` may be "24:00"."""

    days: Annotated[tuple[Annotated[int, msgspec.Meta(ge=0, le=6)], ...], msgspec.Meta(max_length=7)]
    opens: Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    closes: Annotated[str, msgspec.Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When people are there, in an IANA time zone."""

    time_zone: Word
    windows: Annotated[tuple[Window, ...], msgspec.Meta(min_length=1, max_length=50)]


class AutomaticText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said without a person when a case opens: an acknowledgement while people are there, a notice while not.

    `label` stands under every one of them and tells that no person wrote it (EU AI Act, Art. 50). `channels` empty:
    on all; `hours` None: people are always there.
    """

    kind: Literal["acknowledgement", "out_of_hours"]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    label: Annotated[str, msgspec.Meta(min_length=5, max_length=200)]
    on: bool = False
    channels: Ids = ()
    hours: Hours | None = None


class AgreedText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words agreed to once for many: nobody has to agree to them again until then."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]
    until: datetime


class PublishingPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The policy of a workspace.

    - `careful_until`: a bad day; until then every public reply needs a second person
    - `approvers`: memberships asked first, every lead when empty; `backups`: asked too after `backup_after` seconds,
      every admin and lead when empty
    """

    holds: Holds = Holds()
    asks_public: Asks = Asks()
    asks_private: Asks = Asks()
    channels: dict[str, OnChannel] = {}
    guard: Guarding = Guarding()
    careful_until: datetime | None = None
    approvers: Ids = ()
    backups: Ids = ()
    automatic_public: Annotated[tuple[AutomaticText, ...], msgspec.Meta(max_length=50)] = ()
    automatic_private: Annotated[tuple[AutomaticText, ...], msgspec.Meta(max_length=50)] = ()
    agreed_public: Annotated[tuple[AgreedText, ...], msgspec.Meta(max_length=500)] = ()
    agreed_private: Annotated[tuple[AgreedText, ...], msgspec.Meta(max_length=500)] = ()
    backup_after: Annotated[int, msgspec.Meta(ge=0, le=3600)] = 180


_NOTHING = OnChannel()


def _on(policy: PublishingPolicy, channel_id: int) -> OnChannel:
    return policy.channels.get(str(channel_id), _NOTHING)


def public_hold(policy: PublishingPolicy, channel_id: int) -> timedelta:
    """For how long a reply to everyone can be taken back."""
    return timedelta(seconds=(_on(policy, channel_id).holds or policy.holds).public)


def private_hold(policy: PublishingPolicy, channel_id: int) -> timedelta:
    """For how long a reply to one customer can be taken back."""
    return timedelta(seconds=(_on(policy, channel_id).holds or policy.holds).private)


def public_asks(policy: PublishingPolicy, channel_id: int) -> Asks:
    """When somebody else has to agree to a reply to everyone."""
    return _on(policy, channel_id).asks_public or policy.asks_public


def private_asks(policy: PublishingPolicy, channel_id: int) -> Asks:
    """When somebody else has to agree to a reply to one customer."""
    return _on(policy, channel_id).asks_private or policy.asks_private


def levels(policy: PublishingPolicy, channel_id: int, role: str) -> dict[str, Level]:
    """How heavily each rule of the guard weighs for somebody of this role on this channel."""
    guard = policy.guard
    by_role = {str(name): told for name, told in guard.by_role.items()}
    return {**guard.levels, **guard.by_channel.get(str(channel_id), {}), **by_role.get(role, {})}
