"""Arabic and Japanese: each text runs the way its script does, in the list, in the case and while one writes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Opens
from tests.browser.stage import Stage

ARABIC = ("دورا الحسن", "أين حقيبتي؟ لم تصل مع الرحلة NA12 إلى مدريد", "حقيبتك في مدريد وستصل غدا. ^AL", "rtl")
JAPANESE = ("山田 花子", "荷物が届きません。NA12便でマドリードに着きました", "お荷物は明日届きます。 ^AL", "ltr")


def runs(place: Locator) -> str:
    """The direction the browser lays this text out in."""
    return str(place.evaluate("(place) => getComputedStyle(place).direction"))


def missing(place: Locator) -> float:
    """How many of its letters no font of the machine has: they are all as wide as the sign for nothing."""
    script = """(place) => {
        const draw = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
        draw.font = `32px ${getComputedStyle(place).fontFamily}`;
        const seen = (letter) => {
            draw.clearRect(0, 0, 64, 64);
            draw.fillText(letter, 8, 40);
            return draw.getImageData(0, 0, 64, 64).data.join();
        };
        const nothing = seen("\\u{10FFFE}");
        const letters = [...new Set(place.textContent)].filter((letter) => /\\p{L}/u.test(letter));
        return letters.filter((letter) => seen(letter) === nothing).length / letters.length;
    }"""
    return float(place.evaluate(script))


@pytest.mark.parametrize(("name", "asked", "answer", "way"), [ARABIC, JAPANESE], ids=["arabic", "japanese"])
def test_a_case_in_another_script(opens: Opens, stage: Stage, name: str, asked: str, answer: str, way: str) -> None:
    who = stage.somebody(name)
    stage.asks(who, asked)
    screen = opens().go()
    line = screen.line(name)
    expect(line).to_contain_text(asked[:12], timeout=60_000)
    assert runs(line.get_by_text(asked[:12]).first) == way
    screen.walk_to(name)
    said = screen.bubble(asked).locator("[dir]", has_text=asked).last
    expect(said).to_be_visible()
    assert runs(said) == way
    assert runs(screen.page.locator("#case-title")) == way
    assert missing(said) < 0.5, "no font of this machine has this script"
    screen.write("public", answer)
    assert runs(screen.text("public")) == way
    for place in (line, said, screen.text("public")):
        assert place.evaluate("(place) => place.scrollWidth <= place.clientWidth + 1"), "it stands out at the side"
    screen.page.keyboard.press("Control+Shift+Enter")
    stage.published_once(answer)
    expect(screen.bubble(answer)).to_have_count(1)
