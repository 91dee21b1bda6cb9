from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offhold.networks.bluesky.facets import facets, handles, mentions, spelled_out
from offhold.networks.bluesky.wire import ByteSlice, Facet, Feature

DIDS = {"ann.bsky.social": "did:plc:ann", "xn--e1afmkfd.example": "did:plc:idn"}


def said(text: str) -> list[tuple[str, str, str]]:
    """(kind, the bytes the facet covers as text, what it points to)"""
    found = []
    for facet in facets(text, DIDS):
        index, [feature] = facet["index"], facet["features"]
        covered = text.encode()[index["byteStart"] : index["byteEnd"]].decode()
        kind = feature["$type"].rpartition("#")[2]
        found.append((kind, covered, feature.get("did") or feature.get("uri") or feature.get("tag")))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi @ann.bsky.social!", [("mention", "@ann.bsky.social", "did:plc:ann")]),
        ("Grüße 👋🏽 @Ann.Bsky.Social.", [("mention", "@Ann.Bsky.Social", "did:plc:ann")]),
        ("(@ann.bsky.social)", [("mention", "@ann.bsky.social", "did:plc:ann")]),
        ("write to ann@ann.bsky.social", []),
        ("@nobody.example and @acme", []),
        ("見て https://x.example/a?b=c#d。", [("link", "https://x.example/a?b=c#d", "https://x.example/a?b=c#d")]),
        ("(see https://x.example/a).", [("link", "https://x.example/a", "https://x.example/a")]),
        ("https://x.example/a_(b)", [("link", "https://x.example/a_(b)", "https://x.example/a_(b)")]),
        ("www.acme.example, please", [("link", "www.acme.example", "https://www.acme.example")]),
        ("Sorry.We look into it", []),
        ("https://", []),
        ("#delay on #Zürich-Bern!", [("tag", "#delay", "delay"), ("tag", "#Zürich-Bern", "Zürich-Bern")]),
        ("We are #1 and a#b", []),
        ("#" + "x" * 65, []),
        ("", []),
    ],
)
def test_what_is_found(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert said(text) == expected


def test_handles_are_asked_for_once_each() -> None:
    assert handles("@ann.bsky.social @bob.example @ANN.bsky.social") == ("ann.bsky.social", "bob.example")


@given(st.text(alphabet=st.sampled_from("ab.@#/:(w)ß👋🏽 \nhttps"), max_size=60))
def test_offsets_always_fall_on_characters(text: str) -> None:
    for facet in facets(text, DIDS):
        index = facet["index"]
        text.encode()[index["byteStart"] : index["byteEnd"]].decode()  # raises inside a character


def link(text: str, words: str, uri: str) -> Facet:
    start = text.encode().index(words.encode())
    feature = Feature("app.bsky.richtext.facet#link", uri=uri)
    return Facet(ByteSlice(start, start + len(words.encode())), (feature,))


@pytest.mark.parametrize(
    ("text", "words", "uri", "expected"),
    [
        ("see x.example/lo…", "x.example/lo…", "https://x.example/long", "see https://x.example/long"),
        ("see x.example/lo...", "x.example/lo...", "https://www.x.example/long", "see https://www.x.example/long"),
        ("see https://x.example/", "https://x.example/", "https://x.example", "see https://x.example/"),
        ("see x.example", "x.example", "https://x.example/", "see x.example"),
        ("👋 here", "here", "https://x.example", "👋 here (https://x.example)"),
        ("my bank.example", "bank.example", "https://evil.example", "my bank.example (https://evil.example)"),
    ],
)
def test_links_are_spelled_out(text: str, words: str, uri: str, expected: str) -> None:
    assert spelled_out(text, [link(text, words, uri)]) == expected


@given(st.text(max_size=30), st.integers(-5, 200), st.integers(-5, 200))
def test_nonsense_offsets_never_fail(text: str, start: int, end: int) -> None:
    feature = Feature("app.bsky.richtext.facet#link", uri="https://x.example")
    spelled_out(text, [Facet(ByteSlice(start, end), (feature,))])


def test_only_a_mention_mentions() -> None:
    disguised = Feature("app.bsky.richtext.facet#link", did="did:plc:us", uri="https://x.example")
    real = Feature("app.bsky.richtext.facet#mention", did="did:plc:ann")
    assert mentions([Facet(ByteSlice(0, 1), (disguised, real))]) == {"did:plc:ann"}
