"""Look around: a demo company, connected to a small living social network that runs beside it.

Everything stays on this machine, in a `var/` of its own, until `offhold demo --reset`. The address and a sign-in are
printed once it runs; Ctrl-C stops all that was started.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from offhold.app import config
from offhold.app.cli.installation import Installation, Once, child_environment, opened, supervise, web, workers
from offhold.app.cli.output import say
from offhold.app.cli.port import listening
from offhold.app.embedded.home import Home
from offhold.app.embedded.process import Process
from offhold.app.problem import Problem

HELP = "look around: a company with a living network, on this machine only"
WORLD = "offhold.networks.sandbox.world"
# Says that a var/ may be emptied by --reset: a real installation has none.
MARK = "demo"
NEWS = """
  Offhold   {desk}
            sign in as {email} (admin) or {agent_email} (agent)
            with  {password}
  Network   {network}   play any customer there, see what the public sees
  Logs      {logs}

  Ctrl-C stops everything; the data stays in {var}.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--reset", action="store_true", help="forget all the demo's data, then end")


def run(args: argparse.Namespace) -> int:
    """Run the demo, or forget it."""
    settings = config.load()
    home = Home(settings.var_dir)
    if settings.database_url:
        raise Problem("The demo is for its own embedded database.", "Unset DATABASE_URL.")
    if args.reset:
        reset(home)
        return 0
    refuse_real(home)
    (home.run.parent / MARK).touch()
    with opened(settings) as here:
        play(here)
    return 0


def refuse_real(home: Home) -> None:
    """Never touch the data of a company."""
    if home.data.exists() and not (home.root / MARK).exists():
        raise Problem(f"{home.root} holds a real installation.", "Give the demo another: offhold --var demo-var demo.")


def reset(home: Home) -> None:
    """Remove all data of the demo, also what root's PostgreSQL keeps elsewhere."""
    refuse_real(home)
    if not home.root.exists():
        return say("There is nothing to forget.")
    with home.owned():
        if home.data.is_symlink():
            shutil.rmtree(home.data.resolve().parent, ignore_errors=True)
        for entry in home.root.iterdir():
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    return say(f"{home.root} is empty again.")


def play(here: Installation) -> None:
    """Start network, company and desk side by side, then keep all running until Ctrl-C."""
    network, ready = living_network(here)
    address = f"127.0.0.1:{network.port}"
    settings = msgspec.structs.replace(here.config, allow_private_hosts=(*here.config.allow_private_hosts, address))
    here = Installation(settings, here.home, here.socket, here.postgres)
    network.start()
    company = Once(
        "demo company", ["-m", "offhold.app.cli.demo_company", str(ready)], child_environment(settings, "app")
    )
    try:
        units = [web(here, here.home.log / "web.log"), *workers(here, here.home.log / "worker.log")]
        supervise(here, units, lambda: announce(here, address, json.loads(company.finish())), running=[network])
    finally:
        company.stop()
        network.stop()


class Network(Process):
    """The sandbox network in a process of its own, on `port`."""

    def __init__(self, port: int, arguments: Sequence[str], log: Path) -> None:
        super().__init__("sandbox network", arguments, dict(os.environ), log=log)
        self.port = port


def living_network(here: Installation) -> tuple[Network, Path]:
    """The network, not started yet, and the file in which it will say of itself `address` and `control_token`."""
    ready = here.home.run / "sandbox.json"
    port = same_port(ready)
    ready.unlink(missing_ok=True)
    data = here.home.root / "sandbox"
    arguments = ["-m", WORLD, "--port", str(port), "--data", str(data), "--ready-file", str(ready)]
    return Network(port, arguments, here.home.log / "sandbox.log"), ready


def same_port(ready: Path) -> int:
    """The port the network had last time if it is free, so that its addresses stay good; else another free one."""
    last = 0
    with suppress(FileNotFoundError, ValueError, KeyError):
        last = urlsplit(str(json.loads(ready.read_text())["address"])).port or 0
    for port in (last, 0):
        with suppress(Problem), listening("127.0.0.1", port) as sock:
            return int(sock.getsockname()[1])
    raise Problem("No port is free.", "Stop what uses them.")


def announce(here: Installation, network: str, login: dict[str, str]) -> None:
    """Where everything is."""
    print(
        NEWS.format(desk=here.config.url, network=f"http://{network}", logs=here.home.log, var=here.home.root, **login),
        file=sys.stdout,
        flush=True,
    )
