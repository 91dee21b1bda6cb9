"""uv without pip: find its wheel in the package index, check its hash, unpack its one program."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import sys
import urllib.error
import urllib.request
import zipfile
from html import unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin

INDEX = "https://pypi.org/simple"
# Part of a wheel's name that says where it runs. (Musl is left out: the PostgreSQL wheel does not run there.)
TAGS = {
    ("linux", "x86_64"): ("manylinux_2_17_x86_64",),
    ("linux", "aarch64"): ("manylinux_2_17_aarch64",),
    ("darwin", "x86_64"): ("macosx_10_12_x86_64",),
    ("darwin", "arm64"): ("macosx_11_0_arm64",),
}
WAY_OUT = "Install pip instead, then try again. On Debian or Ubuntu: apt install python3-pip ca-certificates"


def fetch_uv(target: Path, requirement: Path) -> None:
    """Put the uv that `requirement` pins into `target`/bin. Exits with the way out when it cannot be had."""
    text = requirement.read_text()
    version = re.findall(r"^uv==(\S+)", text, re.MULTILINE)[0]
    hashes = set(re.findall(r"sha256:([0-9a-f]{64})", text))
    try:
        content = wheel(version)
    except (urllib.error.URLError, OSError, LookupError) as error:
        sys.exit(f"setup: cannot fetch uv {version}: {error}.\n{WAY_OUT}")
    if hashlib.sha256(content).hexdigest() not in hashes:
        sys.exit(f"setup: the wheel of uv {version} is not the one pinned in {requirement}; it was not used.")
    unpack(content, target / "bin")


def wheel(version: str) -> bytes:
    """The bytes of uv's wheel for this machine, from the index pip would use."""
    index = os.environ.get("PIP_INDEX_URL", INDEX).rstrip("/")
    page = f"{index}/uv/"
    links = re.findall(r'href="([^"#]+)[^"]*"[^>]*>\s*([^<\s]+)', read(page).decode())
    found = {unescape(name): urljoin(page, unescape(link)) for link, name in links}
    for tag in TAGS.get((sys.platform, platform.machine()), ()):
        for name, link in found.items():
            if name.startswith(f"uv-{version}-") and tag in name:
                return read(link)
    raise LookupError(f"no wheel for {sys.platform} {platform.machine()} at {page}")


def read(url: str) -> bytes:
    """The body of `url`; proxies and certificates as the environment says."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return bytes(answer.read())


def unpack(content: bytes, target: Path) -> None:
    """The programs of the wheel, executable, in `target`; they appear whole or not at all."""
    partial = target.with_name(target.name + ".new")
    partial.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if "/scripts/" in name:
                file = partial / Path(name).name
                file.write_bytes(archive.read(name))
                file.chmod(0o755)
    partial.rename(target)
