"""The looks of the inbox bench, through the desk's own queries. Imported once Django is set up."""

from __future__ import annotations

import random
from collections.abc import Callable

from bench.companies import sign_ins
from bench.traffic import Company
from offhold.desk import inbox, timeline
from offhold.desk.filters import ViewName
from offhold.kernel.db.tx import looking
from offhold.people.actors import Actor, actor_of

PAGE = 50
VIEWS: tuple[ViewName, ...] = ("to_answer", "open", "unassigned", "resolved")


class Looking:
    """Somebody of a company looks around at random."""

    def __init__(self, company: Company, draw: random.Random) -> None:
        self._company, self._draw = company, draw
        actor = actor_of(sign_ins(company, 1)[0], used=False)
        assert actor is not None, "we just signed in"
        self._actor: Actor = actor
        with looking(company.workspace) as tx:
            found = tx.rows(
                "SELECT id FROM cases WHERE workspace_id = %s ORDER BY id LIMIT 100000", (company.workspace,)
            )
        self._cases = [row[0] for row in found]
        self._cursor: str | None = None
        self._view: ViewName = "open"
        self.looks: dict[str, Callable[[], object]] = {
            "list": self.newest, "page": self.further, "filter": self.filtered, "counters": self.counters,
            "timeline": self.case, "key": self.by_key,
        }  # fmt: skip

    def newest(self) -> None:
        """The newest of a queue, as the page of the inbox asks for it, counters included."""
        self._ask(self._draw.choice(VIEWS), queue=self._draw.choice(self._company.queues))

    def further(self) -> None:
        """The next page, deeper and deeper; from the start again at the end."""
        if self._cursor is None:
            self._view = self._draw.choice(VIEWS)
        self._cursor = self._ask(self._view, cursor=self._cursor)

    def filtered(self) -> None:
        """One channel of one queue."""
        queue, channel = self._draw.choice(self._company.queues), self._draw.choice(self._company.channels)
        self._ask(self._draw.choice(VIEWS), queue=queue, channel=channel.id)

    def counters(self) -> None:
        """The figures beside the views."""
        with looking(self._company.workspace) as tx:
            inbox.counters(tx, self._actor)

    def case(self) -> None:
        """A case's timeline."""
        with looking(self._company.workspace) as tx:
            timeline.page(tx, self._actor, self._draw.choice(self._cases))

    def by_key(self) -> None:
        """One row, by its key: the least a question can cost."""
        with looking(self._company.workspace) as tx:
            tx.one(
                "SELECT state FROM cases WHERE workspace_id = %s AND id = %s",
                (self._company.workspace, self._draw.choice(self._cases)),
            )

    def _ask(
        self, view: ViewName, *, queue: int | None = None, channel: int | None = None, cursor: str | None = None
    ) -> str | None:
        with looking(self._company.workspace) as tx:
            shown = inbox.page(tx, self._actor, view, queue=queue, channel=channel, cursor=cursor, limit=PAGE)
        return shown.next
