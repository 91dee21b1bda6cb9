"""The first words of an apology, in the customer's language, for somebody to make their own. Pure."""

from __future__ import annotations

_WORDS = {
    "en": "I am sorry: I answered you in public with words that should not have stood there. I have taken them down.",
    "es": "Lo siento: le respondí en público con palabras que no debían estar ahí. Ya las he retirado.",
    "de": "Es tut mir leid: Ich habe Ihnen öffentlich geantwortet, was dort nicht stehen durfte. Es ist gelöscht.",
    "fr": "Je suis désolé : je vous ai répondu en public ce qui ne devait pas s'y trouver. Je l'ai retiré.",
    "pt": "Peço desculpa: respondi-lhe em público com palavras que não deviam estar ali. Já as retirei.",
}


def apology(language: str | None) -> str:
    """In `language` (BCP 47), or in English where we have no words of our own."""
    return _WORDS.get((language or "en").split("-")[0].lower(), _WORDS["en"])
