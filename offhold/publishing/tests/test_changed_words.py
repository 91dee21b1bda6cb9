"""Somebody changes the words of another: whose they are then, and who may agree to them."""

from __future__ import annotations

import psycopg
import pytest

from offhold.cases import merging
from offhold.kernel.errors import Conflict, Forbidden, Invalid
from offhold.publishing import approvals, record, waiting
from offhold.publishing.approvals import Change
from offhold.publishing.tests.office import Office
from tests.support.fixtures import OwnerSql


def test_they_wait_for_their_author_and_the_old_ones_never_go(office: Office) -> None:
    case = office.asked_in_public()
    reply = office.ask(case, "It is in Madrid.")
    edited = office.change(reply, case, "It is in Lisbon, Dora.")
    assert (office.state(reply), office.code(reply)) == ("cancelled", "edited")
    assert (edited.state, edited.author_id, edited.edited_by, edited.edited_from, edited.agreed) == (
        "approval", office.mia.membership_id, office.carol.membership_id, reply, None
    )  # fmt: skip
    with office.sending():
        office.agree(edited.id, case, by=office.mia)
        assert office.until(edited.id, "sent")
    assert office.network.published("public") == ["It is in Lisbon, Dora."]


def test_whoever_changed_them_does_not_agree_to_them(office: Office) -> None:
    case = office.asked_in_public()
    edited = office.change(office.ask(case), case, "All lies, Dora.")
    with pytest.raises(Forbidden) as caught:
        office.agree(edited.id, case)
    assert (caught.value.code, office.state(edited.id)) == ("your_own_words", "approval")


def test_another_lead_may_and_may_change_them_again(office: Office) -> None:
    case, erin = office.asked_in_public(), office.hired("lead")
    once = office.change(office.ask(case), case, "It is in Lisbon.")
    twice = office.change(once.id, case, "It is in Lisbon, Dora.", by=erin)
    assert [reason.params.get("by") for reason in twice.asks if reason.code == "edited"] == [erin.duty_name]
    office.agree(twice.id, case)  # Carol's own were replaced since
    assert office.state(twice.id) == "intent"


def test_the_author_does_not_change_them_in_turn(office: Office) -> None:
    case = office.asked_in_public()
    edited = office.change(office.ask(case), case, "It is in Lisbon.")
    with pytest.raises(Conflict) as caught:
        office.change(edited.id, case, "It is in Madrid.", by=office.mia)
    assert caught.value.code == "your_own_words"


def test_only_those_who_may_agree_are_offered_it(office: Office) -> None:
    case = office.asked_in_public()
    office.change(office.ask(case), case, "It is in Lisbon.")
    with office.tx() as tx:
        seen = {who.duty_name: waiting.waiting(tx, who)[0].may.agree for who in (office.mia, office.carol)}
    assert seen == {office.mia.duty_name: True, office.carol.duty_name: False}


@pytest.mark.parametrize(("by", "goes"), [("edited_by", False), ("NULL", False), ("author_id", True)])
def test_no_row_goes_out_that_only_its_editor_agreed_to(
    office: Office, owner_sql: OwnerSql, by: str, goes: bool
) -> None:
    case = office.asked_in_public()
    edited = office.change(office.ask(case), case, "It is in Lisbon.")
    statement = (
        f"UPDATE public_replies SET state = 'intent', approved_by = {by}, approved_at = now(),"
        " approved_sha256 = text_sha256 WHERE id = %s"
    )
    if goes:
        owner_sql(statement, (edited.id,))
    else:
        with pytest.raises(psycopg.Error):
            owner_sql(statement, (edited.id,))


def test_the_record_tells_who_changed_and_who_agreed(office: Office) -> None:
    case = office.asked_in_public()
    edited = office.change(office.ask(case), case, "It is in Lisbon.")
    office.agree(edited.id, case, by=office.mia)
    with office.tx() as tx:
        happened = record.of_public(tx, office.mia, edited.id).happened
    told = [(one.what, one.by) for one in happened if one.what in ("written", "edited", "Approved")]
    assert told == [
        ("written", office.mia.duty_name), ("edited", office.carol.duty_name), ("Approved", office.mia.duty_name)
    ]  # fmt: skip


def test_a_change_chooses_none_of_several_candidates(office: Office) -> None:
    case = office.asked_in_public()
    first, second = office.ask(case, "In Lisbon."), office.ask(case, "It is in Lisbon, Dora.")
    edited = office.change(second, case, "It is in Lisbon.")
    assert [office.state(reply) for reply in (first, edited.id)] == ["approval", "approval"]
    office.agree(edited.id, case, by=office.mia)
    assert [office.state(reply) for reply in (first, edited.id)] == ["cancelled", "intent"]


def test_changed_words_pass_the_guard_again(office: Office) -> None:
    case = office.asked_in_public()
    reply, seen = office.ask(case), office.version(case)
    with pytest.raises(Invalid) as caught, office.tx() as tx:
        approvals.edit_public(tx, office.carol, reply, Change("Your card 4111 1111 1111 1111 is charged.", seen))
    assert (caught.value.code, office.state(reply)) == ("guard_refused", "approval")


def test_what_is_changed_after_a_merge_belongs_to_the_case_it_was_seen_in(office: Office) -> None:
    dora, emil = office.asked_in_public(), office.asked_in_public("And my bag?", by="emil")
    reply = office.ask(emil)
    with office.tx() as tx:
        merging.do_merge(tx, *merging.lock_two(tx, office.company.id, emil, dora), by="Kofi", by_id=None)
    seen = office.version(dora)
    with office.tx() as tx:
        edited = approvals.edit_public(tx, office.carol, reply, Change("It is in Oslo, Emil.", seen))
    assert (edited.case_id, edited.case_version) == (dora, seen)
