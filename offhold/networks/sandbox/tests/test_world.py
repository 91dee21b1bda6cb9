"""The network itself, by HTTP as an app sees it: audiences, threads, keys, limits, events, pages."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from offhold.networks.sandbox.demo import ControlError, DemoCompany
from offhold.networks.sandbox.tests.running import Running

Caller = Callable[..., tuple[int, dict[str, Any], dict[str, str]]]


@pytest.fixture
def api(running: Running, company: DemoCompany) -> Caller:
    """`api(method, path, body, **headers)` as the company: status, JSON, lower-case headers."""

    def call(method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, Any], dict[str, str]]:
        named = {
            "authorization": f"Bearer {company.typed['token']}",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(running.address + path, content, named, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.loads(answer.read()), {k.lower(): v for k, v in answer.headers.items()}
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"{}"), {k.lower(): v for k, v in error.headers.items()}

    return call


def say(running: Running, who: str, do: str = "post", **more: str) -> str:
    [done] = running.control.act({"who": who, "do": do, **more})
    assert "error" not in done, done
    return str(done.get("id", ""))


def events(api: Caller, after: str = "0") -> list[dict[str, Any]]:
    status, page, _ = api("GET", f"/api/events?after={after}")
    assert status == 200
    told: list[dict[str, Any]] = page["events"]
    return told


def test_an_audience_is_stated_and_checked(api: Caller, running: Running, company: DemoCompany, customer: str) -> None:
    root = say(running, customer, text=f"@{company.handle} hello")
    status, made, _ = api("POST", "/api/statuses", {"text": "Hi", "visibility": "public", "in_reply_to": root})
    assert (status, made["visibility"], made["thread"], made["in_reply_to"]) == (201, "public", root, root)
    status, made, _ = api("POST", f"/api/direct/{customer}/messages", {"text": "K7TQ4M", "visibility": "private"})
    assert (status, made["visibility"]) == (201, "private")
    assert running.oracle.readers(made["id"]) == [
        company.account_id,
        running.oracle.published(text="K7TQ4M")[-1].recipient,
    ]
    for path, wrong in (("/api/statuses", "private"), (f"/api/direct/{customer}/messages", "public")):
        status, told, _ = api("POST", path, {"text": "Oops", "visibility": wrong})
        assert (status, told["error"]["code"]) == (400, "bad_request")
        assert api("POST", path, {"text": "Oops"})[0] == 400
    assert running.oracle.published(text="Oops") == []


def test_a_direct_message_is_nobody_elses(api: Caller, running: Running, customer: str) -> None:
    other = running.control.found_company("other_firm", "Other", 10)
    secret = say(running, customer, "direct", text="for the other firm", to=other.handle)
    for method, path in (("GET", "statuses"), ("PATCH", "messages"), ("DELETE", "messages"), ("DELETE", "statuses")):
        assert api(method, f"/api/{path}/{secret}", {"text": "x"} if method == "PATCH" else None)[0] == 404
    assert api("POST", "/api/statuses", {"text": "x", "visibility": "public", "in_reply_to": secret})[0] == 404
    assert api("POST", "/api/statuses", {"text": "x", "visibility": "public", "quotes": secret})[0] == 404
    assert api("GET", f"/api/items?ids={secret}")[1]["ids"] == []


def test_who_hears_of_what_and_why(api: Caller, running: Running, company: DemoCompany, customer: str) -> None:
    us = company.handle
    root = say(running, customer, text=f"@{us} where is my bag?")
    deeper = say(running, customer, text="and my coat", to=root)
    ours = say(running, us, text="We look for both.", to=deeper, key="k1")
    say(running, customer, text="thanks", to=ours)
    say(running, customer, text="look at this", quotes=ours)
    say(running, customer, "direct", text="tag 4711", to=us)
    say(running, customer, text="nothing to do with you")
    told = [(e["type"], e["reason"]) for e in events(api)]
    assert told == [
        ("status.created", "mention"),
        ("status.created", "thread"),
        ("status.created", "echo"),
        ("status.created", "reply"),
        ("status.created", "quote"),
        ("direct.created", "direct"),
    ]
    assert [e["status"].get("client_key") for e in events(api) if "status" in e] == [None, None, "k1", None, None]


def test_edits_and_deletes_are_told_and_text_is_gone(
    api: Caller, running: Running, company: DemoCompany, customer: str
) -> None:
    post = say(running, customer, text=f"@{company.handle} wher is it")
    say(running, customer, "edit", id=post, text="where is it")
    say(running, customer, "delete", id=post)
    kinds = [e["type"] for e in events(api)]
    assert kinds[:3] == ["status.created", "status.edited", "status.deleted"]
    assert api("GET", f"/api/statuses/{post}")[0] == 404
    assert "text" not in api("GET", f"/api/events?after={events(api)[1]['id']}")[1]["events"][0]["status"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("x" * 500, 201),
        ("x" * 501, 422),
        ("🙋" * 500, 201),
        ("y" * 476 + " https://example.org/" + "a" * 300, 201),
        ("y" * 477 + " https://example.org/" + "a" * 300, 422),
        ("   ", 422),
    ],
)
def test_the_public_limit_counts_code_points_and_a_url_as_23(api: Caller, text: str, status: int) -> None:
    assert api("POST", "/api/statuses", {"text": text, "visibility": "public"})[0] == status


def test_a_key_is_honoured_only_within_its_window(api: Caller, running: Running, company: DemoCompany) -> None:
    body = {"text": "Said once", "visibility": "public"}
    _, first, _ = api("POST", "/api/statuses", body, idempotency_key="once")
    status, second, headers = api("POST", "/api/statuses", body, idempotency_key="once")
    assert (status, second["id"], headers["idempotency-replayed"]) == (200, first["id"], "true")
    assert api("POST", "/api/statuses", {**body, "text": "Other"}, idempotency_key="once")[0] == 409
    running.control.call("POST", "/control/limits", key_window=0)
    try:
        api("POST", "/api/statuses", body, idempotency_key="late")
        api("POST", "/api/statuses", body, idempotency_key="late")
    finally:
        running.control.call("POST", "/control/limits", key_window=600)
    assert len(running.oracle.published(author=company.account_id, key="once")) == 1
    [twice] = [g for g in running.oracle.doubles(company.account_id) if g[0].key == "late" and g[-1].key == "late"]
    assert len(twice) == 2


def test_rate_limits_say_so(api: Caller, running: Running) -> None:
    running.control.call("POST", "/control/limits", rules={"write": [2, 3600]})
    try:
        answers = [api("POST", "/api/statuses", {"text": f"Number {n}", "visibility": "public"}) for n in range(3)]
    finally:
        running.control.call("POST", "/control/limits", rules={"write": [600, 60]})
    assert [status for status, _, _ in answers] == [201, 201, 429]
    assert [h["x-ratelimit-remaining"] for _, _, h in answers] == ["1", "0", "0"]
    assert 0 < int(answers[2][2]["retry-after"]) <= 3600
    assert running.oracle.published(text="Number 2") == []


def test_own_items_are_listed_with_a_watermark(
    api: Caller, running: Running, company: DemoCompany, customer: str
) -> None:
    since = api("GET", "/api/me/statuses")[1]["now"]
    said = [say(running, company.handle, text=f"One of many {n}", key=f"n{n}") for n in range(3)]
    say(running, company.handle, "delete", id=said[1])
    page = api("GET", f"/api/me/statuses?since={since}")[1]
    assert [s["id"] for s in page["statuses"]] == said
    assert [s.get("deleted_at") is not None for s in page["statuses"]] == [False, True, False]
    assert page["now"] >= page["as_of"] >= page["statuses"][-1]["created_at"]
    running.control.fault("late_reads", "statuses.own", seconds=3600, account=company.account_id)
    late = api("GET", "/api/me/statuses")[1]
    assert late["statuses"] == []
    assert late["as_of"] < late["now"]


def test_paging_loses_nothing(api: Caller, running: Running, company: DemoCompany, customer: str) -> None:
    acts = [{"who": customer, "do": "post", "text": f"@{company.handle} number {n}"} for n in range(450)]
    said = [done["id"] for done in running.control.act(*acts)]
    seen, after, more = [], "0", True
    while more:
        _, page, _ = api("GET", f"/api/events?after={after}")
        seen += [e["status"]["id"] for e in page["events"] if e["type"] == "status.created"]
        after, more = page["cursor"], page["more"]
    assert seen == said
    held: list[str] = []
    page = {"more": True, "cursor": "0"}
    while page["more"]:
        page = api("GET", f"/api/me/inbox?cursor={page['cursor']}")[1]
        held += page["ids"]
    assert held == said


def test_own_items_page_without_gap_or_repeat(api: Caller, running: Running, company: DemoCompany) -> None:
    acts = [{"who": company.handle, "do": "post", "text": f"Number {n} of many"} for n in range(450)]
    said = [done["id"] for done in running.control.act(*acts)]
    listed: list[str] = []
    page: dict[str, Any] = {"more": True, "cursor": "0"}
    while page["more"]:
        page = api("GET", f"/api/me/statuses?cursor={page['cursor']}")[1]
        listed += [s["id"] for s in page["statuses"]]
    assert listed == said


def test_an_event_without_a_line_in_the_oracle_is_told_at_once(
    api: Caller, running: Running, company: DemoCompany, customer: str
) -> None:
    running.control.act({"who": customer, "do": "follow", "to": company.handle})
    assert [e["type"] for e in events(api)] == ["account.followed"]


def test_counts_are_absolute_and_told(api: Caller, running: Running, company: DemoCompany, customer: str) -> None:
    post = say(running, company.handle, text="Good news")
    for kind in ("like", "like", "repost"):
        say(running, customer, kind, id=post)
    told: list[dict[str, Any]] = []
    while not told:
        told = [e for e in events(api) if e["type"] == "status.counted"]
    assert told[-1]["status"] == {"id": post, "counts": {"likes": 1, "reposts": 1, "replies": 0}}


def test_tokens_expire_and_rotate(api: Caller, running: Running, company: DemoCompany) -> None:
    _, fresh, _ = api("POST", "/api/token/rotate", {"seconds": 3600})
    assert api("GET", "/api/me", authorization=f"Bearer {fresh['token']}")[0] == 200
    assert api("GET", "/api/me")[0] == 200, "the old one has a minute"
    short = running.control.call("POST", "/control/tokens", account=company.account_id, seconds=-1)["token"]
    status, told, _ = api("GET", "/api/me", authorization=f"Bearer {short}")
    assert (status, told["error"]["code"]) == (401, "expired_token")
    running.control.call("POST", "/control/tokens/revoke", account=company.account_id)
    assert api("GET", "/api/me", authorization=f"Bearer {fresh['token']}")[0] == 401


def test_the_threads_author_may_hide_answers(
    api: Caller, running: Running, company: DemoCompany, customer: str
) -> None:
    root = say(running, company.handle, text="We are sorry about today.")
    rude = say(running, customer, text="rude words", to=root)
    assert api("PUT", f"/api/statuses/{rude}/hidden")[1]["hidden"] is True
    assert api("PUT", f"/api/statuses/{root}/hidden")[0] == 403
    assert [e["type"] for e in events(api)][-1] in ("status.hidden", "status.counted")


def test_pictures_are_kept_with_their_words(api: Caller, running: Running) -> None:
    assert api("POST", "/api/media", b"<svg onload=alert(1)>", x_alt="no")[0] == 422
    from offhold.networks.sandbox.world.pictures import snapshot

    status, picture, _ = api("POST", "/api/media", snapshot("x"), x_alt="Caf%C3%A9%20at%20gate%20B14")
    assert (status, picture["alt"], picture["width"], picture["height"]) == (201, "Café at gate B14", 320, 200)
    made = api("POST", "/api/statuses", {"text": "See", "visibility": "public", "media": [picture["id"]]})[1]
    with urllib.request.urlopen(made["media"][0]["url"], timeout=10) as answer:
        assert answer.headers["content-type"] == "image/png"


def test_the_control_api_needs_its_token(running: Running) -> None:
    from offhold.networks.sandbox.demo import Control

    with pytest.raises(ControlError, match="401"):
        Control(running.address, "wrong").call("GET", "/control/state")


def test_another_host_name_is_refused(running: Running) -> None:
    request = urllib.request.Request(running.address + "/", headers={"host": "rebound.example:80"})
    with pytest.raises(urllib.error.HTTPError, match="421"):
        urllib.request.urlopen(request, timeout=10)
