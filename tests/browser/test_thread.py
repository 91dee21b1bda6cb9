"""A public reply too long for one post: shown as the posts it goes out as, and out as just these."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.gates import asked
from tests.browser.stage import Stage

FIRST = "We looked for the trombone in Lisbon, in Porto and in Faro, and we asked at every desk there is. " * 4
SECOND = "It flies to you tonight and is at gate B12 from six in the morning on, with a new label at its case. " * 2


def test_a_long_answer_is_shown_as_its_posts_and_goes_out_as_these(opens: Opens, stage: Stage) -> None:
    dora = asked(stage, "where is my trombone?")
    screen = opens().open_case(stage.case_of(dora))
    words = f"{dora.name}: {FIRST.strip()}\n\n{SECOND.strip()}"
    screen.page.keyboard.press("p")
    screen.text("public").fill(words)
    posts = screen.composer().get_by_role("listitem")
    expect(posts).to_have_count(2)
    expect(posts.nth(1)).to_contain_text(SECOND.strip())
    expect(posts.nth(1)).to_contain_text(f"{len(SECOND.strip())} / 500")
    publish = screen.composer().get_by_role("button", name="Publish 2 posts to everyone on Sandbox")
    expect(publish).to_have_attribute("aria-disabled", "false")
    screen.text("public").focus()
    screen.page.keyboard.press("Control+Shift+Enter")
    first = stage.published_once(f"{dora.name}: {FIRST.strip()}")
    second = stage.published_once(SECOND.strip())
    assert second.parent == first.id
    expect(screen.bubble(SECOND.strip())).to_have_count(1)
    expect(screen.bubble(FIRST.strip())).to_have_count(1)
    # one word too few, and it is one post
    screen.text("public").fill("Gate B12.")
    expect(posts).to_have_count(0)
    # too long for all the posts there may be: said, and nothing can be sent
    screen.text("public").fill("We do not know. " * 300)
    expect(screen.composer().get_by_role("button", name="Publish to everyone")).to_have_attribute(
        "aria-disabled", "true"
    )
