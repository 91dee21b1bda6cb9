"""The pages. A visitor plays whom they choose (a cookie says who); every act is a plain form and needs no script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from sqlite3 import Row
from urllib.parse import parse_qsl, quote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from offhold.networks.sandbox.world.network import Network, Refusal
from offhold.networks.sandbox.world.page import parts, reading
from offhold.networks.sandbox.world.page.doing import Doing, check_somebody
from offhold.networks.sandbox.world.page.html import Html, el, join
from offhold.networks.sandbox.world.page.side import aside, choose, people, storms
from offhold.networks.sandbox.world.scenarios.player import Player

COOKIE = "playing"
HERE = Path(__file__).parent
SECURITY = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}
View = Callable[[Request], Awaitable[Response]]


class Page:
    def __init__(self, net: Network, player: Player, stopping: asyncio.Event) -> None:
        self._net, self._player, self._stopping = net, player, stopping
        self._doing = Doing(net, player)

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
        older = (
            el("a", "Older posts", href=f"/?before={rows[-1]['seq']}", class_="more")
            if len(rows) == reading.PAGE
            else None
        )
        company = reading.first_company(self._net)
        start = f"@{company['handle']} " if company is not None and me is not None and me["id"] != company["id"] else ""
        write = parts.compose("/do/post", f"Post in public as {me['name']}", "Post", text=start) if me else None
        fresh = parts.fresh("/news", "/", "Show new posts")
        nothing = el("p", "Nobody has said anything yet.", class_="gone") if not rows else None
        return self._page(
            request, "Public", "/", join(el("h1", "What everyone sees"), write, fresh, posts, nothing, older)
        )

    async def thread(self, request: Request) -> Response:
        me, row = self._me(request), reading.public_item(self._net, request.path_params["id"])
        above = reading.ancestors(self._net, row)
        below = reading.answers(self._net, row)
        reply = None
        if me is not None and not row["deleted"]:
            author = self._net.account(row["author"])
            reply = el(
                "div",
                parts.compose(
                    f"/do/reply/{row['id']}", f"Reply to {author['name']} in public as {me['name']}", "Reply"
                ),
                id="reply",
            )
        main = join(
            el("h1", "Thread"),
            [parts.post(self._net, r, me) for r in above],
            parts.post(self._net, row, me, alone=True),
            reply,
            el("h2", parts.replies(row["replies"])),
            parts.fresh(
                f"/news?thread={row['conversation']}", f"/status/{row['id']}", "Show new replies", at_once=True
            ),
            [parts.post(self._net, r, me, nested=True) for r in below],
        )
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
        me = self._me(request)
        if me is None:
            return self._page(request, "Direct messages", "/direct", choose(reading.people(self._net, "")))
        rows = reading.conversations(self._net, me["id"])
        listed = [el("li", self._conversation_row(me, r)) for r in rows]
        main = el("ul", listed, class_="list") if rows else el("p", "No direct messages yet.", class_="gone")
        company = reading.first_company(self._net)
        write = (
            el("a", f"Write to {company['name']}", href=f"/direct/{company['handle']}", class_="more")
            if company
            else None
        )
        title = el("h1", f"Direct messages of {me['name']}")
        return self._page(request, "Direct messages", "/direct", join(title, write, main))

    async def conversation(self, request: Request) -> Response:
        me, other = self._somebody(request), self._net.account(request.path_params["person"])
        rows = reading.messages(self._net, me["id"], other["id"])
        talk = el("ol", [parts.message(self._net, r, me) for r in rows], class_="talk")
        write = parts.compose(
            f"/do/direct/{other['id']}",
            f"Message to {other['name']}, as {me['name']}",
            "Send",
            private=True,
            hint=f"only you and {other['name']} can read this",
        )
        title = el("h1", parts.face(other), parts.person(other), class_="with")
        fresh = parts.fresh(
            f"/news?with={other['id']}", f"/direct/{other['handle']}", "Show new messages", at_once=True
        )
        return self._page(request, f"Messages with {other['name']}", "/direct", join(title, talk, fresh, write))

    async def everybody(self, request: Request) -> Response:
        found = reading.people(self._net, request.query_params.get("q", "").removeprefix("@"))
        return self._page(request, "People", "/people", people(found, request.query_params.get("q", "")))

    async def storms(self, request: Request) -> Response:
        return self._page(request, "Storms", "/storms", storms(self._player.states(), reading.companies(self._net)))

    async def profile(self, request: Request) -> Response:
        me, account = self._me(request), self._net.account(request.path_params["handle"])
        rows = reading.posts_of(self._net, account["id"])
        head = el(
            "section",
            parts.face(account),
            el("h1", account["name"], dir="auto"),
            el("p", f"@{account['handle']} · {parts.followers(account['followers'])}"),
            el("p", account["bio"], dir="auto"),
            el(
                "form",
                el("button", f"Play as {account['name']}", class_="main"),
                method="post",
                action=f"/do/play/{account['id']}",
                class_="inline",
            ),
            el("a", "Direct message", href=f"/direct/{account['handle']}") if me else None,
            class_="profile",
        )
        return self._page(request, account["name"], "", join(head, [parts.post(self._net, r, me) for r in rows]))

    async def do(self, request: Request) -> Response:
        """One act of the visitor. Back to where they were, with a line about it."""
        form = dict(parse_qsl((await request.body())[:20_000].decode("utf-8", "replace")))
        what, target = request.path_params["what"], request.path_params.get("id", "")
        done = self._doing.do(what, target, form, self._me(request), _referer(request))
        await self._net.settle()
        answer = RedirectResponse(f"{done.to}?said={quote(done.said)}" if done.said else done.to, 303)
        if done.playing:
            answer.set_cookie(COOKIE, done.playing, max_age=2_592_000, httponly=True, samesite="lax")
        return answer

    async def news(self, request: Request) -> Response:
        """`?thread=` or `?with=` narrows it to one thread, or to the visitor's messages with one person."""
        thread, person = request.query_params.get("thread"), request.query_params.get("with")
        if person:
            me = self._me(request)
            newest = partial(reading.newest_between, self._net, me["id"] if me else "", person)
        else:
            newest = partial(reading.newest, self._net, thread)
        return StreamingResponse(
            self._beats(newest), media_type="text/event-stream", headers={"cache-control": "no-store"}
        )

    async def _beats(self, newest: Callable[[], int]) -> AsyncIterator[bytes]:
        """The number of the newest change whenever it is another one; the script then shows it, or offers to."""
        last = None
        while not self._stopping.is_set():
            number = newest()
            yield b"data: %d\n\n" % number if number != last else b":\n\n"
            last = number
            try:
                await asyncio.wait_for(self._stopping.wait(), timeout=1.5)
            except TimeoutError:
                continue

    def _conversation_row(self, me: Row, row: Row) -> Html:
        other = self._net.account(row["recipient"] if row["author"] == me["id"] else row["author"])
        last = el("span", "Deleted." if row["deleted"] else row["text"][:90], dir="auto")
        return el(
            "a",
            parts.face(other),
            el("b", other["name"]),
            last,
            parts.moment(row["created"]),
            href=f"/direct/{other['handle']}",
        )

    def _me(self, request: Request) -> Row | None:
        return self._net.store.one("SELECT * FROM accounts WHERE id = ?", request.cookies.get(COOKIE, ""))

    def _somebody(self, request: Request) -> Row:
        return check_somebody(self._me(request))

    def _page(self, request: Request, title: str, here: str, main: Html, status: int = 200, said: str = "") -> Response:
        side = aside(self._me(request), reading.cast(self._net))
        text = parts.frame(title, here, main, side, said or request.query_params.get("said", "")[:200])
        return HTMLResponse(text, status, SECURITY)

    def _guard(self, view: View) -> View:
        """Refusals become a page. A form counts only when it was sent from one of our own pages."""

        async def serve(request: Request) -> Response:
            try:
                _check_ours(request)
                return await view(request)
            except Refusal as no:
                main = join(el("h1", "That did not work"), el("p", el("a", "Back", href=_referer(request))))
                return self._page(request, "That did not work", "", main, no.status, str(no))
            except ValueError:
                return self._page(request, "That did not work", "", el("h1", "That is not a number"), 422)

        return serve


def _check_ours(request: Request) -> None:
    origin = request.headers.get("origin") or request.headers.get("referer", "")
    if request.method == "POST" and urlsplit(origin).netloc != request.headers.get("host"):
        raise Refusal(403, "elsewhere", "This form did not come from one of these pages.")


def _referer(request: Request) -> str:
    parts_ = urlsplit(request.headers.get("referer", ""))
    return parts_.path or "/" if parts_.netloc == request.headers.get("host") else "/"


def _file(name: str, kind: str) -> View:
    content = (HERE / name).read_bytes()

    async def serve(_: Request) -> Response:
        return Response(
            content, media_type=kind, headers={"x-content-type-options": "nosniff", "cache-control": "no-cache"}
        )

    return serve
