"""Before a reply goes out, and after, by keys alone: guard, hold, agreement, repair. The network's log is the judge."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.gates import EVERYONE, asked, bob_answers, choose, finding, strip
from tests.browser.stage import Stage
from tests.support.running import until

# --- the guard -----------------------------------------------------------------------------------------------


def test_what_wants_a_second_look_gets_the_focus_and_one_key_lets_it_stand(opens: Opens, stage: Stage) -> None:
    dora = asked(stage, "whom can I write to about my bag?")
    screen = opens().go().enter_case(dora.name)
    words = f"Write to dora.winters{dora.handle}@mailbox.example and we look. ^AL"
    screen.write("public", words)
    mail = finding(screen, "e-mail address")
    expect(mail).to_be_visible()
    expect(screen.page.locator("mark[data-weight=second_look]")).to_have_text(
        f"dora.winters{dora.handle}@mailbox.example"
    )
    screen.page.keyboard.press("Control+Shift+Enter")
    expect(mail).to_be_focused()
    expect(screen.page.locator("[aria-live]", has_text="Nothing went out")).to_have_count(1)
    assert stage.ours(words) == []
    screen.page.keyboard.press("Alt+n")
    expect(mail).to_have_count(0)
    expect(screen.text("public")).to_be_focused()
    expect(screen.text("public")).to_have_value(words)
    # it is not asked again for the same cause, whatever is typed beside it
    screen.page.keyboard.type(" Soon.")
    screen.page.keyboard.press("Control+Shift+Enter")
    stage.published_once(words + " Soon.")


def test_a_look_that_did_not_come_in_time_is_made_up_for_by_the_server(opens: Opens, stage: Stage) -> None:
    dora = asked(stage, "and by phone?")
    screen = opens().go().enter_case(dora.name)
    screen.expects("status of 409")
    screen.expects("Failed to load resource|net::ERR")
    screen.page.route("**/look", lambda route: route.abort())
    words = "Write to jim.dale@mailbox.example, he has your bag. ^AL"
    screen.write("public", words)
    screen.page.keyboard.press("Control+Shift+Enter")
    mail = finding(screen, "e-mail address")
    expect(mail).to_be_focused()
    expect(screen.text("public")).to_have_value(words)
    assert stage.ours(words) == []


def test_a_card_number_cannot_go_out_and_is_hidden_by_keys(opens: Opens, stage: Stage) -> None:
    dora = asked(stage, "which card was it?")
    screen = opens().go().enter_case(dora.name)
    words = "It was 4111 1111 1111 1111, all fine. ^AL"
    screen.write("public", words)
    card = finding(screen, "payment card")
    expect(card).to_be_visible()
    screen.page.keyboard.press("Control+Shift+Enter")
    expect(screen.page.locator("[aria-live]", has_text="This must not go out")).to_have_count(1)
    expect(card.get_by_role("button", name="Not a problem here")).to_have_count(0)
    screen.page.keyboard.press("Tab")
    expect(card.get_by_role("button", name="Hide it")).to_be_focused()
    screen.page.keyboard.press("Enter")
    hidden = "It was •••• •••• •••• ••11, all fine. ^AL"
    expect(screen.text("public")).to_have_value(hidden)
    expect(card).to_have_count(0)
    screen.page.keyboard.press("Control+Shift+Enter")
    stage.published_once(hidden)
    assert stage.ours(words) == []


def test_words_for_one_person_stay_known_as_such_in_public(opens: Opens, stage: Stage) -> None:
    dora = asked(stage, "is my seat safe?")
    screen = opens().go().enter_case(dora.name)
    words = "Your seat is safe, and so is the one beside it."
    screen.write("direct", words)
    screen.page.keyboard.press("Escape")
    screen.page.keyboard.press("p")
    # nothing came along by itself
    expect(screen.text("public")).to_have_value("")
    screen.page.get_by_role("button", name="Copy them here, for everyone to read").press("Enter")
    expect(screen.text("public")).to_have_value(words)
    expect(finding(screen, "first written as a private message")).to_be_visible()


# --- hold, undo, send anyway ---------------------------------------------------------------------------------


def test_a_held_reply_waits_in_a_strip_and_one_key_takes_it_back(opens: Opens, stage: Stage) -> None:
    dora = asked(stage, "do you fly on Friday?")
    other = asked(stage, "and on Sunday?")
    with stage.holds(public=60):
        screen = opens().go().enter_case(dora.name)
        words = f"We do, {dora.name}, at 18:20. ^AL"
        screen.write("public", words)
        screen.page.keyboard.press("Control+Shift+Enter")
        # the hold keeps nobody: another case is open, and the reply waits on every screen
        expect(strip(screen)).to_contain_text("goes out in 0:5")
        expect(screen.page.locator("#case-title")).not_to_contain_text("do you fly on Friday?")
        screen.go("/settings")
        expect(strip(screen)).to_contain_text(words)
        screen.page.keyboard.press("z")
        expect(screen.text("public")).to_have_value(words)
        expect(screen.bubble(words)).to_contain_text("It was taken back.")
        expect(strip(screen)).to_have_count(0)
    assert stage.ours(words) == []
    assert stage.case_of(other)["state"] == "open"


def test_what_the_customer_writes_meanwhile_stands_beside_it_and_one_key_sends_anyway(
    opens: Opens, stage: Stage
) -> None:
    dora = asked(stage, "is the gate open?")
    with stage.holds(public=6):
        screen = opens().go().enter_case(dora.name)
        words = f"Gate B12 is open, {dora.name}. ^AL"
        screen.write("public", words)
        screen.page.keyboard.press("Control+Shift+Enter")
        expect(strip(screen)).to_contain_text("goes out in")
        stage.asks(dora, "HELLO? is anybody there?")
        expect(strip(screen)).to_contain_text("The customer wrote again", timeout=40_000)
        expect(strip(screen)).to_contain_text("HELLO? is anybody there?")
        assert stage.ours(words) == []
        screen.page.keyboard.press("y")
        stage.published_once(words)
        expect(strip(screen)).to_have_count(0)


# --- agreement -----------------------------------------------------------------------------------------------


def test_a_second_person_agrees_by_keys(opens: Opens, stage: Stage) -> None:
    dora = asked(stage, "who pays for my hotel?")
    with stage.policy(**EVERYONE):
        words = f"We do, {dora.name}: see your messages. ^B"
        bob_answers(stage, dora, words)
        screen = opens().go()
        expect(screen.page.get_by_text("1 reply to agree to").first).to_be_attached()
        candidate = screen.page.get_by_role("group", name="by Bob")
        screen.two_keys("g", "a", candidate)
        expect(candidate).to_contain_text(words)
        expect(candidate).to_contain_text("every reply here needs it")
        expect(screen.page.get_by_label("Last in this case")).to_contain_text("who pays for my hotel?")
        screen.page.keyboard.press("Enter")
        stage.published_once(words)
        expect(screen.page.get_by_role("heading", name="Nothing waits for you to agree")).to_be_visible()


def test_a_stale_tab_shows_the_news_before_anybody_agrees(opens: Opens, stage: Stage) -> None:
    dora = asked(stage, "please cancel my flight?")
    with stage.policy(**EVERYONE):
        words = f"It is cancelled, {dora.name}. ^B"
        bob_answers(stage, dora, words)
        screen = opens().go("/approvals")
        screen.expects("status of 409")
        beside = screen.page.get_by_label("Last in this case")
        expect(beside).to_contain_text("please cancel my flight?")
        version = stage.case_of(dora)["version"]
        stage.asks(dora, "no wait, keep it!")
        until(lambda: stage.case_of(dora)["version"] > version, 20, 0.1, what="the customer's second word")
        screen.page.keyboard.press("Enter")
        expect(screen.page.get_by_role("alert").filter(has_text="no wait, keep it!")).to_be_visible()
        assert stage.ours(words) == []
        # sent back instead, by keys; its author reads why, with the words at hand
        author = opens("bob").go()
        screen.page.keyboard.press("b")
        expect(screen.page.get_by_role("textbox", name="What should be different")).to_be_focused()
        screen.page.keyboard.type("They want to keep it.")
        screen.page.keyboard.press("Tab")
        screen.page.keyboard.press("Tab")
        screen.page.keyboard.press("Enter")
        expect(strip(author)).to_contain_text("Sent back: They want to keep it.")
        strip(author).get_by_role("button", name="Edit again").press("Enter")
        expect(author.text("public")).to_have_value(words)
    assert stage.ours(words) == []


def test_several_are_agreed_to_at_once_after_a_preview(opens: Opens, stage: Stage) -> None:
    people = [asked(stage, f"question {n}, who knows?") for n in range(2)]
    with stage.policy(**EVERYONE):
        texts = [f"Somebody looks after it, {who.name}. ^B" for who in people]
        for who, text in zip(people, texts, strict=True):
            bob_answers(stage, who, text)
        screen = opens().go("/approvals")
        expect(screen.page.get_by_role("group", name="by Bob")).to_have_count(2)
        screen.page.keyboard.press("x")
        screen.page.keyboard.press("j")
        screen.page.keyboard.press("x")
        screen.page.keyboard.press("Enter")
        preview = screen.page.get_by_role("dialog")
        for text in texts:
            expect(preview).to_contain_text(text)
        preview.get_by_role("button", name="Agree to all 2 replies").press("Enter")
        for text in texts:
            stage.published_once(text)


# --- afterwards ----------------------------------------------------------------------------------------------


def test_what_should_not_be_public_is_taken_down_in_one_act(opens: Opens, stage: Stage) -> None:
    dora = asked(stage, "where do I complain?")
    screen = opens().go().enter_case(dora.name)
    words = f"Nowhere, {dora.name}, it is your own fault. ^AL"
    with stage.policy(guard={"levels": {"rude": "off", "insult": "off"}}):
        screen.send("public", words)
        stage.published_once(words)
    more = screen.bubble(words).get_by_role("button", name="More about what Alice said")
    choose(screen, more, "This should not be public")
    dialog = screen.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Copies may remain")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    screen.page.keyboard.type("It blames the customer.")
    screen.page.keyboard.press("Enter")
    expect(dialog).to_contain_text("Gone from the network")
    expect(dialog.get_by_role("button", name="To the apology")).to_be_focused()
    screen.page.keyboard.press("Enter")
    expect(screen.text("direct")).to_have_value(
        "I am sorry: I answered you in public with words that should not have stood there. I have taken them down."
    )
    expect(screen.page.locator("main article", has_text="Deleted on the network")).to_be_visible()


def test_the_record_tells_who_did_what_with_which_words(opens: Opens, stage: Stage) -> None:
    dora = asked(stage, "who answers me?")
    screen = opens().go().enter_case(dora.name)
    words = f"I do, {dora.name}. ^AL"
    screen.send("public", words)
    stage.published_once(words)
    more = screen.bubble(words).get_by_role("button", name="More about what Alice said")
    choose(screen, more, "Record of this reply")
    expect(screen.page.get_by_role("heading", name="Record of a public reply")).to_be_visible()
    expect(screen.page.get_by_role("main")).to_contain_text(words)
    expect(screen.page.get_by_role("main")).to_contain_text("Written")
    with screen.page.expect_download() as download:
        screen.page.get_by_role("button", name="Export as text").press("Enter")
    assert words in download.value.path().read_text("utf-8")


def test_an_agent_stops_a_channel_and_a_lead_lets_it_go_on(opens: Opens, stage: Stage) -> None:
    dora = asked(stage, "is it true what they say?")
    screen, lead = opens("bob").go(), opens().go()
    expect(screen.line(dora.name)).to_be_visible()
    screen.page.keyboard.press("!")
    dialog = screen.page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox", name="Why")).to_be_focused()
    expect(dialog.get_by_role("radio")).to_have_count(0)
    screen.page.keyboard.type("We said something wrong.")
    screen.page.keyboard.press("Enter")
    expect(dialog).to_contain_text("Every sender confirmed: nothing more goes out.")
    expect(dialog).to_contain_text("Nothing was under way.")
    screen.page.keyboard.press("Escape")
    # everybody reads it, on every screen; a reply waits to be looked at again
    banner = lead.page.get_by_role("status").filter(has_text="Publishing is stopped: @northair")
    expect(banner).to_contain_text("Bob: We said something wrong.")
    words = f"We look into it, {dora.name}. ^B"
    screen.enter_case(dora.name)
    screen.write("public", words)
    screen.page.keyboard.press("Control+Shift+Enter")
    expect(strip(screen)).to_contain_text("Held by a stop")
    assert stage.ours(words) == []
    banner.get_by_role("button", name="Let it go on").press("Enter")
    expect(banner).to_have_count(0)
    # nothing goes by itself afterwards: one key sends what was looked at
    expect(screen.page.get_by_role("status").filter(has_text="Publishing is stopped")).to_have_count(0)
    assert stage.ours(words) == []
    expect(strip(screen).get_by_role("button", name="Send anyway")).to_be_visible()
    screen.page.keyboard.press("Escape")  # out of the words, where a key is a letter
    screen.page.keyboard.press("y")
    stage.published_once(words)
