"""Who is here, as one process works it out from what all say."""

from __future__ import annotations

import random

import pytest

from offhold.kernel import jsons
from offhold.live.presence import LIVES_FOR, WRITES_FOR, At, Presence, Told, payloads, read

CASE = (10, 7)


def told(process: str, *at: At, takes: tuple[tuple[int, int, int], ...] = (), anew: bool = False) -> Told:
    return Told(process, list(at), list(takes), anew)


def at(number: int, member: int, doing: str = "looking", case: int = 7, *, holds: bool = False) -> At:
    return At(number, 10, member, case, doing, holds)


def seen(presence: Presence, *, sees_private: bool = True) -> tuple[dict[str, str], str | None]:
    here = presence.here(CASE, sees_private=sees_private)
    return {person.id: person.doing for person in here.people}, here.answering


def test_who_comes_writes_and_goes() -> None:
    presence = Presence()
    assert presence.apply(told("a", at(1, 5)), 0) == {CASE}
    assert seen(presence) == ({"5": "looking"}, None)
    assert presence.apply(told("a", at(1, 5, "public")), 1) == {CASE}
    assert seen(presence) == ({"5": "public"}, "5")
    assert presence.apply(told("a", at(1, 5, "public")), 2) == set(), "said again is no news"
    assert presence.apply(told("a", at(1, 5, case=9)), 3) == {CASE, (10, 9)}
    assert seen(presence) == ({}, None)
    assert presence.apply(told("a", at(1, 5, case=0)), 4) == {(10, 9)}
    assert presence.is_empty((10, 9))


def test_two_tabs_are_one_person_who_does_the_more_of_both() -> None:
    presence = Presence()
    presence.apply(told("a", at(1, 5, "note"), at(2, 5)), 0)
    assert seen(presence) == ({"5": "note"}, None)
    presence.apply(told("a", at(1, 5, case=0)), 0)
    assert seen(presence) == ({"5": "looking"}, None)


def test_the_first_to_write_has_the_answer_until_they_stop_or_it_is_taken() -> None:
    presence = Presence()
    presence.apply(told("a", at(1, 5, "public"), at(2, 6)), 0)
    presence.apply(told("b", at(1, 6, "direct")), 1)
    assert seen(presence)[1] == "5"
    presence.apply(told("b", takes=((10, 7, 6),)), 2)
    assert seen(presence) == ({"5": "public", "6": "direct"}, "6")
    presence.apply(told("a", at(1, 5, "public")), 3)
    assert seen(presence)[1] == "6", "who writes on does not get it back by that"
    presence.apply(told("b", at(1, 6)), 4)
    assert seen(presence)[1] is None
    assert presence.apply(told("a", at(1, 5, "public")), 5) == {CASE}
    assert seen(presence)[1] == "5", "it is free, and they still write"


def test_a_note_is_no_answer_and_nobody_takes_one_without_writing() -> None:
    presence = Presence()
    presence.apply(told("a", at(1, 5, "note"), at(2, 6), takes=((10, 7, 6),)), 0)
    assert seen(presence)[1] is None


def test_it_ends_by_itself() -> None:
    presence = Presence()
    presence.apply(told("a", at(1, 5, "public"), at(2, 6)), 0)
    assert presence.expire(WRITES_FOR - 1) == set()
    assert presence.expire(WRITES_FOR + 1) == {CASE}
    assert seen(presence) == ({"5": "looking", "6": "looking"}, None)
    presence.apply(told("b", at(1, 7)), WRITES_FOR + 2)
    assert presence.expire(LIVES_FOR + 1) == {CASE}, "process a has died"
    assert seen(presence) == ({"7": "looking"}, None)


def test_who_may_not_see_private_words_does_not_learn_that_they_are_written() -> None:
    presence = Presence()
    presence.apply(told("a", at(1, 5, "direct"), at(2, 6, "note")), 0)
    assert seen(presence, sees_private=False) == ({"5": "looking", "6": "looking"}, None)
    presence.apply(told("a", at(1, 5, "public")), 0)
    assert seen(presence, sees_private=False) == ({"5": "public", "6": "looking"}, "5")


def test_a_process_that_says_all_anew_leaves_nothing_of_before() -> None:
    presence = Presence()
    presence.apply(told("a", at(1, 5, "public"), at(2, 6)), 0)
    presence.apply(told("a", at(3, 8, "public"), at(4, 9, "direct", holds=True), anew=True), 1)
    assert seen(presence) == ({"8": "public", "9": "direct"}, "9")


def test_another_workspaces_case_of_the_same_number_is_another() -> None:
    presence = Presence()
    presence.apply(told("a", At(1, 11, 5, 7, "public")), 0)
    assert seen(presence) == ({}, None)


@pytest.mark.parametrize("seed", range(30))
def test_all_who_hear_the_same_see_the_same_and_nothing_is_left_behind(seed: int) -> None:
    """Whatever happens, what is kept is what the streams that are there do."""
    rng = random.Random(seed)
    one, other = Presence(), Presence()
    last: dict[tuple[str, int], At] = {}
    for _ in range(200):
        process, number = rng.choice("ab"), rng.randrange(4)
        doing = rng.choice(("looking", "public", "direct", "note"))
        said = At(number, 10, 5 + number, rng.choice((0, 7, 8)), doing)
        last[process, number] = said
        takes = ((10, said.case, said.member),) if rng.random() < 0.2 and said.case else ()
        for presence in (one, other):
            presence.apply(told(process, said, takes=takes), 0)
        for case in (7, 8):
            here = one.here((10, case), sees_private=True)
            assert here == other.here((10, case), sees_private=True)
            there = [at for at in last.values() if at.case == case]
            assert {person.id for person in here.people} == {str(at.member) for at in there}
            assert here.answering in {None, *(str(at.member) for at in there if at.doing in ("public", "direct"))}
    for process, number in last:
        one.apply(told(process, at(number, 1, case=0)), 0)
    assert one._seats == {}
    assert one._places == {}
    assert one._answers == {}


def test_payloads_fit_what_postgresql_takes_and_hold_ids_alone() -> None:
    most = 2**63 - 1
    everybody = Told("a" * 12, [(n, most, most, most, "looking", False) for n in range(500)],
                     [(most, most, most)] * 100, anew=True, asks=True)  # fmt: skip
    said = payloads(everybody)
    assert max(len(payload) for payload in said) < 7_900
    parts = [read(payload) for payload in said]
    assert all(parts)
    assert [part.anew for part in parts if part] == [True, *[False] * (len(parts) - 1)]
    assert sum(len(part.at) for part in parts if part) == 500


@pytest.mark.parametrize("payload", ["", "null", "[]", "{", '["a",1]', '["a",[[1,2]]]', "🙂"])
def test_what_is_none_of_ours_is_left_alone(payload: str) -> None:
    assert read(payload) is None


def test_a_payload_is_what_it_was() -> None:
    said = Told("a", [(1, 10, 5, 7, "public", True)], [(10, 7, 5)], anew=True)
    assert read(payloads(said)[0]) == Told("a", [(1, 10, 5, 7, "public", True)], [], anew=True)
    assert jsons.decode(payloads(said)[1])[2] == [[10, 7, 5]]
