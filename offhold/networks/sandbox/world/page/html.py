"""HTML from Python: everything is escaped unless it is `Html` already."""

from __future__ import annotations

from html import escape


class Html(str):
    """Text that is markup and stays as it is."""

    __slots__ = ()


Part = Html | str | int | None
Attribute = str | int | bool | None

VOID = frozenset({"input", "meta", "link", "img", "br"})


def el(name: str, /, *parts: Part | list[Html], **attributes: Attribute) -> Html:
    """`el("a", "text", href="/", class_="x", aria_label="y")`; True writes a bare attribute, None and False none."""
    written = "".join(_attribute(k, v) for k, v in attributes.items())
    if name in VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{join(*parts)}</{name}>")


def join(*parts: Part | list[Html]) -> Html:
    return Html("".join("".join(p) if isinstance(p, list) else _part(p) for p in parts))


def _part(part: Part) -> str:
    if part is None:
        return ""
    return part if isinstance(part, Html) else escape(str(part))


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    named = name.rstrip("_").replace("_", "-")
    return f" {named}" if value is True else f' {named}="{escape(str(value))}"'
