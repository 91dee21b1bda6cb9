"""The settings of an installation: few, typed, each documented in docs/operate/settings.md.

They come from the environment (`OFFHOLD_<NAME>`, and `DATABASE_URL`) or from one TOML file (`OFFHOLD_CONFIG`, else
`./offhold.toml`); the environment wins. An unknown name in the file is an error, because a misspelt setting that is
silently ignored is worse than a server that does not start.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from offhold.app.problem import Problem

CONFIG_FILE = "offhold.toml"
ENV_PREFIX = "OFFHOLD_"
# Read by us but not settings: where the file is, what children are told, which database tests use.
NOT_SETTINGS = frozenset({"OFFHOLD_CONFIG", "OFFHOLD_READY_FD", "OFFHOLD_TEST_DATABASE_URL"})


def doc(sentence: str) -> msgspec.Meta:
    """The sentence a setting is documented with, here and in docs/operate/settings.md."""
    return msgspec.Meta(description=sentence)


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every setting, with its default. Paths are absolute once loaded."""

    var_dir: Annotated[Path, doc("Where data, keys, media and logs are kept; one Offhold owns it.")] = Path("var")
    host: Annotated[str, doc("Address to listen on; anything but loopback needs an https public_url and a proxy.")] = (
        "127.0.0.1"
    )
    port: Annotated[int, msgspec.Meta(ge=0, le=65535), doc("Port to listen on; 0 takes a free one.")] = 8000
    public_url: Annotated[str, doc("Address people type, like https://desk.example.com; empty = host and port.")] = ""
    database_url: Annotated[
        str, doc("Your own PostgreSQL 16+ as its owner, postgresql://...; empty = the embedded one.")
    ] = ""
    database_role: Annotated[
        Literal["app", "pipeline", "owner"],
        doc("Which database role a process acts as; Offhold sets it for the processes it starts."),
    ] = "app"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], doc("Least severe log line that is written.")
    ] = "info"
    trusted_proxies: Annotated[
        tuple[str, ...], doc("Addresses or networks whose X-Forwarded-For and X-Forwarded-Proto are believed.")
    ] = ()
    allow_private_hosts: Annotated[
        tuple[str, ...], doc("host:port of self-hosted networks on private addresses that may be called.")
    ] = ()
    workers: Annotated[
        int, msgspec.Meta(ge=1, le=64), doc("How many worker processes share the lanes of arriving messages.")
    ] = 1
    poll_seconds: Annotated[
        float, msgspec.Meta(ge=0, le=3600), doc("Seconds between looks at a network; 0 = each network's own pace.")
    ] = 0
    media_dir: Annotated[Path | None, doc("Where pictures are kept; empty = media in var_dir.")] = None
    session_idle_hours: Annotated[float, msgspec.Meta(gt=0, le=24), doc("A login left unused for this long ends.")] = 8
    api_per_minute: Annotated[
        int, msgspec.Meta(ge=60, le=10_000_000), doc("How many requests a minute one person may make of the API.")
    ] = 600
    clock_file: Annotated[Path | None, doc("For tests: a file with an offset in seconds that moves business time.")] = (
        None
    )
    postgres_memory_mb: Annotated[
        int, msgspec.Meta(ge=32, le=65536), doc("Memory the embedded PostgreSQL shares as its page cache, in MB.")
    ] = 128
    postgres_connections: Annotated[
        int, msgspec.Meta(ge=20, le=1000), doc("Most connections the embedded PostgreSQL accepts.")
    ] = 60

    def __repr__(self) -> str:
        """For logs: without the database's password."""
        return f"Config(var_dir={str(self.var_dir)!r}, url={self.url!r}, embedded={not self.database_url})"

    @property
    def media(self) -> Path:
        """Directory of kept pictures."""
        return self.media_dir or self.var_dir / "media"

    @property
    def url(self) -> str:
        """The address people type, without a trailing slash."""
        return self.public_url.rstrip("/") or f"http://{bracketed(self.host)}:{self.port}"

    @property
    def https(self) -> bool:
        """Do people reach us over https: decides Secure and `__Host-` cookies and HSTS."""
        return urlsplit(self.url).scheme == "https"


def bracketed(host: str) -> str:
    """`host` as it stands in a URL: IPv6 addresses in brackets."""
    return f"[{host}]" if ":" in host else host


def load(environ: Mapping[str, str] | None = None, directory: Path | None = None) -> Config:
    """The settings found in `environ` (default: ours) and in the file it names, or in `directory`'s offhold.toml.

    Raises `Problem` when a name is unknown, a value has the wrong type, or the combination is unsafe.
    """
    environ = os.environ if environ is None else environ
    directory = directory or Path.cwd()
    file = config_file(environ, directory)
    values: dict[str, object] = {}
    if file is not None:
        values |= from_file(file)
        directory = file.parent
    values |= from_environment(environ)
    try:
        config = absolute(convert(values), directory)
    except msgspec.ValidationError as error:
        raise wrong(error, values, environ, file) from error
    check(config)
    return config


@cache
def current() -> Config:
    """The settings of this process, read once."""
    return load()


def config_file(environ: Mapping[str, str], directory: Path) -> Path | None:
    """The settings file in force, or None. A file named by OFFHOLD_CONFIG must exist."""
    named = environ.get("OFFHOLD_CONFIG")
    if named and not Path(named).is_file():
        raise Problem(
            f"The settings file {named} does not exist.", "Correct --config or OFFHOLD_CONFIG, or leave it out."
        )
    if named:
        return Path(named).resolve()
    found = directory / CONFIG_FILE
    return found.resolve() if found.is_file() else None


def from_file(file: Path) -> dict[str, object]:
    """The settings a TOML file holds, every name known."""
    try:
        values = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Problem(f"{file} is not valid TOML: {error}.", "Correct that line.") from error
    for name in values:
        if name not in Config.__struct_fields__:
            raise Problem(f"{file} has an unknown setting: {name}.", suggestion(name))
    return values


def suggestion(name: str) -> str:
    """What to do about the unknown setting `name`."""
    near = difflib.get_close_matches(name, Config.__struct_fields__, n=1)
    if near:
        return f"Did you mean {near[0]}? All settings are in docs/operate/settings.md."
    return "Remove it. All settings are in docs/operate/settings.md."


def env_name(field: str) -> str:
    """The environment variable of a setting."""
    return "DATABASE_URL" if field == "database_url" else ENV_PREFIX + field.upper()


def from_environment(environ: Mapping[str, str]) -> dict[str, object]:
    """The settings `environ` holds; lists are separated by commas, an empty value counts as not set."""
    found: dict[str, object] = {}
    for field in msgspec.structs.fields(Config):
        value = environ.get(env_name(field.name), "").strip()
        if value:
            found[field.name] = split(value) if isinstance(field.default, tuple) else value
    return found


def environment(config: Config) -> dict[str, str]:
    """The environment a child reads the same settings from, whatever file or options they came from."""
    values = {field.name: getattr(config, field.name) for field in msgspec.structs.fields(Config)}
    return {
        env_name(name): ",".join(value) if isinstance(value, tuple) else str(value)
        for name, value in values.items()
        if value not in (None, "", ())
    }


def unknown_variables(environ: Mapping[str, str]) -> list[str]:
    """OFFHOLD_ variables that no setting reads: most likely misspelt. `offhold doctor` shows them."""
    known = {env_name(name) for name in Config.__struct_fields__} | NOT_SETTINGS
    return sorted(name for name in environ if name.startswith(ENV_PREFIX) and name not in known)


def split(value: str) -> tuple[str, ...]:
    """The items of a list written with commas."""
    return tuple(item.strip() for item in value.split(",") if item.strip())


def convert(values: Mapping[str, object]) -> Config:
    """Values by name -> typed settings; text is taken for a number or a path where one is meant."""
    return msgspec.convert(values, Config, strict=False, dec_hook=as_path)


def wrong(
    error: msgspec.ValidationError, values: Mapping[str, object], environ: Mapping[str, str], file: Path | None
) -> Problem:
    """The problem in the words of who set it: `OFFHOLD_PORT=abc`, or the name in the file."""
    why, _, place = str(error).partition(" - at `$.")
    name = place.rstrip("`").partition("[")[0]
    if name not in values:
        return Problem(f"A setting has a wrong value: {error}.", "See docs/operate/settings.md.")
    variable = env_name(name)
    said = f"{variable}={environ[variable]}" if environ.get(variable) else f"{name} = {values[name]!r} in {file}"
    return Problem(f"{said} cannot be used: {why}.", "See docs/operate/settings.md.")


def as_path(wanted: type, value: object) -> object:
    """msgspec knows no paths; an empty one means the default."""
    if wanted is Path and isinstance(value, str):
        return Path(value).expanduser()
    raise NotImplementedError(wanted)


def absolute(config: Config, directory: Path) -> Config:
    """Paths written relative are relative to the settings file, else to where the command runs."""
    changed = {
        name: directory / value
        for name in ("var_dir", "media_dir", "clock_file")
        if isinstance(value := getattr(config, name), Path) and not value.is_absolute()
    }
    return msgspec.structs.replace(config, **changed)


def check(config: Config) -> None:
    """Refuse settings that would send passwords over the wire in the clear, or believe anybody's headers."""
    for network in config.trusted_proxies:
        check_network(network)
    if config.allow_private_hosts:
        check_hosts(config.allow_private_hosts)
    for problem in exposures(config):
        raise problem


def exposures(config: Config) -> Iterator[Problem]:
    """Reasons why these settings would expose logins to the network."""
    url = urlsplit(config.url)
    if url.scheme not in ("http", "https") or not url.hostname:
        yield Problem(f"public_url is not an address: {config.public_url}.", "Write it like https://desk.example.com.")
    elif url.scheme == "http" and not is_loopback(url.hostname):
        yield Problem(
            f"{config.url} would carry passwords in the clear.",
            "Plain http is for this machine only: set host to 127.0.0.1, or put https in front "
            "(docs/operate/install.md) and set public_url to its https address.",
        )
    elif not is_loopback(config.host) and not config.trusted_proxies:
        yield Problem(
            f"host {config.host} accepts plain http from other machines.",
            "Listen on 127.0.0.1, or name the proxy that speaks https in trusted_proxies (docs/operate/install.md).",
        )


def is_loopback(host: str) -> bool:
    """Is `host` this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_network(text: str) -> None:
    """`text` is an address or a network in CIDR form, else `Problem`."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise Problem(f"trusted_proxies holds {text}: {error}.", "Write 127.0.0.1 or 10.0.0.0/8.") from error


def check_hosts(entries: tuple[str, ...]) -> None:
    """Each is host:port as the way out to networks reads it, else `Problem`."""
    from offhold.connectors.egress.urls import parse_allowed  # noqa: PLC0415 - most commands never load an HTTP client

    try:
        parse_allowed(entries)
    except ValueError as error:
        way_out = "Write each as host:port, such as social.internal:443 or [::1]:8080."
        raise Problem(f"allow_private_hosts is wrong: {error}.", way_out) from error
