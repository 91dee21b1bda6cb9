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
_CHAT = (f"{_BLUESKY}/test_chat_sending.py", f"{_BLUESKY}/test_chat_reading_back.py")
# Each file's own tests first, for speed alone: all others of the stage follow.
_OWN = {
    "actions": ("doors", "asking", "drafts", "api"),
    "api": ("doors", "api", "asking"),
    "api_after": ("doors", "after"),
    "api_gates": ("doors", "held", "approvals"),
    "approvals": ("kinds", "doors", "approvals", "changed_words"),
    "check": ("kinds", "threads", "api"),
    "conclude": ("kinds", "after", "told", "threads", "sender"),
    "direct": ("kinds", "of_cases", "api", "asking", "sender"),
    "drafts": ("doors", "drafts", "after"),
    "gate": ("kinds", "second_look", "approvals", "asking"),
    "guarding": ("guarding",),
    "items": ("api",),
    "lanes": ("lanes",),
    "policy": ("approval_rules", "before"),
    "proof": ("proof", "sender", "after"),
    "public": ("kinds", "of_cases", "threads", "api", "sender"),
    "recipient": ("api",),
    "repairs": ("after", "threads"),
    "unsent": ("kinds", "doors", "held", "stops"),
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
    "offhold/networks/bluesky/chat.py": _CHAT,
}
# Only what speaks of sending: the rest of a connector is about reading.
CONNECTORS = {
    "offhold/networks/sandbox/connector.py": (f"{_SANDBOX}/test_outbound.py", f"{_SANDBOX}/test_conformance.py"),
    "offhold/networks/bluesky/connector.py": (f"{_BLUESKY}/test_outbound.py", *_CHAT),
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
    def module(self) -> str:
        return self.place.removesuffix(".py").replace("/", ".")

    @property
    def name(self) -> str:
        """Stable when lines move: the file, and what is changed in which function."""
        return f"{self.place}: {self.what}"


def tests_of(mutant: Mutant) -> Sequence[str]:
    """The files of tests, the likeliest first. One that is not there fails the run without any mistake."""
    if mutant.place == "tables":
        return [f"{TESTS}/test_{name}.py" for name in ("tables", "kinds", "threads")]
    return TARGETS.get(mutant.place) or CONNECTORS[mutant.place]
