"""All that a rule looks at: the words, what is around them, and each text read once. Pure."""

from __future__ import annotations

from functools import cached_property

from offhold.publishing.guard.policy import Policy
from offhold.publishing.guard.reading import Reading
from offhold.publishing.guard.said import Around, Said

_MOST = 1_000  # code points of private words that are read: the newest


class Scene:
    """One look. Texts around are read when a rule first asks for them."""

    def __init__(self, said: Said, around: Around, policy: Policy) -> None:
        self.said, self.around, self.policy = said, around, policy
        self.reading = Reading(said.text)

    @cached_property
    def before(self) -> Reading:
        """The last public message."""
        return Reading(self.around.last_public or "")

    @cached_property
    def private(self) -> list[Reading]:
        """The customer's private words, the newest first."""
        kept, room = [], _MOST
        for text in reversed(self.around.private_words):
            if room <= 0:
                break
            kept.append(Reading(text[:room]))
            room -= len(text)
        return kept
