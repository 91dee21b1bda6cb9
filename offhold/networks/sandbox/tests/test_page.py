"""The pages: what a visitor may see and do, without script, and what no page may let through."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest

from offhold.networks.sandbox.demo import DemoCompany
from offhold.networks.sandbox.tests.running import Running
from offhold.networks.sandbox.world.page import parts
from offhold.networks.sandbox.world.page.html import Html, el, join

Get = Callable[..., tuple[int, str, dict[str, str]]]


class Visitor:
    """A browser without script: keeps its cookie, follows nothing."""

    def __init__(self, running: Running) -> None:
        self._host = running.address.removeprefix("http://")
        self.cookie = ""

    def get(self, path: str) -> tuple[int, str, dict[str, str]]:
        return self._ask("GET", path, None, {})

    def post(self, path: str, origin: str | None = None, **form: str) -> tuple[int, str, dict[str, str]]:
        headers = {"content-type": "application/x-www-form-urlencoded", "origin": origin or f"http://{self._host}"}
        return self._ask("POST", path, urlencode(form).encode(), headers)

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, str, dict[str, str]]:
        connection = http.client.HTTPConnection(self._host, timeout=10)
        try:
            connection.request(method, path, body, {**headers, "cookie": self.cookie})
            answer = connection.getresponse()
            told = {k.lower(): v for k, v in answer.headers.items()}
            self.cookie = told.get("set-cookie", self.cookie).split(";")[0]
            return answer.status, answer.read().decode(), told
        finally:
            connection.close()


@pytest.fixture
def visitor(running: Running, customer: str) -> Visitor:
    """Somebody who plays the customer."""
    visitor = Visitor(running)
    who = running.control.act({"who": customer, "do": "post", "text": f"I am {customer}"})[0]["author"]["id"]
    status, _, headers = visitor.post(f"/do/play/{who}")
    assert status == 303
    assert "httponly" in headers["set-cookie"].lower()
    return visitor


def test_every_page_answers_with_a_strict_policy(
    visitor: Visitor, running: Running, company: DemoCompany, customer: str
) -> None:
    [root] = running.control.act({"who": customer, "do": "post", "text": f"@{company.handle} hello"})
    posted = [f"/{view}/{root['id']}" for view in ("status", "quote", "edit")]
    pages = ["/", *posted, "/direct", f"/direct/{company.handle}", "/people", "/storms", f"/@{customer}"]
    for path in pages:
        status, page, headers = visitor.get(path)
        assert status == 200, path
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert not re.search(r"<[^>]* (style|on\w+)=|<style|<script>|https?://(?!127|www\.w3)", page), path
        assert page.count("<h1") == 1, path
    assert visitor.get("/status/nothing")[0] == 404


def test_a_visitor_posts_replies_quotes_likes_edits_and_deletes(
    visitor: Visitor, running: Running, company: DemoCompany, customer: str
) -> None:
    told = running.oracle.published
    visitor.post("/do/post", text=f"@{company.handle} from the page")
    [post] = told(text=f"@{company.handle} from the page")
    assert post.id
    assert visitor.post(f"/do/reply/{post.id}", text="and one more thing")[2]["location"] == f"/status/{post.id}"
    visitor.post(f"/do/quote/{post.id}", text="look")
    visitor.post(f"/do/like/{post.id}")
    visitor.post(f"/do/edit/{post.id}", text="from the page, edited")
    assert "from the page, edited" in visitor.get(f"/status/{post.id}")[1]
    assert [r.parent for r in told(text="and one more thing")] == [post.id]
    assert [r.quotes for r in told(text="look")] == [post.id]
    visitor.post(f"/do/delete/{post.id}")
    assert "deleted by its author" in visitor.get(f"/status/{post.id}")[1]
    assert {r.via for r in told() if r.author == post.author and r.text != f"I am {customer}"} == {"page"}


def test_with_nobody_chosen_direct_messages_ask_whose(running: Running) -> None:
    status, page, _ = Visitor(running).get("/direct")
    assert status == 200
    assert "Choose the person you want to play" in page
    assert 'action="/do/play/' in page


def test_counts_of_one_are_said_as_one() -> None:
    assert [parts.counted(n, "like", "likes") for n in (0, 1, 2)] == ["0 likes", "1 like", "2 likes"]


def test_direct_messages_are_seen_by_the_two_and_nobody_else(
    visitor: Visitor, running: Running, company: DemoCompany
) -> None:
    visitor.post(f"/do/direct/{company.account_id}", text="booking K7TQ4M")
    assert "booking K7TQ4M" in visitor.get(f"/direct/{company.handle}")[1]
    [sent] = running.oracle.published(author=None, text="booking K7TQ4M", audience="private")[-1:]
    stranger = Visitor(running)
    stranger.post("/do/join", handle=f"to_{company.handle}", name="A stranger")
    for path in (f"/direct/{company.handle}", "/", f"/status/{sent.id}", "/direct", f"/status/{sent.conversation}"):
        assert "K7TQ4M" not in stranger.get(path)[1], path
    assert "K7TQ4M" not in Visitor(running).get("/direct")[1]


def test_whatever_people_write_stays_text(visitor: Visitor, running: Running) -> None:
    hostile = "<script>alert(1)</script> <img src=x onerror=alert(1)> \"'> &lt; https://evil.example/<b>"
    visitor.post("/do/post", text=hostile)
    page = visitor.get("/")[1]
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    status, page, _ = visitor.get("/?said=" + quote("<script>alert(1)</script>"))
    assert status == 200
    assert "<script>alert" not in page


def test_a_form_from_elsewhere_does_nothing(visitor: Visitor, running: Running) -> None:
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1"):
        assert visitor.post("/do/post", origin=origin, text="from elsewhere")[0] == 403
    assert running.oracle.published(text="from elsewhere") == []


def test_nobody_cannot_speak_and_refusals_are_told(visitor: Visitor, running: Running) -> None:
    assert Visitor(running).post("/do/post", text="hello")[0] == 403
    status, page, _ = visitor.post("/do/post", text="x" * 501)
    assert status == 422
    assert "501 characters; 500 fit" in page
    assert visitor.post("/do/storm/airline", company="nobody_here")[0] == 404
    assert visitor.post("/do/dance")[0] == 404


def test_a_storm_starts_and_stops_from_its_button(visitor: Visitor, running: Running, company: DemoCompany) -> None:
    assert visitor.post("/do/storm/calm", company=company.account_id, speed="1", seed="4")[0] == 303
    assert f"Ordinary weather for @{company.handle}" in visitor.get("/storms")[1]
    playing = [
        s["id"] for s in running.control.call("GET", "/control/scenarios")["scenarios"] if s["state"] == "playing"
    ]
    for play in playing:
        assert visitor.post(f"/do/calm/{play}")[0] == 303
    assert visitor.post("/do/storm/calm", company=company.account_id, speed="fast")[0] == 422


def test_markup_is_escaped_unless_it_is_html() -> None:
    assert el("p", "<b>", Html("<i>x</i>"), title='"') == '<p title="&quot;">&lt;b&gt;<i>x</i></p>'
    assert el("input", required=True, disabled=False, aria_label="a & b") == '<input required aria-label="a &amp; b">'
    assert join("&", None, 3, [Html("<br>")]) == "&amp;3<br>"
