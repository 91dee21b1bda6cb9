"""Naming colleagues in notes, handing cases over and taking them back, and what cases are called elsewhere."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from offhold.cases import acts, merging
from offhold.cases.tests.stories import direct, public
from offhold.desk import notes, references
from offhold.desk.references import is_address, leads_to
from offhold.desk.tests.company import Company
from offhold.desk.views import NoteItem
from offhold.kernel import ids
from offhold.kernel.db.tx import Row, transaction
from offhold.kernel.errors import Conflict, Invalid, NotFound
from tests.support import builders
from tests.support.site import Browser, Member, signed_in

KEY = uuid.UUID(int=7)


@pytest.fixture
def company(database: str) -> Company:
    made = Company()
    made.hear(public("p1", "dora", "Where is my bag?", 1))
    return made


def case_of(company: Company) -> int:
    return company.cases()[0]


def told(company: Company, kind: str) -> list[Row]:
    return company.rows("SELECT membership_id, case_id FROM notices WHERE kind = %s ORDER BY id", kind)


def add(company: Company, *mentions: int, key: uuid.UUID = KEY, text: str = "@Alice look") -> NoteItem | None:
    case_id = case_of(company)
    with transaction(company.workspace.id) as tx:
        case = acts.lock(tx, company.workspace.id, case_id)
        notes.check_mentions(tx, company.workspace.id, list(mentions))
        return notes.do_add_note(tx, company.bob, case, key, text, list(mentions))


def test_who_is_named_is_told_once_and_oneself_never(company: Company) -> None:
    alice, bob = company.alice.membership_id, company.bob.membership_id
    note = add(company, alice, bob, alice)
    again = add(company, alice)
    assert note is not None
    assert again == note
    assert note.mentions == sorted(map(str, (alice, bob)), key=int)
    assert told(company, "mention") == [(alice, case_of(company))]
    page = company.case(company.bob, case_of(company))
    assert note in page.timeline


def test_only_colleagues_who_may_read_it_are_named(company: Company) -> None:
    with pytest.raises(Invalid):
        add(company, company.oscar.membership_id)
    with pytest.raises(NotFound):
        add(company, Company().bob.membership_id)
    assert told(company, "mention") == []


def hand_over(company: Company, to: int, key: uuid.UUID = KEY) -> NoteItem | None:
    case_id = case_of(company)
    with transaction(company.workspace.id) as tx:
        case = acts.lock(tx, company.workspace.id, case_id)
        acts.check_assign(tx, case, to)
        return notes.do_hand_over(tx, company.bob, case, key, to, "She flies at six; call Madrid first.")


def holder(company: Company) -> int | None:
    found: int | None = company.rows("SELECT assignee_id FROM cases WHERE id = %s", case_of(company))[0][0]
    return found


def undo(company: Company, note: str, who: Any = None) -> None:
    case_id = case_of(company)
    with transaction(company.workspace.id) as tx:
        case = acts.lock(tx, company.workspace.id, case_id)
        actor = who or company.bob
        notes.do_undo_handover(tx, actor, case, notes.check_undo_handover(tx, actor, case, int(note)))


def test_a_case_is_handed_over_with_a_brief_once(company: Company) -> None:
    alice = company.alice.membership_id
    note, again = hand_over(company, alice), hand_over(company, alice)
    assert note is not None
    assert note == again
    assert (note.kind, note.to and note.to.id, note.undone_at) == ("handover", str(alice), None)
    assert holder(company) == alice
    assert told(company, "handed_over") == [(alice, case_of(company))]
    assert told(company, "assigned") == [], "one notice says it"


def test_a_hand_over_is_taken_back_to_whoever_had_it(company: Company) -> None:
    case_id = case_of(company)
    with transaction(company.workspace.id) as tx:
        case = acts.lock(tx, company.workspace.id, case_id)
        acts.do_assign(tx, case, company.bob.membership_id, "Bob", by_id=company.bob.membership_id)
    note = hand_over(company, company.alice.membership_id)
    assert note is not None
    with pytest.raises(NotFound):
        undo(company, note.id, company.alice)
    undo(company, note.id)
    assert holder(company) == company.bob.membership_id
    (shown,) = (item for item in company.case(company.bob, case_of(company)).timeline if isinstance(item, NoteItem))
    assert shown.undone_at is not None
    with pytest.raises(Conflict):
        undo(company, note.id)


def test_what_happened_since_is_not_undone(company: Company, clock_offset: Callable[[float], None]) -> None:
    note = hand_over(company, company.alice.membership_id)
    assert note is not None
    case_id = case_of(company)
    with transaction(company.workspace.id) as tx:
        case = acts.lock(tx, company.workspace.id, case_id)
        acts.do_assign(tx, case, None, "Alice", by_id=company.alice.membership_id)
    with pytest.raises(Conflict):
        undo(company, note.id)
    late = hand_over(company, company.alice.membership_id, uuid.UUID(int=8))
    assert late is not None
    clock_offset(timedelta(minutes=5).total_seconds())
    with pytest.raises(Conflict):
        undo(company, late.id)
    assert holder(company) == company.alice.membership_id


# --- references


@pytest.mark.parametrize(
    ("address", "ok"),
    [
        ("https://tickets.example/NW-1", True),
        ("http://10.0.0.1:8080/?q=1", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)//https://x.example", False),
        ("data:text/html,<script>", False),
        ("//evil.example", False),
        ("https://", False),
        ("https://user:secret@bank.example/", False),
        ("https://a.example/\nhttps://b.example", False),
        ("https://a.example/ b", False),
        ("https://exämple.com/", False),
        ("https://a.example:99999/", False),
        ("https://[::1", False),
        ('https://a.example/"onclick="x', False),
        ("ftp://a.example/", False),
        ("NW-1234", False),
    ],
)
def test_what_is_an_address(address: str, ok: bool) -> None:
    assert is_address(address) is ok


@pytest.mark.parametrize("value", ["NW 12/3", "../../x", "?a=b#c", "javascript:alert(1)", "é🙂", "%00"])
def test_a_number_stays_in_its_place_of_an_address(value: str) -> None:
    url = leads_to("https://tickets.example/t/{ref}?from=desk", value)
    assert url is not None
    assert url.startswith("https://tickets.example/t/")
    assert url.endswith("?from=desk")
    assert url.count("/") == 4
    assert url.count("?") == 1


@pytest.mark.parametrize("url", ["https://a.example/", "https://{ref}.example/", "https://a.example/{ref}/{ref}",
                                 "javascript:x({ref})", "https://a.example\\@evil/{ref}"])  # fmt: skip
def test_what_is_no_template(company: Company, url: str) -> None:
    with transaction(company.workspace.id) as tx, pytest.raises(Invalid):
        references.check_template(tx, "Tickets", url)


def test_a_merged_cases_references_are_those_of_the_whole_and_only_its_own_go(company: Company) -> None:
    company.hear(public("p2", "emil", "Where is my pram?", 2))
    one, other = company.cases()
    with transaction(company.workspace.id) as tx:
        template = references.do_add_template(tx, company.alice, "Tickets", "https://tickets.example/{ref}")
        for number, case in enumerate((one, other, other)):
            locked = acts.lock(tx, company.workspace.id, case)
            references.do_add(tx, company.bob, locked, int(template.id), f"NW-{number // 2}")
        references.do_add(tx, company.bob, acts.lock(tx, company.workspace.id, one), None, "0800-1")
    assert [(r.name, r.value, r.url) for r in company.case(company.bob, one).references] == [
        ("Tickets", "NW-0", "https://tickets.example/NW-0"),
        (None, "0800-1", None),
    ]
    with transaction(company.workspace.id) as tx:
        merging.do_merge(tx, *merging.lock_two(tx, company.workspace.id, other, one), by="Bob", by_id=None)
    found = company.case(company.bob, one).references
    assert sorted(r.value for r in found) == ["0800-1", "NW-0", "NW-0", "NW-1"]
    assert company.case(company.oscar, one).references == [], "an observer reads what is public"
    with transaction(company.workspace.id) as tx:
        whole = acts.lock(tx, company.workspace.id, one)
        for reference in found:
            references.do_remove(tx, company.bob, whole, int(reference.id))
        with pytest.raises(NotFound):
            references.do_remove(tx, company.bob, whole, ids.new())
    assert company.case(company.bob, one).references == []


def test_over_http(site: str, company: Company) -> None:
    lead = signed_in(site, Member(builders.Workspace(company.workspace.id, company.workspace.queue_id), "lead"))
    agent = signed_in(site, Member(builders.Workspace(company.workspace.id, company.workspace.queue_id), "agent"))
    case = company.case(company.bob, case_of(company)).case
    made = lead.post("/api/link-templates", json={"name": "Tickets", "url": "https://t.example/{ref}"}).json()
    assert agent.post("/api/link-templates", json={"name": "X", "url": "https://t.example/{ref}"}).status_code == 403
    again = lead.post("/api/link-templates", json={"name": "tickets", "url": "https://t.example/{ref}"})
    assert again.json()["code"] == "name_taken"
    body = {"template_id": made["template"]["id"], "value": "NW-1"}
    answer = agent.post(f"/api/cases/{case.id}/references", json=body)
    assert [r["url"] for r in answer.json()["references"]] == ["https://t.example/NW-1"]
    for asked in (case.reference, case.reference.lower(), case.reference[3:], f"0{case.reference[3:]}"):
        assert agent.get(f"/api/cases/by-reference/{asked}").json()["case"]["id"] == case.id
    assert agent.get("/api/cases/by-reference/OH-999999").status_code == 404
    archived = lead.delete(f"/api/link-templates/{made['template']['id']}")
    assert archived.json() == {"templates": []}
    assert agent.post(f"/api/cases/{case.id}/references", json=body).status_code == 404
    (kept,) = agent.get(f"/api/cases/{case.id}").json()["references"]
    assert kept["url"] == "https://t.example/NW-1"
    assert _gone(agent, case.id, kept["id"]) == []


def _gone(agent: Browser, case: str, reference: str) -> list[Any]:
    found: list[Any] = agent.delete(f"/api/cases/{case}/references/{reference}").json()["references"]
    return found


def test_an_observer_learns_neither_briefs_nor_who_was_named(company: Company) -> None:
    add(company, company.alice.membership_id)
    hand_over(company, company.alice.membership_id, uuid.UUID(int=9))
    company.hear(direct("d1", "dora", "in private", 3))
    page = company.case(company.oscar, case_of(company))
    assert not [item for item in page.timeline if isinstance(item, NoteItem)]
