"""What people hear as rude, insulting, a promise or a legal statement, in five languages; and what only looks so."""

from __future__ import annotations

import pytest

from offhold.publishing.guard.lexicon import SAYINGS, _tables, phrases_of
from offhold.publishing.guard.reasons import HEARD
from offhold.publishing.guard.tests.asking import asked, marked, rules

HEARD_AS = [
    ("rude", "feelings", "Please calm down.", "calm down"),
    ("rude", "not_listened", "As I already said, no.", "As I already said"),
    ("rude", "blames", "You should have read it.", "You should have read"),
    ("rude", "pushes_away", "That's not our problem.", "not our problem"),
    ("rude", "orders", "Please just read the page.", "just read the"),
    ("rude", "disbelieves", "Nice try.", "Nice try"),
    ("insult", "insults", "Only an idiot asks.", "idiot"),
    ("promise", "guarantee", "We guarantee that.", "We guarantee"),
    ("promise", "money", "We'll refund you.", "We'll refund"),
    ("legal", "law", "See you in court.", "See you in court"),
    ("rude", "feelings", "Cálmese, por favor.", "Cálmese"),
    ("rude", "not_listened", "Como ya le he dicho, no.", "Como ya le he"),
    ("rude", "blames", "La culpa es suya.", "La culpa es suya"),
    ("rude", "pushes_away", "No es nuestro problema.", "No es nuestro problema"),
    ("rude", "orders", "Espere su turno.", "Espere su turno"),
    ("insult", "insults", "No sea imbécil.", "imbécil"),
    ("promise", "guarantee", "Le garantizamos que llega.", "Le garantizamos"),
    ("promise", "money", "Le devolveremos el importe.", "Le devolveremos"),
    ("legal", "law", "Nos vemos en los tribunales.", "en los tribunales"),
    ("rude", "feelings", "Beruhigen Sie sich.", "Beruhigen Sie sich"),
    ("rude", "not_listened", "Wie bereits gesagt, nein.", "Wie bereits gesagt"),
    ("rude", "blames", "Selbst schuld.", "Selbst schuld"),
    ("rude", "pushes_away", "Das ist uns egal.", "ist uns egal"),
    ("rude", "orders", "Gedulden Sie sich.", "Gedulden Sie sich"),
    ("insult", "insults", "So eine dumme Frage.", "dumme"),
    ("promise", "guarantee", "Wir garantieren das.", "Wir garantieren"),
    ("promise", "money", "Wir erstatten Ihnen alles.", "Wir erstatten Ihnen"),
    ("legal", "law", "Wir sehen uns vor Gericht.", "vor Gericht"),
    ("rude", "feelings", "Calmez-vous.", "Calmez-vous"),
    ("rude", "not_listened", "Comme déjà dit, non.", "Comme déjà dit"),
    ("rude", "blames", "Vous auriez dû lire.", "Vous auriez dû lire"),
    ("rude", "pushes_away", "Ce n'est pas notre problème.", "pas notre problème"),
    ("rude", "orders", "Attendez votre tour.", "Attendez votre tour"),
    ("insult", "insults", "Taisez-vous.", "Taisez-vous"),
    ("promise", "guarantee", "Nous garantissons cela.", "Nous garantissons"),
    ("promise", "money", "Nous allons vous rembourser.", "Nous allons vous rembourser"),
    ("legal", "law", "On se verra au tribunal.", "au tribunal"),
    ("rude", "feelings", "Acalme-se, por favor.", "Acalme-se"),
    ("rude", "not_listened", "Como já lhe disse, não.", "Como já lhe disse"),
    ("rude", "blames", "A culpa é sua.", "A culpa é sua"),
    ("rude", "pushes_away", "Não é problema nosso.", "Não é problema nosso"),
    ("rude", "orders", "Espere pela sua vez.", "Espere pela sua vez"),
    ("insult", "insults", "Que pergunta estúpida.", "estúpida"),
    ("promise", "guarantee", "Garantimos que chega.", "Garantimos"),
    ("promise", "money", "Vamos devolver-lhe tudo.", "Vamos devolver-lhe"),
    ("legal", "law", "Vemo-nos em tribunal.", "em tribunal"),
]


@pytest.mark.parametrize(("rule", "kind", "text", "words"), HEARD_AS)
def test_hears(rule: str, kind: str, text: str, words: str) -> None:
    assert marked(rule, text) == [words]
    (finding,) = asked(text)
    assert finding.params["kind"] == kind
    assert finding.reason == HEARD[kind]
    assert finding.params["why"]


@pytest.mark.parametrize(("rule", "_kind", "text", "words"), HEARD_AS)
def test_private_replies_are_told_of_tone_alone_and_as_a_note(rule: str, _kind: str, text: str, words: str) -> None:
    findings = asked(text, audience="private")
    assert [finding.level for finding in findings] == (["note"] if rule in ("rude", "insult") else [])


HARMLESS = [
    "The crew will help you calm down your puppy.",
    "Sit back, relax and enjoy!",
    "You should have received an e-mail.",
    "You should have plenty of time.",
    "We should have told you.",
    "If so, what device is it?",
    "How many times has it happened?",
    "We're so sorry for your loss.",
    "No question is a stupid question.",
    "The Idiot by Dostoevsky is back.",
    "We can't guarantee seats.",
    "A two-year guarantee comes with it.",
    "You can request a refund in the app.",
    "This fare is non-refundable.",
    "The court is free on Monday.",
    "Please calm. Down the stairs it is.",  # not over the end of a sentence
    "Ya debería haber recibido un correo.",
    "«El idiota», de Dostoievski, ha vuelto.",
    "No podemos garantizar asientos.",
    "Puede pedir el reembolso.",
    "La culpa es nuestra.",
    "Sie hätten diese Nachricht früher bekommen sollen.",
    "Es gibt keine dummen Fragen.",
    "Plätze können wir nicht garantieren.",
    "Das Gericht des Tages ist Pasta.",
    "Nous aurions dû vous prévenir.",
    "Il n'y a pas de question bête.",
    "Nous ne pouvons pas garantir cela.",
    "L'appareil est garanti deux ans.",
    "Devíamos ter avisado mais cedo.",
    "Não há perguntas parvas.",
    "Não podemos garantir lugares.",
    "A culpa é nossa.",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_leaves_the_harmless(text: str) -> None:
    assert rules(text) == set()


@pytest.mark.parametrize("text", ["We'll refund you.", "Le devolveremos el importe.", "Wir erstatten Ihnen alles."])
def test_money_may_be_promised_where_goodwill_stands_behind_it(text: str) -> None:
    assert rules(text) == {"promise"}
    assert rules(text, goodwill=True) == set()


def test_a_guarantee_stays_one_whatever_was_given() -> None:
    assert rules("We guarantee that.", goodwill=True) == {"promise"}


def test_every_entry_of_the_lists_has_its_why_and_can_be_found() -> None:
    for lang, table in _tables.items():
        for entry in table.get("says", ()):
            assert entry["why"].endswith("."), (lang, entry)
            assert entry["kind"] in HEARD, (lang, entry)
            for written in entry["words"]:
                for phrase in phrases_of(written):
                    words = [next(iter((*part.whole, *part.begins)), "x") for part in phrase.parts]
                    assert any(True for _ in SAYINGS.find(words)), (lang, written)
                    assert all(len(word) >= 3 for word in phrase.parts[0].begins), (lang, written)


def test_five_languages_have_lists() -> None:
    rules_of = {lang: {entry["rule"] for entry in table.get("says", ())} for lang, table in _tables.items()}
    for lang in ("en", "es", "de", "fr", "pt"):
        assert rules_of[lang] == {"rude", "insult", "promise", "refund", "legal"}
