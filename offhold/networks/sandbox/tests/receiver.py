"""The desk's end of a webhook, for tests: keeps what comes, and answers what it is told to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec

from offhold.connectors.contract import WebhookRequest


class Receiver:
    def __init__(self) -> None:
        self.requests: list[WebhookRequest] = []
        self.statuses: list[int] = []  # for the next deliveries; 200 once it is empty
        self.came = threading.Condition()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks/abc?x=1"

    def event_ids(self) -> list[int]:
        return [int(e["id"]) for r in self.requests for e in msgspec.json.decode(r.body)["events"]]

    def texts(self) -> list[str]:
        events: list[dict[str, Any]] = [e for r in self.requests for e in msgspec.json.decode(r.body)["events"]]
        said = [e.get("status") or e.get("direct") or {} for e in events]
        return [s["text"] for s in said if "text" in s]

    def wait_for(self, events: int) -> None:
        """Until so many different events came."""
        self.until(lambda: len(set(self.event_ids())) >= events)

    def until(self, happened: Callable[[], bool]) -> None:
        with self.came:
            came = self.came.wait_for(happened, timeout=90)
            assert came, f"{len(self.requests)} deliveries, {len(self.event_ids())} events came"

    def take(self, request: WebhookRequest) -> int:
        with self.came:
            status = self.statuses.pop(0) if self.statuses else 200
            self.requests.append(request)
            self.came.notify_all()
            return status


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = tuple((k.lower(), v) for k, v in self.headers.items())
            self.send_response(receiver.take(WebhookRequest("POST", headers, {}, body)))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
