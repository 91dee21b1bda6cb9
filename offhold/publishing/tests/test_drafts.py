"""Drafts: shared with colleagues, overwritten by nobody unseen, gone when they are said and not before."""

from __future__ import annotations

import pytest

from offhold.connectors.contract import Counter
from offhold.kernel import jsons
from offhold.kernel.errors import Conflict, Invalid, Stale
from offhold.publishing import actions, drafts
from offhold.publishing.asked import Before, DirectAsk, PublicAsk
from offhold.publishing.check import check_text
from offhold.publishing.drafts import DIRECT, PUBLIC, Draft, Words
from offhold.publishing.replies import AskedPicture
from offhold.publishing.tests.world import World


def kept(world: World, case: int, text: str, version: int = 0, by: str = "Mia") -> Draft:
    with world.tx() as tx:
        return PUBLIC.do_keep(tx, world.person(by), case, Words(text=text), version)


def there(world: World, case: int) -> Draft | None:
    with world.tx() as tx:
        return PUBLIC.find(tx, world.company.id, case)


def told(world: World, case: int) -> list[tuple[str, int]]:
    """Lane and version of each change that screens of this case were told."""
    with world.tx() as tx:
        rows = tx.rows(
            "SELECT payload::text FROM facts WHERE kind = 'draft.changed' AND case_id = %s ORDER BY seq", (case,)
        )
    return [(found["lane"], found["version"]) for found in (jsons.decode(row[0]) for row in rows)]


def test_a_colleagues_newer_words_are_shown_and_never_overwritten(world: World) -> None:
    case = world.asked_in_public()
    mine = kept(world, case, "We look into it.", by="Mia")
    theirs = kept(world, case, "We look into it, Dora.", mine.version, by="Ben")
    with pytest.raises(Conflict) as refused:
        kept(world, case, "We are on it.", mine.version, by="Mia")
    assert refused.value.params["draft"] == theirs
    with pytest.raises(Conflict):
        kept(world, case, "As if nobody wrote", 0)
    assert there(world, case) == theirs
    assert told(world, case) == [("public", mine.version), ("public", theirs.version)]


def test_the_words_of_a_draft_are_in_no_log(world: World) -> None:
    case = world.asked_in_public()
    kept(world, case, "zugspitze")
    with world.tx() as tx:
        assert tx.one("SELECT count(*) FROM fact_batches WHERE facts LIKE '%%zugspitze%%'") == (0,)


def test_that_somebody_writes_is_told_to_those_who_may_see_direct_messages_alone(world: World) -> None:
    case = world.asked_in_public()
    kept(world, case, "We look.")
    told = world.all(
        "SELECT private, payload ->> 'lane' FROM facts WHERE kind = 'draft.changed' AND case_id = %s", case
    )
    assert told == [(True, "public")]


def test_a_version_is_never_given_twice(world: World) -> None:
    case = world.asked_in_public()
    first = kept(world, case, "one")
    with world.tx() as tx:
        PUBLIC.do_drop(tx, world.company.id, case, first.version)
    second = kept(world, case, "another", by="Ben")
    with pytest.raises(Conflict):
        kept(world, case, "over it", first.version)
    assert there(world, case) == second


def public_ask(world: World, case: int, draft: int | None, **more: object) -> PublicAsk:
    return PublicAsk(
        case_id=case, client_key="00000000-0000-4000-8000-000000000001", text="We look into it.",
        in_reply_to=world.newest(case), seen_version=world.version(case), draft=draft, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_said_the_draft_is_gone_with_the_same_commit(world: World) -> None:
    case = world.asked_in_public()
    draft = kept(world, case, "We look into it.")
    ask = public_ask(world, case, draft.version)
    with world.tx() as tx:
        actions.answer_publicly(tx, world.person(), ask)
    assert there(world, case) is None
    assert told(world, case)[-1] == ("public", 0)


def test_said_from_a_page_that_had_not_heard_of_it_the_draft_is_gone(world: World) -> None:
    case = world.asked_in_public()
    first = kept(world, case, "We look")
    kept(world, case, "We look into it. ", first.version)
    ask = public_ask(world, case, first.version)
    with world.tx() as tx:
        actions.answer_publicly(tx, world.person(), ask)
    assert there(world, case) is None
    assert told(world, case)[-1] == ("public", 0)


def test_refused_the_draft_stays(world: World) -> None:
    case = world.asked_in_public()
    draft = kept(world, case, "We look into it.")
    ask = public_ask(world, case, draft.version)
    world.asked_in_public("And my other bag?", by="dora")
    with pytest.raises(Stale), world.tx() as tx:
        actions.answer_publicly(tx, world.person(), ask)
    assert there(world, case) == draft


@pytest.mark.parametrize("said", ["Hello {customer.name}!", "It is { case.reference }."])
def test_what_stands_in_braces_is_never_sent(said: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_text(said, Counter(limit=300))
    assert refused.value.code == "unfilled"
    assert check_text("Choose {A} or {B}", Counter(limit=300)) == "Choose {A} or {B}"


def test_what_a_colleague_wrote_since_stays_when_the_older_words_are_said(world: World) -> None:
    case = world.asked_in_public()
    mine = kept(world, case, "We look into it.")
    theirs = kept(world, case, "And your other bag is here.", mine.version, by="Ben")
    ask = public_ask(world, case, mine.version)
    with world.tx() as tx:
        actions.answer_publicly(tx, world.person(), ask)
    assert there(world, case) == theirs


def test_a_direct_draft_goes_with_a_direct_reply_alone(world: World) -> None:
    case = world.asked_in_private()
    answers, version = world.newest(case, "private"), world.version(case)
    with world.tx() as tx:
        mia = world.person()
        direct = DIRECT.do_keep(tx, mia, case, Words(text="Your bag is in Lisbon."), 0)
        public = PUBLIC.do_keep(tx, mia, case, Words(text="Solved!", written_as="private"), 0)
        to = tx.one("SELECT identity_id FROM cases WHERE id = %s", (case,))
        assert to is not None
        ask = DirectAsk(
            case_id=case, client_key="00000000-0000-4000-8000-000000000002", text="Your bag is in Lisbon.",
            to_identity=to[0], in_reply_to=answers, seen_version=version,
            before=Before(written_as="private"), draft=direct.version,
        )  # fmt: skip
        actions.answer_directly(tx, mia, ask)
        assert DIRECT.find(tx, world.company.id, case) is None
        left = PUBLIC.find(tx, world.company.id, case)
    assert left == public
    assert public.written_as == "private", "for whom they were typed goes with the words"


def test_a_picture_of_nobody_here_is_not_kept(world: World) -> None:
    with pytest.raises(Invalid), world.tx() as tx:
        drafts.check_pictures(tx, world.company.id, (AskedPicture("x" * 32, ""),))


def test_what_was_written_in_a_case_follows_it_into_the_one_it_is_merged_into(world: World) -> None:
    case, other = world.asked_in_public(by="dora"), world.asked_in_public("Mine too", by="emil")
    kept(world, case, "Half a sentence")
    with world.tx() as tx:
        tx.run("UPDATE cases SET state = 'merged', merged_into = %s WHERE id = %s", (other, case))
        assert drafts.check_draft(tx, world.person(), case) == other
        PUBLIC.do_adopt(tx, world.company.id, other)
    found = there(world, other)
    assert found is not None
    assert found.text == "Half a sentence"
