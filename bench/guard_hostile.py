"""Texts made to be slow: 100,000 characters each, of what patterns with a way back would choke on."""

from __future__ import annotations

from offhold.publishing.guard.look import Around, Said

SIZE = 100_000
_PIECES = (
    "a", "A", "1", "1 ", "1-", "+1 (", "@", "a@", "a@a.", "a.a.", "http://", "www.", "4111 1111 1111 1111 ", "de1",
    "gb1 a", "1 a Aa ", "you should have ", "we will ", "calm ", "refund ", "\u200b", "\u200b1", "１", "é", "ﷺ", "а1",
    "a\u0301", "\U0001f468\u200d\U0001f469", "dm ", "DM US ", "booking number is ", "order ", "calle de la ", "a-",
    "a'", "#",
    "Hi Aa ", "\n", " ", "(((", "x[at]", "K7X9QP ", "k 7 x 9 q ", "my son has asthma and ",
    "care.example/c/", "(at)a.a ",
)  # fmt: skip


def hostile() -> list[tuple[Said, Around]]:
    """Each with as much around it as a case can have."""
    texts = [(piece * SIZE)[:SIZE] for piece in _PIECES]
    return [(Said(text=text, audience="public", written_as="public"), _around(text)) for text in texts]


def _around(text: str) -> Around:
    return Around(
        customer_name="Anna Kowalska", case_codes=("K7X9QP", "TCK-88213", "aaaaaa", "111111"),
        private_words=(text, "my son has asthma and my booking is K7X9QP"), last_public=text[:500],
        colleagues=("Samira Whitfield", "Aa Aa"), earlier_elsewhere=(text,) * 20, allowed_hosts=("northair.example",),
        page_hosts=("care.example",), page_paths=("/c/",),
    )  # fmt: skip
