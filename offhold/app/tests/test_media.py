"""Pictures: what is taken in, what is refused, who may see them."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.conf import settings
from PIL import Image

from offhold.app.media import picture, reencode
from offhold.channels.pictures import NotOurs, original, proxied
from offhold.kernel import ids
from offhold.kernel.db.tx import transaction
from offhold.kernel.errors import Invalid, NotFound
from offhold.publishing.replies import AskedPicture
from tests.support import builders
from tests.support.builders import Workspace
from tests.support.site import Browser, Member, signed_in


def drawn(kind: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: object) -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, kind, **options)
    return out.getvalue()


def noise() -> bytes:
    """Half a picture through which one sees, of which no two points are alike."""
    out = io.BytesIO()
    points = random.Random(1).randbytes(800 * 800 * 4)
    Image.frombytes("RGBA", (800, 800), points).save(out, "WEBP", quality=20)
    return out.getvalue()


NOISE = noise()


@pytest.mark.parametrize(("kind", "stays"), [("PNG", "png"), ("JPEG", "jpeg"), ("GIF", "png"), ("WEBP", "jpeg")])
def test_a_picture_is_encoded_anew(kind: str, stays: str) -> None:
    kept = reencode(drawn(kind))
    assert (kept.content_type, kept.width, kept.height) == (f"image/{stays}", 60, 40)
    assert Image.open(io.BytesIO(kept.content)).size == (60, 40)


def test_where_it_was_taken_is_not_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Bob's kitchen, 48.1 N 11.5 E"
    raw = drawn("JPEG", exif=exif)
    assert b"kitchen" in raw
    assert b"kitchen" not in reencode(raw).content


def test_what_is_hidden_behind_a_picture_is_gone() -> None:
    assert b"<script>" not in reencode(drawn("PNG") + b"<script>alert(1)</script>").content


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"push graphic-context\nviewbox 0 0 640 480\nfill 'url(https://evil.example/)'", b"#EXTM3U\nfile:///etc/passwd",
        b"%PDF-1.4", b"MZ" + bytes(200), drawn("PNG")[:60], drawn("TIFF"), drawn("BMP"),
        drawn("PNG", (6000, 6000), "L"),
    ],
)  # fmt: skip
def test_what_is_no_picture_of_ours_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid):
        reencode(raw)


def test_an_upload_is_shown_to_its_workspace_alone(site: str, workspace: Workspace, other_workspace: Workspace) -> None:
    bob, eve = signed_in(site, Member(workspace, "agent")), signed_in(site, Member(other_workspace, "admin"))
    name = "\u200b.htaccess\0" + "x" * 300
    answer = bob.post(upload_to(workspace), files={"file": (name, drawn("PNG"), "image/png")})
    assert answer.status_code == 201, answer.text
    path = f"/media/{answer.json()['media_id']}"
    shown = bob.get(path)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert eve.get(path).status_code == 404
    assert Browser(site).get(path).status_code == 401
    with transaction(workspace.id) as tx:
        sent = picture(tx, workspace.id, AskedPicture(media_id=answer.json()["media_id"], alt="a red field"))
    assert (sent.content, sent.alt) == (shown.content, "a red field")
    with pytest.raises(NotFound), transaction(other_workspace.id) as tx:
        picture(tx, other_workspace.id, AskedPicture(media_id=answer.json()["media_id"], alt=""))


def test_who_may_not_answer_may_not_upload(site: str, workspace: Workspace) -> None:
    observer = signed_in(site, Member(workspace, "observer"))
    to = upload_to(workspace)
    assert observer.post(to, files={"file": ("a.png", drawn("PNG"))}).status_code == 403
    bare = Browser(site)
    bare.get("/")
    assert bare.post(to, files={"file": ("a.png", drawn("PNG"))}).status_code == 401


def upload_to(workspace: Workspace, network: str = "sandbox") -> str:
    made = builders.channel(workspace, network=network, account_id=str(ids.new()), sending=True)
    return f"/api/media?channel_id={made.id}"


@pytest.mark.parametrize(
    ("network", "file", "code"),
    [
        ("sandbox", ("a.webp", drawn("WEBP"), "image/webp"), "wrong_picture_type"),
        ("bluesky", ("a.webp", drawn("WEBP"), "image/webp"), None),
        ("bluesky", ("a.html", drawn("PNG"), "text/html"), "wrong_picture_type"),
        ("sandbox", ("a.png", drawn("PNG") + bytes(2_000_000), "image/png"), None),
        ("bluesky", ("a.png", drawn("PNG") + bytes(2_000_000), "image/png"), "picture_too_heavy"),
        # small as it came, and 2.2 MB once it is encoded anew: WebP does what PNG cannot
        ("bluesky", ("a.webp", NOISE, "image/webp"), "picture_too_heavy"),
    ],
)
def test_what_the_network_would_not_take_is_refused(
    site: str, workspace: Workspace, network: str, file: tuple[str, bytes, str], code: str | None
) -> None:
    answer = signed_in(site, Member(workspace, "agent")).post(upload_to(workspace, network), files={"file": file})
    assert (answer.status_code, answer.json().get("code")) == ((201, None) if code is None else (422, code))


def test_no_picture_is_taken_in_for_another_companys_channel(
    site: str, workspace: Workspace, other_workspace: Workspace
) -> None:
    file = ("a.png", drawn("PNG"), "image/png")
    answer = signed_in(site, Member(workspace, "agent")).post(upload_to(other_workspace), files={"file": file})
    assert answer.status_code == 404


def test_a_hostile_form_is_refused_not_a_fault(site: str, workspace: Workspace) -> None:
    bob = signed_in(site, Member(workspace, "agent"))
    to = upload_to(workspace)
    assert bob.post(to, files={"file": ("x" * 9000, b"")}).status_code == 400
    assert bob.post(to, files=[("file", ("a", b"")), ("file", ("b", b""))]).status_code == 413
    for content in (b"", b"--x", b"--x\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n"):
        answer = bob.post(to, content=content, headers={"Content-Type": "multipart/form-data; boundary=x"})
        assert answer.status_code in (400, 422), answer.text
    assert bob.post(to, content=b"x", headers={"Content-Type": "multipart/form-data"}).status_code == 400


@pytest.mark.parametrize("told", [True, False])
def test_what_is_too_long_is_refused_before_it_is_kept(site: str, workspace: Workspace, told: bool) -> None:
    bob = signed_in(site, Member(workspace, "agent"))
    body = bytes(12_000_000)
    content = body if told else iter([body[:6_000_000], body[6_000_000:]])
    answer = bob.post("/api/media", content=content, headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert answer.status_code == 413
    assert bob.post("/api/channels", content=bytes(2_000_000)).status_code == 413


@pytest.mark.parametrize(
    "path", ["/media/..%2f..%2fkeys%2fmaster", "/media/" + "a" * 33, "/media/at/x/y", "/media/%00"]
)
def test_no_path_leads_elsewhere(site: str, workspace: Workspace, path: str) -> None:
    assert signed_in(site, Member(workspace, "agent")).get(path).status_code == 404


def test_only_addresses_we_signed_are_fetched() -> None:
    ours = proxied("https://cdn.example/a.png")
    signature, encoded = ours.removeprefix("/media/at/").split("/")
    assert original(signature, encoded) == "https://cdn.example/a.png"
    other = proxied("https://cdn.example/b.png").rsplit("/", 1)[1]
    for bad in ((signature, other), ("", encoded), (signature, "%%%"), (signature, "\u00e9")):
        with pytest.raises(NotOurs):
            original(*bad)
    assert proxied("javascript:alert(1)") == proxied("data:image/png,x") == proxied("") == ""


def test_what_was_uploaded_here_keeps_its_address(site: str, workspace: Workspace) -> None:
    """As it stands on the timeline of who sent it: no network has to be asked for it, and none is."""
    bob = signed_in(site, Member(workspace, "agent"))
    token = bob.post(upload_to(workspace), files={"file": ("a.png", drawn("PNG"), "image/png")}).json()["media_id"]
    assert proxied(f"/media/{token}") == f"/media/{token}"
    assert bob.get(proxied(f"/media/{token}")).status_code == 200
    assert {proxied(f"/media/{bad}") for bad in ("", "at/x/y", f"{token}x", f"../{token}", "é" * 32)} == {""}


class Network(BaseHTTPRequestHandler):
    """A network's picture server; counts what it is asked."""

    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        body = drawn("JPEG") if self.path == "/avatar" else b"<html>"
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Network) as server:
        place = f"127.0.0.1:{server.server_address[1]}"
        monkeypatch.setattr(settings, "ALLOW_PRIVATE_HOSTS", (place,))
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{place}"
        server.shutdown()


def test_a_strangers_picture_is_fetched_once_and_shown_from_here(site: str, workspace: Workspace, network: str) -> None:
    bob = signed_in(site, Member(workspace, "agent"))
    Network.asked = 0
    for _ in range(2):
        answer = bob.get(proxied(f"{network}/avatar"))
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert Network.asked == 1
    for _ in range(2):
        assert bob.get(proxied(f"{network}/page")).status_code == 404
    assert Network.asked == 2, "what is no picture is remembered too"
    assert Browser(site).get(proxied(f"{network}/avatar")).status_code == 401


def test_our_own_network_cannot_be_reached_through_a_picture(site: str, workspace: Workspace) -> None:
    bob = signed_in(site, Member(workspace, "agent"))
    for url in ("http://169.254.169.254/latest/meta-data", "http://127.0.0.1:1/", "http://[::1]/"):
        assert bob.get(proxied(url)).status_code == 404
