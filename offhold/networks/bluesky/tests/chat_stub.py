"""A chat service of ours, behind the real PDS: enough of chat.bsky.convo.* for the desk and its customers.

Bluesky's own chat is closed, its lexicons are public. The PDS passes on any call with the header `atproto-proxy` to
the service in that DID's document, with a short token that says who asks (`iss`), whom (`aud`) and for what (`lxm`): so
real servers, real sessions and real refusals stand between our connector and this stub.
"""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Protocol
from urllib.parse import parse_qs, urlsplit

from offhold.networks.bluesky.tests.real_network import RealNetwork

JSON = dict[str, Any]
Allow = Literal["all", "following", "none"]
Fault = Literal["lost_answer", "error_after_effect", "error_before_effect"]

_DEFS = "chat.bsky.convo.defs#"


class Somebody(Protocol):
    @property
    def did(self) -> str: ...

    @property
    def handle(self) -> str: ...


class No(Exception):
    """An XRPC refusal."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


@dataclass
class Convo:
    id: str
    members: tuple[str, ...]
    accepted: set[str]
    messages: list[JSON] = field(default_factory=list)
    hidden: dict[str, set[str]] = field(default_factory=dict)  # message id: who deleted it for themselves
    group: bool = False
    locked: bool = False


class ChatService:
    """The state, and what tests may do to it. `allow`: who may write to an account first; by default all."""

    def __init__(self) -> None:
        self.did = ""  # once minted
        self.allow: dict[str, Allow] = {}
        self.follows: set[tuple[str, str]] = set()
        self.handles: dict[str, str] = {}
        self.calls: list[tuple[str, str]] = []  # (who, method)
        self.faults: list[Fault] = []
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._convos: dict[str, Convo] = {}
        self._logs: dict[str, list[tuple[str, JSON]]] = {}
        self._count = 0
        self._lock = threading.RLock()

    # --- what customers do (their own app, not the desk)

    def write(self, sender: Somebody, recipient: Somebody, text: str) -> str:
        """A direct message from one person to another; returns `conversation/message`, the id the desk uses."""
        with self._lock:
            self.handles |= {sender.did: sender.handle, recipient.did: recipient.handle}
            convo = self._convo_of(sender.did, recipient.did)
            return f"{convo.id}/{self._say(convo, sender.did, {'text': text})['id']}"

    def delete_for(self, account: Somebody, network_id: str) -> None:
        convo, _, message = network_id.partition("/")
        with self._lock:
            self._delete(account.did, convo, message)

    def make_group(self, owner: Somebody, *others: Somebody) -> str:
        with self._lock:
            members = (owner.did, *(other.did for other in others))
            self.handles |= {one.did: one.handle for one in (owner, *others)}
            convo = Convo(self._next("group"), members, set(members), group=True)
            self._convos[convo.id] = convo
            return convo.id

    def say_in(self, convo: str, sender: Somebody, text: str) -> str:
        with self._lock:
            return f"{convo}/{self._say(self._convos[convo], sender.did, {'text': text})['id']}"

    def texts(self, one: Somebody, other: Somebody) -> list[str]:
        """What the two have said to each other, oldest first."""
        with self._lock:
            return [message["text"] for message in self._convo_of(one.did, other.did).messages]

    def forget_log(self, account: Somebody) -> None:
        """The log loses its events: only the conversations still know."""
        with self._lock:
            self._logs[account.did] = []

    # --- chat.bsky.convo.*

    def answer(self, who: str, method: str, params: dict[str, list[str]], body: JSON) -> JSON:
        handler = getattr(self, f"_on_{method}", None)
        if handler is None:
            raise No("MethodNotImplemented", 501)
        with self._lock:
            self.calls.append((who, method))
            answer: JSON = handler(who, {**{k: v if k == "members" else v[0] for k, v in params.items()}, **body})
            return answer

    def _on_getLog(self, who: str, asked: JSON) -> JSON:  # noqa: N802 - the lexicon's name
        after = asked.get("cursor", "")
        events = [(rev, event) for rev, event in self._logs.get(who, []) if rev > after][:20]
        return {"logs": [event for _, event in events], "cursor": events[-1][0] if events else after}

    def _on_listConvos(self, who: str, asked: JSON) -> JSON:  # noqa: N802
        mine = sorted((c for c in self._convos.values() if who in c.members), key=_newest, reverse=True)
        start = int(asked.get("cursor", 0))
        page = mine[start : start + int(asked.get("limit", 50))]
        more = {"cursor": str(start + len(page))} if start + len(page) < len(mine) else {}
        return {"convos": [self._view(convo, who) for convo in page], **more}

    def _on_getConvo(self, who: str, asked: JSON) -> JSON:  # noqa: N802
        return {"convo": self._view(self._mine(who, asked["convoId"]), who)}

    def _on_getMessages(self, who: str, asked: JSON) -> JSON:  # noqa: N802
        convo = self._mine(who, asked["convoId"])
        newest_first = [self._seen_by(convo, message, who) for message in reversed(convo.messages)]
        start = int(asked.get("cursor", 0))
        page = newest_first[start : start + int(asked.get("limit", 50))]
        more = {"cursor": str(start + len(page))} if start + len(page) < len(newest_first) else {}
        return {"messages": page, **more}

    def _on_sendMessage(self, who: str, asked: JSON) -> JSON:  # noqa: N802
        convo = self._mine(who, asked["convoId"])
        if convo.locked:
            raise No("ConvoLocked")
        return self._say(convo, who, asked["message"])

    def _on_getConvoAvailability(self, who: str, asked: JSON) -> JSON:  # noqa: N802
        other = asked["members"][0]
        known = self._known(who, other)
        existing = {"convo": self._view(known, who)} if known else {}
        return {"canChat": bool(known) or self._may_write(who, other), **existing}

    def _on_getConvoForMembers(self, who: str, asked: JSON) -> JSON:  # noqa: N802
        other = asked["members"][0]
        if not self._known(who, other) and not self._may_write(who, other):
            raise No("MessagesDisabled" if self.allow.get(other) == "none" else "NotFollowedBySender")
        return {"convo": self._view(self._convo_of(who, other), who)}

    def _on_acceptConvo(self, who: str, asked: JSON) -> JSON:  # noqa: N802
        convo = self._mine(who, asked["convoId"])
        convo.accepted.add(who)
        self._log(who, "logAcceptConvo", convo)
        return {"rev": self._next("r")}

    def _on_deleteMessageForSelf(self, who: str, asked: JSON) -> JSON:  # noqa: N802
        return self._delete(who, asked["convoId"], asked["messageId"])

    # --- inside

    def _next(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count:09d}"

    def _may_write(self, who: str, other: str) -> bool:
        allow = self.allow.get(other, "all")
        return allow == "all" or (allow == "following" and (other, who) in self.follows)

    def _known(self, one: str, other: str) -> Convo | None:
        both = {one, other}
        return next((c for c in self._convos.values() if set(c.members) == both and not c.group), None)

    def _convo_of(self, one: str, other: str) -> Convo:
        convo = self._known(one, other)
        if convo is None:
            convo = Convo(self._next("convo"), (one, other), {one})
            self._convos[convo.id] = convo
            for member in convo.members:
                self._log(member, "logBeginConvo", convo)
        return convo

    def _mine(self, who: str, convo_id: str) -> Convo:
        convo = self._convos.get(convo_id)
        if convo is None or who not in convo.members:
            raise No("InvalidConvo")
        return convo

    def _say(self, convo: Convo, sender: str, message: JSON) -> JSON:
        said = {
            "$type": f"{_DEFS}messageView",
            "id": self._next("m"),
            "rev": self._next("r"),
            "text": message["text"],
            **({"facets": message["facets"]} if message.get("facets") else {}),
            "sender": {"did": sender},
            "sentAt": self.clock().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        convo.messages.append(said)
        for member in convo.members:
            self._log(member, "logCreateMessage", convo, message=said)
        return said

    def _delete(self, who: str, convo_id: str, message_id: str) -> JSON:
        convo = self._mine(who, convo_id)
        convo.hidden.setdefault(message_id, set()).add(who)
        message = next(m for m in convo.messages if m["id"] == message_id)
        gone = self._seen_by(convo, message, who)
        self._log(who, "logDeleteMessage", convo, message=gone)
        return gone

    def _seen_by(self, convo: Convo, message: JSON, who: str) -> JSON:
        if who not in convo.hidden.get(message["id"], ()):
            return message
        kept = {name: message[name] for name in ("id", "rev", "sender", "sentAt")}
        return {"$type": f"{_DEFS}deletedMessageView", **kept}

    def _log(self, who: str, kind: str, convo: Convo, **more: Any) -> None:
        rev = self._next("r")
        self._logs.setdefault(who, []).append(
            (rev, {"$type": f"{_DEFS}{kind}", "rev": rev, "convoId": convo.id, **more})
        )

    def _view(self, convo: Convo, who: str) -> JSON:
        last = {"lastMessage": self._seen_by(convo, convo.messages[-1], who)} if convo.messages else {}
        return {
            "id": convo.id,
            "rev": self._logs[who][-1][0] if self._logs.get(who) else "",
            "members": [{"did": did, "handle": self.handles.get(did, "handle.invalid")} for did in convo.members],
            "muted": False,
            "unreadCount": 0,
            "status": "accepted" if who in convo.accepted else "request",
            "kind": {"$type": f"{_DEFS}{'groupConvo' if convo.group else 'directConvo'}"},
            **last,
        }


def _newest(convo: Convo) -> str:
    return str(convo.messages[-1]["sentAt"]) if convo.messages else ""


@contextlib.contextmanager
def chat_service(network: RealNetwork) -> Iterator[ChatService]:
    """A chat service on loopback, known to the network under a DID of its own, until the block ends."""
    service = ChatService()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(service))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        endpoint = f"http://localhost:{server.server_address[1]}"
        service.did = network.mint_service("bsky_chat", "BskyChatService", endpoint)
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(service: ChatService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            nsid = urlsplit(self.path).path.rpartition("/")[2]
            fault = service.faults.pop(0) if nsid.endswith(".sendMessage") and service.faults else None
            status, answer = self._answer(nsid, body) if fault != "error_before_effect" else (0, {})
            if fault == "lost_answer":
                self.close_connection = True
                self.connection.close()
            elif fault is not None:
                self._say(502, {"error": "UpstreamFailure"})
            else:
                self._say(status, answer)

        def _answer(self, nsid: str, body: bytes) -> tuple[int, JSON]:
            params = parse_qs(urlsplit(self.path).query)
            try:
                who = self._caller(nsid)
                return 200, service.answer(who, nsid.rpartition(".")[2], params, json.loads(body or b"{}"))
            except No as no:
                return no.status, {"error": no.error, "message": no.error}

        def _caller(self, nsid: str) -> str:
            """Who asks, as the PDS vouches; the token must be for us and for this method."""
            payload = (self.headers.get("authorization") or "..").removeprefix("Bearer ").split(".")[1]
            claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)) or b"{}")
            if claims.get("aud") != service.did or claims.get("lxm") != nsid:
                raise No("BadJwt", 401)
            return str(claims["iss"])

        def _say(self, status: int, answer: JSON) -> None:
            data = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = _handle  # noqa: N815 - the base class's names

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Tests are quiet."""

    return Handler
