"""A browser's side of a stream, and fakes of what the hub stands on, for tests in one process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from offhold.live.asgi import Application
from offhold.live.door import Viewer
from offhold.live.ears import Whispers
from offhold.live.reader import Asked, News, concerned, found
from offhold.live.sight import Stored
from offhold.live.stream import Message
from offhold.live.wire import Counters

AT = "2026-11-22T12:00:00.000Z"
HOST = "127.0.0.1:8000"


class Event(NamedTuple):
    """One dispatched event, with the browser's cursor after it."""

    name: str
    data: Any
    last_id: str


class EventSource:
    """What a browser makes of the bytes, as the HTML standard has it."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.last_id = ""
        self._rest = b""

    def feed(self, data: bytes) -> None:
        *blocks, self._rest = (self._rest + data).split(b"\n\n")
        for block in blocks:
            self._dispatch(block.decode())

    def _dispatch(self, block: str) -> None:
        name, data = "message", []
        for line in block.split("\n"):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                name = value
            elif field == "id":
                self.last_id = value
            elif field == "data":
                data.append(value)
        if data:
            self.events.append(Event(name, json.loads("\n".join(data)), self.last_id))

    def named(self, name: str) -> list[Any]:
        """The data of the events of this name."""
        return [event.data for event in self.events if event.name == name]

    @property
    def facts(self) -> list[dict[str, Any]]:
        """All facts so far, figures left out."""
        return [fact for batch in self.named("facts") for fact in batch if fact["kind"] != "counters"]

    @property
    def seqs(self) -> list[int]:
        return [int(fact["seq"]) for fact in self.facts]

    @property
    def counters(self) -> list[dict[str, int]]:
        """All figures so far."""
        return [fact["payload"] for batch in self.named("facts") for fact in batch if fact["kind"] == "counters"]


class Browser(EventSource):
    """A page with a stream open on an application in this process. `gate` closed: the connection takes no more."""

    def __init__(self, application: Application, query: str = "", *, path: str = "/live/stream", method: str = "GET",
                 headers: Mapping[str, str] | None = None, body: bytes = b"") -> None:  # fmt: skip
        super().__init__()
        self.status = 0
        self.answer = b""
        self.finished = False
        self.gate = asyncio.Event()
        self.gate.set()
        self._changed = asyncio.Event()
        self._gone = asyncio.Event()
        self._requests = [{"type": "http.request", "body": body, "more_body": False}]
        said = {"host": HOST, "cookie": "offhold=bob", **(headers or {})}
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in said.items()],
        }
        self.task = asyncio.create_task(application(scope, self._receive, self._send))

    async def _receive(self) -> Message:
        if self._requests:
            return self._requests.pop()
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if not self.gate.is_set():
            await self.gate.wait()
        assert not self.finished, "nothing may follow the end of a response"
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.answer += message["body"]
            self.feed(message["body"])
            if not message.get("more_body", False):
                self.finished = True
                self._gone.set()
        self._changed.set()

    async def until(self, true: Callable[[Browser], object]) -> None:
        """Wait until this holds of what arrived."""
        async with asyncio.timeout(10):
            while not true(self):
                self._changed.clear()
                await self._changed.wait()

    async def opened(self) -> Browser:
        """Wait for the hello."""
        await self.until(lambda page: page.named("hello"))
        return self

    async def leave(self) -> None:
        """Close the page."""
        self._gone.set()
        await self.task

    async def json(self) -> Any:
        """The whole answer of a request that is no stream."""
        await self.task
        return json.loads(self.answer)


async def until(true: Callable[[], object]) -> None:
    """Wait until this holds."""
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - what it waits for has no event of its own
            await asyncio.sleep(0.005)


def fact(
    seq: int, kind: str = "case.changed", case_id: int | None = 7, *, private: bool = False, **payload: Any
) -> Stored:
    """A fact of the log; a `case.changed` gets a row."""
    if kind == "case.changed" and not payload:
        payload = {"case": row(case_id or 0, private=private)}
    return Stored(seq, kind, case_id, private, json.dumps(payload), AT)


def row(case_id: int, *, private: bool = False, assignee: int | None = None) -> dict[str, Any]:
    """As much of a case's row as the hub looks at."""
    return {
        "id": str(case_id),
        "title": "My bag is gone",
        "title_private": False,
        "snippet": "my card ends in 4321" if private else "where is it?",
        "snippet_private": private,
        "assignee": None if assignee is None else {"id": str(assignee), "duty_name": "Mia", "initials": "MK"},
    }


class Log:
    """Facts of several workspaces in memory: a `Source`, and the `Ears` that hear of them."""

    def __init__(self) -> None:
        self.kept: dict[int, list[Stored]] = {}
        self.figures = Counters(0, 0, 0, 0)
        self.own: dict[int, int] = {}
        self.asked: list[set[int]] = []
        self.heard: Callable[[], None] = lambda: None
        self.failure: Exception | None = None

    def add(
        self, workspace_id: int, *kinds: str, case_id: int | None = 7, private: bool = False, **payload: Any
    ) -> None:
        """Commit facts of these kinds, one after the other, and announce them once."""
        kept = self.kept.setdefault(workspace_id, [])
        for kind in kinds:
            kept.append(fact(self.last(workspace_id) + 1, kind, case_id, private=private, **payload))
        self.heard()

    async def listen(self, heard: Callable[[], None], whispers: Whispers) -> None:
        self.heard, self.whispers = heard, whispers
        self.loop = asyncio.get_running_loop()
        whispers.listening()
        if self.failure is not None:
            raise self.failure
        await asyncio.Event().wait()

    def tell(self, said: list[str]) -> None:
        for payload in said:
            self.loop.call_soon_threadsafe(self.whispers.heard, payload)

    def last(self, workspace_id: int) -> int:
        kept = self.kept.get(workspace_id)
        return kept[-1].seq if kept else 0

    def news(self, asked: Mapping[int, Asked]) -> list[News]:
        self.asked.append(set(asked))
        return [
            self._found(workspace_id, of.after, self.last(workspace_id), of.members)
            for workspace_id, of in asked.items()
            if self.last(workspace_id) > of.after
        ]

    def past(self, workspace_id: int, after: int, upto: int, member: int) -> News:
        return self._found(workspace_id, after, upto, frozenset({member}))

    def _found(self, workspace_id: int, after: int, upto: int, members: frozenset[int]) -> News:
        facts = [fact for fact in self.kept[workspace_id] if after < fact.seq <= upto]
        own = {member: self.own.get(member, 0) for member in concerned(facts, members)}
        return found(workspace_id, after, upto, facts, self.figures, own)


class Guests:
    """A `Door` that knows people by a word in their cookie."""

    def __init__(self, **viewers: Viewer) -> None:
        self.viewers = {"bob": Viewer("bob", 1, 10, sees_private=True), **viewers}

    def admit(self, cookies: Mapping[str, str]) -> Viewer | None:
        return self.viewers.get(cookies.get("offhold", ""))

    def still(self, viewers: Collection[Viewer]) -> set[Viewer]:
        return set(viewers) & set(self.viewers.values())
