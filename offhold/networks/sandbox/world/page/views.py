"""The pages. A visitor plays whom they choose (a cookie says who); every act is a plain form, so it works without script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from sqlite3 import Row
from urllib.parse import parse_qsl, quote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from .. import acts
from ..network import Network, Refusal
from ..scenarios.player import Player
from . import parts, reading
from .html import Html, el, join
from .side import aside, people, storms

COOKIE = "playing"
HERE = Path(__file__).parent
SECURITY = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}
View = Callable[[Request], Awaitable[Response]]


class Page:
    def __init__(self, net: Network, player: Player, stopping: asyncio.Event) -> None:
        self._net, self._player, self._stopping = net, player, stopping

    def routes(self) -> list[Route]:
        return [
            Route("/", self._guard(self.public)),
            Route("/status/{id}", self._guard(self.thread)),
            Route("/quote/{id}", self._guard(self.quote)),
            Route("/edit/{id}", self._guard(self.edit)),
            Route("/direct", self._guard(self.conversations)),
            Route("/direct/{person}", self._guard(self.conversation)),
            Route("/people", self._guard(self.everybody)),
            Route("/storms", self._guard(self.storms)),
            Route("/@{handle}", self._guard(self.profile)),
            Route("/do/{what}", self._guard(self.do), methods=["POST"]),
            Route("/do/{what}/{id}", self._guard(self.do), methods=["POST"]),
            Route("/news", self.news),
            Route("/page.css", _file("page.css", "text/css")),
            Route("/page.js", _file("page.js", "text/javascript")),
            Route("/icon.svg", _file("icon.svg", "image/svg+xml")),
        ]

    async def public(self, request: Request) -> Response:
        me = self._me(request)
        rows = reading.timeline(self._net, request.query_params.get("before"))
        posts = [parts.post(self._net, r, me) for r in rows]
        older = el("a", "Older posts", href=f"/?before={rows[-1]['seq']}", class_="more") if len(rows) == reading.PAGE else None
        company = reading.first_company(self._net)
        start = f"@{company['handle']} " if company is not None and me is not None and me["id"] != company["id"] else ""
        write = parts.compose("/do/post", f"Post in public as {me['name']}", "Post", text=start) if me else None
        fresh = el("a", "Show new posts", href="/", id="fresh", hidden=True, class_="more")
        nothing = el("p", "Nobody has said anything yet.", class_="gone") if not rows else None
        return self._page(request, "Public", "/", join(el("h1", "What everyone sees"), write, fresh, posts, nothing, older))

    async def thread(self, request: Request) -> Response:
        me, row = self._me(request), reading.public_item(self._net, request.path_params["id"])
        above = reading.ancestors(self._net, row)
        below = reading.answers(self._net, row)
        reply = None
        if me is not None and not row["deleted"]:
            author = self._net.account(row["author"])
            reply = el("div", parts.compose(f"/do/reply/{row['id']}", f"Reply to {author['name']} in public as {me['name']}",
                                            "Reply"), id="reply")  # fmt: skip
        main = join(
            el("h1", "Thread"), [parts.post(self._net, r, me) for r in above], parts.post(self._net, row, me, alone=True),
            reply, el("h2", f"{row['replies']} replies"), [parts.post(self._net, r, me, nested=True) for r in below],
        )  # fmt: skip
        return self._page(request, "Thread", "", main)

    async def quote(self, request: Request) -> Response:
        me, row = self._somebody(request), reading.public_item(self._net, request.path_params["id"])
        write = parts.compose(f"/do/quote/{row['id']}", f"Quote this as {me['name']}", "Post")
        return self._page(request, "Quote", "", join(el("h1", "Quote"), write, parts.post(self._net, row, None)))

    async def edit(self, request: Request) -> Response:
        self._somebody(request)
        row = reading.public_item(self._net, request.path_params["id"])
        write = parts.compose(f"/do/edit/{row['id']}", "New text, seen by everyone", "Save", text=row["text"])
        return self._page(request, "Edit", "", join(el("h1", "Edit your post"), write))

    async def conversations(self, request: Request) -> Response:
        me = self._somebody(request)
        rows = reading.conversations(self._net, me["id"])
        listed = [el("li", self._conversation_row(me, r)) for r in rows]
        main = el("ul", listed, class_="list") if rows else el("p", "No direct messages yet.", class_="gone")
        company = reading.first_company(self._net)
        write = el("a", f"Write to {company['name']}", href=f"/direct/{company['handle']}", class_="more") if company else None
        title = el("h1", f"Direct messages of {me['name']}")
        return self._page(request, "Direct messages", "/direct", join(title, write, main))

    async def conversation(self, request: Request) -> Response:
        me, other = self._somebody(request), self._net.account(request.path_params["person"])
        rows = reading.messages(self._net, me["id"], other["id"])
        talk = el("ol", [parts.message(self._net, r, me) for r in rows], class_="talk")
        write = parts.compose(f"/do/direct/{other['id']}", f"Message to {other['name']}, as {me['name']}", "Send", private=True,
                              hint=f"only you and {other['name']} can read this")  # fmt: skip
        title = el("h1", parts.face(other), parts.person(other))
        return self._page(request, f"Messages with {other['name']}", "/direct", join(title, talk, write))

    async def everybody(self, request: Request) -> Response:
        found = reading.people(self._net, request.query_params.get("q", "").removeprefix("@"))
        return self._page(request, "People", "/people", people(found, request.query_params.get("q", ""), self._me(request)))

    async def storms(self, request: Request) -> Response:
        return self._page(request, "Storms", "/storms", storms(self._player.states(), reading.companies(self._net)))

    async def profile(self, request: Request) -> Response:
        me, account = self._me(request), self._net.account(request.path_params["handle"])
        rows = reading.posts_of(self._net, account["id"])
        head = el("section", parts.face(account), el("h1", account["name"], dir="auto"),
                  el("p", f"@{account['handle']} · {parts.followers(account['followers'])}"), el("p", account["bio"], dir="auto"),
                  el("form", el("button", "Play as this person", class_="main"), method="post",
                     action=f"/do/play/{account['id']}", class_="inline"),
                  el("a", "Direct message", href=f"/direct/{account['handle']}") if me else None, class_="profile")  # fmt: skip
        return self._page(request, account["name"], "", join(head, [parts.post(self._net, r, me) for r in rows]))

    async def do(self, request: Request) -> Response:
        """One act of the visitor. Back to where they were, with a line about it."""
        form = dict(parse_qsl((await request.body())[:20_000].decode("utf-8", "replace")))
        what, id = request.path_params["what"], request.path_params.get("id", "")
        if what in ("play", "join"):
            return await self._play(what, id, form)
        if what == "storm":
            told = self._storm(id, form)
            return _back("/storms", told)
        if what == "calm":
            self._player.stop(id)
            return _back("/storms", "Stopped.")
        to = self._act(self._somebody(request), what, id, form.get("text", "").replace("\r\n", "\n").strip(), request)
        await self._net.settle()
        return _back(to, "")

    async def news(self, request: Request) -> Response:
        return StreamingResponse(self._beats(), media_type="text/event-stream", headers={"cache-control": "no-store"})

    async def _beats(self) -> AsyncIterator[bytes]:
        """A line whenever the newest public post is another one; the script then offers to show it."""
        last = None
        while not self._stopping.is_set():
            newest = self._net.store.number("SELECT max(seq) FROM items WHERE audience = 'public' AND parent IS NULL")
            yield b"data: %d\n\n" % newest if newest != last else b":\n\n"
            last = newest
            try:
                await asyncio.wait_for(self._stopping.wait(), timeout=2.0)
            except TimeoutError:
                continue

    def _act(self, me: Row, what: str, id: str, text: str, request: Request) -> str:
        """Where to go then."""
        net, who, here = self._net, me["id"], _referer(request)
        match what:
            case "post":
                acts.post(net, who, text, via="page")
                return "/"
            case "reply":
                return "/status/" + acts.post(net, who, text, parent=id, via="page")["conversation"]
            case "quote":
                return "/status/" + acts.post(net, who, text, quotes=id, via="page")["id"]
            case "direct":
                acts.direct(net, who, id, text, via="page")
                return f"/direct/{net.account(id)['handle']}"
            case "edit":
                acts.edit(net, who, id, text, via="page")
                return f"/status/{id}"
            case "delete":
                row = acts.delete(net, who, id, via="page")
                return here if row["audience"] == "private" else "/"
            case "like" | "repost":
                acts.touch(net, who, id, what + "s")
                return f"{here}#{id}"
            case _:
                raise Refusal(404, "not_found", "There is no such act.")

    async def _play(self, what: str, id: str, form: dict[str, str]) -> Response:
        if what == "join":
            handle = form.get("handle", "").strip().removeprefix("@")
            account = acts.join(self._net, handle, form.get("name", "") or handle, via="page")
            await self._net.settle()
        else:
            account = self._net.account(id)
        answer = _back("/", f"You are {account['name']} now.")
        answer.set_cookie(COOKIE, account["id"], max_age=2_592_000, httponly=True, samesite="lax")
        return answer

    def _storm(self, name: str, form: dict[str, str]) -> str:
        company = self._net.account(form.get("company", ""))
        seed = int(form["seed"]) if form.get("seed", "").isdigit() else self._net.now() % 100_000
        speed = float(form.get("speed", "0") or 0) or self._player.speed_of(name)
        self._player.play(name, company["handle"], seed=seed, speed=speed)
        return f"It plays now, for @{company['handle']}, with seed {seed}."

    def _conversation_row(self, me: Row, row: Row) -> Html:
        other = self._net.account(row["recipient"] if row["author"] == me["id"] else row["author"])
        last = el("span", "Deleted." if row["deleted"] else row["text"][:90], dir="auto")
        return el("a", parts.face(other), el("b", other["name"]), last, parts.moment(row["created"]), href=f"/direct/{other['handle']}")

    def _me(self, request: Request) -> Row | None:
        return self._net.store.one("SELECT * FROM accounts WHERE id = ?", request.cookies.get(COOKIE, ""))

    def _somebody(self, request: Request) -> Row:
        me = self._me(request)
        if me is None:
            raise Refusal(403, "nobody", "Choose whom you play first.")
        return me

    def _page(self, request: Request, title: str, here: str, main: Html, status: int = 200, said: str = "") -> Response:
        side = aside(self._me(request), reading.cast(self._net))
        text = parts.frame(title, here, main, side, said or request.query_params.get("said", "")[:200])
        return HTMLResponse(text, status, SECURITY)

    def _guard(self, view: View) -> View:
        """Refusals become a page. A form counts only when it was sent from one of our own pages."""

        async def serve(request: Request) -> Response:
            try:
                if request.method == "POST" and not _ours(request):
                    raise Refusal(403, "elsewhere", "This form did not come from one of these pages.")
                return await view(request)
            except Refusal as no:
                main = join(el("h1", "That did not work"), el("p", el("a", "Back", href=_referer(request))))
                return self._page(request, "That did not work", "", main, no.status, str(no))
            except ValueError:
                return self._page(request, "That did not work", "", el("h1", "That is not a number"), 422)

        return serve


def _ours(request: Request) -> bool:
    origin = request.headers.get("origin") or request.headers.get("referer", "")
    return urlsplit(origin).netloc == request.headers.get("host")


def _referer(request: Request) -> str:
    parts_ = urlsplit(request.headers.get("referer", ""))
    return parts_.path or "/" if parts_.netloc == request.headers.get("host") else "/"


def _back(to: str, said: str) -> Response:
    return RedirectResponse(f"{to}?said={quote(said)}" if said else to, 303)


def _file(name: str, kind: str) -> View:
    content = (HERE / name).read_bytes()

    async def serve(request: Request) -> Response:
        return Response(content, media_type=kind, headers={"x-content-type-options": "nosniff", "cache-control": "no-cache"})

    return serve
