"""A second person: who may agree, what goes out then, and what never does."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import psycopg
import pytest

from offhold.kernel.errors import Conflict, Forbidden, Invalid, Stale
from offhold.people.actors import Actor
from offhold.publishing import approvals, gate, policies, record, waiting
from offhold.publishing.policy import AgreedText, Guarding, Holds, PublishingPolicy
from offhold.publishing.replies import AskedPicture
from offhold.publishing.tests.office import EVERYTHING, Office
from offhold.publishing.tests.world import Move, wait_for
from tests.support import builders
from tests.support.fixtures import OwnerSql

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def test_nothing_goes_out_before_somebody_agreed(office: Office, clock_offset: Move) -> None:
    case = office.asked_in_public()
    reply = office.ask(case)
    with office.sending():
        clock_offset(3600.0)
        office.network.tick()
        assert office.state(reply) == "approval"
        office.agree(reply, case)
        assert office.until(reply, "sent")
    agreed = office.public_reply(reply).agreed
    assert agreed is not None
    assert (agreed.by, agreed.name) == (office.carol.membership_id, office.carol.duty_name)
    assert office.network.published("public") == ["On its way, Dora."]


@pytest.mark.parametrize(
    ("role", "code"), [("mia", "your_own_words"), ("agent", "not_asked"), ("observer", "forbidden")]
)
def test_who_may_not_agree(office: Office, role: str, code: str) -> None:
    case = office.asked_in_public()
    reply = office.ask(case)
    who = office.mia if role == "mia" else office.hired(role)
    with pytest.raises(Forbidden) as caught:
        office.agree(reply, case, by=who)
    assert (caught.value.code, office.state(reply)) == (code, "approval")


def test_a_lead_does_not_agree_to_their_own_words(office: Office) -> None:
    office.hired("lead")
    case = office.asked_in_public()
    reply = office.say(case, by=office.carol)
    with pytest.raises(Forbidden) as caught:
        office.agree(reply, case)
    assert caught.value.code == "your_own_words"


def test_a_direct_reply_is_agreed_to_through_its_own_door(office: Office) -> None:
    case = office.asked_in_private()
    reply = office.whisper(case, by=office.mia)
    seen = office.version(case)
    with office.sending():
        with office.tx() as tx:
            approvals.approve_direct(tx, office.carol, reply, seen)
        assert office.until(reply, "sent")
    assert office.network.published("public") == []
    assert office.network.published("private") == ["XK7QP2 is in Lisbon."]


def test_whoever_agrees_has_seen_the_case_as_it_is(office: Office) -> None:
    case = office.asked_in_public()
    reply, seen = office.ask(case), office.version(case)
    office.asked_in_public("Forget it!")
    with pytest.raises(Stale), office.tx() as tx:
        approvals.approve_public(tx, office.carol, reply, seen)
    assert office.state(reply) == "approval"


def test_what_was_seen_when_agreeing_does_not_stop_it_later(office: Office, clock_offset: Move) -> None:
    builders.policy(office.company, msgspec.structs.replace(EVERYTHING, holds=Holds(20, 5)))
    case = office.asked_in_public()
    reply = office.ask(case)
    office.asked_in_public("Are you there?")  # Carol has it on her screen when she agrees
    office.agree(reply, case)
    with office.sending():
        office.to_the_end(reply, clock_offset)
    assert office.state(reply) == "sent"


def test_it_is_sent_back_with_a_comment(office: Office) -> None:
    reply = office.ask(office.asked_in_public())
    with office.tx() as tx:
        approvals.send_back_public(tx, office.carol, reply, " Too harsh. ")
    standing = office.public_reply(reply).standing
    assert (standing.state, standing.error_code, standing.error_text) == ("cancelled", "sent_back", "Too harsh.")


@pytest.mark.parametrize("comment", ["", "  ", "x" * 2001])
def test_sending_back_says_why(office: Office, comment: str) -> None:
    reply = office.ask(office.asked_in_public())
    with pytest.raises(Invalid), office.tx() as tx:
        approvals.send_back_public(tx, office.carol, reply, comment)


def test_whoever_wrote_it_hears_that_it_was_sent_back(office: Office) -> None:
    reply = office.ask(office.asked_in_public())
    with office.tx() as tx:
        approvals.send_back_public(tx, office.carol, reply, "Not like this.")
    told = office.all("SELECT membership_id, kind FROM notices WHERE workspace_id = %s", office.company.id)
    assert told == [(office.mia.membership_id, "sent_back")]


def test_one_of_several_candidates_is_chosen(office: Office) -> None:
    case = office.asked_in_public()
    first, second, third = (office.ask(case, text) for text in ("In Lisbon.", "It is in Lisbon, Dora.", "Lisbon!"))
    office.agree(second, case)
    assert [office.state(reply) for reply in (first, second, third)] == ["cancelled", "intent", "cancelled"]
    assert office.code(first) == "another_chosen"


def test_a_day_lets_it_lapse(office: Office, clock_offset: Move) -> None:
    reply = office.ask(office.asked_in_public())
    with office.sending():
        office.to_the_end(reply, clock_offset, within=90_000)
    assert (office.state(reply), office.code(reply)) == ("cancelled", "nobody_agreed")


def test_after_three_minutes_a_backup_is_paged_and_it_still_waits(office: Office, clock_offset: Move) -> None:
    reply = office.ask(office.asked_in_public())
    with office.sending():
        clock_offset(180.5)
        wait_for(lambda: office.one("SELECT count(*) FROM pages WHERE subject = %s", str(reply)) == (1,))
    assert office.state(reply) == "approval"
    assert office.one("SELECT kind FROM pages WHERE subject = %s", str(reply)) == ("backup_asked",)


def test_who_is_alone_looks_twice(office: Office, clock_offset: Move) -> None:
    with office.tx() as tx:
        tx.run("UPDATE memberships SET role = 'agent' WHERE id = %s", (office.carol.membership_id,))
    case = office.asked_in_public()
    reply = office.ask(case)
    assert office.public_reply(reply).alone
    with pytest.raises(Conflict) as caught:
        office.agree(reply, case, by=office.mia)
    assert (caught.value.code, office.state(reply)) == ("look_twice", "approval")
    clock_offset(30.0)
    office.agree(reply, case, by=office.mia)
    assert office.state(reply) == "intent"


def test_what_waits_is_shown_to_those_who_can_do_something(office: Office) -> None:
    reply = office.ask(office.asked_in_public())
    private = office.whisper(office.asked_in_private(), by=office.mia)

    def shown(who: Actor) -> list[tuple[str, bool, bool]]:
        with office.tx() as tx:
            return [(w.reply.id, w.may.take_back, w.may.agree) for w in waiting.waiting(tx, who)]

    assert shown(office.mia) == [(str(reply), True, False), (str(private), True, False)]
    assert shown(office.carol) == [(str(reply), True, True), (str(private), True, True)]
    assert shown(office.hired("agent")) == []
    assert shown(office.hired("observer")) == []


def test_what_others_planned_does_not_hide_ones_own(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST", 2)
    builders.holds(office.company, public=20)
    for name in ("dora", "emil", "fay"):
        office.say(office.asked_in_public(by=name), by=office.carol)
    mine = office.say(office.asked_in_public(by="gus"), by=office.mia)
    with office.tx() as tx:
        assert [w.reply.id for w in waiting.waiting(tx, office.mia)] == [str(mine)]


@pytest.mark.parametrize(
    "change",
    [
        "state = 'intent'",  # nobody agreed
        "state = 'held'",
        "state = 'intent', approved_by = 1, approved_at = now(), approved_sha256 = decode(repeat('00', 32), 'hex')",
        "state = 'intent', approved_by = author_id, approved_at = now(), approved_sha256 = text_sha256",
        "state = 'intent', approved_by = 1, approved_sha256 = text_sha256",
        "text = 'Something else.'",
        "asks = '[]'",
        "alone = true",
    ],
)
def test_no_row_goes_out_that_was_not_agreed_to(office: Office, owner_sql: OwnerSql, change: str) -> None:
    reply = office.ask(office.asked_in_public())
    with pytest.raises(psycopg.Error):
        owner_sql(f"UPDATE public_replies SET {change} WHERE id = %s", (reply,))
    owner_sql(
        "UPDATE public_replies SET state = 'intent', approved_by = 1, approved_at = now(),"
        " approved_sha256 = text_sha256 WHERE id = %s",
        (reply,),
    )


def test_words_agreed_to_once_for_many_pass_until_they_end(office: Office) -> None:
    text = AgreedText(text="We fly again at  noon.", until=NOON.replace(year=2030))
    builders.policy(office.company, msgspec.structs.replace(EVERYTHING, agreed_public=(text,)))
    case = office.asked_in_public()
    assert office.state(office.ask(case, "@dora We fly again at noon.")) == "intent"
    assert office.state(office.ask(case, "We fly again at one.")) == "approval"


def test_a_picture_nobody_agreed_to_is_not_let_through_by_words_that_somebody_did(office: Office) -> None:
    text = AgreedText(text="We fly again at noon.", until=NOON.replace(year=2030))
    builders.policy(office.company, msgspec.structs.replace(EVERYTHING, agreed_public=(text,)))
    ask = office.public_ask(office.asked_in_public(), text.text)
    shown = msgspec.structs.replace(ask, pictures=(AskedPicture("1", "A timetable"),))
    with office.tx() as tx:
        begins = gate.begin_public(tx, office.mia, shown, office.channel_id, text.text)
    assert begins["standing"].state == "approval"


def test_who_was_alone_and_is_no_longer_does_not_agree_to_their_own_words(office: Office, clock_offset: Move) -> None:
    case = office.asked_in_public()
    reply = office.say(case, by=office.carol)
    assert office.public_reply(reply).alone
    office.hired("lead")
    clock_offset(31.0)
    with pytest.raises(Forbidden) as caught:
        office.agree(reply, case)
    assert caught.value.code == "your_own_words"


def test_who_had_somebody_to_ask_and_is_alone_since_does_not_agree_to_their_own_words(
    office: Office, clock_offset: Move
) -> None:
    case = office.asked_in_public()
    reply = office.ask(case)
    with office.tx() as tx:
        tx.run("UPDATE memberships SET role = 'agent' WHERE id = %s", (office.carol.membership_id,))
    clock_offset(31.0)
    with pytest.raises(Forbidden) as caught:
        office.agree(reply, case, by=office.mia)
    assert (caught.value.code, office.state(reply)) == ("your_own_words", "approval")


def test_what_answers_deleted_words_cannot_be_agreed_to(office: Office) -> None:
    case = office.asked_in_public()
    reply = office.ask(case)
    with office.tx() as tx:
        tx.run("UPDATE messages SET deleted_at = %s WHERE case_id = %s AND identity_id IS NOT NULL", (tx.at, case))
    with pytest.raises(Conflict) as caught:
        office.agree(reply, case)
    assert (caught.value.code, office.state(reply)) == ("message_deleted", "approval")


def test_a_comment_cannot_look_like_a_line_of_the_record(office: Office) -> None:
    reply = office.ask(office.asked_in_public())
    with office.tx() as tx:
        approvals.send_back_public(tx, office.carol, reply, "No.\n\n2026-11-22T10:00:00+00:00  Approved by Boss")
        told = record.as_text(record.of_public(tx, office.mia, reply))
    assert not [line for line in told.splitlines() if line.startswith("2026-11-22T10:00:00+00:00  Approved")]
    assert "Approved by Boss" in told


@pytest.mark.parametrize(
    "told",
    [
        PublishingPolicy(careful_until=datetime(2026, 11, 22, 12, 0)),  # noqa: DTZ001 - that is the point
        PublishingPolicy(agreed_private=(AgreedText(text="Yes.", until=datetime(2026, 11, 22)),)),  # noqa: DTZ001 - the same
        PublishingPolicy(guard=Guarding(exceptions=("a\0b",))),
        PublishingPolicy(guard=Guarding(exceptions=("\ud800",))),
        PublishingPolicy(guard=Guarding(by_channel={"9" * 5000: {}})),
        PublishingPolicy(guard=Guarding(by_channel={str(n): {} for n in range(1, 1002)})),
    ],
)
def test_a_policy_that_nobody_could_follow_is_refused(office: Office, told: PublishingPolicy) -> None:
    with pytest.raises(Invalid) as caught:
        policies.check_policy(office.carol, told)
    assert caught.value.code == "bad_policy"


def test_a_named_backup_who_does_not_lead_is_told(office: Office, clock_offset: Move) -> None:
    named, other = office.hired("agent"), office.hired("agent")
    builders.policy(office.company, msgspec.structs.replace(EVERYTHING, backups=(str(named.membership_id),)))
    reply = office.ask(office.asked_in_public())
    with office.sending():
        clock_offset(180.5)
        wait_for(lambda: office.one("SELECT count(*) FROM pages WHERE subject = %s", str(reply)) == (1,))
    told = "SELECT membership_id, params ->> 'page' FROM notices WHERE membership_id = ANY (%s)"
    found = office.all(told, [named.membership_id, other.membership_id, office.mia.membership_id])
    assert found == [(named.membership_id, "backup_asked")]
