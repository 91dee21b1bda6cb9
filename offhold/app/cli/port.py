"""The listening socket: opened before anything is started, so that a taken port is told at once.

The supervisor keeps it open and hands it to the web process; while that is restarted, browsers wait instead of being
refused.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from offhold.app.problem import Problem

BACKLOG = 2048


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket bound to `host` and `port` (0 = a free one) for the length of a block."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, port))
        except OSError as error:
            raise refusal(host, port, error) from error
        sock.listen(BACKLOG)
        yield sock


def refusal(host: str, port: int, error: OSError) -> Problem:
    """Why we cannot listen there, and what to do."""
    if error.errno == errno.EADDRINUSE:
        who = holder(port)
        by = f" by {who}" if who else ""
        return Problem(f"Port {port} is taken{by}.", "Stop that, or choose another port: OFFHOLD_PORT=8001.")
    if error.errno == errno.EACCES:
        return Problem(f"Port {port} is for root only.", "Choose one above 1023 and let a proxy listen on the low one.")
    return Problem(f"Cannot listen on {host} port {port}: {error.strerror}.", "Correct the settings host and port.")


def holder(port: int) -> str:
    """Which program listens on `port`, such as "nginx (process 812)"; empty when the system does not tell."""
    try:
        found = [
            c for c in psutil.net_connections("tcp") if c.status == psutil.CONN_LISTEN and tuple(c.laddr)[1:] == (port,)
        ]
        process = next((psutil.Process(c.pid) for c in found if c.pid), None)
        return f"{process.name()} (process {process.pid})" if process else ""
    except psutil.Error:
        return ""
