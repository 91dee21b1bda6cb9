from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from offhold.connectors.contract import Counter
from offhold.connectors.counting import fits, length
from offhold.connectors.links import find_links

X = Counter(280, "weighted", url_length=23)
OFFICIAL = Path(__file__).parents[4] / "shared" / "wire" / "twitter-text"
FAMILY = "👨‍👩‍👧‍👦"
SECTIONS = {
    "validate.yml": ["WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest"],
    "extract.yml": ["urls", "urls_with_indices", "urls_with_directional_markers", "tco_urls_with_params"],
}


def official(file: str) -> list[Any]:
    """The cases of one conformance file, or one that says why there are none."""
    if not OFFICIAL.is_dir():
        missing = pytest.mark.skipif(not os.environ.get("CI"), reason="twitter-text is not beside the repository")
        return [pytest.param({"description": "missing", "text": "", "expected": None}, marks=missing)]
    tests = yaml.safe_load((OFFICIAL / file).read_text())["tests"]
    cases = [case for section in SECTIONS[file] for case in tests[section]]
    assert len(cases) > 20
    return [pytest.param(case, id=case["description"][:60]) for case in cases]


@pytest.mark.parametrize("case", official("validate.yml"))
def test_weighted_as_twitter_text_has_it(case: dict[str, Any]) -> None:
    assert length(case["text"], X) == case["expected"]["weightedLength"]
    assert fits(case["text"], X) == case["expected"]["valid"]


@pytest.mark.parametrize("case", official("extract.yml"))
def test_links_as_twitter_text_has_them(case: dict[str, Any]) -> None:
    found = find_links(case["text"])
    texts = [case["text"][link.start : link.end] for link in found]
    if case["expected"] and isinstance(case["expected"][0], dict):
        assert [list(link) for link in found] == [each["indices"] for each in case["expected"]]
        assert texts == [each["url"] for each in case["expected"]]
    else:
        assert texts == case["expected"]


@pytest.mark.parametrize(
    ("text", "codepoints", "graphemes", "utf16", "utf8", "weighted"),
    [
        ("", 0, 0, 0, 0, 0),
        ("hello", 5, 5, 5, 5, 5),
        ("añejo", 5, 5, 5, 6, 5),
        ("an\u0303ejo", 6, 5, 6, 7, 5),
        ("日本語", 3, 3, 3, 9, 6),
        ("😷", 1, 1, 2, 4, 2),
        (FAMILY, 7, 1, 11, 25, 2),
        ("🇪🇸🇫🇷", 4, 2, 8, 16, 4),
        ("1️⃣", 3, 1, 3, 7, 2),
        ("a\r\nb", 4, 3, 4, 4, 4),
        ("مرحبا", 5, 5, 5, 10, 5),
        ("🙋🏽‍♀️", 5, 1, 7, 17, 2),
    ],
)
def test_five_rules(text: str, codepoints: int, graphemes: int, utf16: int, utf8: int, weighted: int) -> None:
    assert length(text, Counter(1)) == codepoints
    assert length(text, Counter(1, "graphemes")) == graphemes
    assert length(text, Counter(1, "utf16")) == utf16
    assert length(text, Counter(1, "bytes")) == utf8
    assert length(text, X) == weighted


def test_a_link_counts_as_the_network_says() -> None:
    text = "See https://example.com/a/rather/long/path?with=a&query=too now, or example.com"
    assert length(text, Counter(500, url_length=23)) == len("See  now, or example.com") + 23
    assert length(text, Counter(500)) == len(text)
    assert length(text, X) == len("See  now, or ") + 2 * 23


@pytest.mark.parametrize(
    ("text", "counter", "expected"),
    [
        ("x" * 300, Counter(300, "graphemes", max_bytes=3000), True),
        ("x" * 301, Counter(300, "graphemes", max_bytes=3000), False),
        (FAMILY * 120, Counter(300, "graphemes", max_bytes=3000), True),
        (FAMILY * 121, Counter(300, "graphemes", max_bytes=3000), False),  # 3,025 bytes
        ("", Counter(300), False),
        (" \n\t", Counter(300), False),
    ],
)
def test_what_fits(text: str, counter: Counter, expected: bool) -> None:
    assert fits(text, counter) is expected


@given(st.text())
def test_any_text_can_be_counted(text: str) -> None:
    for rule in ("codepoints", "graphemes", "utf16", "bytes", "weighted"):
        counter = Counter(280, rule, url_length=23)
        assert length(text, counter) >= 0
    assert length(text, Counter(1, "graphemes")) <= length(text, Counter(1)) <= length(text, Counter(1, "utf16"))
    assert length(text, Counter(1, "utf16")) <= length(text, Counter(1, "bytes"))


@pytest.mark.parametrize(
    "piece", ["a.", "a-", "a_.", "http://a.", "example.com/(", "example.com/((a)", "あ.", "a.com/@", ".com"]
)
def test_no_text_takes_long(piece: str) -> None:
    """The longest text a network takes, made to make a matcher try again and again."""
    began = time.process_time()
    find_links(piece * (10_000 // len(piece)))
    assert time.process_time() - began < 1.0
