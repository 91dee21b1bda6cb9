"""Places of a saved reply that nobody could fill: the composer marks them; nobody is meant to read them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from offhold.publishing.guard.findings import Found
from offhold.publishing.guard.scene import Scene

# The composer's mark for a value that was missing, and what saved replies call the values.
_MARKED = re.compile(r"⟦[^⟦⟧\n]{0,80}⟧")
VARIABLES = ("customer.name", "customer.handle", "case.reference", "agent.duty_name", "channel.handle")
UNFILLED = re.compile(r"\{\s*(?:" + "|".join(map(re.escape, VARIABLES)) + r")\s*\}")


def blanks(scene: Scene) -> Iterator[Found]:
    """Each mark, and each variable still in its braces, which besides is refused when it is sent."""
    text = scene.said.text
    for pattern in (_MARKED, UNFILLED):
        for found in pattern.finditer(text):
            yield Found(rule="blank", words=found[0].lower(), spans=(found.span(),))
