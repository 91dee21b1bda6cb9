"""Networks that go wrong, one account of ours on each: told what shall befall the next writes, asked for the truth.

The sandbox is the real process, reached through the real way out, and breaks by its own switches. Bluesky is its XRPC
endpoints as our connector calls them; the fake is the one of the port. Those two break in the `Mux` between.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any, Literal, Protocol
from urllib.parse import parse_qs, urlsplit

import msgspec

from offhold.connectors.contract import Answer, Audience, Channel, Egress, OutcomeUnknown, Person, Posted, Signal
from offhold.connectors.fake import FakeConnector, FakeNetwork, wire
from offhold.kernel import clock
from offhold.networks.bluesky.tests.chat_stub import ChatService, No
from offhold.networks.bluesky.tests.scripted import jwt, no, ok
from offhold.networks.sandbox.connector import connector as sandbox
from offhold.networks.sandbox.tests.running import Running

FaultName = Literal[
    "limited", "limited_bare", "error_before", "error_after", "lost_answer", "reset_midway", "malformed",
    "ok_with_error", "html", "expired_token", "duplicate_refusal", "late_reads", "slow_body",
]  # fmt: skip
FAULTS: tuple[FaultName, ...] = (
    "limited", "limited_bare", "error_before", "error_after", "lost_answer", "reset_midway", "malformed",
    "ok_with_error", "html", "expired_token", "duplicate_refusal", "late_reads", "slow_body",
)  # fmt: skip
Said = tuple[Audience, str]

_numbers = itertools.count(1)


class End(Protocol):
    """One account of ours on a network."""

    network: str
    account_id: str
    config: dict[str, str]
    secrets: dict[str, str]

    async def asked(self, channel: Channel, audience: Audience, count: int) -> list[Signal]:
        """So many customers ask us something; what our connector makes of it."""
        ...

    def arm(self, fault: FaultName, count: int, late: float) -> None:
        """The next `count` writes meet this; `late`: for how many seconds own items are not listed."""
        ...

    def published(self) -> list[Said]:
        """Every text the network ever took from us."""
        ...

    def later(self) -> None:
        """Somebody of ours says something else, as they do all day: what a read-back needs to see beside."""
        ...

    async def answer(self, method: str, url: str, content: bytes | None, headers: Mapping[str, str]) -> Answer: ...


# --- the real sandbox process --------------------------------------------------------------------------------


class SandboxEnd:
    """A company of its own; its process does all the harm itself, on the socket."""

    network = "sandbox"

    def __init__(self, running: Running, egress: Egress) -> None:
        self._running, self._egress, self._name = running, egress, f"firm{next(_numbers)}"
        self._company = running.control.found_company(self._name, "A firm", 900)
        typed = dict(self._company.typed)
        self.account_id = self._company.account_id
        self.config, self.secrets = {"base_url": typed.pop("base_url")}, typed

    async def asked(self, channel: Channel, audience: Audience, count: int) -> list[Signal]:
        acts = []
        for _ in range(count):
            who = f"person{next(_numbers)}"
            self._running.control.call("POST", "/control/accounts", handle=who, name=who)
            public = {"who": who, "do": "post", "text": f"@{self._name} where is my bag?"}
            private = {"who": who, "do": "direct", "text": "Where is my bag?", "to": self._name}
            acts.append(public if audience == "public" else private)
        self._running.control.act(*acts)
        batch = await sandbox.poll(self._egress, channel, None)
        return [signal for body in batch.bodies for signal in sandbox.parse(channel, body)]

    def arm(self, fault: FaultName, count: int, late: float) -> None:
        control, account = self._running.control, self.account_id
        for scope in ("statuses.create", "direct.create"):
            if fault == "late_reads":
                control.fault("lost_answer", scope, account=account, count=count)
            elif fault == "duplicate_refusal":  # they took it, their answer is lost, and a second one is a "duplicate"
                control.fault("lost_answer", scope, account=account, count=count)
                control.fault("duplicate_refusal", scope, account=account)
            else:
                control.fault(fault, scope, account=account, count=count, seconds=5.0 if fault != "slow_body" else 3.0)
        if late:
            control.fault("late_reads", "*", account=account, seconds=late)

    def published(self) -> list[Said]:
        said = self._running.oracle.published(author=self.account_id)
        return [(one.audience, one.text) for one in said]  # type: ignore[misc]  # the oracle knows two audiences

    def later(self) -> None:
        """Its lists say how far they go."""

    async def answer(self, method: str, url: str, content: bytes | None, headers: Mapping[str, str]) -> Answer:
        raise AssertionError("the sandbox is reached over sockets")


# --- networks in memory, and what breaks between ----------------------------------------------------------------


class _Breaking:
    """Writes that break: before they happen, or in their answer."""

    def __init__(self) -> None:
        self.faults: deque[FaultName] = deque()
        self.late = 0.0

    def arm(self, fault: FaultName, count: int, late: float) -> None:
        self.late = late
        self.faults.extend([fault] * count)

    def before(self) -> tuple[FaultName | None, Answer | None]:
        """What befalls this write, and the answer it gets without having happened."""
        fault = self.faults.popleft() if self.faults else None
        bare: dict[str, str] = {}
        match fault:
            case "limited":
                return fault, Answer(429, {"retry-after": "5"}, b"{}", "")
            case "limited_bare":
                return fault, Answer(429, bare, b"", "")
            case "error_before":
                return fault, Answer(500, bare, b"{}", "")
        return fault, None

    async def after(self, fault: FaultName | None, answer: Answer) -> Answer:
        match fault:
            case "error_after":
                return Answer(502, {}, b'{"error":"UpstreamFailure"}', "")
            case "lost_answer" | "late_reads" | "duplicate_refusal":
                raise OutcomeUnknown("the connection was cut before an answer")
            case "reset_midway":
                raise OutcomeUnknown("the connection was reset in the middle of the answer")
            case "malformed":
                return msgspec.structs.replace(answer, body=answer.body[: len(answer.body) // 2])
            case "ok_with_error":
                return Answer(200, {}, b'{"error":{"code":"oops","message":"Something went wrong"}}', "")
            case "html":
                return Answer(200, {"content-type": "text/html"}, b"<!doctype html><h1>Over capacity</h1>", "")
            case "slow_body":
                await asyncio.sleep(30.0)
        return answer


class FakeEnd(_Breaking):
    """The fake of the port, without deduplication: only read-backs tell."""

    network = "fake"

    def __init__(self) -> None:
        super().__init__()
        self._net = FakeNetwork(dedupes=False)
        self._net.token = f"fake-token-{next(_numbers)}"
        self._net.us = msgspec.structs.replace(self._net.us, id=f"acct-us-{next(_numbers)}")
        self.account_id = self._net.us.id
        self.config: dict[str, str] = {}
        self.secrets = {"token": self._net.token}

    async def asked(self, channel: Channel, audience: Audience, count: int) -> list[Signal]:
        for _ in range(count):
            if audience == "public":
                self._net.post("Where is my bag?", by=f"person{next(_numbers)}")
            else:
                self._net.message("Where is my bag?", by=f"person{next(_numbers)}")
        return [s for event in self._net.events for s in FakeConnector(self._net).parse(channel, wire.envelope(event))]

    def published(self) -> list[Said]:
        return [(one.audience, one.text) for one in self._net.publications]

    def later(self) -> None:
        net = self._net
        net.add("public", net.us, "Good morning everybody!")
        net.add("private", net.us, "Good morning, Fay!", to=net.customer("fay"))

    async def answer(self, method: str, url: str, content: bytes | None, headers: Mapping[str, str]) -> Answer:
        if method == "GET":
            return await self._read(url, headers)
        fault, answer = self.before()
        if answer is not None:
            return answer
        if fault == "expired_token":
            return Answer(401, {}, b"{}", url)
        return await self.after(fault, await self._net.egress.request(method, url, content=content, headers=headers))

    async def _read(self, url: str, headers: Mapping[str, str]) -> Answer:
        """A late index: what is newer than `late` is not in it."""
        answer = await self._net.egress.request("GET", url, headers=headers)
        if not self.late:
            return answer
        known = clock.now() - timedelta(seconds=self.late)
        items = [i for i in msgspec.json.decode(answer.body, type=list[wire.Item]) if i.at <= known]
        return msgspec.structs.replace(answer, body=msgspec.json.encode(items))


class Ann(msgspec.Struct):
    """Somebody on Bluesky."""

    did: str
    handle: str


_POST = "app.bsky.feed.post"


class BlueskyEnd(_Breaking):
    """Our own server with its records, the posts we answer, and the chat service behind it."""

    network = "bluesky"

    def __init__(self) -> None:
        super().__init__()
        number = next(_numbers)
        self.us = Ann(f"did:plc:us{number}", f"acme{number}.example")
        self.account_id = self.us.did
        self.pds = f"https://pds{number}.bsky.test"
        self.config = {"service": self.pds, "pds": self.pds, "chat_did": "did:web:chat.example", "direct": "yes"}
        self.secrets = {"access_jwt": jwt(1), "refresh_jwt": "refresh-0", "app_password": "pass-word"}
        self._chats = ChatService()
        self._chats.clock = clock.now
        self._records: dict[str, dict[str, Any]] = {}
        self._asked: dict[str, dict[str, Any]] = {}
        self._took: list[Said] = []
        self._logins = 0

    async def asked(self, channel: Channel, audience: Audience, count: int) -> list[Signal]:
        return [self._question(audience, Ann(f"did:plc:p{n}", f"p{n}.example")) for n in _take(count)]

    def _question(self, audience: Audience, who: Ann) -> Posted:
        by, at = Person(who.did, who.handle), clock.now()
        if audience == "private":
            said = self._chats.write(who, self.us, "Where is my bag?")
            return Posted(said, "private", by, "Where is my bag?", at, said.partition("/")[0])
        uri = f"at://{who.did}/{_POST}/q{next(_numbers)}"
        self._asked[uri] = {
            "uri": uri, "cid": "cid-q", "author": {"did": who.did}, "record": {}, "indexedAt": "2026-11-22T11:00:00Z"
        }  # fmt: skip
        return Posted(uri, "public", by, "Where is my bag?", at, uri, native={"cid": "cid-q"})

    def published(self) -> list[Said]:
        return list(self._took)

    def later(self) -> None:
        """Each read-back has its own control."""

    async def answer(self, method: str, url: str, content: bytes | None, headers: Mapping[str, str]) -> Answer:
        nsid = urlsplit(url).path.rpartition("/")[2]
        params, body = parse_qs(urlsplit(url).query), msgspec.json.decode(content) if content else {}
        if nsid not in ("com.atproto.repo.createRecord", "chat.bsky.convo.sendMessage"):
            return self._quiet(nsid, params, body)
        fault, answer = self.before()
        if answer is not None:
            return answer
        if fault == "expired_token":
            self._logins = 2  # neither the session nor the password is taken: the admin has to
            return no("ExpiredToken", status=400)
        return await self.after(fault, self._write(nsid, body))

    def _write(self, nsid: str, body: dict[str, Any]) -> Answer:
        if nsid.startswith("chat."):
            return self._chat("sendMessage", {}, body)
        rkey = body["rkey"]
        if rkey in self._records:
            return no("InternalServerError", status=500)
        self._records[rkey] = body["record"] | {"at": clock.now()}
        self._took.append(("public", body["record"]["text"]))
        return ok({"uri": f"at://{self.us.did}/{_POST}/{rkey}", "cid": "cid-new"})

    def _quiet(self, nsid: str, params: dict[str, list[str]], body: dict[str, Any]) -> Answer:
        match nsid.rpartition(".")[2]:
            case "getRecord":
                return self._record(params["rkey"][0])
            case "getPosts":
                return ok({"posts": [self._asked[uri] for uri in params["uris"] if uri in self._asked]})
            case "describeRepo":
                return ok({"did": self.us.did, "handle": self.us.handle})
            case "refreshSession" | "createSession" if self._logins:
                self._logins -= 1
                return no("AuthenticationRequired", status=401)
            case "refreshSession" | "createSession":
                return ok(
                    {"accessJwt": jwt(2), "refreshJwt": "refresh-1", "did": self.us.did, "handle": self.us.handle}
                )
        assert nsid.startswith("chat."), nsid
        return self._chat(nsid.rpartition(".")[2], params, body)

    def _record(self, rkey: str) -> Answer:
        record = self._records.get(rkey)
        if record is None or record["at"] > clock.now() - timedelta(seconds=self.late):
            return no("RecordNotFound", "Could not locate record")
        value = {name: value for name, value in record.items() if name != "at"}
        return ok({"uri": f"at://{self.us.did}/{_POST}/{rkey}", "cid": "cid-new", "value": value})

    def _chat(self, method: str, params: dict[str, list[str]], body: dict[str, Any]) -> Answer:
        try:
            said = self._chats.answer(self.us.did, method, params, body)
        except No as refusal:
            return no(refusal.error, refusal.error, status=refusal.status)
        if method == "sendMessage":
            self._took.append(("private", said["text"]))
        if method == "getMessages" and self.late:
            known = (clock.now() - timedelta(seconds=self.late)).isoformat()
            mine = [m for m in said["messages"] if m["sender"]["did"] != self.us.did or m["sentAt"] <= known]
            said = said | {"messages": mine}
        return ok(said, date=clock.now().strftime("%a, %d %b %Y %H:%M:%S GMT"))


def _take(count: int) -> list[int]:
    return [next(_numbers) for _ in range(count)]


class Mux:
    """Implements `contract.Egress`: each address to its end, the sandbox's to the real way out."""

    def __init__(self, real: Egress) -> None:
        self._real = real
        self._ends: dict[str, End] = {}

    def add(self, end: End) -> None:
        if isinstance(end, FakeEnd):
            self._ends[f"Bearer {end.secrets['token']}"] = end
        elif isinstance(end, BlueskyEnd):
            self._ends[end.pds] = end

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        params: Mapping[str, str] | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109 - the contract's name
        max_bytes: int = 10_000_000,
        redirects: int = 0,
    ) -> Answer:
        given = headers or {}
        end = self._ends.get(given.get("authorization", "")) or self._ends.get(url.partition("/xrpc/")[0])
        if end is not None:
            return await end.answer(method, url, content, given)
        return await self._real.request(
            method, url, headers=headers, content=content, params=params, timeout=timeout, max_bytes=max_bytes,
            redirects=redirects,
        )  # fmt: skip

    def stream(
        self, url: str, *, headers: Mapping[str, str] | None = None, idle_timeout: float = 60.0
    ) -> AsyncIterator[bytes]:
        raise AssertionError(url)

    websocket = stream
