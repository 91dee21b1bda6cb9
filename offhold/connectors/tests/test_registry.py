from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from offhold.connectors import registry
from offhold.connectors.registry import Registry, UnknownNetwork

_names = count()

GOOD = """
from offhold.connectors.fake import FakeConnector, FakeNetwork
connector = FakeConnector(FakeNetwork(), name="{name}")
"""


class Folders:
    def __init__(self, root: Path) -> None:
        self.package = f"networks_of_test_{next(_names)}"
        self.path = root / self.package
        self.path.mkdir()
        (self.path / "__init__.py").touch()

    def add(self, name: str, source: str | None) -> None:
        folder = self.path / name
        folder.mkdir()
        (folder / "__init__.py").touch()
        if source is not None:
            (folder / "connector.py").write_text(source.format(name=name))

    def registry(self) -> Registry:
        return Registry(self.package)


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folders]:
    monkeypatch.syspath_prepend(str(tmp_path))
    made = Folders(tmp_path)
    yield made
    for name in [name for name in sys.modules if name.startswith(made.package)]:
        del sys.modules[name]


def test_a_folder_is_a_network(folders: Folders) -> None:
    folders.add("beta", GOOD)
    folders.add("alpha", GOOD)
    folders.add("tests", None)
    folders.add("_draft", GOOD)
    found = folders.registry()
    assert found.names() == ["alpha", "beta"]
    assert found.get("beta").manifest.name == "beta"
    assert list(found.manifests()) == ["alpha", "beta"]
    assert found.broken() == {}


def test_a_network_is_loaded_when_asked_for_and_once(folders: Folders) -> None:
    folders.add("alpha", GOOD)
    folders.add("beta", GOOD)
    found = folders.registry()
    assert found.get("alpha") is found.get("alpha")
    assert f"{folders.package}.beta.connector" not in sys.modules


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (None, "ModuleNotFoundError"),
        ("def (", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        ("", "no attribute `connector`"),
        ("connector = object()", "lacks"),
        (GOOD + "connector.manifest = None", "no manifest"),
        (GOOD.replace("{name}", "other"), "'other'"),
        (GOOD + "connector.poll = None", "lacks poll"),
    ],
)
def test_a_broken_folder_is_reported_and_stops_nobody(
    folders: Folders, caplog: pytest.LogCaptureFixture, source: str | None, reason: str
) -> None:
    folders.add("bad", source)
    folders.add("good", GOOD)
    found = folders.registry()
    assert list(found.manifests()) == ["good"]
    assert reason in found.broken()["bad"]
    with pytest.raises(UnknownNetwork, match="cannot be loaded"):
        found.get("bad")
    assert [record.getMessage() for record in caplog.records] == ["network folder bad is left out"]


def test_an_unknown_name_is_said_so(folders: Folders) -> None:
    with pytest.raises(UnknownNetwork, match="no network 'nowhere'"):
        folders.registry().get("nowhere")


def test_a_connector_can_be_lent(folders: Folders) -> None:
    from offhold.connectors.fake import FakeConnector, FakeNetwork

    found = folders.registry()
    fake = FakeConnector(FakeNetwork())
    with found.lend(fake):
        assert found.get("fake") is fake
        assert list(found.manifests()) == ["fake"]
    assert found.manifests() == {}


def test_the_networks_shipped_are_whole() -> None:
    assert registry.networks.broken() == {}
    for name, manifest in registry.manifests().items():
        assert registry.get(name).manifest is manifest
