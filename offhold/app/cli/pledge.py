"""Check a company's record of who asked for a human and what came of it.

    offhold pledge verify pledges.json
    offhold pledge verify pledges.json --head 3f9a...     a head of the record that you kept from an earlier day
    offhold pledge verify pledges.json --code 7KQ2MZ4RXA  the code you were given: what the record says of you

Needs the file alone: no database, no network, nobody's word. It finds entries that were altered, left out, put in,
moved or rewritten since a head was kept, and counts the figures again. It proves the record; it does not prove that
every wish for a human was noticed. Exit code 1 when something is wrong.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from offhold.app.cli.output import say
from offhold.app.problem import Problem

HELP = "check the record of who asked for a human"


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("what", choices=["verify"], help="check the record")
    parser.add_argument("file", type=Path, help="the record, as the desk's pledge board or its company gives it out")
    parser.add_argument("--head", default="", metavar="HASH", help="a hash that must be among those of the record")
    parser.add_argument("--code", default="", metavar="CODE", help="show what came of the wish with this code")


def run(args: argparse.Namespace) -> int:
    """Check it. Raises `Problem` for a file that is no record."""
    import msgspec

    from offhold.promises.pledge import ledger

    try:
        export = msgspec.json.decode(args.file.read_bytes(), type=ledger.Export)
    except OSError as error:
        raise Problem(f"{args.file} cannot be read: {error.strerror}.", "Name the file that was given out.") from error
    except msgspec.MsgspecError as error:
        raise Problem(f"{args.file} is no record of pledges: {error}", "Was it altered or cut off?") from error
    wrong = ledger.verified(export)
    hashes = [line.hash for line in export.entries]
    if args.head and args.head.lower() not in hashes:
        wrong.append("the head you kept is not among the hashes: the record was rewritten since")
    for line in wrong:
        say(f"WRONG  {line}")
    if args.code:
        wrong += _show(export, args.code.upper())
    figures = msgspec.structs.asdict(export.figures)
    print(f"{export.company}, {len(hashes)} entries, head {export.head}")
    print(", ".join(f"{name} {value}" for name, value in figures.items() if value is not None))
    print("The record does not hold." if wrong else "The record holds.")
    return 1 if wrong else 0


def _show(export: object, code: str) -> list[str]:
    """Every entry of the wish with this code; what is wrong where there is none."""
    import msgspec

    from offhold.promises.pledge.ledger import Entry, Export, code_of

    assert isinstance(export, Export)
    entries = [(msgspec.json.decode(line.entry, type=Entry), line.hash) for line in export.entries]
    mine = [entry.pledge for entry, hash_ in entries if code_of(bytes.fromhex(hash_)) == code]
    if not mine:
        say(f"WRONG  nothing in this record has the code {code}")
        return [code]
    for entry, _ in entries:
        if entry.pledge == mine[0]:
            print(f"{entry.at}  {entry.kind}{f' ({entry.reason})' if entry.reason else ''}")
    return []
