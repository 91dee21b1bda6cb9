"""Every route of the API, tried by an admin of one company with the ids of another: no sight of it, no effect on it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from offhold.app.api import api
from offhold.kernel.db.tx import transaction
from tests.support.database import acting
from tests.support.fixtures import OwnerSql
from tests.support.site import Browser
from tests.tenancy.company import CANARY, Company, in_a_week, rows_of
from tests.tenancy.test_fences import UNFENCED

Ids = dict[str, str]
Fill = Callable[[Ids], dict[str, Any]]


class Route(NamedTuple):
    """One operation of the API."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def names(self) -> list[str]:
        """The ids in its path."""
        return re.findall(r"{(\w+)}", self.path)

    def at(self, ids: Ids) -> str:
        """Its address with these ids."""
        return re.sub(r"{(\w+)}", lambda found: ids[found[1]], self.path)


def routes() -> list[Route]:
    """All of them, from the API's own description."""
    paths = api.get_openapi_schema()["paths"]
    return [Route(method.upper(), path) for path, operations in paths.items() for method in operations]


def said(_: Ids) -> dict[str, Any]:
    return {"client_key": str(uuid.uuid4()), "text": "Hello", "seen_version": 1}


def stood(ids: Ids) -> dict[str, Any]:
    return {
        "state": "open", "assignee_id": ids["assignee_id"], "queue_id": ids["queue_id"], "tag_ids": [ids["tag_id"]],
        "snoozed": False, "until": None,
    }  # fmt: skip


def nothing(_: Ids) -> dict[str, Any]:
    return {}


SAVED = {
    "name": "Hello", "text": "Hello {customer.name}", "audience": "both", "lang": "en", "shared": True,
    "versions": [{"lang": "es", "text": "Hola"}],
}  # fmt: skip
MACRO = {
    "name": "Done", "lane": "note", "text": "Done", "tags": [], "assign_to": None, "once_sent": "resolve",
    "shared": True,
}  # fmt: skip


# What each route that takes a body is sent: it must be whole, or the refusal would be about the body and prove nothing.
# Whoever adds a route adds its line here.
BODIES: dict[str, Fill] = {
    "POST /api/channels": lambda _: {"network": "fake", "typed": {}},
    "POST /api/channels/{channel_id}/reconnect": lambda _: {"typed": {}},
    "POST /api/channels/{channel_id}/sending": lambda _: {"on": True},
    "POST /api/channels/{channel_id}/pause": lambda _: {"paused": True},
    "POST /api/cases/{case_id}/public-replies": lambda ids: {
        **said(ids), "before": {"written_as": "public"}, "in_reply_to": ids["message_id"],
        "pictures": [{"media_id": ids["media_id"], "alt": ""}],
    },
    "POST /api/cases/{case_id}/direct-replies": lambda ids: {
        **said(ids), "before": {"written_as": "private"}, "to_identity": ids["identity_id"], "in_reply_to": None
    },
    "POST /api/cases/{case_id}/public-replies/look": lambda ids: {
        "text": "Hello", "in_reply_to": ids["message_id"], "written_as": "public", "pictures": []
    },
    "POST /api/cases/{case_id}/direct-replies/look": lambda _: {"text": "Hello", "written_as": "private"},
    "POST /api/public-replies/{reply_id}/take-back": nothing,
    "POST /api/direct-replies/{reply_id}/take-back": nothing,
    "POST /api/public-replies/{reply_id}/release": lambda _: {"seen_version": 1},
    "POST /api/direct-replies/{reply_id}/release": lambda _: {"seen_version": 1},
    "POST /api/public-replies/{reply_id}/approve": lambda _: {"seen_version": 1},
    "POST /api/direct-replies/{reply_id}/approve": lambda _: {"seen_version": 1},
    "POST /api/public-replies/{reply_id}/edit": lambda _: {"text": "Hello", "seen_version": 1},
    "POST /api/direct-replies/{reply_id}/edit": lambda _: {"text": "Hello", "seen_version": 1},
    "POST /api/public-replies/{reply_id}/send-back": lambda _: {"comment": "Too harsh."},
    "POST /api/direct-replies/{reply_id}/send-back": lambda _: {"comment": "Too harsh."},
    "PUT /api/cases/{case_id}/public-draft": lambda ids: {
        "text": "Hello", "in_reply_to": ids["message_id"], "version": 0,
        "pictures": [{"media_id": ids["media_id"], "alt": ""}],
    },
    "PUT /api/cases/{case_id}/direct-draft": lambda _: {"text": "Hello", "version": 0},
    "PUT /api/cases/{case_id}/note-draft": lambda _: {"text": "Hello", "version": 0},
    "POST /api/saved-replies": lambda _: SAVED,
    "PUT /api/saved-replies/{saved_reply_id}": lambda _: {**SAVED, "version": 1},
    "POST /api/macros": lambda ids: {**MACRO, "tags": [ids["message_id"]], "assign_to": ids["assignee_id"]},
    "PUT /api/macros/{macro_id}": lambda ids: {**MACRO, "assign_to": ids["assignee_id"], "version": 1},
    "POST /api/public-replies/{reply_id}/repair": lambda _: {"reason": "It was meant for one person."},
    "POST /api/pages/{page_id}/take": nothing,
    "POST /api/team/invitations": lambda _: {"email": f"{uuid.uuid4().hex}@example.com", "role": "agent"},
    "PUT /api/team/{member_id}": lambda _: {"role": "agent", "duty_name": "Mia", "initials": "MX"},
    "POST /api/team/{member_id}/link": nothing,
    "POST /api/team/{member_id}/remove": nothing,
    "PUT /api/me/name": lambda _: {"duty_name": "Mia", "initials": "MX"},
    "PUT /api/me/preferences": lambda _: {"language": "en", "theme": "dark", "send_next": True, "notices": {
        "desktop": False, "sound": False, "kinds": {},
        "quiet": {"on": False, "begin": "20:00", "end": "08:00", "zone": "UTC", "pages": True},
    }},
    "POST /api/me/devices": lambda _: {"endpoint": "https://push.example/x", "p256dh": "x", "auth": "x", "device": ""},
    "POST /api/queues": lambda _: {"name": f"Queue {uuid.uuid4().hex}"},
    "PUT /api/queues/{queue_id}": lambda _: {"name": f"Queue {uuid.uuid4().hex}"},
    "POST /api/queues/{queue_id}/move": lambda ids: {"to": ids["queue_id"]},
    "POST /api/join/look": lambda _: {"token": "x" * 43},
    "POST /api/join": lambda _: {"token": "x" * 43, "password": "correct horse battery", "duty_name": "Mia"},
    "POST /api/notices/read": lambda ids: {"upto": ids["notice_id"]},
    "POST /api/notices/{notice_id}/read": nothing,
    "POST /api/stops": lambda ids: {
        "scope": "channel", "channel_id": ids["channel_id"], "allow": [], "reason": "Look at this", "minutes": 5
    },
    "POST /api/stops/{stop_id}/lift": nothing,
    "PUT /api/publishing/policy": lambda _: {"version": 0, "policy": {}},
    "POST /api/public-replies/{reply_id}/decide": lambda _: {"decision": "give_up"},
    "POST /api/direct-replies/{reply_id}/decide": lambda _: {"decision": "give_up"},
    "POST /api/cases/{case_id}/notes": lambda ids: {
        "client_key": str(uuid.uuid4()), "text": "Hello", "mentions": [ids["assignee_id"]]
    },
    "POST /api/cases/{case_id}/hand-over": lambda ids: {
        "client_key": str(uuid.uuid4()), "assignee_id": ids["assignee_id"], "brief": "Call first"
    },
    "POST /api/cases/{case_id}/hand-over/undo": lambda ids: {"note_id": ids["note_id"]},
    "POST /api/cases/{case_id}/references": lambda ids: {"template_id": ids["template_id"], "value": "NW-1"},
    "POST /api/link-templates": lambda _: {"name": "Orders", "url": "https://orders.example/{ref}"},
    "PUT /api/link-templates/{template_id}": lambda _: {"name": "Orders", "url": "https://orders.example/{ref}"},
    "POST /api/cases/{case_id}/assign": lambda ids: {"assignee_id": ids["assignee_id"]},
    "POST /api/cases/{case_id}/resolve": nothing,
    "POST /api/cases/{case_id}/reopen": nothing,
    "POST /api/cases/{case_id}/promises": lambda _: {
        "client_key": str(uuid.uuid4()), "due": in_a_week()
    },
    "POST /api/cases/{case_id}/promises/{promise_id}/release": lambda _: {"reason": "She found it."},
    "POST /api/cases/{case_id}/pledges": nothing,
    "POST /api/pledges/{pledge_id}/confirm": nothing,
    "POST /api/pledges/{pledge_id}/dismiss": nothing,
    "POST /api/pledges/{pledge_id}/withdraw": lambda ids: {"message_id": ids["message_id"]},
    "POST /api/pledges/{pledge_id}/release": lambda _: {"why": "duplicate", "words": "Served by phone."},
    "POST /api/pledges/{pledge_id}/look": lambda _: {"agrees": True},
    "PUT /api/promise-policy": lambda _: {"version": 0, "policy": {}},
    "POST /api/promise-policy/preview": lambda _: {"policy": {}},
    "POST /api/cases/{case_id}/snooze": lambda _: {"until": None},
    "POST /api/cases/{case_id}/wake": nothing,
    "PUT /api/cases/{case_id}/tags": lambda ids: {"tag_ids": [ids["tag_id"]]},
    "POST /api/bulk/preview": lambda ids: {
        "case_ids": [ids["case_id"]], "act": {"kind": "assign", "assignee_id": ids["assignee_id"]}
    },
    "POST /api/bulk": lambda ids: {"case_ids": [ids["case_id"]], "act": {"kind": "move", "queue_id": ids["queue_id"]}},
    "POST /api/bulk/undo": lambda ids: {
        "steps": [{"case_id": ids["case_id"], "before": stood(ids), "after": stood(ids)}]
    },
    "POST /api/views": lambda ids: {
        "name": "Bags", "scope": "queue", "queue_id": ids["queue_id"], "filter": {"tags": [ids["tag_id"]]},
        "sort": "newest",
    },
    "PUT /api/views/{view_id}": lambda ids: {
        "name": "Bags", "scope": "everyone", "queue_id": None, "filter": {"queues": [ids["queue_id"]]}, "sort": "newest"
    },
    "POST /api/tags": lambda _: {"name": "Refund", "shape": "dot", "ink": "full"},
    "PUT /api/tags/{tag_id}": lambda _: {"name": "Refund", "shape": "dot", "ink": "full"},
    "POST /api/cases/{case_id}/merge": lambda ids: {"into": ids["into"]},
    "POST /api/cases/{case_id}/unmerge": lambda ids: {"merge_id": ids["case_id"]},
    "POST /api/cases/{case_id}/split": lambda ids: {"message_ids": [ids["message_id"]]},
    "POST /api/customers/{customer_id}/merge": lambda ids: {"into": ids["customer_id"]},
    "POST /api/customers/{customer_id}/unmerge": lambda ids: {"merge_id": ids["case_id"]},
    "POST /api/voices/promote": lambda ids: {"message_ids": [ids["message_id"]]},
    "POST /api/dead-letters/{letter_id}/redrive": nothing,
    "POST /api/dead-letters/redrive": nothing,
}  # fmt: skip
# Routes for people who have no sign-in yet, each with what it asks for in its place. offhold/people/tests/test_team.py
# tries them.
OPEN = {
    "POST /api/join/look": "256 random bits of an invitation",
    "POST /api/join": "256 random bits of an invitation, once",
}
# What a query may hold, by its name: one of the company's ids, or a plain value where the route needs one.
QUERIES = {
    "queue": "queue_id",
    "channel": "channel_id",
    "conversation": "message_id",
    "before": "2030-01-01T00:00:00.000Z",
    "q": CANARY,
}


@pytest.fixture(scope="module")
def sql(database: str) -> Iterator[OwnerSql]:
    """`owner_sql` for the whole module."""
    import psycopg

    with psycopg.connect(database, autocommit=True) as conn:

        def run(query: str, params: Any = None) -> list[tuple[Any, ...]]:
            cursor = conn.execute(query.encode(), params)
            return cursor.fetchall() if cursor.description else []

        yield run


@pytest.fixture(scope="module")
def theirs(site: str, sql: OwnerSql) -> Iterator[Company]:
    with Company.with_everything(site, sql) as company:
        yield company


@pytest.fixture(scope="module")
def ours(site: str, sql: OwnerSql) -> Iterator[Company]:
    with Company.with_everything(site, sql) as company:
        yield company


def ask(browser: Browser, route: Route, in_path: Ids, in_body: Ids) -> httpx.Response:
    """Send a whole request, with one company's ids in the path and one's in the body and query."""
    if route.method == "GET":
        return browser.get(
            route.at(in_path), params={name: in_body.get(given, given) for name, given in QUERIES.items()}
        )
    fill = BODIES.get(str(route))
    return browser.request(route.method, route.at(in_path), **({"json": fill(in_body)} if fill else {}))


def with_unknown(ids: Ids, route: Route) -> Ids:
    """Names in the path for which nothing was made get an id that some row of theirs has."""
    return {**dict.fromkeys(route.names, ids["message_id"]), **ids}


@pytest.mark.parametrize("route", routes(), ids=str)
def test_a_body_is_known_for_every_route(route: Route) -> None:
    takes_body = "requestBody" in api.get_openapi_schema()["paths"][route.path][route.method.lower()]
    assert not takes_body or str(route) in BODIES or route.path == "/api/media", "say in BODIES what it is sent"


@pytest.mark.parametrize("route", [route for route in routes() if route.names], ids=str)
def test_another_companys_ids_lead_nowhere(route: Route, theirs: Company, ours: Company, sql: OwnerSql) -> None:
    before = rows_of(theirs, sql)
    for body in (theirs.ids, ours.ids):
        answer = ask(ours.admin, route, with_unknown(theirs.ids, route), body)
        assert answer.status_code in (403, 404), answer.text
        assert CANARY not in answer.text
    assert rows_of(theirs, sql) == before


def test_an_effect_would_be_noticed(theirs: Company, sql: OwnerSql) -> None:
    before = rows_of(theirs, sql)
    answer = theirs.admin.post(f"/api/channels/{theirs.ids['channel_id']}/pause", json={"paused": False})
    assert answer.status_code == 200, answer.text
    assert rows_of(theirs, sql) != before, "a fact was written"


@pytest.mark.parametrize("route", [route for route in routes() if route.path != "/api/media"], ids=str)
def test_another_companys_ids_in_a_body_or_query_have_no_effect(
    route: Route, theirs: Company, ours: Company, sql: OwnerSql
) -> None:
    before = rows_of(theirs, sql)
    answer = ask(ours.admin, route, with_unknown(ours.ids, route), theirs.ids)
    assert answer.status_code < 500, answer.text
    assert not any(value in answer.text for name, value in theirs.ids.items() if name != "message_id")
    assert rows_of(theirs, sql) == before


@pytest.mark.parametrize("route", [route for route in routes() if str(route) not in OPEN], ids=str)
def test_nobody_without_a_sign_in_gets_anything(route: Route, theirs: Company, site: str, sql: OwnerSql) -> None:
    before = rows_of(theirs, sql)
    stranger = Browser(site)
    stranger.get("/_allauth/browser/v1/auth/session")
    answer = ask(stranger, route, with_unknown(theirs.ids, route), theirs.ids)
    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")
    assert rows_of(theirs, sql) == before


@pytest.mark.parametrize("role", ["app", "pipeline"])
def test_no_table_shows_a_row_of_theirs(role: str, theirs: Company, ours: Company, sql: OwnerSql) -> None:
    held = {table for table, found in rows_of(theirs, sql).items() if not found.startswith("0 ")}
    assert held >= {"cases", "messages", "customers", "channels", "channel_secrets", "public_replies", "media",
                    "fact_batches"}  # fmt: skip
    for table in sorted(held - set(UNFENCED)):
        query = f"SELECT count(*) FROM {table} WHERE workspace_id = {theirs.world.company.id}".encode()
        for workspace in (None, ours.world.company.id):
            with acting(role), transaction(workspace) as tx:
                assert tx.conn.execute(query).fetchone() == (0,), table
        with acting(role), transaction(theirs.world.company.id) as tx:
            found = tx.conn.execute(query).fetchone()
            assert found is not None
            assert found[0] > 0, f"{table}: the look itself works"


HOSTILE_IDS = [
    "0",
    "-1",
    "1e3",
    "9223372036854775808",
    "99999999999999999999",
    "%00",
    "1%20or%201=1",
    "１２",
    "null",
    "[1]",
]


@pytest.mark.parametrize("route", [route for route in routes() if route.names], ids=str)
def test_hostile_ids_are_refused_not_a_fault(route: Route, ours: Company) -> None:
    for hostile in HOSTILE_IDS:
        answer = ask(ours.admin, route, dict.fromkeys(route.names, hostile), ours.ids)
        assert answer.status_code in (404, 422), (hostile, answer.text)


HOSTILE_BODIES = [
    b"", b"[]", b"null", b"{", b'"x"', b"NaN", b'{"x": ' + b"[" * 5000 + b"]" * 5000 + b"}", b"\xff",
    b'{"on": "true", "paused": 1, "text": ["a"], "client_key": {}, "typed": [], "network": 9223372036854775808}',
    b'{"on": true, "workspace_id": "1", "account_id": "2"}',
    b'{"network": "fake\\u0000", "typed": {"a\\u0000": "\\ud800"}}',
]  # fmt: skip


@pytest.mark.parametrize("route", [route for route in routes() if route.method == "POST"], ids=str)
def test_hostile_bodies_are_refused_not_a_fault(route: Route, ours: Company) -> None:
    for body in HOSTILE_BODIES:
        address = route.at(with_unknown(ours.ids, route))
        answer = ours.admin.post(address, content=body, headers={"Content-Type": "application/json"})
        takes_any = BODIES.get(str(route)) is nothing
        assert answer.status_code in range(200 if takes_any else 400, 500), (body[:60], answer.text)
