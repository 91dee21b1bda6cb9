"""Tags: a workspace's own words for what cases are about. Drawn as shapes in ink; the three hues say who reads."""

from __future__ import annotations

from typing import Literal

from offhold.cases.acts import Locked
from offhold.cases.apply import add_events, announce_cases
from offhold.cases.sets import columns
from offhold.cases.views import View
from offhold.kernel import ids
from offhold.kernel.arrays import array
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Conflict, Invalid, NotFound
from offhold.kernel.facts import Recorded
from offhold.people.facts import DeskChanged

Shape = Literal["dot", "ring", "square", "diamond", "triangle", "bar"]
Ink = Literal["soft", "full"]
LONGEST_NAME = 40
MOST_TAGS = 300  # of a workspace; more is no vocabulary any more
MOST_ON_A_CASE = 20


class Tag(View, frozen=True, kw_only=True):
    id: str
    name: str
    shape: Shape
    ink: Ink


def tags(tx: Tx) -> list[Tag]:
    """Those of the transaction's workspace that can be put on cases, by name."""
    found = tx.rows("SELECT id::text, name, shape, ink FROM tags WHERE archived_at IS NULL ORDER BY lower(name), id")
    return [Tag(id=tag, name=name, shape=shape, ink=ink) for tag, name, shape, ink in found]


def check_tag(tx: Tx, name: str, *, but: int | None = None) -> None:
    """A name that fits on a line of the inbox and is not another's (`but`: the tag's own). Raises `Invalid`,
    `Conflict`."""
    if not name or name != name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(f"A tag's name has 1 to {LONGEST_NAME} characters.", code="bad_name")
    known = tags(tx)
    if any(tag.name.lower() == name.lower() and tag.id != str(but) for tag in known):
        raise Conflict("There is a tag of this name.", code="name_taken")
    if but is None and len(known) >= MOST_TAGS:
        raise Conflict(f"A workspace has at most {MOST_TAGS} tags.", code="too_many", most=MOST_TAGS)


def do_add_tag(tx: Tx, workspace_id: int, name: str, shape: Shape, ink: Ink) -> Tag:
    """One more."""
    tag = ids.new()
    tx.run(
        "INSERT INTO tags (workspace_id, id, name, shape, ink) VALUES (%s, %s, %s, %s, %s)",
        (workspace_id, tag, name, shape, ink),
    )
    _told(tx, workspace_id)
    return Tag(id=str(tag), name=name, shape=shape, ink=ink)


def do_change_tag(tx: Tx, workspace_id: int, tag: int, name: str, shape: Shape, ink: Ink) -> Tag:
    """Another name or look, on every case that has it. Raises `NotFound`."""
    changed = tx.run(
        "UPDATE tags SET name = %s, shape = %s, ink = %s WHERE workspace_id = %s AND id = %s AND archived_at IS NULL",
        (name, shape, ink, workspace_id, tag),
    )
    if not changed:
        raise NotFound
    _told(tx, workspace_id)
    return Tag(id=str(tag), name=name, shape=shape, ink=ink)


def do_archive_tag(tx: Tx, workspace_id: int, tag: int) -> None:
    """Nobody puts it on a case again; those that have it keep it, unseen. Raises `NotFound`."""
    changed = tx.run(
        "UPDATE tags SET archived_at = %s WHERE workspace_id = %s AND id = %s AND archived_at IS NULL",
        (tx.at, workspace_id, tag),
    )
    if not changed:
        raise NotFound
    _told(tx, workspace_id)


def _told(tx: Tx, workspace_id: int) -> None:
    tx.record(Recorded(workspace_id, DeskChanged(what="tags")))


_ON = "SELECT tag_id FROM case_tags WHERE workspace_id = %s AND case_id = %s"
_NAMES = (
    "SELECT id, name, archived_at IS NOT NULL FROM tags WHERE workspace_id = %s AND id = ANY(%s) ORDER BY lower(name)"
)


def check_tags(tx: Tx, case: Locked, wanted: set[int]) -> None:
    """All of them are tags of this workspace, and those the case has not got yet are in use. Raises `NotFound`,
    `Invalid`."""
    if len(wanted) > MOST_ON_A_CASE:
        raise Invalid(f"A case has at most {MOST_ON_A_CASE} tags.", code="too_many", most=MOST_ON_A_CASE)
    had = {tag for (tag,) in tx.rows(_ON, (case.workspace, case.id))}
    named = tx.rows(_NAMES, (case.workspace, sorted(wanted)))
    if wanted - had - {tag for tag, _, archived in named if not archived} or len(named) < len(wanted):
        raise NotFound


def do_set_tags(tx: Tx, case: Locked, wanted: set[int], by: str) -> None:
    """Let the case have just these."""
    had = {tag for (tag,) in tx.rows(_ON, (case.workspace, case.id))}
    if wanted == had:
        return
    named = {tag: name for tag, name, _ in tx.rows(_NAMES, (case.workspace, sorted(wanted | had)))}
    tx.run(
        "DELETE FROM case_tags WHERE workspace_id = %s AND case_id = %s AND tag_id = ANY(%s)",
        (case.workspace, case.id, sorted(had - wanted)),
    )
    added = [(case.workspace, tag, case.id) for tag in sorted(wanted - had)]
    tx.run(
        "INSERT INTO case_tags (workspace_id, tag_id, case_id) SELECT * FROM unnest(%s::bigint[], %s::bigint[],"
        " %s::bigint[])",
        columns(added, 3),
    )
    tx.run(
        "UPDATE cases SET tags = nullif(%s::bigint[], '{}'), version = version + 1 WHERE workspace_id = %s AND id = %s",
        (array(sorted(wanted)), case.workspace, case.id),
    )
    told = {"by": by, "added": _list(named, wanted - had), "removed": _list(named, had - wanted)}
    add_events(tx, [(case.workspace, case.id, "case.tagged", told)])
    announce_cases(tx, [(case.workspace, case.id)])


def _list(named: dict[int, str], chosen: set[int]) -> str:
    return ", ".join(name for tag, name in named.items() if tag in chosen)
