"""What was told in private, said in public."""

from __future__ import annotations

import pytest

from offhold.publishing.guard.tests.asking import asked, marked, rules

REFUSED = [
    ("my daughter is allergic to peanuts and the crew laughed", "We know your daughter is allergic to peanuts."),
    ("I lost my job in March and cannot pay the fee", "We understand you lost your job in March and cannot pay."),
    ("mi hija es alérgica a los cacahuetes", "Como su hija es alérgica a los cacahuetes, avisamos."),
    ("meine Tochter allergisch gegen Erdnüsse reagiert", "Da Ihre Tochter allergisch gegen Erdnüsse reagiert ..."),
    ("ma fille est allergique aux arachides", "Comme votre fille est allergique aux arachides, c'est noté."),
    ("a minha filha é alérgica a amendoins", "Como a sua filha é alérgica a amendoins, avisámos."),
    ("call me on 07700 900123", "We tried 07700 900123 for you."),
    ("write to jo@post.example", "We wrote to jo@post.example again."),
]


@pytest.mark.parametrize(("private", "text"), REFUSED)
def test_refuses_private_words_quoted_back(private: str, text: str) -> None:
    assert "private_words" in rules(text, private_words=("Hello!", private))
    assert {finding.level for finding in asked(text, private_words=(private,)) if finding.rule == "private_words"} == {
        "refuse"
    }
    assert rules(text, private_words=(private,), audience="private") == set()
    assert "private_words" not in rules(text)


DETAILS = [
    ("I have to fly to a funeral on Tuesday", "We hope the funeral goes well.", "funeral"),
    ("a wheelchair would be good", "A wheelchair will wait for you.", "wheelchair"),
    ("el embarazo va bien", "Enhorabuena por el embarazo.", "embarazo"),
    ("die Schwangerschaft läuft", "Zur Schwangerschaft alles Gute!", "Schwangerschaft"),
    ("pour les obsèques de papa", "Pour les obsèques, c'est gratuit.", "obsèques"),
    ("a gravidez corre bem", "Parabéns pela gravidez.", "gravidez"),
    ("I paid 1,249.90 for it", "The 1249.90 come back.", "1249.90"),
    ("it was 249 EUR", "The €249 come back.", "249"),
    ("lives in Vigo", "Since you live in Vigo, ask there.", "live in Vigo"),
]


@pytest.mark.parametrize(("private", "text", "words"), DETAILS)
def test_looks_twice_at_private_details(private: str, text: str, words: str) -> None:
    assert marked("private_detail", text, private_words=(private,)) == [words]
    assert {finding.level for finding in asked(text, private_words=(private,))} == {"second_look"}
    assert rules(text, private_words=(private,), audience="private") == set()


NOTHING = [
    ("Thank you for your help, I will wait for your message", "Thank you for your message, we will write."),
    ("I would like to cancel my booking and get a refund", "You can cancel your booking and get a refund in the app."),
    ("Can I check in online?", "You can check in online."),
    ("my father passed away and I need to move the date", "We are sorry and will move the date for you."),
    ("I need a wheelchair", "We will send you what you need."),
    ("sounds perfect", "That sounds perfect to us, too!"),
    ("since 2019", "Since 2019 we fly there."),
    ("Hello", "Hello Jo!"),
    ("Danke für die Hilfe, ich warte", "Danke für die Nachricht, wir melden uns."),
    ("Gracias por la ayuda con mi vuelo", "Gracias por volar con nosotros."),
]


@pytest.mark.parametrize(("private", "text"), NOTHING)
def test_leaves_everyday_words(private: str, text: str) -> None:
    assert rules(text, private_words=(private,)) == set()


@pytest.mark.parametrize(
    ("private", "text"), [REFUSED[0], (DETAILS[0][0], DETAILS[0][1]), ("I paid 4711 for it", "The 4711 come")]
)
def test_what_the_customer_says_in_public_too_is_theirs_to_say(private: str, text: str) -> None:
    assert rules(text, private_words=(private,))
    assert not rules(text, private_words=(private,), last_public=private)
