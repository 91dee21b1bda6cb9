"""The promise policy of a workspace, as it is stored: one, and every one it ever had."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import msgspec

from offhold.cases.sets import columns
from offhold.kernel import jsons
from offhold.kernel.db.tx import Question, Row, Tx
from offhold.kernel.errors import Conflict, Invalid, Unavailable
from offhold.people.actors import Actor
from offhold.promises.policy import PromisePolicy, mistakes

_STORE = """
INSERT INTO promise_policies AS p (workspace_id, version, policy) VALUES (%s, %s, %s)
ON CONFLICT (workspace_id) DO UPDATE SET version = excluded.version, policy = excluded.policy
WHERE p.version = excluded.version - 1
"""
_KEEP = """
INSERT INTO promise_policy_versions (workspace_id, version, policy, changed_by, changed_name, at)
VALUES (%s, %s, %s, %s, %s, %s)
"""
_EARLIER = """
SELECT workspace_id, version, policy::text FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, version)
JOIN promise_policy_versions USING (workspace_id, version)
"""
# What is owed already is counted by the new policy, and each case is looked at at once.
_ALSO_OPEN = "UPDATE promises SET policy = %s WHERE workspace_id = %s AND state = 'open' AND subject IS NOT NULL"
_LOOK = "UPDATE case_watch SET look_at = '-infinity' WHERE workspace_id = %s"


class Held(NamedTuple):
    """A policy and its number; 0: nobody changed anything yet."""

    version: int
    policy: PromisePolicy


NOTHING_SAID = Held(0, PromisePolicy())


def load(tx: Tx, workspace_id: int) -> Held:
    """The policy that holds."""
    return of_rows(tx.rows(*current([workspace_id]))).get(workspace_id, NOTHING_SAID)


def current(workspaces: Iterable[int]) -> Question:
    """The policies that hold in these workspaces, for `of_rows`."""
    query = "SELECT workspace_id, version, policy::text FROM promise_policies WHERE workspace_id = ANY(%s)"
    return Question(query, (sorted(set(workspaces)),))


def of_rows(rows: Iterable[Row]) -> dict[int, Held]:
    """By workspace; one that is not there has said nothing."""
    return {workspace: Held(version, read(text)) for workspace, version, text in rows}


def earlier(tx: Tx, wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], PromisePolicy]:
    """Policies that once held, by (workspace, version)."""
    keys = sorted({key for key in wanted if key[1] > 0})
    found = tx.rows(_EARLIER, columns(keys, 2)) if keys else []
    return {(workspace, version): read(text) for workspace, version, text in found}


@lru_cache(maxsize=1024)
def read(stored: str) -> PromisePolicy:
    """Raises `Unavailable` for one that another version of Offhold wrote: no deadline is guessed."""
    try:
        return msgspec.json.decode(stored, type=PromisePolicy)
    except msgspec.ValidationError as error:
        raise Unavailable(
            "The promise policy was written by another version of Offhold.", code="policy_unreadable"
        ) from error


def check_policy(actor: Actor, policy: PromisePolicy) -> None:
    """Raises `Forbidden`, or `Invalid` naming the first thing no deadline can be counted by."""
    actor.check_may("lead")
    wrong = mistakes(policy)
    if wrong:
        code, name = wrong[0]
        raise Invalid(f"This policy cannot be followed: {code} ({name}).", code="bad_promises", what=code, name=name)


def do_change_policy(tx: Tx, actor: Actor, version: int, policy: PromisePolicy, *, also_open: bool) -> Held:
    """Put `policy` in the place of version `version`. Raises `Conflict` when somebody changed it meanwhile.

    What is owed already keeps the terms it was owed under, unless somebody says `also_open`.
    """
    told, now, workspace = jsons.encode(policy).decode(), version + 1, actor.workspace_id
    if load(tx, workspace).version != version or not tx.run(_STORE, (workspace, now, told)):
        raise Conflict("Somebody else changed this meanwhile.", code="policy_changed")
    tx.run(_KEEP, (workspace, now, told, actor.membership_id, actor.duty_name, tx.at))
    if also_open:
        tx.run(_ALSO_OPEN, (now, workspace))
        tx.run(_LOOK, (workspace,))
    return Held(now, policy)
