"""A man in the middle between the desk and a network: passes everything on, and can lose an answer on the way back."""

from __future__ import annotations

import contextlib
import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive", "host", "accept-encoding"}


class Cutting:
    """`lose(part)`: the next request whose path holds `part` reaches the network, and its answer reaches nobody.

    The network's own address in its answers becomes ours, so that whoever came through us stays with us.
    """

    def __init__(self, target: str) -> None:
        self.lost: list[str] = []
        self._to_lose: list[str] = []
        self._lock = threading.Lock()
        self._target = urlsplit(target)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://localhost:{self._server.server_address[1]}"

    def lose(self, part: str) -> None:
        with self._lock:
            self._to_lose.append(part)

    def _loses(self, path: str) -> bool:
        with self._lock:
            for part in self._to_lose:
                if part in path:
                    self._to_lose.remove(part)
                    self.lost.append(path)
                    return True
        return False

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _pass_on(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                lose = outer._loses(self.path)
                host, port = outer._target.hostname or "", outer._target.port or 80
                there = http.client.HTTPConnection(host, port, timeout=60)
                headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
                there.request(self.command, self.path, body, headers)
                answer = there.getresponse()
                content = answer.read().replace(outer._target.geturl().encode(), outer.url.encode())
                there.close()
                if lose:
                    self.close_connection = True
                    self.connection.close()
                    return
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in _HOP:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                with contextlib.suppress(BrokenPipeError):  # the desk was stopped meanwhile
                    self.wfile.write(content)

            do_GET = do_POST = _pass_on  # noqa: N815 - http.server's names

            def log_message(self, *args: object) -> None:
                """Quiet."""

        return Handler

    @contextmanager
    def running(self) -> Iterator[Cutting]:
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
