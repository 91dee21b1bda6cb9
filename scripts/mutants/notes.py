"""What is known of mistakes beforehand, by their names: who noticed one last time, and why nobody could see another."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent
EQUIVALENT = _HERE / "equivalent.txt"
NOTICED_BY = _HERE / "noticed_by.txt"
FIXED = _HERE / "fixed.txt"
_HEAD = "# Written by `python -m scripts.mutants`: the name of a mistake, a tab, and a test that notices it.\n"


def equivalent() -> dict[str, str]:
    """Mistakes that change nothing, by name, with the reason."""
    return _pairs(EQUIVALENT)


def noticed_by() -> dict[str, str]:
    """Mistakes, by name, with the test that noticed each when all were last tried. What is not noticed by
    that test any more meets all of its stage."""
    return _pairs(NOTICED_BY)


def fixed() -> list[str]:
    """Mistakes that are made whenever CI runs, by name."""
    return [line for line in FIXED.read_text().splitlines() if line and line[0] != "#"]


def do_keep(known: dict[str, str]) -> None:
    """Write down who noticed what."""
    NOTICED_BY.write_text(_HEAD + "".join(f"{name}\t{test}\n" for name, test in sorted(known.items())))


def _pairs(file: Path) -> dict[str, str]:
    lines = file.read_text().splitlines() if file.exists() else []
    return {name: rest for name, _, rest in (line.partition("\t") for line in lines if line and line[0] != "#")}
