"""Installing from nothing: uv without pip, the right Node, and nothing done twice."""

from __future__ import annotations

import hashlib
import http.server
import importlib
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"
NAME = "uv-1.2.3-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Imports a module of scripts/, which is no package: it runs before anything is installed."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    yield importlib.import_module
    for name in ("bootstrap", "node", "uv_wheel"):
        sys.modules.pop(name, None)


@pytest.fixture
def uv_wheel(script: object) -> ModuleType:
    return importlib.import_module("uv_wheel")


def wheel() -> bytes:
    """A wheel with a program in it, as uv's."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("uv-1.2.3.data/scripts/uv", "#!/bin/sh\necho uv 1.2.3\n")
        archive.writestr("uv/__init__.py", "")
    return content.getvalue()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uv_wheel: ModuleType) -> Iterator[Path]:
    """A package index on loopback that has this one wheel."""
    root = tmp_path / "index"
    (root / "simple/uv").mkdir(parents=True)
    (root / "files").mkdir()
    (root / "files" / NAME).write_bytes(wheel())
    (root / "simple/uv/index.html").write_text(
        f'<a href="../../files/{NAME}#sha256=00" data-requires-python="&gt;=3.8">{NAME}</a>'
    )
    handler = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), lambda *args: handler(*args, directory=str(root))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple/")
        monkeypatch.setattr(uv_wheel, "TAGS", {(sys.platform, uv_wheel.platform.machine()): ("manylinux_2_17_x86_64",)})
        yield root
        server.shutdown()


def pinned(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "uv.txt"
    file.write_text(f"uv==1.2.3 \\\n    --hash=sha256:{hashlib.sha256(content).hexdigest()}\n")
    return file


def test_uv_comes_from_the_index_pip_would_use(index: Path, tmp_path: Path, uv_wheel: ModuleType) -> None:
    uv_wheel.fetch_uv(tmp_path / "tools", pinned(tmp_path, wheel()))
    program = tmp_path / "tools/bin/uv"
    assert program.read_text().endswith("uv 1.2.3\n")
    assert program.stat().st_mode & 0o111 == 0o111


def test_another_wheel_than_the_pinned_one_is_not_used(index: Path, tmp_path: Path, uv_wheel: ModuleType) -> None:
    with pytest.raises(SystemExit, match="not the one pinned"):
        uv_wheel.fetch_uv(tmp_path / "tools", pinned(tmp_path, b"something else"))
    assert not (tmp_path / "tools").exists()


def test_without_an_index_the_way_out_is_told(
    tmp_path: Path, uv_wheel: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(SystemExit, match="apt install"):
        uv_wheel.fetch_uv(tmp_path / "tools", pinned(tmp_path, b""))


@pytest.mark.parametrize(
    ("version", "enough"),
    [
        ("v20.18.9", False),
        ("v20.19.0", True),
        ("v21.7.0", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.1.0", True),
        ("", False),
    ],
)
def test_vite_decides_which_node_will_do(script: object, version: str, enough: bool) -> None:
    assert importlib.import_module("node").new_enough(version) is enough


def test_the_wheels_node_is_found_when_the_system_has_none(script: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    found = importlib.import_module("node").usable_node(Path(sys.prefix))
    assert found.version.startswith("v2")
    assert found.environment()["PATH"].startswith(str(found.program.parent))


def test_a_step_is_skipped_only_for_the_very_same_state(
    script: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap = importlib.import_module("bootstrap")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    source = tmp_path / "src/a.ts"
    source.parent.mkdir()
    source.write_text("1")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules/b.js").write_text("not ours")
    stamp = tmp_path / ".stamp"
    stamp.write_text(bootstrap.digest(bootstrap.sources(tmp_path / "src")))
    assert bootstrap.fresh(stamp, bootstrap.digest(bootstrap.sources(tmp_path / "src")))
    source.write_text("2")
    assert not bootstrap.fresh(stamp, bootstrap.digest(bootstrap.sources(tmp_path / "src")))
    assert [file.name for file in bootstrap.sources(tmp_path)] == [".stamp", "a.ts"]


def test_the_wrapper_refuses_an_old_python(tmp_path: Path) -> None:
    for name in ("python3", "python"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")  # as an old one answers the question for its version
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", SCRIPTS / "bootstrap"],
        env={"PATH": f"{tmp_path}:/nowhere"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Python 3.11" in done.stderr


def test_an_authority_that_pip_believes_is_believed_by_uv_and_npm(
    script: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bootstrap = importlib.import_module("bootstrap")
    names = ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "UV_SYSTEM_CERTS", "SSL_CERT_DIR")
    for name in names:
        monkeypatch.setenv(name, "")  # so that what the script sets is taken back afterwards
        monkeypatch.delenv(name)
    bundle = tmp_path / "authority.pem"
    bundle.write_text("")
    monkeypatch.setenv("PIP_CERT", str(bundle))
    bootstrap.believe_own_authority()
    environ = bootstrap.uv_environment()
    assert [environ[name] for name in names[:3]] == [str(bundle), str(bundle), "true"]


def test_the_pinned_uv_knows_the_store_of_the_system() -> None:
    uv = SCRIPTS.parent / ".tools/uv/bin/uv"
    if not uv.exists():
        pytest.skip("uv is not installed here")
    said = subprocess.run([uv, "sync", "--help"], capture_output=True, text=True, check=True).stdout
    assert "UV_SYSTEM_CERTS" in said
