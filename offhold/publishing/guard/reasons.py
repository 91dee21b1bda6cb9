"""What each rule says in plain English, and what can be done about it. Pure.

Screens translate by rule and params; these are the words where a translation is missing, and in the record.
"""

from __future__ import annotations

from offhold.publishing.guard.findings import Fix, Found

REASONS: dict[str, str] = {
    "card_number": "This is a payment card's number: its check digit is right.",
    "iban": "This is a bank account's number: its check digits are right.",
    "case_code": "This code comes from this customer's private messages.",
    "private_words": "The customer told us this in private.",
    "page_link": "This is the secret link of a customer's page: whoever has it can read the case.",
    "private_detail": "The customer mentioned this in private only.",
    "email": "This looks like a person's e-mail address.",
    "phone": "This looks like a person's telephone number.",
    "address": "This looks like where somebody lives.",
    "code": "This looks like a booking, order or ticket code.",
    "colleague_name": "This is a colleague's full name. Customers see duty names.",
    "wrong_name": "You say {said}, and the customer's name is {name}.",
    "wrong_language": "This is written in {said}, and the customer writes in {wanted}.",
    "moved_to_public": "These words were first written as a private message.",
    "too_long_to_check": "Only the first {checked} characters were checked.",
    "blank": "Nobody filled this place in.",
    "shouting": "Words in capitals read as shouting.",
    "missing_alt": "Picture {picture} has no description for people who cannot see it.",
    "only_asks_for_private": "Everyone sees that we only send people elsewhere: say something that helps.",
    "identical": "We said exactly this to somebody else.",
    "link_elsewhere": "We do not usually link to {host}.",
}

# Of the maintained lists, by `params["kind"]`; `params["why"]` says it in the language of the words.
HEARD: dict[str, str] = {
    "feelings": "This tells an upset person how to feel: they hear that their anger is the problem.",
    "not_listened": "This says that they should have listened: it answers the person, not the question.",
    "blames": "This blames the customer in front of everyone, however true it is.",
    "pushes_away": "This pushes the person away: whose problem it is matters less to them than who helps.",
    "orders": "This orders a customer to stop or to wait: they wrote because waiting did not help.",
    "disbelieves": "This sounds as if they were not believed, or not worth an answer.",
    "insults": "This insults the person who reads it.",
    "guarantee": "A guarantee binds the company: only promise what you can keep.",
    "money": "This promises money, and no goodwill is recorded in this case.",
    "law": "This speaks about law or guilt, and can be held against the company. Ask somebody who may say it.",
}

FIXES: dict[str, tuple[Fix, ...]] = {
    "card_number": ("mask", "remove", "second_person", "not_a_problem"),
    "iban": ("mask", "send_privately", "second_person", "not_a_problem"),
    "case_code": ("mask", "send_privately", "second_person", "not_a_problem"),
    "private_words": ("send_privately", "reword", "second_person", "not_a_problem"),
    "page_link": ("remove_link", "send_privately", "second_person", "not_a_problem"),
    "private_detail": ("send_privately", "reword", "second_person", "not_a_problem"),
    "email": ("mask", "send_privately", "second_person", "not_a_problem"),
    "phone": ("mask", "send_privately", "second_person", "not_a_problem"),
    "address": ("mask", "send_privately", "second_person", "not_a_problem"),
    "code": ("mask", "send_privately", "second_person", "not_a_problem"),
    "colleague_name": ("remove", "second_person", "not_a_problem"),
    "wrong_name": ("correct_name", "second_person", "not_a_problem"),
    "insult": ("reword", "second_person", "not_a_problem"),
    "rude": ("reword", "second_person", "not_a_problem"),
    "legal": ("reword", "second_person", "not_a_problem"),
    "promise": ("reword", "second_person", "not_a_problem"),
    "wrong_language": ("translate", "second_person", "not_a_problem"),
    "moved_to_public": ("send_privately", "second_person", "not_a_problem"),
    "too_long_to_check": ("reword", "second_person", "not_a_problem"),
    "blank": ("reword", "remove", "not_a_problem"),
    "shouting": ("reword", "not_a_problem"),
    "missing_alt": ("add_alt", "not_a_problem"),
    "only_asks_for_private": ("say_more", "not_a_problem"),
    "identical": ("reword", "not_a_problem"),
    "link_elsewhere": ("remove_link", "not_a_problem"),
}


def reason(found: Found) -> str:
    """The rule's sentence about what was found."""
    if "kind" in found.params:
        return HEARD[found.params["kind"]]
    return REASONS[found.rule].format_map(found.params)


def fixes(rule: str, weight: str) -> tuple[Fix, ...]:
    """What to do about it. What refuses cannot be called "not a problem", nor be waved through by a second person."""
    ways = FIXES[rule]
    return tuple(way for way in ways if way not in ("second_person", "not_a_problem")) if weight == "refuse" else ways
