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
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from offhold.app import config
from offhold.app.cli.installation import Installation, child_environment, opened, run_once, supervise, web, workers
from offhold.app.cli.output import say
from offhold.app.config import Config
from offhold.app.embedded.home import Home
from offhold.app.embedded.process import Process
from offhold.app.problem import Problem

HELP = "look around: a company with a living network, on this machine only"
WORLD = "offhold.networks.sandbox.world"
# Says that a var/ may be emptied by --reset: a real installation has none.
MARK = "demo"
PATIENCE = 20.0
NEWS = """
  Offhold   {desk}
            sign in as {email}  with  {password}
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
    """Start the network, make the company, then keep all running until Ctrl-C."""
    network, world = living_network(here)
    try:
        settings = allowed_to_call(here.config, world["address"])
        here = Installation(settings, here.home, here.socket, here.postgres)
        environ = child_environment(settings, "app")
        login = json.loads(run_once(environ, "-m", "offhold.app.cli.demo_company", json.dumps(world)))
        units = [web(here, here.home.log / "web.log"), *workers(here, here.home.log / "worker.log")]
        supervise(here, units, lambda: announce(here, world, login), running=[network])
    finally:
        network.stop()


def living_network(here: Installation) -> tuple[Process, dict[str, Any]]:
    """The sandbox network in a process of its own, and what it says of itself: `address`, `control_token`."""
    data = here.home.root / "sandbox"
    ready = here.home.run / "sandbox.json"
    port = same_port(ready)
    ready.unlink(missing_ok=True)
    arguments = ["-m", WORLD, "--port", str(port), "--data", str(data), "--ready-file", str(ready)]
    network = Process("sandbox network", arguments, dict(os.environ), log=here.home.log / "sandbox.log")
    network.start()
    until = time.monotonic() + PATIENCE
    while not ready.exists():
        if (how := network.ended()) or time.monotonic() > until:
            network.stop()
            raise Problem(f"The sandbox network did not start ({how or 'too slow'}).", f"See {network.log}.")
        time.sleep(0.02)
    return network, json.loads(ready.read_text())


def same_port(ready: Path) -> int:
    """The port the network had last time if it is free, so that its addresses stay good; else 0 for any."""
    with suppress(FileNotFoundError, ValueError, KeyError):
        port = urlsplit(str(json.loads(ready.read_text())["address"])).port
        if port and is_free(port):
            return port
    return 0


def is_free(port: int) -> bool:
    """Does nobody listen on `port` of this machine."""
    from offhold.app.cli.port import listening

    try:
        with listening("127.0.0.1", port):
            return True
    except Problem:
        return False


def allowed_to_call(settings: Config, address: str) -> Config:
    """The settings with the network's own host and port among those that may be called."""
    return msgspec.structs.replace(
        settings, allow_private_hosts=(*settings.allow_private_hosts, urlsplit(address).netloc)
    )


def announce(here: Installation, world: dict[str, Any], login: dict[str, str]) -> None:
    """Where everything is."""
    print(
        NEWS.format(desk=here.config.url, network=world["address"], logs=here.home.log, var=here.home.root, **login),
        file=sys.stdout,
        flush=True,
    )
