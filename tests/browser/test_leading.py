"""What a second person and a lead do, by keys alone: change words, look twice, stop a network, take a page, allow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from offhold.kernel import clock
from offhold.networks.sandbox.demo import NORTHSHOP
from tests.browser.conftest import Opens
from tests.browser.gates import EVERYONE, asked, bob_answers, choose, finding, strip, tab_to
from tests.browser.stage import Stage


def test_changed_words_go_out_when_their_author_agrees(opens: Opens, stage: Stage) -> None:
    dora = asked(stage, "when do you open?")
    with stage.policy(**EVERYONE):
        author = opens("bob").go()
        bob_answers(stage, dora, "At noon.")
        screen = opens().go("/approvals")
        expect(screen.page.get_by_role("group", name="by Bob")).to_contain_text("At noon.")
        expect(screen.page.get_by_label("Last in this case")).to_contain_text("when do you open?")
        screen.page.keyboard.press("e")
        words = f"We open at eight, {dora.name}. ^B"
        expect(screen.page.get_by_role("textbox", name="The words as they shall go out")).to_be_focused()
        screen.page.keyboard.press("Control+a")
        screen.page.keyboard.type(words)
        tab_to(screen, screen.page.get_by_role("button", name="Let Bob agree to these words"))
        screen.page.keyboard.press("Enter")
        # whoever changed them is not asked again; their author is
        expect(screen.page.get_by_role("main")).to_contain_text("You changed these words")
        expect(screen.page.get_by_role("button", name="Agree", exact=True)).to_have_count(0)
        assert stage.ours(words) == []
        expect(strip(author)).to_contain_text("Alice changed the words")
        tab_to(author, strip(author).get_by_role("link", name="Look and agree"))
        author.page.keyboard.press("Enter")
        expect(author.page.get_by_role("main")).to_contain_text("Alice changed your words")
        expect(author.page.get_by_label("Last in this case")).to_contain_text("when do you open?")
        author.page.keyboard.press("Enter")
        stage.published_once(words)
    assert stage.ours("At noon.") == []


def test_who_is_alone_looks_again_half_a_minute_later(opens: Opens, stage: Stage) -> None:
    dora = asked(stage, "who decides here?")
    alice = stage.town.cast["alice"].sees("/me")["user"]["id"]
    with stage.policy(**EVERYONE, approvers=[alice], backups=[alice]):
        screen = opens().go().enter_case(dora.name)
        words = f"I do, {dora.name}. ^AL"
        screen.write("public", words)
        screen.page.keyboard.press("Control+Shift+Enter")
        expect(strip(screen)).to_contain_text("waits for a second person")
        mine = screen.page.get_by_role("group", name="by Alice")
        screen.two_keys("g", "a", mine)
        expect(mine).to_contain_text("look at it once more in")
        expect(mine.get_by_role("button", name="Send now")).to_have_count(0)
        with stage.later(31):
            stage.asks(stage.somebody(), "what time is it?")  # the browser hears what time it is with what happens
            tab_to(screen, mine.get_by_role("button", name="Send now"))
            assert stage.ours(words) == []
            screen.page.keyboard.press("Enter")
            stage.published_once(words)


def in_days(days: int) -> str:
    """Half past nine on that day, as the field wants it."""
    return f"{clock.now() + timedelta(days=days):%Y-%m-%d}T09:30"


def test_a_reply_is_planned_by_the_clocks_of_a_zone(opens: Opens, stage: Stage) -> None:
    dora = asked(stage, "when do you know more?")
    screen = opens().go().enter_case(dora.name)
    words = f"Now, {dora.name}. ^AL"
    screen.write("public", words)
    tab_to(screen, screen.composer().get_by_role("button", name="Send later"))
    screen.page.keyboard.press("Enter")
    zone = screen.page.get_by_label("Time zone")
    screen.page.get_by_label("Day and time").fill(in_days(30))  # how a date is typed is the browser's own
    zone.focus()
    screen.page.keyboard.type("Europe/Madrid")
    expect(zone).to_have_value("Europe/Madrid")
    expect(screen.composer()).to_contain_text("by the clocks of Europe/Madrid")
    screen.text("public").focus()
    screen.page.keyboard.press("Control+Shift+Enter")
    expect(strip(screen)).to_contain_text("09:30 (Europe/Madrid)")
    assert stage.ours(words) == []
    screen.page.keyboard.press("Escape")  # out of the words: nobody goes on to the next case here
    screen.page.keyboard.press("z")
    expect(screen.text("public")).to_have_value(words)


@contextmanager
def another_channel(stage: Stage) -> Iterator[Any]:
    """A second account of the company on the same network, for as long as this lasts."""
    company = stage.control.found_company(*NORTHSHOP)
    channel = stage.town._connect(company)
    alice = stage.town.cast["alice"]
    try:
        yield alice.asks(f"/channels/{channel}/sending", on=True)["channel"]
    finally:
        for stop in alice.sees("/stops")["stops"]:
            if stop["lifted_at"] is None:
                alice.asks(f"/stops/{stop['id']}/lift")
        alice.removes(f"/channels/{channel}")


def test_a_lead_stops_a_network_but_for_a_channel(opens: Opens, stage: Stage) -> None:
    dora = asked(stage, "is it true what they say of you?")
    with another_channel(stage) as channel:
        screen = opens().go()
        expect(screen.line(dora.name)).to_be_visible()
        screen.page.keyboard.press("!")
        dialog = screen.page.get_by_role("dialog")
        why = dialog.get_by_role("textbox", name="Why")
        expect(why).to_be_focused()
        screen.page.keyboard.type("A wrong gate was announced.")
        for _ in range(6):  # back to what shall stop
            screen.page.keyboard.press("Shift+Tab")
            if dialog.get_by_role("radio", name="Everything").evaluate("(e) => e === document.activeElement"):
                break
        screen.page.keyboard.press("ArrowDown")
        expect(dialog.get_by_role("radio", name="One network")).to_be_checked()
        tab_to(screen, dialog.get_by_role("checkbox", name=f"@{channel['handle']}"))
        screen.page.keyboard.press("Space")
        tab_to(screen, dialog.get_by_role("button", name="Stop now"))
        screen.page.keyboard.press("Enter")
        expect(dialog).to_contain_text("Every sender confirmed")
        screen.page.keyboard.press("Escape")
        (stop, *_) = stage.town.cast["alice"].sees("/stops")["stops"]
        assert (stop["scope"], stop["network"], stop["allow"]) == ("network", "sandbox", [channel["id"]])
        expect(dialog).to_have_count(0)
        words = f"It is not, {dora.name}. ^AL"
        screen.enter_case(dora.name)
        screen.write("public", words)
        screen.page.keyboard.press("Control+Shift+Enter")
        expect(strip(screen)).to_contain_text("Held by a stop")
        # nothing is offered that would be refused while it holds
        expect(strip(screen).get_by_role("button", name="Send anyway")).to_have_count(0)
        banner = screen.page.get_by_role("status").filter(has_text="Publishing is stopped")
        tab_to(screen, banner.get_by_role("button", name="Let it go on"))
        screen.page.keyboard.press("Enter")
        expect(banner).to_have_count(0)
        expect(strip(screen).get_by_role("button", name="Send anyway")).to_be_visible()
        screen.page.keyboard.press("y")
        stage.published_once(words)


def test_a_lead_takes_what_pages_them(opens: Opens, stage: Stage) -> None:
    stage.takes_calls()  # what others were called for would come after it, in the same words
    dora = asked(stage, "where do I send my complaint?")
    words = f"To nobody, {dora.name}. ^B"
    bob_answers(stage, dora, words)
    stage.published_once(words)
    screen, lead = opens("bob").go().enter_case(dora.name), opens().go()
    choose(
        screen, screen.bubble(words).get_by_role("button", name="More about what Bob said"), "This should not be public"
    )
    expect(screen.page.get_by_role("dialog").get_by_role("textbox")).to_be_focused()
    screen.page.keyboard.type("It is harsh.")
    screen.page.keyboard.press("Enter")
    called = lead.page.get_by_role("alert").filter(has_text="A reply that should not be public is being taken down")
    expect(called).to_be_visible()
    tab_to(lead, called.get_by_role("button", name="I take it"))
    lead.page.keyboard.press("Enter")
    expect(called).to_have_count(0)
    taken = stage.town.cast["alice"].sees("/pages")["pages"]
    assert [page for page in taken if page["kind"] == "repair"] == []


def test_a_lead_allows_for_everyone_what_was_let_stand(opens: Opens, stage: Stage) -> None:
    dora, emil = (asked(stage, f"where do I write, number {n}?") for n in range(2))
    desk = "lost.property@northair.example.com"
    with stage.policy():  # what is allowed here holds no longer than this test
        screen = opens().go().enter_case(dora.name)
        screen.write("public", f"Write to {desk}, please. ^AL")
        mail = finding(screen, "e-mail address")
        expect(mail).to_be_visible()
        screen.page.keyboard.press("Alt+n")
        tab_to(screen, screen.composer().get_by_role("button", name="Allow it for everyone"))
        screen.page.keyboard.press("Enter")
        expect(screen.page.get_by_text("Allowed from now on").first).to_be_attached()
        bob = opens("bob").go().enter_case(emil.name)
        words = f"Please write to {desk}. ^B"
        bob.send("public", words)
        stage.published_once(words)
        expect(finding(bob, "e-mail address")).to_have_count(0)


def test_a_record_is_printed_without_the_desk_around_it(opens: Opens, stage: Stage) -> None:
    dora = asked(stage, "who says so?")
    words = f"I do, {dora.name}. ^B"
    bob_answers(stage, dora, words)
    stage.published_once(words)
    screen = opens().go().enter_case(dora.name)
    choose(screen, screen.bubble(words).get_by_role("button", name="More about what Bob said"), "Record of this reply")
    page = screen.page
    page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    tab_to(screen, page.get_by_role("button", name="Print"))
    page.keyboard.press("Enter")
    assert page.evaluate("() => window.printed") is True
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Record of a public reply")).to_be_visible()
    expect(page.get_by_role("main").get_by_text(words).first).to_be_visible()
    for around in (page.get_by_role("navigation"), page.get_by_role("button", name="Print")):
        assert not any(each.is_visible() for each in around.all())


def test_a_policy_is_saved_after_showing_what_changes(opens: Opens, stage: Stage) -> None:
    alice = stage.town.cast["alice"]
    with stage.policy():
        screen = opens().go("/settings/publishing")
        page = screen.page
        public = page.get_by_label("Public replies (seconds)").first
        tab_to(screen, public)
        page.keyboard.press("Control+a")
        page.keyboard.type("45")
        tab_to(screen, page.get_by_role("group", name="Asked first").get_by_role("checkbox", name="Bob"))
        page.keyboard.press("Space")
        add = page.get_by_role("button", name="Add an automatic message").first
        add.focus()
        page.keyboard.press("Enter")
        one = page.get_by_role("group", name="Automatic message 1")
        one.get_by_role("textbox", name="What it says").focus()
        page.keyboard.type("We read this.")
        page.get_by_role("button", name="Add a text").first.press("Enter")
        page.get_by_role("group", name="Text 1 agreed to").get_by_role("textbox", name="The words").focus()
        page.keyboard.type("We fly at noon.")
        page.get_by_label("These levels hold").select_option("for the role agent")
        page.get_by_label("Level of: Words people hear as rude or dismissive").focus()
        page.keyboard.type("Off")
        save = page.get_by_role("button", name="Save", exact=True)
        save.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name="This changes")
        expect(dialog.locator("div", has_text="Public replies (seconds)").last).to_contain_text("45")
        for words in ("Bob", "We read this. — Sent automatically", "We fly at noon.", "for the role agent"):
            expect(dialog).to_contain_text(words)
        assert alice.sees("/publishing/policy")["policy"]["holds"]["public"] == 0  # nothing is saved yet
        do = dialog.get_by_role("button", name="Save these changes")
        expect(do).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Saved. It holds from now on.").first).to_be_attached()
        kept = alice.sees("/publishing/policy")["policy"]
        bob = stage.town.cast["bob"].sees("/me")["user"]["id"]
        assert (kept["holds"]["public"], kept["approvers"]) == (45, [bob])
        assert [text["text"] for text in kept["automatic_public"]] == ["We read this."]
        assert [text["text"] for text in kept["agreed_public"]] == ["We fly at noon."]
        assert "off" in kept["guard"]["by_role"]["agent"].values()
