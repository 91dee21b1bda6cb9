"""Halt whatever goes out, of a company, a network or a channel, and say what escaped.

It goes to the database itself and needs no web server. It returns when every sender has confirmed, or names those who
did not within a second and until when they could still open something. What is held back is looked at by a person
before it goes, also after the stop has ended.

    offhold stop-publishing --reason "Wrong gate announced"
    offhold stop-publishing --network bluesky --minutes 30 --reason "Login stolen"
    offhold stop-publishing --channel 1234567890 --reason "Somebody else posts here"
    offhold stop-publishing --lift 1234567891
"""

from __future__ import annotations

import argparse
import getpass
from datetime import timedelta
from typing import TYPE_CHECKING

from offhold.app import config
from offhold.app.cli.django_process import set_up
from offhold.app.cli.output import say
from offhold.app.embedded.join import database
from offhold.app.problem import Problem

if TYPE_CHECKING:
    from offhold.publishing.stopped import Effect

HELP = "halt whatever goes out, and say what escaped"


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--workspace", metavar="NAME", help="the company; may be left out when there is one only")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--network", metavar="NAME", help="only what goes to this network")
    what.add_argument("--channel", type=int, metavar="ID", help="only this channel")
    what.add_argument("--lift", type=int, metavar="ID", help="end a stop; what it held back stays in review")
    parser.add_argument("--allow", type=int, action="append", default=[], metavar="ID", help="a channel that goes on")
    parser.add_argument("--minutes", type=int, default=240, metavar="N", help="how long (default: 240)")
    parser.add_argument("--reason", default="", help="everybody at the desk sees it")


def run(args: argparse.Namespace) -> int:
    """Stop or lift. 1 when somebody did not confirm."""
    with database(config.load(), say) as url:
        set_up(url, "app")
        from offhold.kernel.errors import OffholdError

        try:
            return act(args, workspace(args.workspace))
        except OffholdError as error:
            raise Problem(str(error), "Nothing was changed; correct it and try again.") from error


def act(args: argparse.Namespace, workspace_id: int) -> int:
    """Do what was asked in this workspace. Raises what `stops` raises."""
    from offhold.kernel.db.tx import transaction
    from offhold.publishing import stopped, stops
    from offhold.publishing.stops import By, StopAsk

    by = By(0, f"{getpass.getuser()} (command line)")
    if args.lift is not None:
        with transaction(workspace_id) as tx:
            stops.do_lift(tx, workspace_id, by, args.lift)
        say("Lifted. What it held back waits in review.")
        return 0
    ask = StopAsk(
        scope="network" if args.network else "channel" if args.channel else "workspace",
        reason=args.reason,
        network=args.network,
        channel_id=args.channel,
        allow=tuple(args.allow),
        lasts=timedelta(minutes=args.minutes),
    )
    with transaction(workspace_id) as tx:
        wanted = stops.checked(tx, workspace_id, ask)
    return tell(stopped.halt(workspace_id, by, wanted))


def tell(done: Effect) -> int:
    """Print what it did. 1 when somebody did not confirm."""
    print(f"Stopped until {done.stop.until:%Y-%m-%d %H:%M} UTC, stop {done.stop.id}. Held back: {done.held}.")
    for escaped in done.escaped:
        print(f"Escaped: reply {escaped.reply.id} of case {escaped.case_id}, now {escaped.reply.state}.")
    for one in done.unconfirmed:
        print(f"Not confirmed: {one.holder}, which could send until {one.until:%H:%M:%S} UTC.")
    return 0 if done.confirmed else 1


def workspace(name: str | None) -> int:
    """The id of the workspace called so; without a name, of the only one. Raises `Problem`."""
    from offhold.people.queries import workspaces

    known = workspaces()
    found = [one.id for one in known if name is None or one.name.casefold() == name.strip().casefold()]
    if len(found) != 1:
        raise Problem("Which workspace?", f"Name it with --workspace. There are: {', '.join(w.name for w in known)}.")
    return found[0]
