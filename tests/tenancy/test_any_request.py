"""Whatever the API's description allows, and whatever it forbids, is answered as described and never with a fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from offhold.app.api import api
from tests.support.fixtures import OwnerSql
from tests.tenancy.company import Company
from tests.tenancy.test_routes import Route, routes, sql

__all__ = ["sql"]  # a fixture

DESCRIBED = schemathesis.openapi.from_dict(api.get_openapi_schema())
CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance]


@pytest.fixture(scope="module")
def company(site: str, sql: OwnerSql) -> Iterator[Company]:
    with Company.with_everything(site, sql) as made:
        yield made


def asked() -> Iterator[tuple[Route, GenerationMode]]:
    """Every route with what is allowed, and those that take anything with what is not."""
    for route in routes():
        described = api.get_openapi_schema()["paths"][route.path][route.method.lower()]
        yield route, GenerationMode.POSITIVE
        if described.get("parameters") or "requestBody" in described:
            yield route, GenerationMode.NEGATIVE


@pytest.mark.parametrize(("route", "mode"), list(asked()), ids=lambda part: getattr(part, "value", str(part)))
def test_nothing_leads_to_a_fault(route: Route, mode: GenerationMode, company: Company) -> None:
    cookies = dict(company.admin.cookies)
    headers = {"X-CSRFToken": cookies["csrftoken"]}

    @hypothesis.given(case=DESCRIBED[route.path][route.method].as_strategy(generation_mode=mode))
    @hypothesis.settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    def answered(case: schemathesis.Case[Any]) -> None:
        answer = case.call(base_url=str(company.admin.base_url), cookies=cookies, headers=headers, timeout=20)
        assert answer.status_code != 401, "the sign-in ended"
        case.validate_response(answer, checks=CHECKS)

    answered()
