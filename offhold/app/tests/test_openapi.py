"""The API's description is true, complete, and the one the client's types were made from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from offhold.app.api import description
from offhold.people.web import PLACE

# Who follows a link into the team is nobody yet: the link is what lets them in.
OPEN = frozenset({"/api/join/look", "/api/join"})
KEPT = Path(__file__).parents[3] / "client" / "openapi.json"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(description())
    return found


def references(value: Any) -> set[str]:
    """Every reference below `value`."""
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*map(references, value.values()))
    return set().union(*map(references, value)) if isinstance(value, list) else set()


def test_it_is_3_1_and_every_reference_leads_somewhere(schema: dict[str, Any]) -> None:
    assert schema["openapi"].startswith("3.1")
    known = {f"#/components/schemas/{name}" for name in schema["components"]["schemas"]}
    assert references(schema["paths"]) - known == set()
    assert references(schema["components"]) - known == set()


def test_every_operation_says_what_it_answers(schema: dict[str, Any]) -> None:
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            good = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
            assert good, f"{method} {path}"
            assert all("content" in answer and references(answer) for answer in good), f"{method} {path}"
            assert operation.get("security") or path in OPEN, f"{method} {path} is open to anybody"


def test_names_of_operations_are_unique(schema: dict[str, Any]) -> None:
    names = [operation["operationId"] for path in schema["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))


def test_ids_are_strings(schema: dict[str, Any]) -> None:
    for name, struct in schema["components"]["schemas"].items():
        for field, described in struct.get("properties", {}).items():
            if field == "id" or field.endswith("_id"):
                assert "integer" not in json.dumps(described), f"{name}.{field}"


def test_no_mark_of_ours_is_left(schema: dict[str, Any]) -> None:
    assert PLACE not in json.dumps(schema)


def test_the_client_was_made_from_this_api() -> None:
    assert KEPT.read_text("utf-8") == description(), "run: offhold openapi > client/openapi.json"
