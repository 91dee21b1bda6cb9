"""What is the company's own, so that it may say it in public: hosts, telephone numbers, addresses for mail. Pure.

Learnt from earlier public answers: what was said to two different customers is no customer's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from offhold.publishing.guard import links, personal
from offhold.publishing.guard.reading import Reading

_TWICE = 2


def learn_hosts(answers: Iterable[str]) -> tuple[str, ...]:
    """Hosts linked to in at least two of these answers, which went to different people."""
    return told_twice(Counter(host for answer in answers for host in hosts_in(answer)))


def learn_contacts(answers: Iterable[str]) -> tuple[str, ...]:
    """Telephone numbers (digits alone) and e-mail addresses in at least two of these answers."""
    return told_twice(Counter(contact for answer in answers for contact in contacts_in(answer)))


def hosts_in(answer: str) -> set[str]:
    """Every host that this answer links to: for those who count as they go."""
    return {link.host for link in links.find(Reading(answer))}


def contacts_in(answer: str) -> set[str]:
    """Every telephone number and e-mail address in this answer."""
    reading = Reading(answer)
    return {*personal.numbers_in(reading), *personal.mails_in(reading)}


def told_twice(told: Counter[str]) -> tuple[str, ...]:
    """What was counted at least twice."""
    return tuple(sorted(one for one, times in told.items() if times >= _TWICE))
