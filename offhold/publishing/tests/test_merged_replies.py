"""Replies keep the case they were meant in; when that became part of another, they belong to the other."""

from __future__ import annotations

import psycopg
import pytest

from offhold.cases import acts, merging
from offhold.publishing import direct, news, public, unsent
from offhold.publishing.conclude import lock
from offhold.publishing.tests.office import EVERYTHING, Office
from offhold.publishing.tests.world import World
from tests.support import builders


def merge(world: World, case: int, into: int) -> None:
    with world.tx() as tx:
        merging.do_merge(tx, *merging.lock_two(tx, world.company.id, case, into), by="Kofi", by_id=None)


def test_the_other_candidates_of_a_merged_case_are_passed_over(office: Office) -> None:
    dora, emil = office.asked_in_public(), office.asked_in_public("And my bag?", by="emil")
    bag = office.newest(emil)
    before = office.ask(emil, "In Oslo.")
    merge(office, emil, dora)
    since = office.mean_publicly(office.public_ask(dora, "It is in Oslo, Emil.", in_reply_to=bag), by=office.mia).id
    office.agree(since, dora)
    assert [office.state(reply) for reply in (before, since)] == ["cancelled", "intent"]


def test_and_those_of_the_case_it_became_part_of(office: Office) -> None:
    dora, emil = office.asked_in_public(), office.asked_in_public("And my bag?", by="emil")
    bag = office.newest(emil)
    before = office.ask(emil, "In Oslo.")
    merge(office, emil, dora)
    since = office.mean_publicly(office.public_ask(dora, "It is in Oslo, Emil.", in_reply_to=bag), by=office.mia).id
    office.agree(before, dora)
    assert [office.state(reply) for reply in (before, since)] == ["intent", "cancelled"]


def test_what_waits_in_a_merged_case_lapses_with_the_one_it_became_part_of(office: Office) -> None:
    dora, emil, fay = (office.asked_in_public(by=name) for name in ("dora", "emil", "fay"))
    reply = office.ask(emil)
    merge(office, emil, dora)
    merge(office, dora, fay)  # at two removes
    with office.tx() as tx:
        acts.do_resolve(tx, acts.lock(tx, office.company.id, fay), "Carol", office.carol.membership_id)
        unsent.lapse_of_case(tx, office.company.id, fay)
    assert (office.state(reply), office.code(reply)) == ("cancelled", "case_resolved")


def test_ones_own_replies_of_a_merged_case_are_no_news(office: Office) -> None:
    builders.holds(office.company)
    dora, emil = office.asked_in_public(), office.asked_in_public("And my bag?", by="emil")
    mine, colleagues = office.ask(emil), office.say(emil, "In Oslo.", by=office.carol)
    merge(office, emil, dora)
    seen = office.version(dora)
    with office.sending():
        for reply in (mine, colleagues):
            office.until(reply, "sent")
    with office.tx() as tx:
        told = news.since(
            tx, workspace_id=office.company.id, case_id=dora, version=seen, author_id=office.mia.membership_id
        )
    assert [item.get("reply_id") for item in told] == [str(colleagues)]


def test_only_the_case_that_stands_for_it_is_locked(office: Office, database: str) -> None:
    """Whoever resolves the one locks it first, and then what waits in its parts."""
    builders.policy(office.company, EVERYTHING)
    dora, emil = office.asked_in_public(), office.asked_in_public("And my bag?", by="emil")
    public_reply, direct_reply = office.ask(emil), office.whisper(emil, "In Oslo.", by=office.mia)
    merge(office, emil, dora)
    with office.tx() as tx:
        assert lock(tx, public.LINE, office.company.id, public_reply).case_id == dora
        assert lock(tx, direct.LINE, office.company.id, direct_reply).case_id == dora
        with psycopg.connect(database) as other:
            assert other.execute("SELECT 1 FROM cases WHERE id = %s FOR UPDATE NOWAIT", (emil,)).fetchone() == (1,)
            with pytest.raises(psycopg.errors.LockNotAvailable):
                other.execute("SELECT 1 FROM cases WHERE id = %s FOR UPDATE NOWAIT", (dora,))
