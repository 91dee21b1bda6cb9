"""Commits facts as a worker does. Imported once Django is set up."""

from __future__ import annotations

import time

from bench.live_fact import changed
from offhold.kernel import ids
from offhold.kernel.db.tx import connected, transaction
from offhold.kernel.facts import Recorded
from offhold.people.actions import do_create_user
from offhold.people.actors import key_hash
from offhold.people.models import Membership, Session
from offhold.people.workspaces import do_found_workspace

COMMITS_PER_SECOND = 20


class Writer:
    """A workspace, and facts in it at a steady rate."""

    def __init__(self) -> None:
        self.workspace_id = do_found_workspace("Bench").workspace_id
        self.last = 0
        self.backend: int = connected().info.backend_pid  # the server's process for what we write

    def sign_ins(self, count: int) -> list[str]:
        """So many sign-ins of one person; returns the tokens of their cookies."""
        member = do_create_user(
            self.workspace_id,
            email="bench@example.com",
            password="correct horse battery",
            role="agent",
            duty_name="Mia",
        )
        tokens = [f"bench-{ids.new()}" for _ in range(count)]
        with transaction(self.workspace_id) as tx:
            user = Membership.objects.get(pk=member).user_id
            Session.objects.bulk_create(
                Session(key_hash=key_hash(token), user_id=user, data="", began_at=tx.at, seen_at=tx.at)
                for token in tokens
            )
        self.last = self._seq()
        return tokens

    def write(self, rate: int, seconds: float) -> None:
        """So many facts per second for so long."""
        began = time.monotonic()
        for number in range(int(seconds * COMMITS_PER_SECOND)):
            time.sleep(max(0.0, began + number / COMMITS_PER_SECOND - time.monotonic()))
            self.commit(rate // COMMITS_PER_SECOND)

    def commit(self, count: int) -> None:
        """One transaction with so many facts."""
        with transaction(self.workspace_id) as tx:
            for number in range(self.last + 1, self.last + 1 + count):
                tx.record(Recorded(self.workspace_id, changed(number), case_id=number))
        self.last += count

    def _seq(self) -> int:
        with transaction(self.workspace_id) as tx:
            row = tx.one("SELECT seq FROM workspace_clock WHERE workspace_id = %s", (self.workspace_id,))
        assert row is not None  # made with the workspace
        return int(row[0])
