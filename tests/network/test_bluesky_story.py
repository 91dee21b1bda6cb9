"""The whole of it, on the real AT Protocol network: what customers say becomes cases on a screen, answers go out once.

Twelve customers post 300 messages in 60 quick threads, with mentions, replies, pictures, edits and deletions. The desk,
as people run it (web and worker processes, Chromium), must show every one in the right place; an agent answers in the
browser and the customer's own client reads it; an answer whose receipt is lost is found by looking, not sent again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page

from offhold.networks.bluesky.tests.people import Account
from offhold.networks.bluesky.tests.quick_threads import Post, QuickThreads
from offhold.networks.bluesky.tests.real_network import RealNetwork, running_or_skipped
from tests.network.cutting import Cutting
from tests.support.chromium import chromium, signed_in_page
from tests.support.database import Server
from tests.support.running import Running, running, until
from tests.support.site import Browser

pytestmark = pytest.mark.timeout(900)
ALICE = "alice@example.com"
SEED = 20261122
# Tall enough that a case of sixty messages is drawn whole: the timeline draws only what is seen.
SCREEN = {"width": 1440, "height": 12_000}


@pytest.fixture(scope="module")
def atproto() -> Iterator[RealNetwork]:
    with running_or_skipped() as network:
        yield network


@pytest.fixture(scope="module")
def between(atproto: RealNetwork) -> Iterator[Cutting]:
    with Cutting(atproto.pds).running() as cutting:
        yield cutting


@pytest.fixture(scope="module")
def brand(atproto: RealNetwork) -> Account:
    return atproto.account("northair", "Northwind Air")


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clock") / "offset"


@pytest.fixture(scope="module")
def desk(
    database_server: Server, tmp_path_factory: pytest.TempPathFactory, between: Cutting, clock: Path
) -> Iterator[Running]:
    settings = {
        "allow_private_hosts": between.url.removeprefix("http://"), "poll_seconds": "1", "clock_file": str(clock),
    }  # fmt: skip
    with running(database_server.copy(), tmp_path_factory.mktemp("var"), **settings) as here:
        here.create_user(ALICE, "admin", "Alice")
        yield here


@pytest.fixture(scope="module")
def alice(desk: Running, brand: Account, between: Cutting) -> Browser:
    """Signed in, with the channel connected and sending turned on; nothing is held back."""
    browser = desk.signed_in(ALICE)
    typed = {
        "identifier": brand.handle, "app_password": brand.app_password(direct=False), "service": between.url,
        "chat_did": "did:web:nobody.invalid",
    }  # fmt: skip
    connected = browser.post("/api/channels", json={"network": "bluesky", "typed": typed})
    assert connected.status_code == 201, connected.text
    channel = connected.json()["channel"]
    assert channel["sending"] is False, "a channel starts watch-only"
    assert browser.post(f"/api/channels/{channel['id']}/sending", json={"on": True}).status_code == 200
    policy = browser.get("/api/publishing/policy").json()
    policy["policy"]["holds"] = {"public": 0, "private": 0}
    assert browser.put("/api/publishing/policy", json=policy).status_code == 200
    return browser


@pytest.fixture(scope="module")
def story(atproto: RealNetwork, brand: Account, alice: Browser, desk: Running) -> QuickThreads:
    """Everything said, edited and deleted, and all of it at the desk."""
    customers = atproto.accounts([f"customer{n}" for n in range(12)])
    told = QuickThreads(brand, customers, seed=SEED).play(threads=60, posts=5, under_ours=10)
    assert len(told.posts) == 300
    atproto.settle()
    until(lambda: same(desk, told), 240, every=1, what="every message is at the desk")
    told.edit_some()
    told.delete_some()
    atproto.settle()
    assert told.deleted
    until(lambda: same(desk, told), 240, every=1, what="every edit and deletion is at the desk")
    return told


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with chromium() as found:
        yield found


@pytest.fixture
def page(browser: Chromium, desk: Running, alice: Browser) -> Iterator[Page]:
    with signed_in_page(browser, desk.url, ALICE, viewport=SCREEN, base_url=desk.url) as found:
        yield found


def same(desk: Running, told: QuickThreads) -> bool:
    """Does the desk hold exactly what customers say now."""
    with psycopg.connect(desk.environ["DATABASE_URL"]) as conn:
        rows = conn.execute(
            "SELECT network_id, text FROM messages WHERE identity_id IS NOT NULL AND deleted_at IS NULL"
        )
        return dict(rows.fetchall()) == {uri: post.said.text for uri, post in told.visible().items()}


def shown(page: Page) -> list[str]:
    """What the open case's timeline says, bubble by bubble."""
    return page.locator("article").all_inner_texts()


def texts(posts: list[Post]) -> list[str]:
    return [post.said.text for post in posts]


def test_every_message_is_on_the_screen_in_the_right_case(
    story: QuickThreads, page: Page, alice: Browser, desk: Running
) -> None:
    page.goto(f"{desk.url}/inbox/open")
    cases = alice.get("/api/inbox", params={"view": "open", "limit": 200}).json()["rows"]
    by_handle = {case["identity"]["handle"]: case for case in cases}
    assert set(by_handle) == {customer.handle for customer in story.customers}, "one case for each customer"
    voices = _voices(alice)
    for customer in story.customers:
        page.goto(f"{desk.url}/inbox/open/{by_handle[customer.handle]['id']}")
        page.locator("article").first.wait_for()
        own = [p for p in story.visible().values() if p.author is customer and p.starter is customer]
        page.get_by_text(own[-1].said.text).first.wait_for()
        screen = shown(page)
        for post in own:
            assert any(post.said.text in bubble for bubble in screen), (customer.handle, post.said.text)
        others = [p for p in story.visible().values() if p.author is not customer]
        for text in set(texts(others)) - set(texts(own)):
            assert not any(bubble.endswith(text) for bubble in screen), (customer.handle, text)
        for gone in story.deleted.values():
            assert not any(bubble.endswith(gone.said.text) for bubble in screen) or gone.said.text in texts(own)
        joined = [p for p in story.visible().values() if p.author is customer and p.starter is not customer]
        for post in joined:
            assert post.said.text in voices or any(post.said.text in bubble for bubble in screen), post.said.text


def _voices(alice: Browser) -> set[str]:
    found: set[str] = set()
    cursor = None
    while True:
        params = {"limit": 200, **({"cursor": cursor} if cursor else {})}
        answer = alice.get("/api/voices", params=params).json()
        found |= {voice["message"]["text"] for voice in answer["voices"]}
        cursor = answer["next"]
        if cursor is None:
            return found


def answer_in_public(page: Page, text: str) -> None:
    page.keyboard.press("p")
    page.keyboard.type(text)
    page.keyboard.press("Control+Shift+Enter")


def test_an_answer_from_the_browser_is_read_by_the_customers_own_client(
    story: QuickThreads, page: Page, alice: Browser, atproto: RealNetwork, brand: Account
) -> None:
    customer = story.customers[0]
    case = _case_of(alice, customer)
    page.goto(f"/inbox/open/{case['id']}")
    page.locator("article").first.wait_for()
    answer_in_public(page, "Hello, Alice here, a person. I am looking for it now.")
    until(lambda: brand.texts_of(brand.did).count("Hello, Alice here, a person. I am looking for it now.") == 1, 60)
    atproto.settle()
    target = alice.get(f"/api/cases/{case['id']}").json()["lanes"]["public"]["in_reply_to"]
    asked = next(i for i in alice.get(f"/api/cases/{case['id']}").json()["timeline"] if i["id"] == target)
    read = [view.record.text for view in customer.answers_under(asked["network_id"])]
    assert read.count("Hello, Alice here, a person. I am looking for it now.") == 1


def test_an_answer_whose_receipt_is_lost_is_found_and_not_sent_again(
    story: QuickThreads, page: Page, alice: Browser, between: Cutting, clock: Path
) -> None:
    brand = story.brand
    case = _case_of(alice, story.customers[1])
    page.goto(f"/inbox/open/{case['id']}")
    page.locator("article").first.wait_for()
    between.lose("com.atproto.repo.createRecord")
    text = "We have found your parcel, it leaves tonight."
    answer_in_public(page, text)
    until(lambda: between.lost, 60, what="the network took the answer and its receipt was lost")
    until(lambda: brand.texts_of(brand.did).count(text) == 1, 60)
    clock.write_text("70")  # past the attempt's deadline and the patience before a look; before a person is asked
    until(lambda: _sent(alice, case["id"], text), 90, what="the read-back found it")
    page.goto(f"/inbox/open/{case['id']}")  # whoever sent something goes on to the next case
    page.get_by_text(text).first.wait_for()
    assert brand.texts_of(brand.did).count(text) == 1


def _case_of(alice: Browser, customer: Account) -> dict[str, str]:
    rows = alice.get("/api/inbox", params={"view": "open", "limit": 200}).json()["rows"]
    return next(row for row in rows if row["identity"]["handle"] == customer.handle)


def _sent(alice: Browser, case_id: str, text: str) -> bool:
    timeline = alice.get(f"/api/cases/{case_id}").json()["timeline"]
    return any(i["type"] == "message" and i["direction"] == "out" and i["text"] == text for i in timeline)
