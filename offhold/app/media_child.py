"""Re-encodes one picture from standard input to standard output, in a process that may do nothing else.

Decoders of pictures are where strangers' bytes have broken in most often. So they run alone: bounded memory, processor
time and file size, no configuration, no sockets of ours; what comes out is pixels encoded anew, without metadata. The
first line out is JSON (content_type, width, height), the picture follows. Exit code 2: not a picture we take.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import warnings

MEMORY = 1 << 30
CPU_SECONDS = 5
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 4096
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


def confine() -> None:
    """Give up what a decoder does not need, before one is loaded."""
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(limit, (value, value))


def reencoded(raw: bytes) -> tuple[dict[str, object], bytes]:
    """What the picture is, and its pixels encoded anew. Raises whatever the decoder raises."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - only once confined

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        lossless = opened.format in ("PNG", "GIF") or opened.has_transparency_data
        picture = ImageOps.exif_transpose(opened).convert("RGBA" if opened.has_transparency_data else "RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    if lossless:
        picture.save(out, "PNG", optimize=False)
    else:
        picture.save(out, "JPEG", quality=88, optimize=False)
    about: dict[str, object] = {
        "content_type": "image/png" if lossless else "image/jpeg",
        "width": picture.width,
        "height": picture.height,
    }
    return about, out.getvalue()


def main() -> int:
    """Read, re-encode, write."""
    confine()
    warnings.simplefilter("error")  # a decompression bomb is only a warning at first
    try:
        about, content = reencoded(sys.stdin.buffer.read())
    except Exception:  # noqa: BLE001 - a decoder fails in any way; all of them mean the same to the person
        return 2
    sys.stdout.buffer.write(json.dumps(about).encode() + b"\n" + content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
