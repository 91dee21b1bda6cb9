"""Cases like this one, and people who may be the same: found by what they share, which is said.

Nothing is guessed and nothing is learned: a case is similar because it is called the same elsewhere, because its title
shares words that are rare among the newest cases, or because it has the same tags. The same question has the same
answer. It costs the same however many messages are stored: the newest cases of either state, by their index, and a few
look-ups.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from offhold.cases.rows import COLUMNS, JOINS, from_row
from offhold.cases.views import CaseRow, View
from offhold.connectors import registry
from offhold.desk.search import words
from offhold.desk.sight import row_for
from offhold.kernel.db.tx import Question, Row, Tx
from offhold.people.actors import Actor

AMONG = 500  # of each state, newest first
MOST = 5
MOST_PEOPLE = 5
TOO_COMMON = 0.15  # of the cases looked at: such a word says nothing
SHORTEST = 3  # letters of a word that says something; scripts without spaces say it in pairs of signs
ENOUGH = 4.0  # in nats: about two words that one case in seven has, or one that one in fifty has and a tag
A_TAG = 1.0
THE_SAME_NUMBER = 100.0


class Why(View, frozen=True, kw_only=True):
    """What they share: numbers elsewhere, words of their titles, or tags (ids)."""

    kind: Literal["reference", "words", "tags"]
    what: list[str]


class Similar(View, frozen=True, kw_only=True):
    case: CaseRow
    why: list[Why]


class Namesake(View, frozen=True, kw_only=True):
    """An account on another network that may be the same person's: `why` says what is the same."""

    identity_id: str
    customer_id: str
    network: str
    network_label: str
    handle: str
    name: str
    why: Literal["handle", "name"]


class Seen(msgspec.Struct, frozen=True):
    """As much of a case as is compared. `words`: none where the title is not for the one who asks."""

    id: int
    customer: int
    last_at: Any
    words: frozenset[str]
    tags: frozenset[int]
    numbers: frozenset[str] = frozenset()


_NEWEST = f"""
SELECT c.id, c.customer_id, c.last_at, c.title, c.title_private FROM (
  (SELECT * FROM cases WHERE workspace_id = %(ws)s AND state = 'open' ORDER BY last_at DESC, id DESC LIMIT {AMONG})
  UNION ALL
  (SELECT * FROM cases WHERE workspace_id = %(ws)s AND state = 'resolved' ORDER BY last_at DESC, id DESC LIMIT {AMONG})
) c
"""
_THIS = "SELECT id, customer_id, last_at, title, title_private FROM cases WHERE workspace_id = %(ws)s AND id = %(case)s"
_TAGGED = """
SELECT case_id, tag_id FROM case_tags WHERE workspace_id = %(ws)s AND case_id = ANY(%(among)s)
"""
_SAME_NUMBERS = """
SELECT c.id, c.customer_id, c.last_at, c.title, c.title_private, r.value FROM external_references own
JOIN external_references r ON r.workspace_id = own.workspace_id AND lower(r.value) = lower(own.value)
JOIN cases part ON part.workspace_id = r.workspace_id AND part.id = r.case_id
JOIN cases c ON c.workspace_id = part.workspace_id AND c.id = coalesce(part.merged_into, part.id)
WHERE own.workspace_id = %(ws)s AND own.case_id = %(case)s AND c.id <> %(case)s AND c.state <> 'merged' LIMIT 50
"""
_ROWS = f"SELECT {COLUMNS} FROM cases c {JOINS} WHERE c.workspace_id = %(ws)s AND c.id = ANY(%(ids)s)"


def similar(tx: Tx, actor: Actor, case_id: int) -> list[Similar]:
    """At most `MOST`, the most alike first; never others of the same customer, which are its earlier cases."""
    ws = actor.workspace_id
    own, newest, called = tx.together(
        Question(_THIS, {"ws": ws, "case": case_id}),
        Question(_NEWEST, {"ws": ws}),
        Question(_SAME_NUMBERS, {"ws": ws, "case": case_id}),
    )
    if not own:
        return []
    numbers: dict[int, set[str]] = {}
    for row in called if actor.can.see_private else []:
        numbers.setdefault(row[0], set()).add(row[5])
    rows = {row[0]: row[:5] for row in (*newest, *(called if actor.can.see_private else []))}
    rows[case_id] = own[0]
    tags: dict[int, set[int]] = {}
    for case, tag in tx.rows(_TAGGED, {"ws": ws, "among": list(rows)}):
        tags.setdefault(case, set()).add(tag)
    seen = {case: _seen(actor, row, tags.get(case, set()), numbers.get(case, set())) for case, row in rows.items()}
    found = alike(seen.pop(case_id), seen.values())
    shown = {row.id: row_for(actor.can, row) for row in _rows(tx, ws, [case for case, _ in found])}
    return [Similar(case=shown[str(case)], why=why) for case, why in found if str(case) in shown]


def alike(case: Seen, others: Iterable[Seen]) -> list[tuple[int, list[Why]]]:
    """The most alike first, each with what it shares. Pure."""
    among = [other for other in others if other.customer != case.customer]
    common = Counter(word for other in among for word in other.words)
    usual = max(1.0, TOO_COMMON * len(among))
    weight = {
        word: math.log((1 + len(among)) / common[word]) for word in case.words if 0 < common[word] <= usual
    }  # fmt: skip
    scored = []
    for other in among:
        shared = sorted(word for word in other.words & weight.keys() if not _is_part(word, other.words & weight.keys()))
        both = case.tags & other.tags
        score = sum(weight[word] for word in shared) + A_TAG * len(both) + THE_SAME_NUMBER * bool(other.numbers)
        if other.numbers or (score >= ENOUGH and len(shared) + bool(both) > 1):
            scored.append((-score, -other.last_at.timestamp(), -other.id, other, shared, both))
    scored.sort(key=lambda each: each[:3])
    return [(other.id, _why(other, shared, both)) for *_, other, shared, both in scored[:MOST]]


def _is_part(word: str, of: Iterable[str]) -> bool:
    """Is it the same word without its sign, as in `#delay`."""
    return any(other in (f"#{word}", f"@{word}") for other in of)


def _why(other: Seen, shared: list[str], both: frozenset[int]) -> list[Why]:
    said = (("reference", sorted(other.numbers)), ("words", shared), ("tags", [str(tag) for tag in sorted(both)]))
    return [Why(kind=kind, what=what) for kind, what in said if what]  # type: ignore[arg-type]


def _seen(actor: Actor, row: Row, tags: set[int], numbers: set[str]) -> Seen:
    case, customer, last_at, title, private = row
    told = title if actor.can.see_private or not private else ""
    return Seen(case, customer, last_at, telling(told), frozenset(tags), frozenset(numbers))


def telling(title: str) -> frozenset[str]:
    """The words of a title that can say something."""
    return frozenset(
        key for key in words.keys(words.atoms(title))
        if (len(key) >= 2 if words.unspaced(key[0]) else len(key) >= SHORTEST) and not key.isdecimal()
    )  # fmt: skip


def _rows(tx: Tx, workspace: int, ids: list[int]) -> list[CaseRow]:
    return [from_row(row) for row in tx.rows(_ROWS, {"ws": workspace, "ids": ids})] if ids else []


# --- the same person on other networks

_OWN = "SELECT network, handle, name FROM identities WHERE workspace_id = %s AND customer_id = %s ORDER BY id LIMIT 20"
# Names are filed by their words; of each the first few hundred are looked at.
_FILED = """
SELECT i.id, i.customer_id, i.network, i.handle, i.name FROM unnest(%(words)s::text[]) AS w(word)
CROSS JOIN LATERAL (SELECT n.identity_id FROM search_names n WHERE n.workspace_id = %(ws)s AND n.word = w.word
                    ORDER BY n.identity_id DESC LIMIT 200) f
JOIN identities i ON i.workspace_id = %(ws)s AND i.id = f.identity_id
WHERE i.customer_id <> %(customer)s ORDER BY i.id
"""


def namesakes(tx: Tx, actor: Actor, customer: int) -> list[Namesake]:
    """Accounts on networks this customer is not known on, with the same handle, or the same name of two words."""
    own = tx.rows(_OWN, (actor.workspace_id, customer))
    networks = {network for network, _, _ in own}
    handles = {plain_handle(handle) for _, handle, _ in own}
    names = {plain_name(name) for _, _, name in own} - {None}
    first = {longest for text in (*handles, *(name for name in names if name)) if (longest := _longest(text))}
    found = tx.rows(_FILED, {"ws": actor.workspace_id, "customer": customer, "words": sorted(first)})
    out: dict[int, Namesake] = {}
    for identity, other, network, handle, name in found:
        why = _same(plain_handle(handle) in handles, plain_name(name) in names)
        if why and network not in networks and identity not in out:
            out[identity] = Namesake(
                identity_id=str(identity), customer_id=str(other), network=network,
                network_label=registry.label(network), handle=handle, name=name, why=why,
            )  # fmt: skip
    return sorted(out.values(), key=lambda one: (one.why != "handle", int(one.identity_id)))[:MOST_PEOPLE]


def _same(handle: bool, name: bool) -> Literal["handle", "name"] | None:
    return "handle" if handle else "name" if name else None


def plain_handle(handle: str) -> str:
    """A handle without the server that some networks put behind it."""
    return handle.casefold().split("@", 1)[0].removesuffix(".bsky.social")


def plain_name(name: str) -> str | None:
    """A name of at least two words; one word is everybody's."""
    said = [atom.word for atom in words.atoms(name)]
    return " ".join(said) if len(said) > 1 else None


def _longest(text: str) -> str | None:
    said = sorted((atom.word for atom in words.atoms(text)), key=lambda word: (-len(word), word))
    return said[0] if said else None
