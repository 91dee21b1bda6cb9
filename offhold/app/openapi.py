"""The API's description: what django-ninja knows of requests, and our structs in the place of responses."""

from __future__ import annotations

from typing import Any

import msgspec

from offhold.people.web import PLACE, STRUCTS, Error

REF = "#/components/schemas/{name}"
_ERROR = {"content": {"application/json": {"schema": {"$ref": REF.format(name="Error")}}}}
# What any operation may answer beside its success.
_REFUSALS = {
    "400": "It cannot be understood.",
    "401": "Nobody is signed in.",
    "403": "The role, or the missing CSRF token, does not allow it.",
    "404": "There is no such thing in this workspace.",
    "409": "Somebody was faster, or the state no longer allows it.",
    "422": "What was sent cannot be used.",
    "429": "Too often; try again after Retry-After seconds.",
    "503": "Not possible right now.",
}


def complete(schema: dict[str, Any]) -> dict[str, Any]:
    """Put references to our structs where they belong, describe the structs, and name every refusal."""
    components = schema.setdefault("components", {}).setdefault("schemas", {})
    _, described = msgspec.json.schema_components([*STRUCTS.values(), Error], ref_template=REF)
    components.update(described)
    for path in schema["paths"].values():
        for operation in path.values():
            for status, words in _REFUSALS.items():
                operation["responses"].setdefault(status, {"description": words, **_ERROR})
    replaced: dict[str, Any] = _with_references(schema)
    return replaced


def _with_references(value: Any) -> Any:
    if isinstance(value, dict):
        if PLACE in value:
            return {"$ref": REF.format(name=value[PLACE])}
        return {key: _with_references(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_references(item) for item in value]
    return value
