"""Run what arrived once more through the pipeline, after a fix.

The log keeps what came for 30 days, exactly as it came. Running it again has no effect on what is right already:
nothing doubles, edits do not go back. The workers do the work; without one, what is queued waits.

    offhold replay --dry-run                                 how much there is
    offhold replay --dead                                    only what was put aside, after a fix
    offhold replay --since 2026-11-20 --until 2026-11-21T06:00 --channel 1234567890
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from offhold.app import config
from offhold.app.cli.django_process import set_up
from offhold.app.cli.output import say
from offhold.app.embedded.join import database
from offhold.app.problem import Problem

if TYPE_CHECKING:
    from offhold.intake.replay import Stretch

HELP = "run what arrived once more, after a fix"
LOOK_SECONDS = 0.2
SAY_SECONDS = 5.0


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--workspace", metavar="NAME", help="of this company only")
    parser.add_argument("--channel", type=int, metavar="ID", help="of this channel only (its id is in its address)")
    parser.add_argument(
        "--since", type=moment, metavar="TIME", help="arrived at or after, UTC unless it says otherwise"
    )
    parser.add_argument("--until", type=moment, metavar="TIME", help="arrived before")
    parser.add_argument("--dead", action="store_true", help="only what was put aside with a reason")
    parser.add_argument("--dry-run", action="store_true", help="say how much it is, and change nothing")


def moment(text: str) -> datetime:
    """A time as people write it: 2026-11-20, 2026-11-20T06:00, with or without a zone. Raises `ValueError`."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def run(args: argparse.Namespace) -> int:
    """Count, or queue and watch."""
    with database(config.load(), say) as url:
        set_up(url, "pipeline")
        from offhold.intake import replay

        asked = replay.Stretch(named(args.workspace), args.channel, args.since, args.until, args.dead)
        total = replay.count(asked)
        if args.dry_run:
            print(f"{total} arrivals would run again.")
        else:
            print(f"{queue(asked, total)} arrivals run again.")
    return 0


def named(workspace: str | None) -> int | None:
    """The id of a workspace. Raises `Problem` when there is none of that name."""
    from offhold.people.queries import workspaces

    if workspace is None:
        return None
    known = workspaces()
    for one in known:
        if one.name.casefold() == workspace.strip().casefold():
            return one.id
    there = ", ".join(one.name for one in known) or "none"
    raise Problem(f"There is no workspace called {workspace}.", f"There are: {there}.")


def queue(asked: Stretch, total: int) -> int:
    """Queue all of it, saying now and then how far it is. Returns how many."""
    from offhold.intake import replay

    done, said_at = 0, time.monotonic()
    for piece in replay.do_replay(asked, room):
        done += piece
        if time.monotonic() - said_at > SAY_SECONDS:
            said_at = time.monotonic()
            say(f"{done} of {total}")
    return done


def room(waiting: Callable[[], int]) -> None:
    """Wait until the workers have done most of what was queued."""
    from offhold.intake import replay

    patience = time.monotonic() + SAY_SECONDS
    while waiting() > replay.AHEAD:
        if time.monotonic() > patience and not replay.somebody_works():
            say("Waiting for a worker: start one with `offhold up` or `offhold worker`.")
            patience = time.monotonic() + 60
        time.sleep(LOOK_SECONDS)
