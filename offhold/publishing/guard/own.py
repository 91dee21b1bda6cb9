"""What is the company's own, so that it may say it in public: hosts, telephone numbers, addresses for mail. Pure.

Learnt from earlier public answers: what was said to two different customers is no customer's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable

from offhold.publishing.guard import links, personal
from offhold.publishing.guard.reading import Reading

_TWICE = 2
_DIGITS = re.compile(r"[^0-9]+")


def learn_hosts(answers: Iterable[str]) -> tuple[str, ...]:
    """Hosts linked to in at least two of these answers, which went to different people."""
    return _told_twice(answers, lambda reading: {link.host for link in links.find(reading)})


def learn_contacts(answers: Iterable[str]) -> tuple[str, ...]:
    """Telephone numbers (digits alone) and e-mail addresses in at least two of these answers."""
    return _told_twice(answers, lambda reading: {*personal.numbers_in(reading), *personal.mails_in(reading)})


def _told_twice(answers: Iterable[str], read: Callable[[Reading], set[str]]) -> tuple[str, ...]:
    told = Counter(one for answer in answers for one in read(Reading(answer)))
    return tuple(sorted(one for one, times in told.items() if times >= _TWICE))
