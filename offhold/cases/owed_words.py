"""The words by which `owed` hears a request, a wish for a human, danger, and mere thanks. Written by us, per language.

Words and pairs of words are matched as whole words in lower case (a set look-up: ten microseconds a message, where one
regular expression of all alternatives took two hundred). Scripts without spaces are matched as parts of the text.
"""

from __future__ import annotations


def _parts(text: str) -> tuple[str, ...]:
    """What stands between bars or on lines of its own."""
    return tuple(part.strip() for line in text.splitlines() for part in line.split("|") if part.strip())


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _pairs(text: str) -> frozenset[tuple[str, ...]]:
    """Two words each."""
    return frozenset(tuple(part.split()) for part in _parts(text))


REQUEST_WORDS = _words(
    """
    please pls plz help refund refunds compensation reimburse urgent asap answer reply respond
    ayuda ayúdenme necesito quiero reembolso pueden podrían cuándo dónde ayudar
    bitte hilfe brauche erstattung könnt können wann warum
    svp aidez besoin remboursement pouvez
    preciso ajuda podem quando aiuto rimborso potete
    """
)
REQUEST_PAIRS = _pairs(
    """
    can you|can someone|can anyone|can somebody|can i|could you|could someone|could somebody|could anyone|will you
    would you
    let me|tell me|i need|we need|i want|we want|i demand|still waiting|am waiting|i'm waiting|are waiting
    no answer|no reply
    no response|call me|contact me|dm me|message me|fix this|fix it|fix my|cancel my|send me|when is|when are
    when will|when do
    where is|where are|where do|why is|why are|why was|why did|why do|what is|what are|what happened|who is|who can
    how do
    how long|how can|how much|which one|someone explain|look into|check my|por favor|sigo esperando|ich warte
    nous attendons
    j'attends quand|ho bisogno|per favore|ainda espero|s'il vous
    """
)
REQUEST_PARTS = _parts(
    """
    ください|お願い|教えて|返金|助けて|いつ|どこ|なぜ|请|帮|退款|什么时候|为什么
    من فضلكم|أرجو|ساعد|متى|أين|لماذا|كيف
    """
)

HUMAN_NOUNS = _words(
    """
    human humans person people agent agents representative rep operator somebody someone anybody anyone
    persona humano humana agente alguien mensch menschen mitarbeiter mitarbeiterin
    humain personne conseiller quelqu'un pessoa atendente alguém umano operatore
    """
)
# "a real person", "an actual human": the noun alone is not enough, people say "a nice person"
HUMAN_MARKS = _words("real actual live echten echte echter vrai vraie verdad reale")
# "talk to a ...", "hablar con ...": one of these before the noun, within a few words
HUMAN_VERBS = _words(
    """
    talk talking speak speaking chat reach connect transfer hablar hable sprechen reden parler falar parlare escalate
    """
)
# nouns that say it alone when wanted: "I want a human", "is there a human"
HUMAN_ALONE = _words("human humano humana umano humain mensch menschen")
WANTS = _words("want need get give is any where quiero necesito will brauche veux besoin quero preciso voglio")
HUMAN_PARTS = _parts(
    """
    人間と話|担当者と話|オペレーター|人と話したい|真人|人工客服|转人工
    إنسان حقيقي|شخص حقيقي|أتحدث مع|أتحدث إلى
    """
)

SAFETY_WORDS = _words(
    """
    suicide suicidal ambulance bleeding unconscious injured injury injuries explosion exploded assault assaulted
    stalking
    stalker suicidio ambulancia sangrando herido herida incendio selbstmord krankenwagen verletzt gasleck
    blessé blessée incendie ambulância ferido ferida incêndio
    """
)
SAFETY_PAIRS = _pairs(
    """
    kill myself|kill me|my life|self harm|on fire|caught fire|gas leak|smoke in|electric shock|burned me|burnt me
    burned my
    threatened me|threatening me|chest pain|chest pains|allergic reaction|carbon monoxide|anaphylactic shock
    fuga de|fuite de
    """
)
SAFETY_PARTS = _parts("自殺|救急|火事|怪我|انتحار|إسعاف|حريق|自杀|急救|着火")

THANKS = _words(
    """
    thanks thank thx ty cheers gracias danke merci obrigado obrigada grazie ありがとう ありがとうございます
    ありがとうございました
    谢谢 شكرا
    """
)
# a message made only of these and of thanks asks for nothing
THANKS_COMPANY = _words(
    """
    you u a an so much lot million many very again all everyone team for the your help ok okay great perfect
    awesome lovely
    brilliant ah oh yes that works worked good sorted muchas mil vielen dank schön beaucoup muito mille جزيلا
    """
)
