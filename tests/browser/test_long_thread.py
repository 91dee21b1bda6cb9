"""A case of 5,000 messages, under a post with 5,000 replies of others: only what is seen exists, the rest is paged."""

from __future__ import annotations

import psycopg
import pytest
from playwright.sync_api import TimeoutError as NotInTime
from playwright.sync_api import expect

from offhold.kernel import ids
from tests.browser.conftest import Opens
from tests.browser.screen import Screen
from tests.browser.stage import Stage

MANY = 5_000
ON_THE_SCREEN = 60
# A case's own words, in the past of its first, and voices of somebody else under the same post.
SAID = """
INSERT INTO messages (workspace_id, id, channel_id, network_id, audience, conversation_id, case_id, identity_id, text,
  at, parent, version, version_at, owed, reason)
SELECT m.workspace_id, %(first_id)s + n, m.channel_id, m.network_id || '-' || n, m.audience, m.conversation_id,
  m.case_id, m.identity_id, 'word ' || n, m.at - n * interval '1 minute', m.parent, '', m.version_at, m.owed, m.reason
FROM messages m, generate_series(1, %(many)s) n WHERE m.id = %(message)s
"""
AROUND = """
INSERT INTO messages (workspace_id, id, channel_id, network_id, audience, conversation_id, identity_id, text, at,
  parent, version, version_at, owed, reason)
SELECT m.workspace_id, %(first_id)s + %(many)s + n, m.channel_id, m.network_id || '-v' || n, m.audience,
  m.conversation_id, %(other)s, 'me too ' || n, m.at, m.network_id, '', m.version_at, false, 'thanks'
FROM messages m, generate_series(1, %(many)s) n WHERE m.id = %(message)s
"""


@pytest.fixture(scope="module")
def case(stage: Stage) -> dict[str, str]:
    dora, other = stage.somebody(), stage.somebody()
    stage.asks(dora, "the newest word of a long story?")
    stage.asks(other, "another matter?")
    found = stage.case_of(dora)
    items = stage.town.cast["alice"].case(found["id"])["timeline"]
    message = next(item["id"] for item in items if item["type"] == "message")
    known = {"many": MANY, "message": int(message), "other": int(stage.case_of(other)["identity"]["id"])}
    known["first_id"] = ids.floor_at(ids.EPOCH_MS)  # made when nobody was there to make any
    with psycopg.connect(stage.town.desk.environ["DATABASE_URL"], autocommit=True) as conn:
        conn.execute(
            "SELECT set_config('app.ws', workspace_id::text, false) FROM messages WHERE id = %(message)s", known
        )
        assert conn.execute(SAID, known).rowcount == MANY
        assert conn.execute(AROUND, known).rowcount == MANY
    return found


def rows(screen: Screen, selector: str) -> int:
    return screen.page.locator(selector).count()


def earlier(screen: Screen) -> list[str]:
    """What the earlier messages say that come when one goes to the beginning, oldest first. A key pressed there while
    some are under way brings none."""
    for _ in range(5):
        try:
            with screen.page.expect_response(lambda answer: "/timeline" in answer.url, timeout=10_000) as answer:
                screen.page.keyboard.press("Home")
        except NotInTime:
            continue
        return [item["text"] for item in answer.value.json()["items"] if item["type"] == "message"]
    raise AssertionError("no earlier messages came")


def test_only_what_is_seen_of_it_exists(opens: Opens, stage: Stage, case: dict[str, str]) -> None:
    screen = opens().open_case(case)
    expect(screen.bubble("the newest word of a long story?")).to_be_in_viewport()
    assert rows(screen, "main [data-entry]") <= ON_THE_SCREEN
    screen.page.locator("main [data-scrolls]").focus()
    for count in range(1, 4):
        said = earlier(screen)
        assert 0 < len(said) <= 100
        # it is in front of what is read, which does not move
        screen.page.wait_for_function("document.querySelector('main [data-scrolls]').scrollTop > 48")
        assert rows(screen, "main [data-entry]") <= ON_THE_SCREEN, f"after {count} pages"
    screen.page.keyboard.press("Home")
    expect(screen.page.locator("main article").get_by_text(said[0], exact=True)).to_be_visible()
    assert rows(screen, "main [data-entry]") <= ON_THE_SCREEN


def test_what_is_around_it_comes_fifty_at_a_time(opens: Opens, stage: Stage, case: dict[str, str]) -> None:
    screen = opens().open_case(case)
    screen.page.keyboard.press("v")
    drawer = screen.page.get_by_role("dialog", name="Around this case")
    expect(drawer.get_by_role("button", name="All voices")).to_contain_text(f"{MANY:,}")
    for first in ("1", "51"):
        expect(drawer.get_by_role("navigation")).to_contain_text(first)
        expect(drawer.get_by_role("listitem")).to_have_count(50)
        assert rows(screen, "[role=dialog] li, [role=dialog] article") <= ON_THE_SCREEN
        drawer.get_by_role("navigation").get_by_role("button").last.press("Enter")
    expect(drawer.get_by_role("navigation")).to_contain_text("101")
