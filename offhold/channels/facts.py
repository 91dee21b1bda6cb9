"""What happens to channels: every screen shows them, the composer asks whether they may send."""

from __future__ import annotations

from offhold.channels.views import ChannelView
from offhold.kernel.facts import Fact


class ChannelChanged(Fact, frozen=True, kw_only=True, tag="channel.changed"):
    """A channel was connected, switched or paused, or its health changed."""

    channel: ChannelView


class ChannelRemoved(Fact, frozen=True, kw_only=True, tag="channel.removed"):
    """A channel on which nothing was ever said is gone."""

    channel_id: str
