"""What the guard says at the moment of sending, and what an author lets stand."""

from __future__ import annotations

import msgspec
import pytest

from offhold.kernel.errors import Conflict, Invalid
from offhold.publishing import offers, policies
from offhold.publishing.asked import Before
from offhold.publishing.policy import Guarding, Holds, PublishingPolicy
from offhold.publishing.tests.office import Office
from tests.support import builders


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


def test_asking_a_second_person_is_a_second_look(office: Office) -> None:
    builders.holds(office.company)
    ask = office.public_ask(
        office.asked_in_public(), "Calm down.", before=Before(written_as="private", second_person=True)
    )
    reply = office.mean_publicly(ask, by=office.mia)
    assert (reply.state, [reason.code for reason in reply.asks]) == ("approval", ["asked_for"])


def test_asking_a_second_person_is_a_second_look_at_a_direct_message_too(office: Office) -> None:
    asked = Before(written_as="private", second_person=True)
    ask = office.direct_ask(office.asked_in_private(), "Is it 4111 1111 1111 1111?", before=asked)
    reply = office.mean_directly(ask, by=office.mia)
    assert (reply.state, [looked.rule for looked in reply.looked]) == ("approval", ["card_number"])


def test_who_is_alone_asks_nobody_by_asking_for_a_second_person(office: Office) -> None:
    builders.holds(office.company)
    with office.tx() as tx:
        tx.run("UPDATE memberships SET role = 'agent' WHERE id = %s", (office.carol.membership_id,))
    how = Before(written_as="private", second_person=True)
    ask = office.public_ask(office.asked_in_public(), "Calm down.", before=how)
    with pytest.raises(Conflict) as caught:
        office.mean_publicly(ask, by=office.mia)
    assert caught.value.code == "guard_second_look"
    causes = frozenset(finding.cause for finding in caught.value.params["findings"])
    seen = msgspec.structs.replace(how, accepted=causes)
    reply = office.mean_publicly(msgspec.structs.replace(ask, before=seen), by=office.mia)
    assert (reply.state, reply.alone) == ("approval", True)


def test_whose_words_nobody_has_to_agree_to_is_not_called_alone(office: Office) -> None:
    """It would let them agree to their own, were anything ever asked of these."""
    builders.holds(office.company)
    with office.tx() as tx:
        tx.run("UPDATE memberships SET role = 'agent' WHERE id = %s", (office.carol.membership_id,))
    reply = office.public_reply(office.ask(office.asked_in_public()))
    assert (reply.state, reply.alone) == ("intent", False)


@pytest.mark.parametrize("rule", ["private_words", "case_code", "page_link"])
@pytest.mark.parametrize("level", ["off", "note"])
def test_what_is_about_one_customer_is_looked_at_once_more_at_the_least(office: Office, rule: str, level: str) -> None:
    told = msgspec.convert({"guard": {"levels": {rule: level}}}, PublishingPolicy)
    with pytest.raises(Invalid) as caught:
        policies.check_policy(office.carol, told)
    assert caught.value.code == "bad_policy"
    policies.check_policy(office.carol, msgspec.convert({"guard": {"levels": {rule: "second_look"}}}, PublishingPolicy))


def test_a_policy_that_turned_it_off_before_that_was_refused_is_read_as_a_second_look(office: Office) -> None:
    builders.policy(office.company, PublishingPolicy(holds=Holds(0, 0), guard=Guarding(levels={"case_code": "off"})))
    case = office.asked_in_private("My booking is XK7QP2, where is my bag?")
    office.asked_in_public()
    ask = office.public_ask(case, "XK7QP2 is in Lisbon.")
    with pytest.raises(Conflict) as caught:
        office.mean_publicly(ask, by=office.mia)
    assert "case_code" in [finding.rule for finding in caught.value.params["findings"]]
