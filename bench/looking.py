"""The looks of the inbox bench, through the desk's own queries. Imported once Django is set up."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bench.companies import sign_ins
from bench.traffic import Company
from offhold.desk import inbox, timeline
from offhold.desk.filters import ViewName
from offhold.desk.search import find, people
from offhold.kernel.db.tx import looking
from offhold.people.actors import Actor, actor_of

PAGE = 50
_SAID = """
SELECT m.text, i.handle FROM messages m JOIN identities i ON i.workspace_id = m.workspace_id AND i.id = m.identity_id
WHERE m.case_id = ANY(%s) AND m.network_id LIKE 'stored-%%'
"""
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
            cases = draw.sample([row[0] for row in found], min(len(found), 2000))
            self._said: list[tuple[str, str]] = [(text, handle) for text, handle in tx.rows(_SAID, (cases,))]
        self._cases = [row[0] for row in found]
        self._days = [datetime.now(UTC) - timedelta(days=n) for n in range(0, 330, 10)]
        self._cursor: str | None = None
        self._view: ViewName = "open"
        self.searched = self.cut = 0  # pages of the search, and those that say how far back they looked
        self.looks: dict[str, Callable[[], object]] = {
            "list": self.newest, "page": self.further, "filter": self.filtered, "counters": self.counters,
            "timeline": self.case, "search_rare": self.rare, "search_common": self.common, "search_phrase": self.phrase,
            "search_from": self.said_by, "search_filters": self.combined, "search_people": self.people,
            "key": self.by_key,
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

    # --- the search: pages of what was said, with the texts they show

    def rare(self) -> None:
        """A word of one message, wherever in the years it is."""
        self._search(self._draw.choice(self._said)[0].split()[-1])

    def common(self) -> None:
        """A word that stands in about every second message, or every fourth."""
        self._search(self._draw.choice(("w1", "w2", "w3")))

    def phrase(self) -> None:
        """Two words that stood together."""
        words = self._draw.choice(self._said)[0].split()
        at = self._draw.randrange(len(words) - 2)
        self._search(f'"{words[at]} {words[at + 1]}"')

    def said_by(self) -> None:
        """All that one person said."""
        self._search(f"from:{self._draw.choice(self._said)[1]}")

    def combined(self) -> None:
        """A word and what is asked of its message and its case."""
        word = self._draw.choice(self._draw.choice(self._said)[0].split()[:-1])
        day = self._draw.choice(self._days)
        self._search(f"{word} network:sandbox in:public is:open before:{day:%Y-%m-%d}")

    def people(self) -> None:
        """Somebody whose handle begins like that, as the palette asks."""
        handle = self._draw.choice(self._said)[1]
        with looking(self._company.workspace) as tx:
            people.quick(tx, self._actor, handle[: self._draw.randrange(2, len(handle))])

    def _search(self, words: str) -> None:
        with looking(self._company.workspace) as tx:
            page = find.page(tx, self._actor, words, UTC, None)
        self.searched += 1
        self.cut += page.looked_back_to is not None

    def _ask(
        self, view: ViewName, *, queue: int | None = None, channel: int | None = None, cursor: str | None = None
    ) -> str | None:
        with looking(self._company.workspace) as tx:
            shown = inbox.page(tx, self._actor, view, queue=queue, channel=channel, cursor=cursor, limit=PAGE)
        return shown.next
