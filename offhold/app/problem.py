"""What a person at the terminal is told when a command cannot go on."""

from __future__ import annotations


class Problem(Exception):
    """Something the operator can put right: what is wrong, and the way out. Commands print both and exit with 1."""

    def __init__(self, what: str, way_out: str) -> None:
        super().__init__(what)
        self.what = what
        self.way_out = way_out

    def __str__(self) -> str:
        return f"{self.what} {self.way_out}"
