"""Cases by their reference, and people by what they are called, from a few letters on."""

from __future__ import annotations

from offhold.cases import rows
from offhold.cases.views import CaseRow, IdentityView
from offhold.channels.pictures import proxied
from offhold.connectors import registry
from offhold.desk.search.views import KnownPerson, QuickPage
from offhold.desk.search.words import names
from offhold.desk.sight import row_for
from offhold.kernel.db.tx import Tx
from offhold.people.actors import Actor

SHOWN = 6
MOST = 300  # names that begin alike and are looked at
MOST_DIGITS = 15

_CALLED = """
SELECT identity_id, max((word = %(word)s)::int) FROM (
  SELECT identity_id, word FROM search_names WHERE workspace_id = %(workspace)s AND word >= %(word)s AND word < %(end)s
  ORDER BY word LIMIT %(most)s) n
GROUP BY identity_id ORDER BY 2 DESC, 1 DESC
"""
_IDENTITIES = """
SELECT i.id, i.network, i.handle, i.name, i.avatar_url, i.followers, c.id
FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS k(id, place)
JOIN identities i ON i.workspace_id = %(workspace)s AND i.id = k.id
CROSS JOIN LATERAL (
  SELECT id FROM cases c WHERE c.workspace_id = i.workspace_id AND c.identity_id = i.id AND c.state <> 'merged'
  ORDER BY c.opened_at DESC LIMIT 1) c
ORDER BY k.place
"""


def quick(tx: Tx, actor: Actor, text: str) -> QuickPage:
    """What a few letters may mean: a reference with or without its OH-, a name, a handle."""
    typed = text.strip().lower().removeprefix("oh-").removeprefix("#")
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= MOST_DIGITS else None
    case = None if number is None else by_number(tx, actor, number)
    return QuickPage(cases=[case] if case else [], people=called(tx, actor, names(text)))


def by_number(tx: Tx, actor: Actor, number: int) -> CaseRow | None:
    """The case of that reference, or the one it was merged into."""
    found = tx.one(
        "SELECT id FROM cases WHERE workspace_id = %s AND reference = %s", (actor.workspace_id, min(number, 2**63 - 1))
    )
    return None if found is None else _row(tx, actor, found[0])


def _row(tx: Tx, actor: Actor, case: int) -> CaseRow | None:
    for _ in range(8):  # merged into one that was merged in turn
        row = rows.load(tx, [(actor.workspace_id, case)]).get(case)
        if row is None or row.merged_into is None:
            return None if row is None else row_for(actor.can, row)
        case = int(row.merged_into)
    return None


def called(tx: Tx, actor: Actor, words: set[str]) -> list[KnownPerson]:
    """People of whom each word begins a word of their name or handle; those who are called exactly that first."""
    asked = sorted(words, key=len, reverse=True)
    if not asked:
        return []
    longest = {"word": asked[0], "end": asked[0] + "\U0010ffff", "workspace": actor.workspace_id, "most": MOST}
    found = [identity for identity, _ in tx.rows(_CALLED, longest)]
    if not found:
        return []
    rows_ = tx.rows(_IDENTITIES, {"ids": found, "workspace": actor.workspace_id})
    fitting = [row for row in rows_ if _begins(asked, names(row[3]) | names(row[2]))][:SHOWN]
    cases = rows.load(tx, [(actor.workspace_id, row[6]) for row in fitting])
    return [
        KnownPerson(
            identity=IdentityView(
                id=str(row[0]), network=row[1], network_label=registry.label(row[1]), handle=row[2], name=row[3],
                avatar_url=proxied(row[4]), followers=row[5],
            ),
            case=row_for(actor.can, cases[row[6]]),
        )
        for row in fitting
    ]  # fmt: skip


def _begins(asked: list[str], called_: set[str]) -> bool:
    return all(any(word.startswith(begin) for word in called_) for begin in asked)
