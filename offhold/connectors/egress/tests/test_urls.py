from __future__ import annotations

import pytest

from offhold.connectors.contract import ForbiddenAddress, NotSent
from offhold.connectors.egress.urls import checked, checked_headers, parse_allowed, place, shown

ALLOWED = parse_allowed(["localhost:2583", "[::1]:8080", "Network.Internal.:8443"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://example.com", ("example.com", 80)),
        ("https://EXAMPLE.com./a?b#c", ("example.com", 443)),
        ("https://example.com:80/", ("example.com", 80)),
        ("http://localhost:2583/xrpc", ("localhost", 2583)),
        ("http://[::1]:8080/", ("::1", 8080)),
        ("https://network.internal:8443/", ("network.internal", 8443)),
        ("https://bücher.example/", ("xn--bcher-kva.example", 443)),
        ("https://_dmarc.example/", ("_dmarc.example", 443)),
        # These are names to the resolver; what it makes of them is refused by address (test_guarded).
        ("http://127。0。0。1/", ("127.0.0.1", 80)),
        ("http://127.1/", ("127.1", 80)),
        ("http://0x7f000001/", ("0x7f000001", 80)),
        ("http://2130706433/", ("2130706433", 80)),
        ("http://127.0.0.1:80#@x", ("127.0.0.1", 80)),
        ("http://[::ffff:127.0.0.1]/", ("::ffff:127.0.0.1", 80)),
    ],
)
def test_where_a_url_leads(text: str, expected: tuple[str, int]) -> None:
    url = checked(text, ALLOWED)
    assert place(url) == expected
    assert "#" not in str(url)


@pytest.mark.parametrize(
    "text",
    [
        "", "example.com", "//example.com", "http:", "http://", "http:///path", "https://:443/", "http://.", "http://..",
        "gopher://example.com/", "file:///etc/passwd", "ftp://example.com/", "data:text/plain,x", "javascript:alert(1)",
        "ws://example.com/", "unix:/run/x.sock", "HTTP+UNIX://x/",
        "http://a@b/", "http://a:b@example.com/", "http://example.com@127.0.0.1/", "http://a@b@c/",
        "http://exa mple.com/", "http://example.com/\r\nHost: x", "http://example.com/\n", "http://example.com\t/",
        "http://example.com\\@127.0.0.1/", "http://example.com/\x00", "http://example.com/\x7f", "\u00a0http://example.com/",
        "http://127%2e0.0.1/", "http://[fe80::1%25eth0]/", "http://[::1", "http://[::1]x/",
        "http://example.com:0/", "http://example.com:22/", "http://example.com:65536/", "http://example.com:-1/",
        "http://example.com:8080/", "http://localhost:2584/", "http://127.0.0.1:2583/", "http://[::1]:2583/",
        "http://localhost.example:2583/", "http://" + "a" * 64 + ".com/", "http://" + "a." * 130 + "com/",
        "http://example.com/" + "a" * 8000,
    ],
)  # fmt: skip
def test_what_is_never_fetched(text: str) -> None:
    with pytest.raises(ForbiddenAddress):
        checked(text, ALLOWED)


def test_a_refusal_quotes_no_secret() -> None:
    for text in ("http://user:hunter2@example.com/", "http://example.com:9/?token=hunter2", "gopher://x/hunter2"):
        with pytest.raises(ForbiddenAddress) as refused:
            checked(text, ALLOWED)
        assert "hunter2" not in str(refused.value)
    assert shown(checked("https://example.com/hunter2?hunter2", ALLOWED)) == "https://example.com:443"


@pytest.mark.parametrize("entry", ["", "localhost", "localhost:", ":80", "localhost:0", "localhost:70000", "a b:80",
                                   "http://localhost:80", "localhost:８０", "*:80", "localhost:-1"])  # fmt: skip
def test_a_bad_setting_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match="host:port"):
        parse_allowed([entry])


def test_headers_become_bytes() -> None:
    assert checked_headers({"X-Key": "caf\xe9"}) == [(b"x-key", b"caf\xe9")]
    assert checked_headers(None) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("x", "hunter2\r\nHost: evil"), ("x", "hunter2\n"),
     ("x\r\nhost", "hunter2"), ("x", "hunter2\x00"), ("", "hunter2"),
     ("x", "hunter2€"), ("Host", "hunter2"), ("content-length", "7"), ("Transfer-Encoding", "chunked")],
)  # fmt: skip
def test_headers_that_would_break_the_request_are_not_sent(name: str, value: str) -> None:
    with pytest.raises(NotSent) as refused:
        checked_headers({name: value})
    assert "hunter2" not in str(refused.value)
