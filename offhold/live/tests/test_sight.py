"""Who sees what, as a table."""

from __future__ import annotations

import json

import pytest

from offhold.live.sight import Stored, assignee, audience_case, seen
from offhold.live.tests.browser import AT, fact, row


@pytest.mark.parametrize(
    ("kind", "follows"),
    [
        ("case.changed", None),
        ("channel.changed", None),
        ("person.changed", None),
        ("message.posted", 7),
        ("reply.changed", 7),
        ("note.added", 7),
        ("case.event", 7),
        ("kind.of_tomorrow", 7),
    ],
)
def test_who_gets_a_kind(kind: str, follows: int | None) -> None:
    assert audience_case(fact(1, kind)) == follows


@pytest.mark.parametrize("sees_private", [True, False])
def test_a_fact_of_no_case_that_is_not_for_every_screen_reaches_nobody(sees_private: bool) -> None:
    assert seen(fact(1, "voice.counted", None), sees_private=sees_private) is None


@pytest.mark.parametrize("kind", ["message.posted", "reply.changed", "case.event", "channel.changed"])
def test_private_facts_are_withheld_from_who_may_not_see_them(kind: str) -> None:
    private = fact(1, kind, private=True)
    assert seen(private, sees_private=False) is None
    assert seen(private, sees_private=True) == private
    assert seen(fact(1, kind), sees_private=False) is not None


def test_a_note_stays_with_the_team_even_when_it_is_not_marked() -> None:
    assert seen(fact(1, "note.added"), sees_private=False) is None


def changed(private: bool, **fields: object) -> Stored:
    case = {**row(7), **fields}
    return Stored(1, "case.changed", 7, private, json.dumps({"case": case}), AT)


@pytest.mark.parametrize(
    ("private", "fields", "title", "snippet"),
    [
        (False, {}, "My bag is gone", "where is it?"),
        (True, {"snippet_private": True}, "My bag is gone", None),
        (True, {"title_private": True}, None, "where is it?"),
        (True, {"title_private": True, "snippet_private": True}, None, None),
        (True, {}, None, None),  # marked, and the row does not say why
        (False, {"snippet_private": True}, "My bag is gone", None),  # the row says so, the mark was forgotten
        (False, {"title_private": 1}, None, "where is it?"),
    ],
)
def test_words_of_direct_messages_are_masked_in_a_row(
    private: bool, fields: dict[str, object], title: str | None, snippet: str | None
) -> None:
    as_seen = seen(changed(private, **fields), sees_private=False)
    assert as_seen is not None
    case = json.loads(as_seen.payload)["case"]
    assert (case["title"], case["snippet"]) == (title, snippet)
    assert case["id"] == "7"


@pytest.mark.parametrize("field", ["title", "snippet"])
def test_a_row_without_a_mark_loses_those_words(field: str) -> None:
    case = row(7)
    del case[f"{field}_private"]
    as_seen = seen(Stored(1, "case.changed", 7, False, json.dumps({"case": case}), AT), sees_private=False)
    assert as_seen is not None
    assert json.loads(as_seen.payload)["case"][field] is None


@pytest.mark.parametrize("payload", ["{}", "null", "[1]", '{"case": 3}', '{"case": [1]}', "{"])
def test_a_row_that_cannot_be_read_is_withheld(payload: str) -> None:
    assert seen(Stored(1, "case.changed", 7, False, payload, AT), sees_private=False) is None


@pytest.mark.parametrize(
    ("payload", "who"),
    [
        ({"case": row(7, assignee=42)}, 42),
        ({"case": row(7)}, None),
        ({"case": {"assignee": {"id": "Mia"}}}, None),
        ({"odd": 1}, None),
    ],
)
def test_whose_case_a_row_says_it_is(payload: object, who: int | None) -> None:
    assert assignee(Stored(1, "case.changed", 7, False, json.dumps(payload), AT)) == who
    assert assignee(Stored(1, "case.event", 7, False, json.dumps(payload), AT)) is None
