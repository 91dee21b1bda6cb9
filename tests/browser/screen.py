"""A page of the desk with somebody at the keyboard, and ears for everything the browser complains of."""

from __future__ import annotations

import re
from typing import Any, Literal

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, expect
from playwright.sync_api import TimeoutError as NotInTime

Lane = Literal["public", "direct", "note"]
KEYS: dict[Lane, str] = {"public": "p", "direct": "d", "note": "n"}
NAMES: dict[Lane, str] = {"public": "Public reply", "direct": "Direct message", "note": "Team note"}
# Before any script of the page: each broken rule of the content security policy is told to the test.
LISTEN = """addEventListener("securitypolicyviolation", (event) =>
    window.tellTest(`CSP ${event.violatedDirective}: ${event.blockedURI} at ${event.sourceFile}`))"""

# The line that has the focus: its case and its words.
FOCUSED = """() => { const line = document.activeElement?.closest("[role=option]");
    return [line?.dataset.case ?? "", line?.textContent ?? ""] }"""

# Between what the browser complained of and where: an address has numbers of its own.
AT = "\n at "


class Screen:
    """One page. What is complained of and was not expected fails the test when it ends."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context, self.url = context, url
        self.complaints: list[str] = []
        self._expected: list[str] = []
        self.page = context.new_page()
        self.page.expose_function("tellTest", self._told)
        self.page.add_init_script(LISTEN)
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        self.page.on("dialog", self._dialog)

    def expects(self, pattern: str) -> None:
        """The browser may complain of this: the test brings it about."""
        self._expected.append(pattern)

    def unexpected(self) -> list[str]:
        """All complaints nobody announced."""
        return [told for told in self.complaints if not any(re.search(e, told.split(AT)[0]) for e in self._expected)]

    def go(self, path: str = "/inbox/open") -> Screen:
        self.page.goto(self.url + path)
        return self

    def line(self, name: str) -> Locator:
        """The line of this customer in the list."""
        return self.page.locator("[role=option]", has_text=name)

    def enter_case(self, name: str) -> Screen:
        """From the list by keys alone, once its line is there: j down to it, Enter."""
        expect(self.line(name)).to_be_visible(timeout=60_000)
        return self.walk_to(name)

    def focus_line(self, name: str) -> Screen:
        """The focus on a line that the list has, also further down than there are lines on the screen."""
        expect(self.page.locator("[role=option]").first).to_be_visible(timeout=60_000)
        case, words = self._focused()
        while name not in words:
            self.page.keyboard.press("j")
            try:
                self.page.wait_for_function(f"(before) => ({FOCUSED})()[0] !== before", arg=case, timeout=10_000)
            except NotInTime as error:
                raise AssertionError(f"{name} was not reached: the last line is {words!r}") from error
            case, words = self._focused()
        return self

    def two_keys(self, first: str, second: str, shows: Locator) -> Screen:
        """One key after the other, as somebody does until they see what that brings: on a busy machine the second may
        come too late for the first."""
        for _ in range(5):
            self.page.keyboard.press(first)
            self.page.keyboard.press(second)
            try:
                shows.wait_for(timeout=10_000)
            except NotInTime:
                continue
            return self
        raise AssertionError(f"{first} {second} brought nothing")

    def walk_to(self, name: str) -> Screen:
        """Into a case that the list has."""
        self.focus_line(name).page.keyboard.press("Enter")
        expect(self.page.locator("#case-title")).to_be_visible()
        expect(self.composer()).to_be_visible()
        return self

    def _focused(self) -> tuple[str, str]:
        """The case of the line that has the focus, and its words."""
        case, words = self.page.evaluate(FOCUSED)
        return case, words

    def open_case(self, case: dict[str, Any], view: str = "open") -> Screen:
        """By its address."""
        self.go(f"/inbox/{view}/{case['id']}")
        expect(self.page.locator("#case-title")).to_be_visible()
        expect(self.composer()).to_be_visible()
        return self

    def header(self) -> Locator:
        """Title, reference, state and holder of the case."""
        return self.page.locator("main > header")

    def composer(self) -> Locator:
        return self.page.get_by_label("Answer", exact=True)

    def text(self, lane: Lane) -> Locator:
        return self.page.get_by_role("textbox", name=NAMES[lane])

    def write(self, lane: Lane, words: str) -> Screen:
        """Choose the lane by its key, and type."""
        self.page.keyboard.press(KEYS[lane])
        expect(self.text(lane)).to_be_focused()
        self.page.keyboard.type(words)
        return self

    def send(self, lane: Lane, words: str) -> Screen:
        """Write, and send with the key of that lane."""
        self.write(lane, words)
        self.page.keyboard.press("Control+Shift+Enter" if lane == "public" else "Control+Enter")
        expect(self.text(lane)).to_have_value("")
        return self

    def bubble(self, words: str) -> Locator:
        """What was said with these words, on the timeline."""
        return self.page.locator("main article", has_text=words)

    def count(self, view: str) -> int:
        """The counter beside a view's name."""
        return int(self.page.locator(f"[data-view={view}] b").inner_text())

    def _told(self, complaint: str) -> None:
        self.complaints.append(complaint)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}{AT}{message.location['url']}")

    def _dialog(self, dialog: Any) -> None:
        self.complaints.append(f"a script ran: {dialog.message}")
        dialog.dismiss()
