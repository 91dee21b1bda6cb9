"""What a case is called elsewhere: the number of a ticket, an order, an incident; and how that becomes an address.

Addresses are http or https and nothing else, from a template of the workspace or as they were typed. They are shown as
text and opened without a way back to us.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from offhold.cases.acts import Locked
from offhold.cases.apply import add_events
from offhold.desk.views import LinkTemplate, Reference
from offhold.kernel import ids
from offhold.kernel.db.tx import Question, Row, Tx
from offhold.kernel.errors import Conflict, Invalid, NotFound
from offhold.kernel.facts import Recorded
from offhold.people.actors import Actor
from offhold.people.facts import DeskChanged

PLACE = "{ref}"
MOST_TEMPLATES = 50  # of a workspace
MOST_ON_A_CASE = 20


# --- templates


def templates(tx: Tx) -> list[LinkTemplate]:
    """Those of the transaction's workspace, by name."""
    found = tx.rows("SELECT id, name, url FROM link_templates WHERE archived_at IS NULL ORDER BY lower(name), id")
    return [LinkTemplate(id=str(template), name=name, url=url) for template, name, url in found]


def check_template(tx: Tx, name: str, url: str, *, but: int | None = None) -> None:
    """A name nobody else has, and an address with one place for the number. Raises `Invalid`, `Conflict`."""
    if url.count(PLACE) != 1 or not is_address(url.replace(PLACE, "1")) or PLACE in urlsplit(url).netloc:
        raise Invalid(f"It begins with http(s):// and has {PLACE} once, behind the server's name.", code="bad_url")
    known = templates(tx)
    if any(other.name.lower() == name.lower() and other.id != str(but) for other in known):
        raise Conflict("There is one of this name.", code="name_taken")
    if but is None and len(known) >= MOST_TEMPLATES:
        raise Conflict(f"A workspace has at most {MOST_TEMPLATES} of them.", code="too_many", most=MOST_TEMPLATES)


def do_add_template(tx: Tx, actor: Actor, name: str, url: str) -> LinkTemplate:
    template = ids.new()
    tx.run(
        "INSERT INTO link_templates (workspace_id, id, name, url, by_id, at) VALUES (%s, %s, %s, %s, %s, %s)",
        (actor.workspace_id, template, name, url, actor.membership_id, tx.at),
    )
    _told(tx, actor.workspace_id)
    return LinkTemplate(id=str(template), name=name, url=url)


def do_change_template(tx: Tx, workspace: int, template: int, name: str, url: str) -> LinkTemplate:
    """What was noted by it leads to the new address. Raises `NotFound`."""
    _changed(
        tx.run(
            "UPDATE link_templates SET name = %s, url = %s WHERE workspace_id = %s AND id = %s AND archived_at IS NULL",
            (name, url, workspace, template),
        )
    )
    _told(tx, workspace)
    return LinkTemplate(id=str(template), name=name, url=url)


def do_archive_template(tx: Tx, workspace: int, template: int) -> None:
    """Nothing new is noted by it; what was stays, with its address. Raises `NotFound`."""
    _changed(
        tx.run(
            "UPDATE link_templates SET archived_at = %s WHERE workspace_id = %s AND id = %s AND archived_at IS NULL",
            (tx.at, workspace, template),
        )
    )
    _told(tx, workspace)


def _changed(rows: int) -> None:
    if not rows:
        raise NotFound


def _told(tx: Tx, workspace: int) -> None:
    tx.record(Recorded(workspace, DeskChanged(what="link_templates")))


# --- references of a case

# The case, and all that were merged into it.
_OF_CASE = f"""
WITH RECURSIVE part AS (
  SELECT %(case)s::bigint AS id
  UNION SELECT c.id FROM cases c JOIN part p ON c.merged_into = p.id WHERE c.workspace_id = %(ws)s
)
SELECT r.id, t.name, t.url, r.value FROM part p
JOIN external_references r ON r.workspace_id = %(ws)s AND r.case_id = p.id
LEFT JOIN link_templates t ON t.workspace_id = r.workspace_id AND t.id = r.template_id
ORDER BY r.at, r.id LIMIT {MOST_ON_A_CASE * 3}
"""


def of_case(workspace: int, case_id: int) -> Question:
    """For `from_row`."""
    return Question(_OF_CASE, {"ws": workspace, "case": case_id})


def from_row(row: Row) -> Reference:
    reference, name, template, value = row
    return Reference(id=str(reference), name=name, value=value, url=leads_to(template, value))


def leads_to(template: str | None, value: str) -> str | None:
    """The address of a number by its template, or of itself; None when it is none."""
    if template is not None:
        url = template.replace(PLACE, quote(value, safe=""))
        return url if is_address(url) else None
    return value if is_address(value) else None


def is_address(text: str) -> bool:
    """Is it an http or https address without anybody's password in it."""
    if not re.fullmatch(r"https?://[!-~]+", text, re.ASCII) or any(sign in text for sign in '<>"\\^`{|}'):
        return False
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and parts.username is None and (parts.port or 1) > 0
    except ValueError:
        return False


def check_add(tx: Tx, case: Locked, template: int | None) -> None:
    """Raises `NotFound` for a template that is not (any more), `Conflict` for more than anybody reads."""
    if template is not None and tx.one(
        "SELECT 1 FROM link_templates WHERE workspace_id = %s AND id = %s AND archived_at IS NULL",
        (case.workspace, template),
    ) is None:  # fmt: skip
        raise NotFound
    (held,) = tx.rows(
        "SELECT count(*) FROM external_references WHERE workspace_id = %s AND case_id = %s", (case.workspace, case.id)
    )[0]
    if held >= MOST_ON_A_CASE:
        raise Conflict(f"A case has at most {MOST_ON_A_CASE} of them.", code="too_many", most=MOST_ON_A_CASE)


def do_add(tx: Tx, actor: Actor, case: Locked, template: int | None, value: str) -> None:
    """Note what the case is called elsewhere; noted before, it has no effect."""
    new = tx.run(
        "INSERT INTO external_references (workspace_id, id, case_id, template_id, value, by_id, at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (workspace_id, case_id, template_id, value) DO NOTHING",
        (case.workspace, ids.new(), case.id, template, value, actor.membership_id, tx.at),
    )
    if new:
        # the number itself is for those who read notes
        add_events(tx, [(case.workspace, case.id, "case.referenced", {"by": actor.duty_name})])


def do_remove(tx: Tx, actor: Actor, case: Locked, reference: int) -> None:
    """Raises `NotFound` for one of another case."""
    mine = [int(from_row(row).id) for row in tx.together(of_case(case.workspace, case.id))[0]]
    if reference not in mine:
        raise NotFound
    tx.run("DELETE FROM external_references WHERE workspace_id = %s AND id = %s", (case.workspace, reference))
    add_events(tx, [(case.workspace, case.id, "case.unreferenced", {"by": actor.duty_name})])
