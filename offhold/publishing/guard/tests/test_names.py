"""Names: colleagues' legal ones, and customers called by somebody else's."""

from __future__ import annotations

import pytest

from offhold.publishing.guard.tests.asking import asked, marked, rules

STAFF = ("Samira Whitfield", "Óscar Peñalver", "Mia")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Samira Whitfield calls you.", "Samira Whitfield"),
        ("I asked oscar penalver.", "oscar penalver"),
        ("Whitfield, Samira knows.", "Whitfield, Samira"),
        ("Ms Whitfield decided.", "Ms Whitfield"),
        ("Frau Whitfield hat das entschieden.", "Frau Whitfield"),
        ("La señora Whitfield lo decidió.", "señora Whitfield"),
        ("C'est Mme Whitfield.", "Mme Whitfield"),
        ("A Sra. Whitfield decidiu.", "Sra. Whitfield"),
    ],
)
def test_marks_a_colleagues_full_name(text: str, words: str) -> None:
    assert marked("colleague_name", text, colleagues=STAFF) == [words]
    assert rules(text, colleagues=STAFF, audience="private") == set()


@pytest.mark.parametrize(
    "text",
    ["Mia here, all done.", "Samira asked.", "The castle in Whitfield is worth it.", "Oscar and Penalver", "^Mia"],
)
def test_leaves_duty_names_and_places(text: str) -> None:
    assert "colleague_name" not in rules(text, colleagues=STAFF)


def test_a_customer_of_the_same_name_is_called_by_it() -> None:
    assert rules("Hi Samira Whitfield, done.", colleagues=STAFF, customer_name="Samira Whitfield") == set()


WRONG = [
    ("Hi Peter, it is done.", "Peter"),
    ("@anna Hello Peter! Done.", "Peter"),
    ("Dear Mrs Jones, done.", "Jones"),
    ("Dear Mr. John Jones, done.", "Jones"),
    ("Hola Pedro, ya está.", "Pedro"),
    ("Estimada señora Gil, ya está.", "Gil"),
    ("Guten Morgen Laura, es ist erledigt.", "Laura"),
    ("Sehr geehrte Frau Klein, erledigt.", "Klein"),
    ("Bonjour Pierre, c'est fait.", "Pierre"),
    ("Olá Pedro, está feito.", "Pedro"),
    ("Thanks, Derek! We are on it.", "Derek"),
]


@pytest.mark.parametrize(("text", "name"), WRONG)
def test_marks_another_customers_name(text: str, name: str) -> None:
    (finding,) = asked(text, customer_name="Anna Kowalska")
    assert (finding.rule, finding.level) == ("wrong_name", "second_look")
    assert [text[start:end] for start, end in finding.spans] == [name]
    assert finding.params == {"said": name, "name": "Anna Kowalska"}
    assert name in finding.reason
    assert rules(text) == set()
    assert rules(text, customer_name="Anna Kowalska", audience="private") == set()


RIGHT = [
    ("Hi Anna, done.", "Anna Kowalska"),
    ("Dear Ms Kowalska, done.", "Anna Kowalska"),
    ("Hi Ania, done.", "Anna Kowalska"),
    ("Hi Ana, done.", "Anna Kowalska"),
    ("Hi Kate, done.", "Katherine Doyle"),
    ("Hi Bob, done.", "Robert Lang"),
    ("Hola Pepe, ya está.", "José Ortega"),
    ("Hola María José, hecho.", "Mª José Ruiz"),
    ("Sehr geehrter Herr Müller, ja.", "Thomas Mueller"),
    ("Hello there, done.", "Anna Kowalska"),
    ("Hi team, done.", "Anna Kowalska"),
    ("Hello Paris! We land.", "Anna Kowalska"),
    ("Buenos días Sevilla, salimos.", "Anna Kowalska"),
    ("Hallo zusammen, danke.", "Anna Kowalska"),
    ("Bonjour à tous", "Anna Kowalska"),
    ("Hope this helps, Will do, Mark your calendar.", "Anna Kowalska"),
    ("All is done. Thanks, Mia", "Anna Kowalska"),
    ("Hi Peter, done.", "xx_dragon_77"),
    ("Hi Peter, done.", "アンナ"),
    ("Hi Пётр, done.", "Anna Kowalska"),
]


@pytest.mark.parametrize(("text", "name"), RIGHT)
def test_leaves_the_customers_own_and_what_is_no_name(text: str, name: str) -> None:
    assert "wrong_name" not in rules(text, customer_name=name)


def test_a_name_the_customer_said_or_goes_by_is_right() -> None:
    text = "Hi Peter, done."
    assert rules(text, customer_name="Anna Kowalska") == {"wrong_name"}
    for known in (
        {"last_public": "Peter here"},
        {"private_words": ("I am Peter",)},
        {"customer_handles": ("peter_k",)},
    ):
        assert rules(text, customer_name="Anna Kowalska", **known) == set()
