"""Where somebody lives: a street with a number, as five languages write it, unless the place is the company's. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from offhold.publishing.guard import cues
from offhold.publishing.guard.findings import Found
from offhold.publishing.guard.reading import Reading
from offhold.publishing.guard.scene import Scene

_AROUND = 80
_DIGIT = re.compile(r"[0-9]")
_NAME = r"[A-Z][a-z'\-]{1,24}"
_ENGLISH = re.compile(
    rf"(?<![\w#.,:$£€/])[0-9]{{1,5}}[A-Za-z]?,? (?:[NSEW]\.? )?(?:{_NAME} ){{1,3}}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Boulevard|Blvd|Crescent|Terrace|Square|Way|Gardens"
    r"|Grove|Row|Mews|Parade|Highway)\b(?! [a-z]+ing\b)"
)
# "calle Mayor 12", "C/ Olivo 7", "Rua das Amoreiras, 14", "Avenida da Paz 220"
_ROMANCE = re.compile(
    r"(?<!\w)(?:(?:calle|avenida|avda|plaza|paseo|camino|travesia|ronda|rua|travessa|praca|largo|estrada|alameda) "
    r"|c/ ?|av\. ?)"
    r"(?:(?:de|del|la|las|los|el|da|do|das|dos|d') ){0,3}(?:[a-z'\-]{2,24} ){0,3}[a-z'\-]{2,24},? (?:n[.oº°]* ?)?"
    r"[0-9]{1,4}(?![0-9.,:/]*[0-9])"
)
_GERMAN = re.compile(
    r"(?<!\w)(?:[a-z]{2,24}-)?[a-z]{3,30}(?:strasse|str\.|weg|allee|gasse|platz|ring|damm|ufer)"
    r" [0-9]{1,4}(?: ?[a-f])?\b(?![0-9.,:/]*[0-9])"
)
_FRENCH = re.compile(
    r"(?<![\w.,])[0-9]{1,4}(?: ?(?:bis|ter))?,? "
    r"(?:rue|avenue|boulevard|bd|chemin|impasse|allee|quai|place|route|cours|square)"
    r" (?:(?:de|du|des|la|le|les|l'|d') ?){0,3}[a-z'\-]{3,24}"
)


def addresses(scene: Scene) -> Iterator[Found]:
    """Streets with a number that the words around do not call ours."""
    reading = scene.reading
    if not _DIGIT.search(reading.plain):
        return
    taken = -1
    for start, end in sorted(_places(reading)):
        if start > taken and not _ours(reading.plain, start, end):
            taken = end
            yield Found(rule="address", words=reading.plain[start:end], spans=(reading.span(start, end),))


def _places(reading: Reading) -> Iterator[tuple[int, int]]:
    for found in _ENGLISH.finditer(reading.kept):
        yield found.span()
    for pattern in (_ROMANCE, _GERMAN, _FRENCH):
        for found in pattern.finditer(reading.plain):
            yield found.span()


def _ours(plain: str, start: int, end: int) -> bool:
    around = plain[max(0, start - _AROUND) : start] + " … " + plain[end : end + _AROUND]
    return bool(cues.OUR_ADDRESS.search(around)) and not cues.THEIR_ADDRESS.search(around)
