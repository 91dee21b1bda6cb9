"""Which language the few pages speak that come from the server itself; the client brings its own words."""

from __future__ import annotations

from typing import Literal

from django.utils.translation.trans_real import parse_accept_lang_header

Language = Literal["en", "es"]


def read_by(accept_language: str) -> Language:
    """The first language of an Accept-Language header that we speak; English when there is none."""
    for tag, _weight in parse_accept_lang_header(accept_language.lower()):
        match tag.partition("-")[0]:
            case "en" | "es" as spoken:
                return spoken
    return "en"
