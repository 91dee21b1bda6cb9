"""E-mail, telephone, address: a person's are marked, the company's are not."""

from __future__ import annotations

import pytest

from offhold.publishing.guard.own import learn_contacts, learn_hosts
from offhold.publishing.guard.tests.asking import asked, marked, rules

MAILS = [
    ("We wrote to jo.reed@post.example today.", "jo.reed@post.example"),
    ("Is jo+x@post.example yours?", "jo+x@post.example"),
    ("It went to jo＠post.example.", "jo＠post.example"),
    ("It went to j\u200bo@post.example.", "j\u200bo@post.example"),
    ("Login: mаria@post.example", "mаria@post.example"),  # a Cyrillic а
    ("Sent to jo (at) post (dot) example", "jo (at) post (dot) example"),
    ("Va a jo(arroba)post.example", "jo(arroba)post.example"),
    ("An vogt [at] post.example", "vogt [at] post.example"),
]
NO_MAILS = [
    "Write to care@northair.example.",
    "support@anything.example answers today",
    "atencion@anything.example, hilfe@anything.example, ajuda@anything.example",
    "We are @northair here, and @northair@social.example there.",
    "It ends in ***@post.example.",
    "j***@post.example got it",
    "Call us @ 1-800-555-0199",
    "Thanks!@northair.We are on it",
    "agent.mia@northair.example",
    "agent.mia@mail.northair.example",
]


@pytest.mark.parametrize(("text", "mail"), MAILS)
def test_finds_a_persons_mail(text: str, mail: str) -> None:
    assert marked("email", text) == [mail]
    assert rules(text, audience="private") == set()


@pytest.mark.parametrize("text", NO_MAILS)
def test_leaves_offices_and_our_own_mail(text: str) -> None:
    assert "email" not in rules(text, allowed_hosts=("northair.example",))


PHONES = [
    ("We will call you on +44 7700 900123 at three.", "+44 7700 900123"),
    ("Is 07700 900456 still your number?", "07700 900456"),
    ("I tried your mobile, (555) 010-4477.", "(555) 010-4477"),
    ("The courier rang +３４ ６００ １２３ ４５６ twice", "+３４ ６００ １２３ ４５６"),
    ("Le llamaremos al 612 345 678.", "612 345 678"),
    ("Wir rufen Sie unter 0171 5550123 an.", "0171 5550123"),
    ("Nous vous appelons au 06 55 50 12 34.", "06 55 50 12 34"),
    ("Vamos ligar-lhe para o 912 345 678.", "912 345 678"),
]
NO_PHONES = [
    "Please call us on 0800 555 0111.",
    "Give us a call at 1-800-555-0123!",
    "Our Tokyo call centre is on +81 3 5550 1234.",
    "The store number is (555) 010-4300.",
    "Llámenos al 900 123 456.",
    "Rufen Sie uns unter 030 5550 1234 an.",
    "Appelez-nous au 01 55 50 10 20.",
    "Ligue-nos para o 222 555 010.",
    "Order 5550104477 has left.",
    "Parcel 00340434161094 is in Leeds.",
    "It costs 1.299.000 today, or £12345678.",
    "From 2026-11-22 14:05 to 24-12-2026.",
    "Version 16.4.20261122, address 192.168.100.254",
    "#5550104477 and @5550104477",
    "Flights 4111 and 4112 leave at 18:40.",
]


@pytest.mark.parametrize(("text", "number"), PHONES)
def test_finds_a_persons_number(text: str, number: str) -> None:
    assert marked("phone", text) == [number]
    assert rules(text, audience="private") == set()


@pytest.mark.parametrize("text", NO_PHONES)
def test_leaves_our_numbers_and_what_is_none(text: str) -> None:
    assert "phone" not in rules(text)


def test_what_two_customers_were_told_is_ours() -> None:
    answers = [
        "Our desk: +81 3 5550 1234, see https://northair.example/a",
        "+81-3-5550-1234, northair.example/b",
        "+1 555 0100 99",
    ]
    ours = learn_contacts(answers)
    assert ours == ("81355501234",)
    assert learn_hosts(answers) == ("northair.example",)
    assert rules("+81 (3) 5550 1234") == {"phone"}
    assert rules("+81 (3) 5550 1234", own_contacts=ours) == set()
    assert rules("Sure: jo@post.example", own_contacts=learn_contacts(["JO@post.example"] * 2)) == set()


ADDRESSES = [
    ("It goes to 14 Elmwood Road, Leeds.", "14 Elmwood Road"),
    ("Do you still live at 220 Maple Avenue?", "220 Maple Avenue"),
    ("Va a la calle Almendro 14, Sevilla.", "calle Almendro 14"),
    ("Pasó por su casa, C/ Olivo 7.", "C/ Olivo 7"),
    ("Es geht an die Ulmenstraße 14, Köln.", "Ulmenstraße 14"),
    ("C'est au 14 rue des Ormes, Lyon.", "14 rue des Ormes"),
    ("Enviamos para a Rua das Amoreiras, 14.", "Rua das Amoreiras, 14"),
]
NO_ADDRESSES = [
    "Our store at 12 Market Street is open.",
    "Visit us at 400 Harbour Drive.",
    "La tienda de la calle Mayor 12 abre.",
    "Unsere Filiale in der Marktstraße 12 hat offen.",
    "Notre boutique du 12 rue du Marché ferme.",
    "A nossa loja na Rua do Mercado 12 fecha.",
    "Die Crew auf Platz 3 landet.",
    "La calle de los sentidos es nuestra.",
    "Take 2 ways to win.",
]


@pytest.mark.parametrize(("text", "address"), ADDRESSES)
def test_finds_where_somebody_lives(text: str, address: str) -> None:
    assert marked("address", text) == [address]
    assert rules(text, audience="private") == set()


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_leaves_our_own_places(text: str) -> None:
    assert "address" not in rules(text)


def test_levels_are_a_second_look() -> None:
    assert {finding.level for finding in asked("jo@post.example, +44 7700 900123, 14 Elmwood Road")} == {"second_look"}
