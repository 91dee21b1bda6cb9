"""`var/`: what an installation keeps on disk, and the lock by which one running Offhold owns it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from offhold.app.problem import Problem


class Taken(Problem):
    """Another running Offhold owns this `var/`."""

    def __init__(self, root: Path, pid: int | None) -> None:
        who = f"process {pid}" if pid else "another process"
        super().__init__(
            f"Offhold is already running on {root} ({who}).",
            "Use that one, stop it first, or give this one a directory of its own (OFFHOLD_VAR_DIR).",
        )


class Home:
    """The directory named by the setting var_dir. All below it is made on demand with narrow modes."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def keys(self) -> Path:
        """Passwords and keys, 0700."""
        return self._private("keys")

    @property
    def run(self) -> Path:
        """What only matters while we run: sockets, ready files."""
        return self._made("run")

    @property
    def log(self) -> Path:
        """What our processes said, 0700."""
        return self._private("log")

    @property
    def data(self) -> Path:
        """Where the embedded PostgreSQL keeps its data; as root this may be a link out of an untraversable tree."""
        return self._root() / "postgres"

    def _root(self) -> Path:
        # Root's PostgreSQL runs under another uid and passes through; nobody may list.
        return made(self.root, 0o711 if os.getuid() == 0 else 0o700)

    def _private(self, name: str) -> Path:
        return made(self._root() / name, 0o700)

    def _made(self, name: str) -> Path:
        return made(self._root() / name, 0o711 if os.getuid() == 0 else 0o700)

    @contextmanager
    def owned(self) -> Iterator[None]:
        """Own this directory until the block ends. Raises `Taken` when another process does.

        The lock belongs to the open file, so it ends with the process however it dies. Python's files are not
        inherited by children: an orphan cannot keep it.
        """
        with (self._root() / "lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Taken(self.root, self.owner()) from error
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
            yield

    def owner(self) -> int | None:
        """Process id of the Offhold that owned this directory last."""
        try:
            return int((self.root / "lock").read_text())
        except (FileNotFoundError, ValueError):
            return None


def made(directory: Path, mode: int) -> Path:
    """`directory`, made with `mode` if it was not there; what is there is never changed."""
    try:
        directory.mkdir(mode=mode, parents=True)
        directory.chmod(mode)  # whatever the umask
    except FileExistsError:
        pass
    except OSError as error:
        raise Problem(
            f"Cannot make {directory}: {error.strerror}.", "Choose a place you may write to (OFFHOLD_VAR_DIR)."
        ) from error
    return directory
