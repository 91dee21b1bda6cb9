"""Before any test module is read: settings that touch nothing of the developer's, and Django's registry of models."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import django

from offhold.app import config, keys

# What a shell exports for development must not decide what a test sees. The test server's address is ours alone.
for name in list(os.environ):
    if name.startswith("OFFHOLD_") and not name.startswith("OFFHOLD_TEST_"):
        del os.environ[name]
# A test that forgot to ask for `database` fails at once, instead of reaching somebody's real one.
os.environ["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/no_database_was_asked_for?connect_timeout=1"
_var = tempfile.TemporaryDirectory(prefix="offhold-test-var-")
os.environ["OFFHOLD_VAR_DIR"] = str(Path(_var.name))
# The `clock_offset` fixture writes it.
os.environ["OFFHOLD_CLOCK_FILE"] = os.environ.get("OFFHOLD_TEST_CLOCK_FILE") or str(Path(_var.name) / "clock")
os.environ["OFFHOLD_API_PER_MINUTE"] = "1000000"  # some tests ask more in a second than people do in a minute
os.environ["DJANGO_SETTINGS_MODULE"] = "offhold.app.settings"
keys.create_missing(config.current())
django.setup()

pytest_plugins = ["tests.support.fixtures"]
