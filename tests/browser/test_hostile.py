"""Names and texts that were written to break a desk are text on the screen, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Opens
from tests.browser.stage import Stage
from tests.support.running import until

# Real lists of others, beside the repository in development and CI. Without them our own list is what is tried.
NAUGHTY = Path(__file__).parents[3] / "shared" / "data" / "naughty"
OWN = [
    "<script>alert('text')</script>",
    "<img src=x onerror=alert('image')>",
    "<svg/onload=alert('svg')><iframe srcdoc='<script>alert(1)</script>'>",
    "javascript:alert('address') https://example.com/%22onmouseover=%22alert(1)",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} <%= 7*7 %>",
    "\u202eesrever ni si siht\u202c \u2067right\u2066left\u2069\u2069",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324" * 20 + " zalgo",
    "a\u200bb\u200dc\ufeffd \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 e\u0301",
    "]]>--><!--<![CDATA[ </textarea></title></style>",
    "__proto__ constructor toString null undefined NaN",
]
NAMES = [
    "<script>alert('name')</script>",
    "\u202egnp.exe Bob",
    "<img src=x onerror=alert('name')>",
    "  \u2066\u2069 ",
    "Ṱ̴̨͓o̷m̶" * 8,
]


def lines_of(name: str, holding: str = "") -> list[str]:
    path = NAUGHTY / name
    if not path.exists():
        return []
    texts = [str(json.loads(line)["text"]) for line in path.read_text("utf-8").splitlines()]
    return [text for text in texts if holding in text and text.strip() and len(text) < 450 and "\x00" not in text]


def hostile() -> list[str]:
    """Ours, and every eighth of the others': enough of each kind, in seconds."""
    markup = lines_of("strings/xss_patt.jsonl", "<")[::8]
    strange = lines_of("strings/blns.jsonl")[::6] + lines_of("unicode/bidi.jsonl")[:200:25]
    return OWN + markup + strange


def test_hostile_texts_are_shown_as_text(opens: Opens, stage: Stage) -> None:
    dora = stage.somebody()
    texts = [f"{number:03} {text}" for number, text in enumerate(hostile())]
    for text in texts:
        stage.writes(dora, text)
    case = until(lambda: (c := stage.case_of(dora))["messages"] == len(texts) and c, 60, what="all of them in the case")
    screen = opens().open_case(case)
    expect(screen.bubble(texts[-1][:4])).to_be_visible()
    seen: dict[str, str] = {}
    looks: list[int] = []
    timeline = screen.page.get_by_role("region", name="What was said")
    timeline.hover()

    def all_seen() -> bool:
        for text in timeline.locator("article > div[dir]").all_text_contents():
            seen[text[:4]] = text
        looks.append(1)
        # up and down again: what was passed over while an older page was being fetched is met on the way back
        screen.page.mouse.wheel(0, 300 if len(looks) // 150 % 2 else -300)
        return len(seen) == len(texts)

    until(all_seen, 180, 0.05, what="every one of them on the screen")
    # as it was said: the network itself trims what surrounds a text
    assert [seen[text[:4]].strip() for text in texts] == [text.strip() for text in texts]
    assert screen.page.locator("article script, article iframe, article svg[onload], article img[onerror]").count() == 0


def test_hostile_names_are_shown_as_names(opens: Opens, stage: Stage) -> None:
    people = [stage.somebody(name) for name in NAMES]
    for number, person in enumerate(people):
        stage.asks(person, f"who am I, {number}?")
    screen = opens().go()
    for number, person in enumerate(people):
        case = stage.case_of(person)
        line = screen.page.locator(f"#case-{case['id']}")
        expect(line).to_be_visible()
        # a name turns around itself alone, never what stands beside it
        assert line.locator("bdi").first.text_content() == case["identity"]["name"]
        line.press("Enter")
        expect(screen.bubble(f"who am I, {number}?")).to_be_visible()
        expect(screen.page.locator("main article bdi").first).to_have_text(case["identity"]["name"])


def test_ten_thousand_characters_stay_in_their_bubble(opens: Opens, stage: Stage) -> None:
    stage.delivers("endless", "E" * 80, "word " * 900 + "A" * 5500)
    case = until(
        lambda: next((row for row in stage.town.cast["alice"].cases() if row["identity"]["handle"] == "endless"), None),
        30, what="the case of the endless one",
    )  # fmt: skip
    for width in (1440, 390):
        screen = opens(width=width).open_case(case)
        expect(screen.bubble("AAAAAAAAAA")).to_be_visible()
        assert len(screen.page.locator("article > div[dir]").first.text_content() or "") >= 10_000 - 5
        assert screen.page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_the_policy_forbids_is_heard_here(opens: Opens) -> None:
    """The ears of all these tests, tried once: a picture from elsewhere is refused, and told."""
    screen = opens().go()
    expect(screen.page.get_by_role("heading", name="Inbox")).to_be_visible()
    screen.page.evaluate("new Image().src = 'https://elsewhere.example/pixel.png'")

    def heard() -> bool:
        screen.page.evaluate("0")  # each call lets the page tell what it has to tell
        return any(told.startswith("CSP img-src") for told in screen.complaints)

    until(heard, 10, 0.1, what="the policy's report")
    assert len(screen.unexpected()) >= 2  # by the console, and by the policy's own event
    screen.expects("elsewhere.example|CSP img-src")
