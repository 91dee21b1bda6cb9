"""Shouting, pictures, the very words of another answer, answers that say nothing, other hosts, other languages."""

from __future__ import annotations

from typing import Any

import pytest

from offhold.publishing.guard.language import detect
from offhold.publishing.guard.reading import LONGEST, Reading
from offhold.publishing.guard.tests.asking import asked, marked, rules


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It is NOT LOST, PLEASE WAIT now.", "NOT LOST, PLEASE WAIT"),
        ("READ THE FAQ.", "READ THE FAQ"),
        ("YA LE HEMOS DICHO.", "YA LE HEMOS DICHO"),
        ("ÄRGERN SIE SICH NICHT!", "ÄRGERN SIE SICH NICHT"),
    ],
)
def test_shouting(text: str, words: str) -> None:
    assert marked("shouting", text) == [words]
    assert [one.level for one in asked(text) if one.rule == "shouting"] == ["note"]
    assert "shouting" in rules(text, audience="private")


@pytest.mark.parametrize(
    "text",
    ["The NASA and ESA flew.", "FAQ and PDF", "YES! Thanks.", "BBC CNN NBC", "#THIS IS #NOT #SHOUTING", "OK OK OK"],
)
def test_no_shouting(text: str) -> None:
    assert "shouting" not in rules(text)


def test_pictures_need_words() -> None:
    findings = asked("Look here.", alts=("A map of Terminal 2", "", " \u200b.", "Gate B4"))
    assert [(one.rule, one.level, one.params) for one in findings] == [
        ("missing_alt", "note", {"picture": "2"}),
        ("missing_alt", "note", {"picture": "3"}),
    ]
    assert asked("Look here.", alts=("",), audience="private") == []


THEIRS = "Your order of 12 March is delayed to the 30th, the shop in Hove will call."


def test_what_was_somebody_elses() -> None:
    assert rules(THEIRS, earlier_elsewhere=("@carl " + THEIRS + " ^MK",)) == {"identical"}
    assert rules(THEIRS, earlier_elsewhere=(THEIRS,), audience="private") == set()
    assert rules(THEIRS, earlier_elsewhere=(THEIRS.replace("Hove", "Bath"),)) == set()
    assert rules(THEIRS) == set()


@pytest.mark.parametrize(
    "text",
    [
        "You're welcome!",
        "You can change your seat in the app under My trips any time.",
        "Please give us a call at 1-800-379-6453 so that we can look.",
        "Have you updated to version 11.0.2 of the app yet, and restarted?",
    ],
)
def test_templates_and_courtesy_may_be_said_again(text: str) -> None:
    assert rules(text, earlier_elsewhere=(text,)) == set()


def test_the_last_public_words_are_not_said_again() -> None:
    text = "You can change your seat in the app under My trips any time."
    assert rules(text, last_public=text) == {"identical"}


ONLY_ASKS = [
    "Please DM us.", "Hi Jo! Sorry about that. Send us a DM please. ^MK", "DM us your details.",
    "Mándenos un mensaje privado, por favor.", "Bitte schreiben Sie uns eine Direktnachricht.",
    "Merci de nous écrire en message privé.", "Mande-nos uma mensagem privada, por favor.",
]  # fmt: skip
SAYS_SOMETHING = [
    "Please DM us your order number.", "The strike ends at six. DM us if you want another flight.",
    "Thank you so much!",
    "Sorry, the app is down. We'll tell you in a DM.", "Lo miramos. Mándenos por DM el número de pedido.",
    "Schicken Sie uns die Bestellnummer als DM.", "Envoyez-nous le numéro de commande en DM.", "We sent you a DM.",
]  # fmt: skip


@pytest.mark.parametrize("text", ONLY_ASKS)
def test_only_asks_for_a_private_message(text: str) -> None:
    assert [(one.rule, one.level, one.spans) for one in asked(text)] == [("only_asks_for_private", "note", ())]
    assert rules(text, audience="private") == set()


@pytest.mark.parametrize("text", SAYS_SOMETHING)
def test_any_substance_will_do(text: str) -> None:
    assert rules(text) == set()


OURS = ("northair.example",)


@pytest.mark.parametrize(
    ("text", "link", "host"),
    [
        ("See https://free.example.net/win now", "https://free.example.net/win", "free.example.net"),
        ("At bit.ly/3xYz.", "bit.ly/3xYz", "bit.ly"),
        ("www.other.example, really", "www.other.example", "www.other.example"),
        ("https://northair.example@evil.example/x", "https://northair.example@evil.example/x", "evil.example"),
        (
            "https://northair.example.evil.example/",
            "https://northair.example.evil.example/",
            "northair.example.evil.example",
        ),
    ],
)
def test_links_elsewhere(text: str, link: str, host: str) -> None:
    (finding,) = (one for one in asked(text, allowed_hosts=OURS) if one.rule != "email")
    assert (finding.rule, finding.level, finding.params) == ("link_elsewhere", "note", {"host": host})
    assert [text[start:end] for start, end in finding.spans] == [link]
    assert rules(text, allowed_hosts=OURS, audience="private") == set()
    assert "link_elsewhere" not in rules(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://northair.example/x",
        "https://www.northair.example",
        "northair.example/help",
        "Sorry.It was late",
        "v1.2.3",
    ],
)
def test_links_home(text: str) -> None:
    assert rules(text, allowed_hosts=OURS) == set()


PAGES: dict[str, Any] = {"page_hosts": ("care.northair.example",), "page_paths": ("/c/",), "allowed_hosts": OURS}


@pytest.mark.parametrize(
    "link",
    [
        "https://care.northair.example/c/9fQ2xL0p", "CARE.northair.example/C/9fQ2xL0p",
        "care.northair.example:443/c/9f",
        "https://user@care.northair.example/c/9f", "care.north\u200bair.example/c/9f", "ｃare.northair.example/c/9f",
        "care.northair.example//c/9f",
    ],
)  # fmt: skip
def test_the_secret_link_of_a_page_is_refused(link: str) -> None:
    findings = asked(f"Look: {link} .", **PAGES)
    assert [(one.rule, one.level) for one in findings] == [("page_link", "refuse")]
    assert rules(f"Look: {link} .", audience="private", **PAGES) == set()


def test_the_rest_of_that_host_is_public() -> None:
    assert rules("https://care.northair.example/help", **PAGES) == set()


SENTENCES = {
    "en": "We have found your bag and it will be on the next flight.",
    "es": "Hemos encontrado su maleta y llegará en el próximo vuelo de la tarde.",
    "de": "Wir haben Ihren Koffer gefunden und bringen ihn morgen zu Ihnen.",
    "fr": "Nous avons trouvé votre valise et elle arrive sur le prochain vol.",
    "pt": "Encontrámos a sua mala e ela vai chegar no próximo voo, não se preocupe.",
    "it": "Abbiamo trovato la tua valigia e arriva con il prossimo volo di oggi.",
    "nl": "Wij hebben uw koffer gevonden en brengen hem morgen naar u toe.",
    "ja": "お荷物が見つかりました。次の便で届きます。",
    "ru": "Мы нашли ваш чемодан, он прибудет следующим рейсом.",
    "ar": "وجدنا حقيبتك وستصل على الرحلة التالية.",
    "zh": "我们找到了您的行李，下一班飞机送到。",
    "ko": "가방을 찾았습니다. 다음 비행기로 도착합니다.",
}


@pytest.mark.parametrize("lang", SENTENCES)
def test_tells_languages_apart(lang: str) -> None:
    assert detect(Reading(SENTENCES[lang])) == lang


@pytest.mark.parametrize("text", ["", "Ok!", "Gracias!", "12:30 B4", "Porto Lisboa Madrid", "🙂🙂🙂🙂", "DM us", "の"])
def test_is_not_sure_of_a_few_words(text: str) -> None:
    assert detect(Reading(text)) is None


@pytest.mark.parametrize("said", ["en", "es", "de", "fr", "pt"])
@pytest.mark.parametrize("wanted", ["en", "es-MX", "de_AT", "fr", "pt-BR", "ja"])
def test_another_language_than_the_customers(said: str, wanted: str) -> None:
    same = wanted[:2] == said
    findings = asked(SENTENCES[said], customer_lang=wanted)
    assert [(one.rule, one.params) for one in findings] == (
        [] if same else [("wrong_language", {"said": said, "wanted": wanted[:2]})]
    )
    assert asked(SENTENCES[said], customer_lang=wanted, audience="private") == []


def test_the_last_public_words_tell_the_language() -> None:
    assert rules(SENTENCES["en"], last_public=SENTENCES["de"]) == {"wrong_language"}
    assert rules(SENTENCES["en"], last_public="Hallo?") == set()
    assert rules(SENTENCES["en"], customer_lang="und") == set()
    assert rules("Could you please tell us in English what it is about?", customer_lang="th") == set()


def test_what_is_too_long_needs_a_person() -> None:
    long = "word " * LONGEST
    assert [(one.rule, one.level) for one in asked(long)] == [("too_long_to_check", "second_look")]
    assert asked(long, audience="private") == []


def test_words_moved_from_private() -> None:
    assert [(one.rule, one.level) for one in asked("All is done.", written_as="private")] == [
        ("moved_to_public", "second_look")
    ]
    assert asked("All is done.", written_as="public") == []
    assert asked("All is done.", written_as="private", audience="private") == []
    assert asked("All is done.", written_as="public", audience="private") == []
