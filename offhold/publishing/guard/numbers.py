"""Numbers that prove what they are: payment cards (ISO/IEC 7812, Luhn) and bank accounts (ISO 13616, mod 97). Pure.

Only lengths and beginnings that issuers use count, and only groups as people write them: a parcel's number that happens
to pass the check digit must not lock anybody out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from offhold.publishing.guard.findings import Found
from offhold.publishing.guard.reading import Reading
from offhold.publishing.guard.scene import Scene

_CHAIN = re.compile(r"[0-9](?:[ .\-_*]{0,2}+[0-9])*+")
_GROUP = re.compile(r"[0-9]++")
_SHORTEST, _LONGEST = 13, 19
_CARDS = re.compile(  # what a number of each length may begin with
    r"""
    4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})                                        # Visa: 13, 16, 19
    | (?:5[1-5][0-9]{2}|222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}   # Mastercard
    | 3[47][0-9]{13}                                                          # American Express
    | (?:6011|64[4-9][0-9]|65[0-9]{2})[0-9]{12}                               # Discover
    | (?:30[0-5][0-9]|3[689][0-9]{2})[0-9]{10}                                # Diners
    | 35(?:2[89]|[3-8][0-9])[0-9]{12}                                         # JCB
    | 62[0-9]{14,17}                                                          # UnionPay
    | (?:5018|5020|5038|5893|6304|6759|676[1-3])[0-9]{8,15}                   # Maestro
    | 220[0-4][0-9]{12}                                                       # Mir
    """,
    re.VERBOSE,
)
_BEGINNINGS = frozenset("23456")
_WRITTEN = {(4, 6, 5), (4, 6, 4)}  # besides equal groups: American Express and Diners

_ACCOUNT = re.compile(r"(?<![a-z0-9])([a-z]{2})[ .\-]?[0-9][ .\-]?[0-9](?=[ .\-]?[a-z0-9])")
_PLACE = re.compile(r"[ .\-]?([a-z0-9])")
# Lengths by country, from the IBAN registry of SWIFT.
_LENGTHS = {
    "ad": 24, "ae": 23, "al": 28, "at": 20, "az": 28, "ba": 20, "be": 16, "bg": 22, "bh": 22, "br": 29, "by": 28,
    "ch": 21, "cr": 22, "cy": 28, "cz": 24, "de": 22, "dk": 18, "do": 28, "ee": 20, "eg": 29, "es": 24, "fi": 18,
    "fo": 18, "fr": 27, "gb": 22, "ge": 22, "gi": 23, "gl": 18, "gr": 27, "gt": 28, "hr": 21, "hu": 28, "ie": 22,
    "il": 23, "iq": 23, "is": 26, "it": 27, "jo": 30, "kw": 30, "kz": 20, "lb": 28, "lc": 32, "li": 21, "lt": 20,
    "lu": 20, "lv": 21, "ly": 25, "mc": 27, "md": 24, "me": 22, "mk": 19, "mr": 27, "mt": 31, "mu": 30, "nl": 18,
    "no": 15, "pk": 24, "pl": 28, "ps": 29, "pt": 25, "qa": 29, "ro": 24, "rs": 22, "sa": 24, "sc": 31, "sd": 18,
    "se": 24, "si": 19, "sk": 24, "sm": 27, "st": 25, "sv": 28, "tl": 23, "tn": 24, "tr": 26, "ua": 29, "va": 22,
    "vg": 24, "xk": 20,
}  # fmt: skip


def card_numbers(scene: Scene) -> Iterator[Found]:
    """Payment cards' numbers, however they are spaced."""
    reading = scene.reading
    for chain in _CHAIN.finditer(reading.plain):
        if len(chain[0]) >= _SHORTEST:
            yield from _cards(reading, [group.span() for group in _GROUP.finditer(reading.plain, *chain.span())])


def ibans(scene: Scene) -> Iterator[Found]:
    """Bank accounts' numbers, however they are spaced."""
    reading = scene.reading
    for found in _ACCOUNT.finditer(reading.plain):
        end, account = _account(reading.plain, found.start(), _LENGTHS.get(found[1], 0))
        if account and _mod97(account) == 1:
            yield Found(rule="iban", words=account, spans=(reading.span(found.start(), end),))


def _cards(reading: Reading, groups: list[tuple[int, int]]) -> Iterator[Found]:
    after = 0
    for first, (start, stop) in enumerate(groups):
        if start < after or reading.plain[start] not in _BEGINNINGS or _in_a_row(groups, first, stop - start):
            continue
        end = _card_end(reading.plain, groups[first : first + _LONGEST])
        if end is not None and not _part_of_more(reading.plain, start, end):
            after = end
            digits = "".join(_GROUP.findall(reading.plain, start, end))
            yield Found(rule="card_number", words=digits, spans=(reading.span(start, end),))


def _card_end(plain: str, groups: list[tuple[int, int]]) -> int | None:
    """Where a card's number that begins with the first group ends: the longest that passes."""
    digits, best = "", None
    sizes: tuple[int, ...] = ()
    for start, end in groups:
        digits, sizes = digits + plain[start:end], (*sizes, end - start)
        if len(digits) > _LONGEST:
            break
        if len(digits) >= _SHORTEST and _as_written(sizes) and _CARDS.fullmatch(digits) and luhn(digits):
            best = end
    return best


def _in_a_row(groups: list[tuple[int, int]], first: int, size: int) -> bool:
    """Digits written one or two at a time: a number begins where the row does, and is not looked for inside."""
    return size <= 2 and first > 0 and groups[first - 1][1] - groups[first - 1][0] == size


def _as_written(sizes: tuple[int, ...]) -> bool:
    """Equal groups with any rest, fours and their multiples, or an issuer's own way."""
    equal = len(set(sizes[:-1])) <= 1 and (len(sizes) == 1 or sizes[-1] <= sizes[0])
    return equal or sizes in _WRITTEN or all(size % 4 == 0 for size in sizes)


def _part_of_more(plain: str, start: int, end: int) -> bool:
    """Inside a link, or glued to one or two letters as parcels' numbers are (`1Z...`, `...GB`)?"""
    before, behind = plain[max(0, start - 3) : start], plain[end : end + 3]
    return before[-1:] in {"/", "=", "&"} or _short_letters(before[::-1]) or _short_letters(behind)


def _short_letters(beside: str) -> bool:
    return beside[:1].isalpha() and not (len(beside) == 3 and beside.isalpha())


def luhn(digits: str) -> bool:
    """Is the last digit the check digit of those before it?"""
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(two - 9 if two > 9 else two for two in doubled)) % 10 == 0


def _account(plain: str, at: int, length: int) -> tuple[int, str]:
    """The account of this length that begins here and where it ends; empty where there is none."""
    account = ""
    while len(account) < length:
        place = _PLACE.match(plain, at)
        if place is None:
            return at, ""
        account, at = account + place[1], place.end()
    return (at, account) if not plain[at : at + 1].isalnum() else (at, "")


def _mod97(account: str) -> int:
    return int("".join(str(int(place, 36)) for place in account[4:] + account[:4])) % 97
