"""Finds networks: one folder under `offhold/networks/` is one network, and being there is all it takes.

A folder that cannot be loaded is reported and left out; it never takes the others with it.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager

from offhold.connectors.contract import Connector, Manifest

log = logging.getLogger(__name__)

_METHODS = tuple(name for name in vars(Connector) if not name.startswith("_"))


class UnknownNetwork(LookupError):
    """No folder of that name, or one that cannot be loaded (`Registry.broken` says why)."""


class Registry:
    """The networks in one package. Each is imported when it is first asked for."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._loaded: dict[str, Connector] = {}
        self._broken: dict[str, str] = {}

    def names(self) -> list[str]:
        """Folders that may be networks, sorted, and whatever `lend` added. Imports none of them."""
        path = importlib.import_module(self._package).__path__
        folders = {found.name for found in pkgutil.iter_modules(path) if found.ispkg and not found.name.startswith("_")}
        return sorted((folders - {"tests"}) | self._loaded.keys())

    def get(self, name: str) -> Connector:
        """The connector of a network. Raises `UnknownNetwork`."""
        if name in self._loaded:
            return self._loaded[name]
        if name not in self.names():
            raise UnknownNetwork(f"there is no network {name!r}")
        self._load(name)
        if name in self._broken:
            raise UnknownNetwork(f"the network {name!r} cannot be loaded: {self._broken[name]}")
        return self._loaded[name]

    def manifests(self) -> dict[str, Manifest]:
        """Every network that can be loaded, by name."""
        self._load_all()
        return {name: self._loaded[name].manifest for name in sorted(self._loaded)}

    def broken(self) -> dict[str, str]:
        """Folders that are no network, with the reason for the person who runs this."""
        self._load_all()
        return dict(self._broken)

    @contextmanager
    def lend(self, connector: Connector) -> Iterator[None]:
        """Within the block this connector answers to its manifest's name: the fake, in tests of later stages."""
        name = connector.manifest.name
        before = self._loaded.get(name)
        self._loaded[name] = connector
        try:
            yield
        finally:
            del self._loaded[name]
            if before is not None:
                self._loaded[name] = before

    def _load_all(self) -> None:
        for name in self.names():
            if name not in self._loaded:
                self._load(name)

    def _load(self, name: str) -> None:
        if name in self._broken:
            return
        try:
            module = importlib.import_module(f"{self._package}.{name}.connector")
            self._loaded[name] = _checked(name, getattr(module, "connector", None))
        except Exception as error:  # a folder may fail in any way and must not stop the others
            self._broken[name] = f"{type(error).__name__}: {error}"
            log.exception("network folder %s is left out", name)


class NotAConnector(TypeError):
    """The folder's `connector.py` does not provide what the contract asks for."""


def _checked(name: str, connector: Connector | None) -> Connector:
    if connector is None:
        raise NotAConnector("connector.py has no attribute `connector`")
    missing = [method for method in _METHODS if not callable(getattr(connector, method, None))]
    if missing:
        raise NotAConnector(f"the connector lacks {', '.join(missing)}")
    manifest = getattr(connector, "manifest", None)
    if not isinstance(manifest, Manifest):
        raise NotAConnector("the connector has no manifest")
    if manifest.name != name:
        raise NotAConnector(f"the manifest says {manifest.name!r}, the folder {name!r}")
    return connector


networks = Registry("offhold.networks")


def get(name: str) -> Connector:
    """The connector of an installed network. Raises `UnknownNetwork`."""
    return networks.get(name)


def manifests() -> dict[str, Manifest]:
    """The manifests of all installed networks, by name."""
    return networks.manifests()


def label(name: str) -> str:
    """What people read for a network; its own name when the folder is not here (any more)."""
    try:
        return networks.get(name).manifest.label
    except UnknownNetwork:
        return name


def profile(network: str, account: str, handle: str) -> str | None:
    """Where people read of an account; None when its network has no such place, or is not here (any more)."""
    try:
        return networks.get(network).manifest.profile_of(account, handle)
    except UnknownNetwork:
        return None
