"""Settings: where they come from, what is refused, and that each is documented."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_type_hints

import msgspec
import pytest

from offhold.app.config import Config, env_name, environment, load, unknown_variables
from offhold.app.problem import Problem

DOC = Path(__file__).parents[2] / "docs/operate/settings.md"


def test_nothing_set_is_a_whole_installation(tmp_path: Path) -> None:
    config = load({}, tmp_path)
    assert config.var_dir == tmp_path / "var"
    assert config.media == tmp_path / "var/media"
    assert config.url == "http://127.0.0.1:8000"
    assert not config.https


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "offhold.toml").write_text('port = 9000\nworkers = 2\ntrusted_proxies = ["10.0.0.0/8"]\n')
    config = load({"OFFHOLD_PORT": "9001"}, tmp_path)
    assert (config.port, config.workers, config.trusted_proxies) == (9001, 2, ("10.0.0.0/8",))


def test_paths_in_a_file_are_relative_to_it(tmp_path: Path) -> None:
    file = tmp_path / "etc/desk.toml"
    file.parent.mkdir()
    file.write_text('var_dir = "data"\n')
    assert load({"OFFHOLD_CONFIG": str(file)}, tmp_path).var_dir == tmp_path / "etc/data"


def test_lists_are_written_with_commas(tmp_path: Path) -> None:
    config = load({"OFFHOLD_ALLOW_PRIVATE_HOSTS": "social.internal:443, 127.0.0.1:2583"}, tmp_path)
    assert config.allow_private_hosts == ("social.internal:443", "127.0.0.1:2583")


@pytest.mark.parametrize(
    ("toml", "way_out"),
    [
        ("prot = 1", "Did you mean port?"),
        ("zzz = 1", "Remove it."),
        ("port = 'x'", "settings.md"),
        ("port = 70000", "settings.md"),
        ("workers = 0", "settings.md"),
        ("port = ", "Correct that line."),
        ('allow_private_hosts = ["nowhere"]', "host:port"),
        ('trusted_proxies = ["localhost"]', "127.0.0.1"),
        ('public_url = "desk.example.com"', "https://desk.example.com"),
        ('log_level = "loud"', "settings.md"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_way_out(tmp_path: Path, toml: str, way_out: str) -> None:
    (tmp_path / "offhold.toml").write_text(toml + "\n")
    with pytest.raises(Problem) as problem:
        load({}, tmp_path)
    assert way_out in problem.value.way_out


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"OFFHOLD_PORT": "abc"}, "OFFHOLD_PORT=abc cannot be used: Expected `int`"),
        ({"OFFHOLD_PORT": "70000"}, "OFFHOLD_PORT=70000 cannot be used"),
        ({"OFFHOLD_LOG_LEVEL": "loud"}, "OFFHOLD_LOG_LEVEL=loud"),
        ({"OFFHOLD_ALLOW_PRIVATE_HOSTS": "10.0.0.5:99999"}, "'10.0.0.5:99999' is not host:port"),
        ({"OFFHOLD_ALLOW_PRIVATE_HOSTS": "social.internal:443,http://x:80"}, "'http://x:80' is not host:port"),
        ({}, "workers = 'many' in "),
    ],
)
def test_a_wrong_value_is_told_where_it_was_set(tmp_path: Path, environ: dict[str, str], words: str) -> None:
    if not environ:
        (tmp_path / "offhold.toml").write_text('workers = "many"\n')
    with pytest.raises(Problem) as problem:
        load(environ, tmp_path)
    assert words in problem.value.what


@pytest.mark.parametrize(
    ("environ", "allowed"),
    [
        ({}, True),
        ({"OFFHOLD_HOST": "::1"}, True),
        ({"OFFHOLD_HOST": "0.0.0.0"}, False),
        ({"OFFHOLD_HOST": "192.168.1.5"}, False),
        ({"OFFHOLD_PUBLIC_URL": "http://desk.example.com"}, False),
        ({"OFFHOLD_PUBLIC_URL": "https://desk.example.com"}, True),
        ({"OFFHOLD_PUBLIC_URL": "https://desk.example.com", "OFFHOLD_HOST": "0.0.0.0"}, False),
        (
            {
                "OFFHOLD_PUBLIC_URL": "https://desk.example.com",
                "OFFHOLD_HOST": "0.0.0.0",
                "OFFHOLD_TRUSTED_PROXIES": "172.17.0.0/16",
            },
            True,
        ),
    ],
)
def test_passwords_never_cross_a_network_in_the_clear(tmp_path: Path, environ: dict[str, str], allowed: bool) -> None:
    if allowed:
        load(environ, tmp_path)
    else:
        with pytest.raises(Problem):
            load(environ, tmp_path)


def test_a_child_reads_the_same_settings(tmp_path: Path) -> None:
    (tmp_path / "offhold.toml").write_text(
        'port = 9000\nsession_idle_hours = 2.5\nallow_private_hosts = ["a:1", "b:2"]\n'
    )
    config = load({}, tmp_path)
    assert load(environment(config), tmp_path / "elsewhere") == config


def test_a_misspelt_variable_is_noticed() -> None:
    assert unknown_variables({"OFFHOLD_PROT": "1", "OFFHOLD_PORT": "1", "PATH": "/"}) == ["OFFHOLD_PROT"]


def test_the_password_of_the_database_is_never_shown(tmp_path: Path) -> None:
    config = load({"DATABASE_URL": "postgresql://u:sesame@h/d"}, tmp_path)
    assert "sesame" not in repr(config) + str(config)


@pytest.mark.parametrize("field", msgspec.structs.fields(Config), ids=lambda field: field.name)
def test_every_setting_is_documented(field: msgspec.structs.FieldInfo) -> None:
    """Its name, its variable and its sentence stand together in one row of the table."""
    sentence = described(field.name)
    row = re.search(rf"^\| `{field.name}` \| `{env_name(field.name)}` \|.*$", DOC.read_text(), re.MULTILINE)
    assert row, f"{field.name} has no row in {DOC.name}"
    assert sentence in row.group(), f"the row of {field.name} says something else than the code: {sentence}"


def described(name: str) -> str:
    """The sentence of a setting in the code."""
    hints = get_type_hints(Config, include_extras=True)
    return next(str(meta.description) for meta in hints[name].__metadata__ if meta.description)


def test_no_setting_is_documented_that_is_gone() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \|", DOC.read_text(), re.MULTILINE)
    assert rows == list(Config.__struct_fields__)
