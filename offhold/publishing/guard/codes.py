"""Codes that open something: bookings, orders, tickets. Learnt from a case's private messages. Pure.

A flight's number, a price, a date, an error or a phone's model is no such code: what a company says in public every day
must never be refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from offhold.publishing.guard.findings import Found
from offhold.publishing.guard.patterns import Pattern
from offhold.publishing.guard.reading import Reading, fold
from offhold.publishing.guard.scene import Scene

_TOKEN = re.compile(r"(?<![\w.@/])#?(?P<code>[A-Za-z0-9]{1,20}(?:[-_/][A-Za-z0-9]{1,20}){0,5}+)(?![\w@]|\.\w)")
_NAMED = re.compile(  # what stands before a code
    r"(?<!\w)(?:booking|reservation|confirmation|reference|ref|pnr|order|ticket|case|invoice|claim|account"
    r"|localizador|reserva|pedido|referencia|factura|expediente|billete|cuenta"
    r"|buchung|buchungscode|buchungsnummer|bestellung|bestellnummer|auftrag|vorgang|vorgangsnummer|kundennummer|rechnung"
    r"|reference|commande|dossier|facture|billet|encomenda|processo|fatura|bilhete|codigo da reserva)"
    r"(?: (?:code|number|no|nr|id|numero|nummer|codigo|is|es|ist|est|e|de|da|la|reserva|reservation|booking|order))*"
    r"[ .:#°\-]{1,3}(?=[a-z0-9])"
)
_FLIGHT = re.compile(r"[a-z][a-z0-9][0-9]{1,4}[a-z]?|[0-9][a-z][0-9]{2,4}")
_YEAR_OR_DATE = re.compile(
    r"(?:19|20)[0-9]{2}|[0-9]{1,4}[-/_][0-9]{1,2}[-/_][0-9]{1,4}|(?:19|20)[0-9]{2}[01][0-9][0-3][0-9]"
)
_RANGE = re.compile(r"[0-9]{1,3}(?:am?|pm?|h)?[-/][0-9]{1,3}(?:am?|pm?|h)?")
_NUMBER_AND_WORD = re.compile(r"[0-9]{1,4}[a-z]{2,12}")  # "48hours", as typed in a hurry
_MEASURE = re.compile(
    r"[0-9]+(?:kg|g|km|cm|mm|m|ml|l|gb|mb|tb|h|hrs?|min|mins|am|pm|th|st|nd|rd|x|k|mbps|ghz|hz|w|v|eur|usd|gbp)"
)
_START = re.compile(r"(?<![^\W_])[^\W_]")
_SEPARATED = re.compile(r"[ .\-_/]{0,2}")
_SQUEEZE = re.compile(r"[^a-z0-9]+")
_SHORTEST, _SHORTEST_KNOWN = 5, 4


def learn_codes(texts: Iterable[str], patterns: Iterable[str] = ()) -> tuple[str, ...]:
    """The codes in these texts, as written, each once. `texts`: a case's private messages; `patterns`: the workspace's.

    What a pattern matches is one; else a token of 5 to 40 places that mixes letters and digits or is a long number, or,
    after a word such as "booking", any with a digit, or six capitals.
    """
    read = [Pattern.of(written) for written in patterns]
    found: dict[str, str] = {}
    for text in texts:
        reading = Reading(text)
        for code, start, end in (*_matching(reading, read), *_tokens(reading)):
            shown = reading.span(start, end)
            found.setdefault(_SQUEEZE.sub("", code), reading.typed[shown[0] : shown[1]])
    return tuple(found.values())


def of_this_case(scene: Scene) -> Iterator[Found]:
    """This case's codes, however they are spaced."""
    reading = scene.reading
    codes = {_SQUEEZE.sub("", fold(code)) for code in scene.around.case_codes}
    starts = _starts(reading.plain, {code[0] for code in codes if code}) if codes else {}
    for code in sorted(code for code in codes if len(code) >= _SHORTEST_KNOWN):
        after = 0
        for start in starts.get(code[0], ()):
            end = _end_of(reading.plain, start, code) if start >= after else None
            if end is not None:
                after = end
                yield Found(rule="case_code", words=code, spans=(reading.span(start, end),))


def like_ours(scene: Scene) -> Iterator[Found]:
    """What looks like a code of the workspace, or has a letter and is called one: "your booking code is ..."."""
    reading, policy = scene.reading, scene.policy
    called = _called(reading)
    if not called and not policy.patterns:
        return
    known = {_SQUEEZE.sub("", fold(code)) for code in scene.around.case_codes}
    seen: set[int] = set()
    named = ((code, start, end) for code, start, end in _tokens(reading) if start in called and not code.isdigit())
    for code, start, end in (*_matching(reading, [Pattern.of(one) for one in policy.patterns]), *named):
        if _SQUEEZE.sub("", code) not in known and start not in seen:
            seen.add(start)
            yield Found(rule="code", words=_SQUEEZE.sub("", code), spans=(reading.span(start, end),))


def _matching(reading: Reading, patterns: Iterable[Pattern]) -> Iterator[tuple[str, int, int]]:
    for pattern in patterns:
        for found in pattern.regex.finditer(reading.plain):
            yield found[0], *found.span()


def _tokens(reading: Reading) -> Iterator[tuple[str, int, int]]:
    called = _called(reading)
    for found in _TOKEN.finditer(reading.kept):
        code, start = found["code"], found.start("code")
        if _is_code(code, called_one=start in called) and not (found[0][0] == "#" and not code.isdigit()):
            yield reading.plain[start : found.end()], start, found.end()


def _called(reading: Reading) -> set[int]:
    """Places right behind a word such as "booking"."""
    return {found.end() for found in _NAMED.finditer(reading.plain)}


def _is_code(code: str, *, called_one: bool) -> bool:
    plain = code.lower()
    digits = sum(character.isdigit() for character in plain)
    letters = sum(character.isalpha() for character in plain)
    if any(no.fullmatch(plain) for no in (_YEAR_OR_DATE, _RANGE, _MEASURE)) or _NUMBER_AND_WORD.fullmatch(code):
        return False
    if called_one and len(plain) >= _SHORTEST and (digits or (len(code) == 6 and code.isupper())):
        return True
    if _FLIGHT.fullmatch(plain) or digits + letters < _SHORTEST:
        return False
    if not letters:
        return digits >= 8 or (digits >= 7 and "-" in plain)
    return digits >= 1 and _mixed(code, digits)


def _mixed(code: str, digits: int) -> bool:
    """`K7X9QP`, `TCK-88213`, `k7x9qp`, and not `covid19`, `iPhone14`, `SUMMER25`: a word with a number behind it."""
    word, number = code.rstrip("0123456789"), len(code) - len(code.rstrip("0123456789"))
    if word.isalpha() and number:
        return number >= 4 and len(word) <= 4 and word.isupper()
    if word[-1:] in {"-", "_", "/"}:
        return digits >= 4
    return digits >= 2 or (len(code) == 6 and code.isupper())


def _starts(plain: str, first: set[str]) -> dict[str, list[int]]:
    """Where words begin, by their first character, of those asked for."""
    starts: dict[str, list[int]] = {character: [] for character in first}
    for found in _START.finditer(plain):
        if found[0] in starts:
            starts[found[0]].append(found.start())
    return starts


def _end_of(plain: str, at: int, code: str) -> int | None:
    """Where the code that begins here ends, its places together or apart; None where it is not this code."""
    for number, place in enumerate(code):
        if number and plain[at : at + 1] != place:
            separated = _SEPARATED.match(plain, at)
            assert separated is not None, "it matches nothing at least"
            at = separated.end()
        if plain[at : at + 1] != place:
            return None
        at += 1
    return None if plain[at : at + 1].isalnum() else at


def codes_in(reading: Reading) -> list[str]:
    """Whatever would be learnt as a code."""
    return [code for code, _, _ in _tokens(reading)]
