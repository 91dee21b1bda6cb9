"""A second person: when one is asked, who may agree, what goes out then, and what never does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
import pytest

from offhold.cases import merging
from offhold.kernel.errors import Conflict, Forbidden, Invalid, Stale
from offhold.people.actors import Actor
from offhold.publishing import approvals, gate, offers, policies, record, waiting
from offhold.publishing.approval import (
    Colleague,
    Meant,
    Reason,
    agreed_once,
    careful,
    may_agree,
    nobody_else,
    reasons,
)
from offhold.publishing.approvals import Change
from offhold.publishing.asked import Before
from offhold.publishing.policy import AgreedText, Asks, Guarding, Holds, PublishingPolicy
from offhold.publishing.replies import AskedPicture
from offhold.publishing.tests.world import Move, World, wait_for
from tests.support import builders
from tests.support.fixtures import OwnerSql
from tests.support.site import Member

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EVERYTHING = PublishingPolicy(holds=Holds(0, 0), asks_public=Asks(everyone=True), asks_private=Asks(everyone=True))
ASKED = Before(written_as="public", second_person=True)


# --- pure ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asks", "codes"),
    [
        (Asks(), []),
        (Asks(everyone=True), ["everyone"]),
        (Asks(roles=("agent",)), ["role"]),
        (Asks(roles=("lead",)), []),
        (Asks(new_for_days=7), ["new_here"]),
        (Asks(new_for_days=2), []),
        (Asks(rules=("rude", "email")), ["rule"]),
        (Asks(rules=("email",)), []),
        (Asks(reach=100_000), ["reach"]),
        (Asks(reach=100_001), []),
        (Asks(everyone=True, roles=("agent",), reach=1), ["everyone", "role", "reach"]),
    ],
)
def test_when_a_second_person_is_asked(asks: Asks, codes: list[str]) -> None:
    meant = Meant(role="agent", joined_at=NOON - timedelta(days=3), let_stand=("rude",), reach=100_000)
    assert [reason.code for reason in reasons(asks, meant, NOON)] == codes


def test_the_author_may_ask_for_one_and_an_unknown_reach_asks_nobody() -> None:
    meant = Meant(role="agent", joined_at=NOON, asked_for=True)
    assert reasons(Asks(reach=1), meant, NOON) == (Reason("asked_for"),)


def test_a_bad_day_ends() -> None:
    policy = PublishingPolicy(careful_until=NOON)
    assert careful(policy, NOON - timedelta(seconds=1)) == (Reason("careful"),)
    assert careful(policy, NOON) == ()


@pytest.mark.parametrize(
    ("who", "waited", "may"),
    [
        (Colleague(1, "lead"), 0, False),  # the author
        (Colleague(2, "lead"), 0, True),
        (Colleague(2, "admin"), 0, True),
        (Colleague(2, "agent"), 9999, False),
        (Colleague(2, "observer"), 9999, False),
    ],
)
def test_leads_are_asked_when_nobody_is_named(who: Colleague, waited: int, *, may: bool) -> None:
    assert may_agree(PublishingPolicy(), who, 1, timedelta(seconds=waited)) is may


def test_a_backup_is_asked_after_three_minutes() -> None:
    policy = PublishingPolicy(approvers=("7",), backups=("8",))
    seven, eight, lead = Colleague(7, "agent"), Colleague(8, "agent"), Colleague(9, "lead")
    at_once, later = timedelta(seconds=179), timedelta(seconds=180)
    assert [may_agree(policy, who, 1, at_once) for who in (seven, eight, lead)] == [True, False, False]
    assert [may_agree(policy, who, 1, later) for who in (seven, eight, lead)] == [True, True, False]


def test_nobody_else_counts_only_those_who_could_ever_agree() -> None:
    team = [Colleague(1, "admin"), Colleague(2, "agent"), Colleague(3, "observer")]
    assert nobody_else(PublishingPolicy(), team, 1)
    assert not nobody_else(PublishingPolicy(), team, 2)
    assert not nobody_else(PublishingPolicy(backups=("2",)), team, 1)


# --- with a database -----------------------------------------------------------------------------------------


class Office(World):
    """A company where every reply needs a second person: Mia writes, Carol leads."""

    def __init__(self) -> None:
        super().__init__()
        builders.policy(self.company, EVERYTHING)
        self.mia, self.carol = self.hired("agent"), self.hired("lead")

    def hired(self, role: str) -> Actor:
        member = Member(self.company, role)
        user, name, initials = self.one("SELECT user_id, duty_name, initials FROM memberships WHERE id = %s", member.id)
        return Actor(user, member.id, self.company.id, role, name, initials, member.email)

    def ask(self, case: int, text: str = "On its way, Dora.") -> int:
        return self.say(case, text, by=self.mia)

    def agree(self, reply: int, case: int, *, by: Actor | None = None) -> None:
        seen = self.version(case)
        with self.tx() as tx:
            approvals.approve_public(tx, by or self.carol, reply, seen)

    def code(self, reply: int) -> str | None:
        return self.public_reply(reply).standing.error_code


@pytest.fixture
def office(database: str) -> Iterator[Office]:
    made = Office()
    with made.installed():
        yield made


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


def test_one_of_several_candidates_is_chosen(office: Office) -> None:
    case = office.asked_in_public()
    first, second, third = (office.ask(case, text) for text in ("In Lisbon.", "It is in Lisbon, Dora.", "Lisbon!"))
    office.agree(second, case)
    assert [office.state(reply) for reply in (first, second, third)] == ["cancelled", "intent", "cancelled"]
    assert office.code(first) == "another_chosen"


def test_changed_words_are_a_reply_of_their_own_and_the_old_ones_never_go(office: Office) -> None:
    case = office.asked_in_public()
    reply, seen = office.ask(case, "It is in Madrid."), office.version(case)
    with office.sending():
        with office.tx() as tx:
            edited = approvals.edit_public(tx, office.carol, reply, Change("It is in Lisbon, Dora.", seen))
        assert office.until(edited.id, "sent")
    assert (office.state(reply), office.code(reply)) == ("cancelled", "edited")
    now = office.public_reply(edited.id)
    assert (now.author_id, now.edited_by, now.edited_from) == (
        office.mia.membership_id,
        office.carol.membership_id,
        reply,
    )
    assert office.network.published("public") == ["It is in Lisbon, Dora."]


def test_changed_words_pass_the_guard_again(office: Office) -> None:
    case = office.asked_in_public()
    reply, seen = office.ask(case), office.version(case)
    with pytest.raises(Invalid) as caught, office.tx() as tx:
        approvals.edit_public(tx, office.carol, reply, Change("Your card 4111 1111 1111 1111 is charged.", seen))
    assert (caught.value.code, office.state(reply)) == ("guard_refused", "approval")


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


# --- what the database itself refuses ------------------------------------------------------------------------


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


# --- the guard, when it is sent ------------------------------------------------------------------------------


def test_what_the_guard_refuses_is_not_kept(office: Office) -> None:
    before = office.one("SELECT count(*) FROM public_replies")
    with pytest.raises(Invalid) as caught:
        office.ask(office.asked_in_public(), "Your card 4111 1111 1111 1111 was charged.")
    assert [finding.rule for finding in caught.value.params["findings"]] == ["card_number"]
    assert office.one("SELECT count(*) FROM public_replies") == before


def test_a_second_look_is_asked_for_once_and_remembered_for_this_reply(office: Office) -> None:
    builders.holds(office.company)
    case = office.asked_in_public()
    ask = office.public_ask(case, "XK7QP2 is in Lisbon.", before=Before(written_as="private"))
    with pytest.raises(Conflict) as caught:
        office.mean_publicly(ask, by=office.mia)
    findings = caught.value.params["findings"]
    assert (caught.value.code, next(f.rule for f in findings if f.level == "second_look")) == (
        "guard_second_look",
        "moved_to_public",
    )
    how = Before(written_as="private", accepted=frozenset(f.cause for f in findings))
    reply = office.mean_publicly(msgspec.structs.replace(ask, before=how), by=office.mia)
    assert "moved_to_public" in [looked.rule for looked in reply.looked]
    assert reply.state == "intent"


def test_what_was_let_stand_is_offered_without_a_name_until_it_is_an_exception(office: Office) -> None:
    builders.holds(office.company)
    ask = office.public_ask(office.asked_in_public(), "It is in Lisbon.")
    with pytest.raises(Conflict) as caught:
        office.mean_publicly(msgspec.structs.replace(ask, before=Before(written_as="private")), by=office.mia)
    cause = caught.value.params["findings"][0].cause
    let = Before(written_as="private", accepted=frozenset({cause}))
    office.mean_publicly(msgspec.structs.replace(ask, before=let), by=office.mia)
    with office.tx() as tx:
        (offer,) = offers.offered(tx, office.company.id)
    assert (offer.rule, offer.cause, offer.times) == ("moved_to_public", cause, 1)
    assert office.mia.duty_name not in str(offer)
    allowed = PublishingPolicy(holds=Holds(0, 0), guard=Guarding(exceptions=(cause,)))
    builders.policy(office.company, allowed)
    with office.tx() as tx:
        assert offers.offered(tx, office.company.id) == []


def test_words_agreed_to_once_for_many_pass_until_they_end(office: Office) -> None:
    text = AgreedText(text="We fly again at  noon.", until=NOON.replace(year=2030))
    builders.policy(office.company, msgspec.structs.replace(EVERYTHING, agreed_public=(text,)))
    case = office.asked_in_public()
    assert office.state(office.ask(case, "@dora We fly again at noon.")) == "intent"
    assert office.state(office.ask(case, "We fly again at one.")) == "approval"
    assert not agreed_once((msgspec.structs.replace(text, until=NOON),), "We fly again at noon.", NOON)


def test_asking_a_second_person_is_a_second_look(office: Office) -> None:
    builders.holds(office.company)
    ask = office.public_ask(
        office.asked_in_public(), "Calm down.", before=Before(written_as="private", second_person=True)
    )
    reply = office.mean_publicly(ask, by=office.mia)
    assert (reply.state, [reason.code for reason in reply.asks]) == ("approval", ["asked_for"])


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
        PublishingPolicy(agreed_private=(AgreedText(text="Yes.", until=datetime(2026, 11, 22)),)),  # noqa: DTZ001
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


def test_what_is_changed_after_a_merge_belongs_to_the_case_it_was_seen_in(office: Office) -> None:
    dora, emil = office.asked_in_public(), office.asked_in_public("And my bag?", by="emil")
    reply = office.ask(emil)
    with office.tx() as tx:
        merging.do_merge(tx, *merging.lock_two(tx, office.company.id, emil, dora), by="Kofi", by_id=None)
    seen = office.version(dora)
    with office.tx() as tx:
        edited = approvals.edit_public(tx, office.carol, reply, Change("It is in Oslo, Emil.", seen))
    assert (edited.case_id, edited.case_version) == (dora, seen)
