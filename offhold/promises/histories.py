"""What happened in cases, read for settling: who asked and who answered when, how they turned, what is owed in them."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from offhold.cases.sets import columns
from offhold.connectors.contract import Audience
from offhold.kernel import ids
from offhold.kernel.db.tx import Question, Tx
from offhold.promises import policies, stored
from offhold.promises.owing import Asked, History, Pledged, Turn
from offhold.promises.policies import Held
from offhold.promises.settling import Ground, Promise

_MESSAGES = """
SELECT m.workspace_id, m.case_id, m.id, m.at, m.audience, m.channel_id, m.identity_id IS NULL
FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, case_id) JOIN messages m USING (workspace_id, case_id)
WHERE (m.owed AND m.deleted_at IS NULL) OR (m.identity_id IS NULL AND m.reason <> 'automatic')
"""
_TURNS = """
SELECT e.workspace_id, e.case_id, e.id, e.at, substr(e.kind, 6)
FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, case_id) JOIN case_events e USING (workspace_id, case_id)
WHERE e.kind IN ('case.resolved', 'case.reopened', 'case.snoozed', 'case.woken')
"""
_PLEDGES = """
SELECT p.workspace_id, p.case_id, p.id, p.asked_at, p.audience, p.channel_id, coalesce(p.reached_at, p.ended_at),
  CASE p.state WHEN 'reached' THEN 'answered' WHEN 'asked' THEN NULL ELSE p.state END
FROM unnest(%s::bigint[], %s::bigint[]) AS k(workspace_id, case_id) JOIN pledges p USING (workspace_id, case_id)
WHERE p.state NOT IN ('likely', 'unlikely')
"""
_CHANNELS = "SELECT workspace_id, id, network FROM channels WHERE workspace_id = ANY(%s)"
Key = tuple[int, int]
Standing = tuple[History, list[Promise], Ground]


class Case(NamedTuple):
    """A case as far as promises look at it."""

    workspace: int
    id: int
    state: str
    opened_at: datetime
    channel: int
    audience: Audience
    tags: list[int] | None
    vouched_at: datetime | None

    @property
    def key(self) -> Key:
        return self.workspace, self.id


def read(tx: Tx, cases: list[Case]) -> dict[Key, Standing]:
    """The history of each case, its promises and what its terms are looked up in; by (workspace, case)."""
    keys = [case.key for case in cases]
    workspaces = sorted({case.workspace for case in cases})
    messages, turns, pledges, rows, current, channels = tx.together(
        Question(_MESSAGES, columns(keys, 2)), Question(_TURNS, columns(keys, 2)), Question(_PLEDGES, columns(keys, 2)),
        stored.of_cases(keys), policies.current(workspaces), Question(_CHANNELS, (workspaces,)),
    )  # fmt: skip
    asked: dict[Key, list[Asked]] = defaultdict(list)
    said: dict[Key, list[datetime]] = defaultdict(list)
    for workspace, case, id_, at, audience, channel, ours in messages:
        if ours:
            said[workspace, case].append(at)
        else:
            asked[workspace, case].append(Asked(id_, at, audience, channel))
    turned: dict[Key, list[Turn]] = defaultdict(list)
    for workspace, case, *turn in turns:
        turned[workspace, case].append(Turn(*turn))
    pledged: dict[Key, list[Pledged]] = defaultdict(list)
    for workspace, case, *pledge in pledges:
        pledged[workspace, case].append(Pledged(*pledge))
    owing: dict[Key, list[Promise]] = defaultdict(list)
    for one in map(stored.read, rows):
        owing[one.workspace, one.case].append(one.promise)
    grounds = _grounds(tx, workspaces, owing, policies.of_rows(current), {(w, c): n for w, c, n in channels})
    return {
        case.key: (
            _history(case, asked[case.key], said[case.key], turned[case.key], pledged[case.key]),
            owing[case.key],
            grounds[case.workspace]._replace(tags=frozenset(map(str, case.tags or ()))),
        )
        for case in cases
    }


def _history(
    case: Case, asked: list[Asked], said: list[datetime], turns: list[Turn], pledges: list[Pledged]
) -> History:
    first = min(asked, key=lambda one: (one.at, one.id), default=None)
    vouched = [] if case.vouched_at is None else [case.vouched_at]
    return History(
        case=case.id, opened_at=case.opened_at, open=case.state == "open",
        channel=case.channel if first is None else first.channel,
        audience=case.audience if first is None else first.audience,
        asked=asked, said=[*said, *vouched], turns=turns, pledges=pledges,
    )  # fmt: skip


def _grounds(
    tx: Tx, workspaces: list[int], owing: dict[Key, list[Promise]], current: dict[int, Held], networks: dict[Key, str]
) -> dict[int, Ground]:
    """What terms are looked up in, by workspace."""
    held = {workspace: current.get(workspace, policies.NOTHING_SAID) for workspace in workspaces}
    under = {(w, row.policy) for (w, _), rows in owing.items() for row in rows if row.policy is not None}
    before = policies.earlier(tx, {key for key in under if held[key[0]].version != key[1]})
    grounds = {}
    for workspace, (version, policy) in held.items():
        known = {0: policies.NOTHING_SAID.policy, version: policy}
        known |= {v: earlier for (w, v), earlier in before.items() if w == workspace}
        here = {channel: network for (w, channel), network in networks.items() if w == workspace}
        grounds[workspace] = Ground(version, known, frozenset(), here, tx.at, ids.new)
    return grounds
