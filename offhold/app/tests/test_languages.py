"""Pages of the server itself speak the language the browser asks for."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import RequestFactory

from offhold.app import pages
from offhold.app.languages import read_by


@pytest.mark.parametrize(
    ("header", "spoken"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("de-DE,en-GB;q=0.7,es;q=0.3", "en"),
        ("en;q=0.2,ES;q=0.9", "es"),
        ("ja", "en"),
        ("*", "en"),
        ("", "en"),
        ("x" * 5000, "en"),
        (";;q=,,es;q=nan", "en"),
    ],
)
def test_the_first_language_that_we_speak(header: str, spoken: str) -> None:
    assert read_by(header) == spoken


def test_a_missing_client_is_told_in_ones_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "CLIENT", tmp_path)
    answer = pages.client(RequestFactory().get("/", headers={"Accept-Language": "es-ES"}))
    assert answer.status_code == 503
    assert answer["Vary"] == "Accept-Language"
    assert "Falta construir el cliente" in answer.content.decode()
