"""The scenarios there are, and how fast they play when somebody presses their button."""

from __future__ import annotations

import msgspec

from offhold.networks.sandbox.world.scenarios import airline, cable, famous, parcel, weather
from offhold.networks.sandbox.world.scenarios.step import Scenario


class Entry(msgspec.Struct, frozen=True):
    """`home`: the demo's company it is about, where there are several. `speed`: scenario seconds in a second."""

    title: str
    what: str
    steps: Scenario
    speed: float
    home: str = "northair"
    storm: bool = True


SCENARIOS: dict[str, Entry] = {
    "calm": Entry(
        "Ordinary weather",
        "Questions, praise, rants and spam in seven languages: one message every 5 to 15 seconds.",
        weather.steps,
        1.0,
        storm=False,
    ),
    "airline": Entry(
        "Storm day",
        "Flights are cancelled: 900 messages in 12 minutes. Dora writes three times in public and once in private.",
        airline.steps,
        30.0,
    ),
    "cable": Entry(
        "Cut cable",
        "100 households are offline for up to 15 days and want one word a day: a day passes in two minutes.",
        cable.steps,
        720.0,
        "northfibre",
    ),
    "parcel": Entry(
        "Empty parcel at night",
        "A sealed box with paper in it, in direct messages only: the night takes ten minutes.",
        parcel.steps,
        42.0,
        "northshop",
    ),
    "famous": Entry(
        "We've had enough",
        "Marisa Vale, 3.2 million followers, wants a human. 5,000 people answer with their own stories in 12 minutes.",
        famous.steps,
        15.0,
    ),
}
