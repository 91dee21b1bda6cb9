"""After it is out: read back who can read it, take back what should not be public, and say how it all came about."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from offhold.kernel.errors import Conflict, Forbidden
from offhold.people import pages
from offhold.publishing import actions, drafts, record, repairs
from offhold.publishing.tests.office import EVERYTHING, Office
from offhold.publishing.tests.world import Move, World, wait_for
from tests.support import builders


@pytest.fixture
def office(database: str) -> Iterator[Office]:
    made = Office()
    builders.holds(made.company)
    with made.installed():
        yield made


def proof(world: World, reply: int) -> tuple[Any, ...]:
    """Whether it was read back, whether that is still to come, and how often it was tried in vain."""
    return world.one(
        "SELECT verified_at IS NOT NULL, verify_at IS NOT NULL, verify_tries FROM public_replies WHERE id = %(id)s"
        " UNION ALL SELECT verified_at IS NOT NULL, verify_at IS NOT NULL, verify_tries FROM direct_replies"
        " WHERE id = %(id)s",
        {"id": reply},
    )


def tried_in_vain(world: World, reply: int, times: int) -> bool:
    return bool(proof(world, reply)[2] == times)


def withdrawn(world: World, reply: int) -> bool:
    return "Withdrawn" in str(
        world.one(
            "SELECT evidence::text FROM public_replies WHERE id = %(id)s"
            " UNION ALL SELECT evidence::text FROM direct_replies WHERE id = %(id)s",
            {"id": reply},
        )
    )


def paged(world: World) -> list[str]:
    with world.tx() as tx:
        return [page.kind for page in pages.open_pages(tx, world.person("Alice", "lead"))]


# --- reading back --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["public", "direct"])
def test_who_can_read_it_is_read_back(world: World, clock_offset: Move, kind: str) -> None:
    reply = world.say(world.asked_in_public()) if kind == "public" else world.whisper(world.asked_in_private())
    with world.sending():
        assert world.until(reply, "sent")
        assert proof(world, reply) == (False, True, 0)
        clock_offset(3.0)
        wait_for(lambda: proof(world, reply) == (True, False, 0))
    assert paged(world) == []


def test_a_stated_wrong_audience_is_deleted_at_once_the_channel_frozen_and_a_lead_paged(
    world: World, clock_offset: Move
) -> None:
    reply = world.whisper(world.asked_in_private())
    with world.sending():
        assert world.until(reply, "sent")
        world.network.expose(world.direct_reply(reply).network_id or "")
        clock_offset(3.0)
        assert world.until(reply, "needs_human")
        wait_for(lambda: world.network.shown("public") == [])
    assert world.direct_reply(reply).standing.error_code == "wrong_audience"
    assert world.one("SELECT sending FROM channels WHERE id = %s", world.channel_id) == (False,)
    assert paged(world) == ["wrong_audience"]


@pytest.mark.parametrize("kind", ["public", "direct"])
def test_what_the_wrong_people_saw_can_be_given_up_and_never_counts_as_sent(
    world: World, clock_offset: Move, kind: str
) -> None:
    world.network.fail("misstate_audience")
    reply = world.say(world.asked_in_public()) if kind == "public" else world.whisper(world.asked_in_private())
    with world.sending():
        assert world.until(reply, "needs_human")
        wait_for(lambda: world.network.shown("public") + world.network.shown("private") == [])
        wait_for(lambda: withdrawn(world, reply))
    world.hear(settle=False)  # the network's copy of it comes: it was seen, and not by whom it was for
    decide = actions.decide_public_reply if kind == "public" else actions.decide_direct_reply
    with pytest.raises(Conflict) as caught, world.tx() as tx:
        decide(tx, world.person(), reply, "it_was_sent")
    assert (caught.value.code, world.state(reply)) == ("wrong_audience", "needs_human")
    with world.tx() as tx:
        decide(tx, world.person(), reply, "give_up")
    assert world.state(reply) == "cancelled"


@pytest.mark.parametrize("kind", ["public", "direct"])
def test_nothing_is_decided_while_it_is_being_deleted(world: World, kind: str) -> None:
    world.network.fail("misstate_audience")
    reply = world.say(world.asked_in_public()) if kind == "public" else world.whisper(world.asked_in_private())
    with world.sending():
        assert world.until(reply, "needs_human")
        wait_for(lambda: withdrawn(world, reply))
    decide = actions.decide_public_reply if kind == "public" else actions.decide_direct_reply
    with world.tx() as tx:  # as while the network cannot be reached
        tx.run(f"UPDATE {kind}_replies SET withdraw_at = %s WHERE id = %s", (tx.at, reply))
    with pytest.raises(Conflict) as caught, world.tx() as tx:
        decide(tx, world.person(), reply, "give_up")
    assert (caught.value.code, world.state(reply)) == ("being_withdrawn", "needs_human")


def test_what_cannot_be_found_is_asked_for_again_then_put_before_a_person_and_never_deleted(
    world: World, clock_offset: Move
) -> None:
    reply = world.say(world.asked_in_public())
    with world.sending():
        assert world.until(reply, "sent")
        world.network.hide(world.public_reply(reply).network_id or "")
        at = 0.0
        for tried, wait in enumerate((3.0, 31.0, 121.0, 601.0), start=1):
            clock_offset(at := at + wait)
            wait_for(partial(tried_in_vain, world, reply, tried), tell=lambda: proof(world, reply))
        wait_for(lambda: proof(world, reply) == (False, False, 4), tell=lambda: proof(world, reply))
    assert (world.state(reply), paged(world)) == ("sent", ["audience_unread"])
    assert world.network.shown("public") == ["On its way, Dora."]


# --- repair --------------------------------------------------------------------------------------------------


def said(office: Office, text: str = "Your bag is lost, and so are you.") -> tuple[int, int]:
    """Something that should never have been said in public, and is. Returns the case and the reply."""
    case = office.asked_in_public()
    reply = office.say(case, text, by=office.mia)
    with office.sending():
        assert office.until(reply, "sent")
    return case, reply


def taken_back(office: Office, reply: int, by: Any = None) -> repairs.Repaired:
    with office.tx() as tx:
        return repairs.repair(tx, by or office.mia, reply, "It was meant for one person.")


@pytest.mark.parametrize("gone", [[drafts.PUBLIC], [drafts.DIRECT], [drafts.PUBLIC, drafts.DIRECT]])
def test_whose_drafts_were_used_is_told_that_it_was_taken_back_before(
    office: Office, gone: list[drafts.Drafts]
) -> None:
    case, reply = said(office)
    taken_back(office, reply)
    with office.tx() as tx:
        for kept in gone:
            kept.do_drop(tx, office.company.id, case)
    with pytest.raises(Conflict) as caught:
        taken_back(office, reply)
    assert caught.value.code == "repaired_before"


def test_it_is_taken_off_the_network_and_its_time_is_measured(office: Office) -> None:
    case, reply = said(office)
    made = taken_back(office, reply)
    assert made.repair.gone_at is None
    with office.sending():
        wait_for(lambda: office.network.shown("public") == [])
        wait_for(lambda: office.one("SELECT gone_at IS NOT NULL FROM repairs WHERE reply_id = %s", reply)[0])
    with office.tx() as tx:
        (gone,) = repairs.of_case(tx, office.company.id, case)
    assert gone.gone_at is not None
    assert gone.gone_at >= gone.at
    assert office.state(reply) == "sent"


def test_all_that_follows_is_one_act(office: Office) -> None:
    case, reply = said(office)
    made = taken_back(office, reply)
    assert made.direct_draft.text.startswith("I am sorry")
    assert (made.direct_draft.written_as, made.public_draft.written_as) == ("private", "public")
    assert (made.public_draft.text, made.public_draft.second_person) == ("Your bag is lost, and so are you.", True)
    assert made.repair.lead_id == str(office.carol.membership_id)
    assert office.one("SELECT assignee_id FROM cases WHERE id = %s", case) == (office.carol.membership_id,)
    assert paged(office) == ["repair"]
    kinds = [row[0] for row in office.all("SELECT kind FROM case_events WHERE case_id = %s ORDER BY id", case)]
    assert kinds[-2:] == ["reply.repaired", "case.assigned"]
    (kept,) = office.one("SELECT said ->> 'text' FROM repairs WHERE reply_id = %s", reply)
    assert kept == "Your bag is lost, and so are you."


def test_two_clicks_are_one_repair(office: Office) -> None:
    _, reply = said(office)
    first, second = taken_back(office, reply), taken_back(office, reply, office.carol)
    assert first.repair.id == second.repair.id
    assert office.one("SELECT count(*) FROM pages WHERE kind = 'repair' AND subject = %s", str(reply)) == (1,)


def test_what_a_colleague_was_writing_is_not_lost(office: Office) -> None:
    case, reply = said(office)
    with office.tx() as tx:
        drafts.DIRECT.do_keep(tx, office.carol, case, drafts.Words(text="Half a sentence"), 0)
    assert taken_back(office, reply).direct_draft.text.endswith("\n\nHalf a sentence")


@pytest.mark.parametrize("written_as", ["public", "private"])
def test_behind_the_words_to_be_put_right_others_stay_what_they_were_typed_as(office: Office, written_as: Any) -> None:
    case, reply = said(office)
    with office.tx() as tx:
        drafts.PUBLIC.do_keep(tx, office.carol, case, drafts.Words(text="Half", written_as=written_as), 0)
    assert taken_back(office, reply).public_draft.written_as == written_as


def test_not_even_the_end_of_the_longest_draft_is_lost(office: Office) -> None:
    case, reply = said(office)
    with office.tx() as tx:
        drafts.DIRECT.do_keep(tx, office.carol, case, drafts.Words(text="x" * (drafts.LONGEST - 4) + "last"), 0)
    assert taken_back(office, reply).direct_draft.text.endswith("xlast")


def test_what_is_not_out_cannot_be_taken_back_and_observers_cannot_at_all(office: Office) -> None:
    reply = office.say(office.asked_in_public(), by=office.mia)
    with pytest.raises(Conflict) as caught:
        taken_back(office, reply)
    assert caught.value.code == "not_out"
    _, out = said(office)
    with pytest.raises(Forbidden):
        taken_back(office, out, office.hired("observer"))


def test_a_network_that_refuses_to_delete_is_told(office: Office) -> None:
    case, reply = said(office)
    office.network.keeps_everything = True
    taken_back(office, reply)
    with office.sending():
        wait_for(lambda: office.one("SELECT refused IS NOT NULL FROM repairs WHERE reply_id = %s", reply)[0])
    with office.tx() as tx:
        (kept,) = repairs.of_case(tx, office.company.id, case)
    assert (kept.gone_at, kept.refused is not None) == (None, True)


# --- the record ----------------------------------------------------------------------------------------------


def test_the_record_tells_who_wrote_changed_agreed_sent_and_took_back_with_the_exact_words(office: Office) -> None:
    builders.policy(office.company, EVERYTHING)
    case = office.asked_in_public()
    first = office.ask(case, "It is in Madrid.")
    with office.sending():
        edited = office.change(first, case, "It is in Lisbon, Dora.")
        office.agree(edited.id, case, by=office.mia)
        assert office.until(edited.id, "sent")
    taken_back(office, edited.id)
    with office.tx() as tx:
        told = record.of_public(tx, office.mia, edited.id)
    happened = [(one.what, one.by, one.text) for one in told.happened]
    mia, carol = office.mia.duty_name, office.carol.duty_name
    assert happened[0] == ("written", mia, "It is in Madrid.")
    assert ("asked", None, "It is in Madrid.") in happened
    assert ("edited", carol, "It is in Lisbon, Dora.") in happened
    assert ("attempt", None, "It is in Lisbon, Dora.") in happened
    assert ("Confirmed", None, "It is in Lisbon, Dora.") in happened
    assert ("Repaired", mia, "It is in Lisbon, Dora.") in happened
    text = record.as_text(told)
    assert "| It is in Madrid." in text
    assert told.audience == "public"


def test_the_record_of_a_private_reply_is_not_for_everybody(office: Office) -> None:
    reply, observer = office.whisper(office.asked_in_private(), by=office.mia), office.hired("observer")
    with office.tx() as tx, pytest.raises(Forbidden):
        record.of_direct(tx, observer, reply)
