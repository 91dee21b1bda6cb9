"""Pictures: what people upload, the avatars everybody has, and snapshots that scenarios attach."""

from __future__ import annotations

import random
import struct
import zlib
from typing import Any
from urllib.parse import unquote

from offhold.networks.sandbox.world.network import Network, Refusal

KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
Colour = tuple[int, int, int]


def alt_text(header: str) -> str:
    return unquote(header)[:1000]


def keep(net: Network, owner: str, content: bytes, alt: str) -> dict[str, Any]:
    """PNG, JPEG or GIF, known by its first bytes. Raises Refusal for anything else."""
    kind = next((k for magic, k in KINDS.items() if content.startswith(magic)), None)
    if kind is None:
        raise Refusal(422, "not_a_picture", "PNG, JPEG and GIF are taken.")
    media_id = net.ids.new("p", net.now())
    width, height = size(content)
    net.store.write(
        "INSERT INTO media VALUES (?, ?, ?, ?, ?, ?, ?)", media_id, owner, kind, alt, width, height, content
    )
    url = f"{net.base_url}/media/{media_id}"
    return {"id": media_id, "type": "image", "url": url, "alt": alt, "width": width, "height": height}


def size(content: bytes) -> tuple[int | None, int | None]:
    """Width and height from the head of a PNG or GIF, or a JPEG's frame; None when they cannot be read."""
    if content.startswith(b"\x89PNG") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content.startswith(b"GIF8") and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    return _jpeg_size(content)


def _jpeg_size(content: bytes) -> tuple[int | None, int | None]:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        if 0xC0 <= content[at + 1] <= 0xC3:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
    return None, None


def png(width: int, height: int, rows: list[list[Colour]]) -> bytes:
    raw = b"".join(b"\0" + bytes(part for pixel in row for part in pixel) for row in rows)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


def avatar(account: str) -> bytes:
    """96 x 96, its own for each account and always the same: a mirrored pattern on a soft ground."""
    dice = random.Random(account)  # noqa: S311 - always the same picture is the point
    ground, ink = _pair(dice)
    cells = [[dice.random() < 0.5 for _ in range(3)] for _ in range(6)]
    grid = [row + row[::-1] for row in cells]
    rows = [[ink if grid[y // 16][x // 16] else ground for x in range(96)] for y in range(96)]
    return png(96, 96, rows)


def snapshot(seed: str) -> bytes:
    """320 x 200, as somebody's hurried photo stands in a scenario: sky, ground, a few things in between."""
    dice = random.Random(seed)  # noqa: S311 - the same
    sky, ground = _pair(dice)
    things = [(dice.randrange(300), dice.randrange(60, 150), dice.randrange(14, 60), _pair(dice)[1]) for _ in range(6)]
    rows = [[_mix(sky, ground, y / 200)] * 320 for y in range(200)]
    for left, top, wide, colour in things:
        for y in range(top, min(200, top + wide)):
            rows[y] = rows[y][:left] + [colour] * min(wide, 320 - left) + rows[y][left + wide :]
    return png(320, 200, [row[:320] for row in rows])


def _pair(dice: random.Random) -> tuple[Colour, Colour]:
    """A light colour and a darker one of the same hue."""
    red, green, blue = (dice.randrange(60, 190) for _ in range(3))
    return (red // 3 + 160, green // 3 + 160, blue // 3 + 160), (red, green, blue)


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (int(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
