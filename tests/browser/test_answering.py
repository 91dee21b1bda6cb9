"""From a post to an answer by keys, and the network's own log as the judge of who could read it."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.browser.conftest import Opens
from tests.browser.stage import Stage
from tests.support.running import until


def test_a_post_appears_by_itself_and_its_public_answer_goes_to_everyone_once(opens: Opens, stage: Stage) -> None:
    screen = opens().go()
    expect(screen.page.get_by_role("heading", name="Inbox")).to_be_visible()
    dora = stage.somebody()
    stage.asks(dora, "my flight NW482 is gone, who can help me?")
    screen.enter_case(dora.name)
    expect(screen.bubble("my flight NW482 is gone")).to_be_visible()

    screen.send("public", "We can, on NW484 at 18:20. ^AL")
    published = stage.published_once("We can, on NW484 at 18:20. ^AL")
    assert (published.audience, published.to) == ("public", "everyone")
    expect(screen.bubble("We can, on NW484 at 18:20.")).to_have_count(1)
    expect(screen.bubble("We can, on NW484 at 18:20.")).not_to_contain_text("Sending")


def test_a_direct_message_reaches_the_customer_alone(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.writes(dora, "my booking is K7TQ4M, can you look?")
    screen = opens().go().enter_case(dora.name)
    screen.send("direct", "Both seats on K7TQ4M are safe, Dora. ^AL")
    published = stage.published_once("Both seats on K7TQ4M are safe, Dora. ^AL")
    assert published.audience == "private"
    assert sorted(published.to) == sorted([stage.town.company.account_id, stage.account(dora)])


def test_a_note_stays_here(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.asks(dora, "where is my bag?")
    screen = opens().go().enter_case(dora.name)
    screen.send("note", "Third bag this week from gate B7.")
    expect(screen.bubble("Third bag this week from gate B7.")).to_be_visible()
    # an answer sent afterwards is out; so the note had its time to go somewhere, and went nowhere
    screen.page.keyboard.press("Escape")
    screen.send("public", "It comes with the next flight. ^AL")
    stage.published_once("It comes with the next flight. ^AL")
    assert [record for record in stage.town.network.oracle.records() if "gate B7" in record.text] == []


def test_the_key_for_one_person_never_publishes(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.asks(dora, "can somebody call me?")
    screen = opens().go().enter_case(dora.name)
    screen.write("public", "Your number ends in 4471, right?")
    screen.page.keyboard.press("Control+Enter")
    expect(screen.text("public")).to_have_value("Your number ends in 4471, right?")
    expect(screen.page.locator("[aria-live]", has_text="Nothing was published")).to_have_count(1)
    # and the other way round: the key that publishes sends nothing in a direct lane
    screen.page.keyboard.press("Escape")
    screen.write("direct", "What is your number?")
    screen.page.keyboard.press("Control+Shift+Enter")
    expect(screen.text("direct")).to_have_value("What is your number?")
    screen.page.keyboard.press("Control+Enter")
    stage.published_once("What is your number?")
    assert stage.ours("Your number ends in 4471, right?") == []


def test_news_since_one_looked_is_shown_before_anything_goes_out(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.writes(dora, "please cancel my second flight, is that possible?")
    screen = opens().go().enter_case(dora.name)
    screen.expects("status of 409")
    version = stage.case_of(dora)["version"]

    def overtaken(route: Route) -> None:
        """While the answer is on its way to the desk, the customer takes it back."""
        stage.writes(dora, "No, wait: keep both, do not cancel!")
        until(lambda: stage.case_of(dora)["version"] > version, 20, 0.1, what="the customer's second word")
        route.continue_()

    screen.page.route("**/direct-replies", overtaken, times=1)
    screen.write("direct", "Your second flight is cancelled. ^AL")
    screen.page.keyboard.press("Control+Enter")
    news = screen.page.get_by_role("alert").filter(has_text="keep both, do not cancel!")
    expect(news).to_be_visible(timeout=30_000)
    expect(screen.text("direct")).to_have_value("Your second flight is cancelled. ^AL")
    assert stage.ours("Your second flight is cancelled. ^AL") == []
    screen.text("direct").focus()
    screen.page.keyboard.press("Control+A")
    screen.page.keyboard.type("Both stay as they are. ^AL")
    screen.page.keyboard.press("Control+Enter")
    stage.published_once("Both stay as they are. ^AL")
    assert stage.ours("Your second flight is cancelled. ^AL") == []


def test_a_channel_that_only_watches_says_so_at_once(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    stage.asks(dora, "is anybody there?")
    screen = opens().go().enter_case(dora.name)
    try:
        stage.sending(on=False)
        # nothing was chosen, so the lane that is left is offered
        expect(screen.text("note")).to_be_visible()
        screen.page.keyboard.press("p")
        expect(screen.composer()).to_contain_text("@northair only watches; sending is off.")
        expect(screen.text("public")).to_have_count(0)
        # what is typed right after is not taken for keys of actions; Escape leaves, as it leaves a text
        screen.page.keyboard.type("e")
        screen.page.keyboard.press("Escape")
        screen.page.keyboard.press("d")
        expect(screen.page.get_by_role("button", name="Direct message", pressed=True)).to_be_visible()
        expect(screen.composer()).to_contain_text("@northair only watches; sending is off.")
        expect(screen.text("direct")).to_have_count(0)
        screen.page.keyboard.press("Escape")
        screen.send("note", "We watch for a week.")
        expect(screen.bubble("We watch for a week.")).to_be_visible()
    finally:
        stage.sending(on=True)
    assert stage.state_of(stage.case_of(dora)["id"]) == "open"
    expect(screen.composer().locator("[data-closed=true]")).to_have_count(0)
    screen.page.keyboard.press("Escape")
    screen.write("public", "Yes")
