"""The words by which `owed` hears a request, a wish for a human, danger, and mere thanks. Written by us, per language.

Words and pairs of words are matched as whole words in lower case (a set look-up: ten microseconds a message, where one
regular expression of all alternatives took two hundred). Scripts without spaces are matched as parts of the text.
"""

from __future__ import annotations

REQUEST_WORDS = frozenset(
    """
    please pls plz help refund refunds compensation reimburse urgent asap answer reply respond
    ayuda ayúdenme necesito quiero reembolso pueden podrían cuándo dónde ayudar
    bitte hilfe brauche erstattung könnt können wann warum
    svp aidez besoin remboursement pouvez
    preciso ajuda podem quando aiuto rimborso potete
    """.split()
)
REQUEST_PAIRS = frozenset(
    tuple(pair.split())
    for pair in """
    can you|can someone|can anyone|can somebody|can i|could you|could someone|could somebody|could anyone|will you|would you
    let me|tell me|i need|we need|i want|we want|i demand|still waiting|am waiting|i'm waiting|are waiting|no answer|no reply
    no response|call me|contact me|dm me|message me|fix this|fix it|fix my|cancel my|send me|when is|when are|when will|when do
    where is|where are|where do|why is|why are|why was|why did|why do|what is|what are|what happened|who is|who can|how do
    how long|how can|how much|which one|someone explain|look into|check my|por favor|sigo esperando|ich warte|nous attendons
    j'attends quand|ho bisogno|per favore|ainda espero|s'il vous
    """.replace("\n", "|").split("|")
    if pair.strip()
)
REQUEST_PARTS = tuple(
    "ください お願い 教えて 返金 助けて いつ どこ なぜ 请 帮 退款 什么时候 为什么 من فضلكم أرجو ساعد متى أين لماذا كيف".split()
)

HUMAN_NOUNS = frozenset(
    """
    human humans person people agent agents representative rep operator somebody someone anybody anyone
    persona humano humana agente alguien mensch menschen mitarbeiter mitarbeiterin
    humain personne conseiller quelqu'un pessoa atendente alguém umano operatore
    """.split()
)
# "a real person", "an actual human": the noun alone is not enough, people say "a nice person"
HUMAN_MARKS = frozenset("real actual live echten echte echter vrai vraie verdad reale".split())
# "talk to a ...", "hablar con ...": one of these before the noun, within a few words
HUMAN_VERBS = frozenset(
    """
    talk talking speak speaking chat reach connect transfer hablar hable sprechen reden parler falar parlare escalate
    """.split()
)
# nouns that say it alone when wanted: "I want a human", "is there a human"
HUMAN_ALONE = frozenset("human humano humana umano humain mensch menschen".split())
WANTS = frozenset("want need get give is any where quiero necesito will brauche veux besoin quero preciso voglio".split())
HUMAN_PARTS = ("人間と話", "担当者と話", "オペレーター", "人と話したい", "真人", "人工客服", "转人工", "إنسان حقيقي", "شخص حقيقي", "أتحدث مع", "أتحدث إلى")

SAFETY_WORDS = frozenset(
    """
    suicide suicidal ambulance bleeding unconscious injured injury injuries explosion exploded assault assaulted stalking
    stalker suicidio ambulancia sangrando herido herida incendio selbstmord krankenwagen verletzt gasleck
    blessé blessée incendie ambulância ferido ferida incêndio
    """.split()
)
SAFETY_PAIRS = frozenset(
    tuple(pair.split())
    for pair in """
    kill myself|kill me|my life|self harm|on fire|caught fire|gas leak|smoke in|electric shock|burned me|burnt me|burned my
    threatened me|threatening me|chest pain|chest pains|allergic reaction|carbon monoxide|anaphylactic shock|fuga de|fuite de
    """.replace("\n", "|").split("|")
    if pair.strip()
)
SAFETY_PARTS = ("自殺", "救急", "火事", "怪我", "انتحار", "إسعاف", "حريق", "自杀", "急救", "着火")

THANKS = frozenset(
    """
    thanks thank thx ty cheers gracias danke merci obrigado obrigada grazie ありがとう ありがとうございます ありがとうございました
    谢谢 شكرا
    """.split()
)
# a message made only of these and of thanks asks for nothing
THANKS_COMPANY = frozenset(
    """
    you u a an so much lot million many very again all everyone team for the your help ok okay great perfect awesome lovely
    brilliant ah oh yes that works worked good sorted muchas mil vielen dank schön beaucoup muito mille جزيلا
    """.split()
)
