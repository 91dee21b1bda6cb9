"""How to reach a person: e-mail addresses and telephone numbers that are not the company's. Pure.

What people see most in public answers are the company's own numbers. A number is a person's where the words around it
say so, or where nothing says that it is ours; `own.learn_contacts` and `Around.own_contacts` tell the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from offhold.publishing.guard import cues
from offhold.publishing.guard.findings import Found
from offhold.publishing.guard.links import at_home
from offhold.publishing.guard.reading import Reading, fold
from offhold.publishing.guard.scene import Scene

# --- e-mail ----------------------------------------------------------------------------------------------------------

_SPELLED = re.compile(
    r"(?<![\w.])([\w.+\-]{2,64}) ?[(\[{] ?(?:at|arroba|arobase|a|@|klammeraffe) ?[)\]}] ?"
    r"([\w\-]{1,63}(?: ?[(\[{] ?(?:dot|punto|punkt|point|ponto|\.) ?[)\]}] ?|\.| dot | punto | punkt | point | ponto )"
    r"[\w\-.]{2,40})"
)
_AT_HOST = re.compile(r"@([\w\-]++(?:\.[\w\-]++)++)")
_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._%+-")
_LONGEST_LOCAL = 64
_MASKS = frozenset("*•…xX#") - {"x", "X"}
# The part before the @ that is an office, not a person.
_OFFICES = frozenset(
    [
        "care",
        "help",
        "support",
        "info",
        "contact",
        "service",
        "services",
        "customerservice",
        "customercare",
        "customerservices",
        "social",
        "hello",
        "press",
        "media",
        "sales",
        "office",
        "team",
        "feedback",
        "complaints",
        "claims",
        "booking",
        "bookings",
        "reservations",
        "privacy",
        "dpo",
        "legal",
        "jobs",
        "careers",
        "hr",
        "security",
        "abuse",
        "admin",
        "webmaster",
        "noreply",
        "no-reply",
        "refunds",
        "baggage",
        "accessibility",
        "returns",
        "orders",
        "shop",
        "store",
        "atencion",
        "ayuda",
        "soporte",
        "contacto",
        "reclamaciones",
        "clientes",
        "reservas",
        "devoluciones",
        "equipajes",
        "prensa",
        "hilfe",
        "kontakt",
        "kundenservice",
        "kundendienst",
        "presse",
        "datenschutz",
        "buchung",
        "reklamation",
        "aide",
        "serviceclient",
        "relationclient",
        "reclamation",
        "reservation",
        "ajuda",
        "apoio",
        "suporte",
        "contato",
        "contacto",
        "clientes",
        "reclamacoes",
        "imprensa",
        "assistenza",
        "servizioclienti",
        "klantenservice",
    ]
)


def emails(scene: Scene) -> Iterator[Found]:
    """Addresses that are neither an office's nor ours."""
    reading = scene.reading
    around = scene.around
    ours = frozenset(map(fold, around.own_contacts))
    for mail, start, end in _mails(reading.plain):
        local, _, host = mail.partition("@")
        office = local.replace(".", "").replace("_", "") in _OFFICES
        if not office and mail not in ours and not at_home(host, around.allowed_hosts):
            yield Found(rule="email", words=mail, spans=(reading.span(start, end),))


def mails(reading: Reading) -> list[tuple[str, int, int]]:
    """Every address, folded, and where it stands in `plain`."""
    return list(_mails(reading.plain))


def mails_in(reading: Reading) -> list[str]:
    """Every address, folded."""
    return [mail for mail, _, _ in _mails(reading.plain)]


def _mails(plain: str) -> Iterator[tuple[str, int, int]]:
    for found in _AT_HOST.finditer(plain):
        at = found.start()
        start = _local_start(plain, at)
        if start < at and _is_host(found[1]):
            end = at + 1 + len(found[1].rstrip(".-_"))
            yield plain[start:end], start, end
    if any(bracket in plain for bracket in "([{"):
        for found in _SPELLED.finditer(plain):
            yield f"{found[1]}@{found[2]}", *found.span()


def _local_start(plain: str, at: int) -> int:
    """Where the part before this @ begins; `at` where there is none, or where it is masked, or a handle `@a@b.c`."""
    start = at
    while start > max(0, at - _LONGEST_LOCAL) and (plain[start - 1] in _LOCAL or plain[start - 1] > "\x7f"):
        start -= 1
    while start < at and not plain[start].isalnum():
        start += 1
    before = plain[start - 1] if start else " "
    return at if before in _MASKS or before == "@" else start


def _is_host(host: str) -> bool:
    top = host.rstrip(".-_").rpartition(".")[2]
    return len(top) >= 2 and not any(character.isdigit() for character in top)


# --- telephone -------------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"(?:\+ ?)?\(?[0-9](?:[ .\-/()]{0,3}+[0-9])*+")
_NOT_DIGIT = re.compile(r"[^0-9]++")
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}[-./][01]?[0-9][-./][0-3]?[0-9](?![0-9])"
    r"|(?:[0-3]?[0-9][-./][01]?[0-9]|[01]?[0-9][-./][0-3]?[0-9])[-./](?:(?:19|20)[0-9]{2}|[0-9]{2})(?![0-9.])"
)
_CLOCK = re.compile(r"[0-9]{1,2}[:.h][0-9]{2}(?![0-9])")
_ADDRESS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")  # of a machine
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[ .][0-9]{3})+")
_FREE = re.compile(  # freephone, shared cost and the like in North America, Britain, Spain, Germany, France, Portugal
    r"1?8(?:00|33|44|55|66|77|88)[0-9]{7}|0?0?800[0-9]{5,9}|0?80[0-9]{7,8}|90[0-2][0-9]{6}|018[0-9]{8,9}"
    r"|084[345][0-9]{7}|03(?:00|30|45)[0-9]{7}"
)
_BEFORE, _BEHIND = 70, 40
_FEWEST, _MOST = 8, 15


def phones(scene: Scene) -> Iterator[Found]:
    """Numbers at which a person could be called."""
    reading = scene.reading
    around = scene.around
    ours = digits_of(around.own_contacts)
    for start, end in _numbers(reading.plain):
        digits = _digits(reading.plain[start:end])
        if digits not in ours and _a_persons(reading.plain, start, end):
            yield Found(rule="phone", words=digits, spans=(reading.span(start, end),))


def digits_of(contacts: tuple[str, ...]) -> frozenset[str]:
    """The digits of those contacts that are numbers."""
    return frozenset(_digits(fold(contact)) for contact in contacts if "@" not in contact)


def numbers(reading: Reading) -> list[tuple[str, int, int]]:
    """Every number that could be a telephone's, digits alone, and where it stands in `plain`."""
    return [(_digits(reading.plain[start:end]), start, end) for start, end in _numbers(reading.plain)]


def numbers_in(reading: Reading) -> list[str]:
    """Every number that could be a telephone's, digits alone."""
    return [digits for digits, _, _ in numbers(reading)]


def _digits(text: str) -> str:
    return _NOT_DIGIT.sub("", text)


def _numbers(plain: str) -> Iterator[tuple[int, int]]:
    for found in _NUMBER.finditer(plain):
        if _FEWEST <= len(_digits(found[0])) <= _MOST and not _glued(plain, *found.span()):
            yield found.span()


def _glued(plain: str, start: int, end: int) -> bool:
    """Part of a word, a link, a decimal or a hashtag; or money, a date, a time, a machine's address."""
    before, behind = plain[start - 1 : start], plain[end : end + 1]
    if before.isalnum() or behind.isalnum() or before in {"#", "@", "/", "=", "_", "$", "£", "€", "¥", ".", ","}:
        return True
    if behind in {"$", "£", "€", "¥", "%", "_"} or (behind in {",", ":"} and plain[end + 1 : end + 2].isdigit()):
        return True
    written = plain[start:end]
    return bool(_DATE.match(written) or _ADDRESS.fullmatch(written))


def _a_persons(plain: str, start: int, end: int) -> bool:
    before, behind = plain[max(0, start - _BEFORE) : start], plain[end : end + _BEHIND]
    written = plain[start:end]
    if cues.OUR_NUMBER_OF_A_THING.search(before):
        return False
    if cues.THEIR_NUMBER.search(before) or cues.THEIR_NUMBER_BEHIND.match(behind):
        return True
    if _FREE.fullmatch(_digits(written)) or cues.OUR_NUMBER.search(before) or cues.OUR_NUMBER_BEHIND.match(behind):
        return False
    return _looks_dialled(written)


def _looks_dialled(written: str) -> bool:
    """Without a word about it only `+44 ...`, `(555) 010-...`, `555-010-1234` and `07700 900123` look dialled."""
    digits = _digits(written)
    if written.startswith(("+", "(")):
        return True
    groups = re.split(r"[ .\-/()]+", written)
    if [len(group) for group in groups] == [3, 3, 4]:
        return True
    if _THOUSANDS.fullmatch(written):
        return False
    return digits.startswith("0") and len(groups) > 1 and 10 <= len(digits) <= 12
