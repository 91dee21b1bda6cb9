"""Cases by their reference, and people by what they are called, from a few letters on."""

from __future__ import annotations

from typing import Any, LiteralString

from offhold.cases import rows
from offhold.cases.views import CaseRow
from offhold.desk.search.views import KnownPerson, QuickPage
from offhold.desk.search.words import names
from offhold.desk.sight import row_for
from offhold.kernel.db.tx import Question, Row, Tx
from offhold.people.actors import Actor

SHOWN = 6
MOST = 300  # names that begin alike and are looked at
MOST_WORDS = 4  # the longest of what was typed; nobody has more names
MOST_DIGITS = 15

# Names are read from their index. Nobody is shown who has no case: cases are looked for until there are enough.
_CALLED: LiteralString = f"""
SELECT {rows.COLUMNS} FROM (
  SELECT c.*, n.exactly FROM (
    SELECT identity_id, bool_or(word = %(word0)s) AS exactly FROM (
      SELECT identity_id, word FROM search_names WHERE workspace_id = %(workspace)s
        AND word >= %(word0)s AND word < %(end0)s ORDER BY word LIMIT %(most)s) w
    GROUP BY identity_id ORDER BY exactly DESC, identity_id DESC) n
  CROSS JOIN LATERAL (
    SELECT * FROM cases WHERE workspace_id = %(workspace)s AND identity_id = n.identity_id AND state <> 'merged'
    ORDER BY opened_at DESC LIMIT 1) c
  WHERE true{{also}} ORDER BY n.exactly DESC, n.identity_id DESC LIMIT {SHOWN}) c
{rows.JOINS} ORDER BY c.exactly DESC, c.identity_id DESC
"""
_ALSO: LiteralString = """
  AND EXISTS (SELECT FROM search_names o WHERE o.workspace_id = %(workspace)s AND o.identity_id = n.identity_id
              AND o.word >= %(word{n})s AND o.word < %(end{n})s)"""


def quick(tx: Tx, actor: Actor, text: str) -> QuickPage:
    """What a few letters may mean: a reference with or without its OH-, a name, a handle."""
    typed = text.strip().lower().removeprefix("oh-").removeprefix("#")
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= MOST_DIGITS else None
    case = None if number is None else by_number(tx, actor, number)
    question = called(actor, names(text))
    return QuickPage(cases=[case] if case else [], people=known(actor, tx.together(question)[0]) if question else [])


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


def called(actor: Actor, words: set[str]) -> Question | None:
    """Asks for people of whom each word begins a word of their name or handle, those who are called exactly that
    first; for `known`."""
    asked = sorted(words, key=len, reverse=True)[:MOST_WORDS]
    if not asked:
        return None
    params: dict[str, Any] = {"workspace": actor.workspace_id, "most": MOST}
    for n, word in enumerate(asked):
        params |= {f"word{n}": word, f"end{n}": word + "\U0010ffff"}
    also: LiteralString = "".join(_ALSO.format(n=n) for n in range(1, len(asked)))
    return Question(_CALLED.format(also=also), params)


def known(actor: Actor, found: list[Row]) -> list[KnownPerson]:
    """Who was found, each with their newest case."""
    cases = [rows.from_row(row) for row in found]
    return [KnownPerson(identity=case.identity, case=row_for(actor.can, case)) for case in cases]
