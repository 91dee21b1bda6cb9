"""Where a mistake is made, and which tests should notice it, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = "offhold/publishing/tests"

_GUARD = "offhold/publishing/guard/tests"
_SANDBOX = "offhold/networks/sandbox/tests"
_BLUESKY = "offhold/networks/bluesky/tests"
# Each file's own tests first, for speed alone: all others of the stage follow.
_OWN = {
    "actions": ("api",),
    "api": ("api", "asking"),
    "api_after": ("after",),
    "api_gates": ("held", "approvals"),
    "approvals": ("approvals", "changed_words"),
    "check": ("api",),
    "conclude": ("sender",),
    "direct": ("api", "sender"),
    "drafts": ("drafts", "after"),
    "gate": ("approvals", "asking"),
    "guarding": ("guarding",),
    "items": ("api",),
    "lanes": ("lanes",),
    "policy": ("before", "approval_rules"),
    "proof": ("sender", "after"),
    "public": ("api", "sender"),
    "recipient": ("api",),
    "repairs": ("after",),
    "unsent": ("held", "stops"),
}


def _of_the_stage(own: Sequence[str]) -> tuple[str, ...]:
    first = [f"{TESTS}/test_{name}.py" for name in own]
    others = sorted(str(path.relative_to(ROOT)) for path in (ROOT / TESTS).glob("test_*.py"))
    return (*first, *(path for path in others if path not in first))


TARGETS: dict[str, tuple[str, ...]] = {
    **{f"offhold/publishing/{stem}.py": _of_the_stage(own) for stem, own in _OWN.items()},
    "offhold/publishing/guard/look.py": (_GUARD, f"{TESTS}/test_guarding.py"),
    "offhold/publishing/guard/policy.py": (_GUARD, f"{TESTS}/test_guarding.py"),
    "offhold/networks/sandbox/outbound.py": (f"{_SANDBOX}/test_outbound.py", f"{_SANDBOX}/test_conformance.py"),
    "offhold/networks/bluesky/outbound.py": (f"{_BLUESKY}/test_outbound.py",),
    "offhold/networks/bluesky/chat.py": (f"{_BLUESKY}/test_chat.py",),
}
# Only what speaks of sending: the rest of a connector is about reading.
CONNECTORS = {
    "offhold/networks/sandbox/connector.py": (f"{_SANDBOX}/test_outbound.py", f"{_SANDBOX}/test_conformance.py"),
    "offhold/networks/bluesky/connector.py": (f"{_BLUESKY}/test_outbound.py", f"{_BLUESKY}/test_chat.py"),
}
SENDING = re.compile(r"^(deliver|read_back|withdraw|prepare|_look)")


@dataclass(frozen=True)
class Mutant:
    """One mistake. `place` is a file; `number` counts those of the file; -1: a constraint of the database."""

    place: str
    number: int
    line: int
    what: str
    statement: str = ""

    @property
    def name(self) -> str:
        """Stable when lines move: the file, and what is changed in which function."""
        return f"{self.place}: {self.what}"


def tests_of(mutant: Mutant) -> Sequence[str]:
    """The files of tests, the likeliest first. One that is not there fails the run without any mistake."""
    if mutant.place == "tables":
        return [f"{TESTS}/test_tables.py"]
    return TARGETS.get(mutant.place) or CONNECTORS[mutant.place]
