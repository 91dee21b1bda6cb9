"""Details that make a sentence somebody's own: flights, times, places, amounts."""
# ruff: noqa: E501 - what people say is read one text to a line

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from offhold.networks.sandbox.world.scenarios.compose import Detail

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
WAYS = (
    ("Lisbon", "Oslo"), ("Madrid", "Hamburg"), ("Bergen", "Porto"), ("Munich", "Dublin"), ("Paris", "Tromsø"),
    ("Valencia", "Copenhagen"), ("Zürich", "Malmö"), ("Rome", "Stockholm"), ("Vienna", "Bilbao"), ("Prague", "Faro"),
    ("Edinburgh", "Nice"), ("Helsinki", "Athens"), ("Brussels", "Seville"), ("Geneva", "Riga"), ("Milan", "Bristol"),
)  # fmt: skip


def flight(dice: Random) -> str:
    return f"NW{dice.randrange(100, 1999)}"


def booking(dice: Random) -> str:
    return "".join(dice.choice(LETTERS) for _ in range(6))


def time(dice: Random) -> str:
    return f"{dice.randrange(5, 23)}:{dice.choice(('05', '10', '15', '20', '25', '30', '35', '40', '45', '50', '55'))}"


def city(dice: Random) -> str:
    return dice.choice(dice.choice(WAYS))


def there(dice: Random) -> str:
    """Where to: never the same place as where from, so the two lists do not meet."""
    return dice.choice(WAYS)[1]


def origin(dice: Random) -> str:
    return dice.choice(WAYS)[0]


def gate(dice: Random) -> str:
    return f"{dice.choice('ABCDEF')}{dice.randrange(1, 60)}"


def seat(dice: Random) -> str:
    return f"{dice.randrange(2, 33)}{dice.choice('ABCDEF')}"


def minutes(dice: Random) -> str:
    return str(dice.randrange(17, 140))


def hours(dice: Random) -> str:
    return str(dice.randrange(2, 14))


def days(dice: Random) -> str:
    return str(dice.randrange(3, 29))


def tries(dice: Random) -> str:
    return str(dice.randrange(3, 19))


def money(dice: Random) -> str:
    return str(dice.choice((20, 40, 60)) + dice.randrange(0, 900))


def age(dice: Random) -> str:
    return str(dice.randrange(66, 94))


def number(dice: Random) -> str:
    return str(dice.randrange(2, 10))


def order(dice: Random) -> str:
    return f"{dice.randrange(10, 99)}-{dice.randrange(100000, 999999)}"


def postcode(dice: Random) -> str:
    return f"{dice.choice(('NE', 'BS', 'EH', 'LS', 'CF', 'SW'))}{dice.randrange(1, 20)} {dice.randrange(1, 9)}{dice.choice(LETTERS[:20])}{dice.choice(LETTERS[:20])}"


def speed(dice: Random) -> str:
    return f"{dice.randrange(0, 9)}.{dice.randrange(1, 9)}"


ALL: Mapping[str, Detail] = {
    "flight": flight, "booking": booking, "time": time, "city": city, "there": there, "origin": origin, "gate": gate,
    "seat": seat, "minutes": minutes, "hours": hours, "days": days, "tries": tries, "money": money, "age": age,
    "number": number, "order": order, "postcode": postcode, "speed": speed,
}  # fmt: skip
