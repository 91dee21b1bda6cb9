"""The same quiet day in Spanish, German, French, Portuguese, Japanese and Arabic: shorter, and just as mixed."""
# ruff: noqa: E501 - what people say is read one text to a line

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec


class Tongue(msgspec.Struct, frozen=True):
    """What people ask, suffer, praise and want in one language. Slots are filled from `slots` and the details."""

    slots: Mapping[str, Sequence[str]]
    question: Sequence[str]
    problem: Sequence[str]
    praise: Sequence[str]
    human: Sequence[str]
    direct: Sequence[str]
    thanks: Sequence[str]


SPANISH = Tongue(
    slots={
        "who": (
            "mi madre",
            "mis dos hijos",
            "mi pareja",
            "un bebé",
            "mi abuelo, de {age} años",
            "nuestro gato",
            "mi hermana",
        ),
        "bag": ("mi maleta", "el carrito del niño", "mi mochila", "la guitarra", "una de las tres maletas"),
        "when": ("el viernes", "mañana a las {time}", "el martes que viene", "en Navidad", "esta noche"),
    },
    question=(
        "¿puedo llevar un violín en cabina en el {flight} {when}?",
        "¿a qué hora cierran la facturación en {city} para el vuelo {flight}?",
        "viajo {when} con {who}, ¿nos pueden sentar juntos sin pagar {money} euros?",
        "¿alguien sabe si el {flight} a {there} sale de la puerta {gate}?",
        "¿cómo cambio la reserva {booking} a un vuelo {when}?",
        "si pierdo la conexión en {city} por un retraso de {minutes} minutos, ¿quién me ayuda?",
    ),
    problem=(
        "llevo {hours} horas en {city} y {bag} no ha llegado.",
        "me deben {money} euros del {flight} desde hace {days} días y nadie contesta.",
        "la aplicación me cierra la sesión cada {number} minutos y no puedo facturar para {there}.",
        "cambiaron el {flight} a las {time} y ahora perdemos el tren, {who} y yo.",
        "he llamado {tries} veces por {bag} y siempre se corta.",
    ),
    praise=(
        "gracias a la chica de la puerta {gate} en {city}, ayudó a {who} sin que nadie se lo pidiera.",
        "viajar con {who} nunca es fácil, pero la tripulación del {flight} estuvo de diez.",
    ),
    human=(
        "quiero hablar con una persona sobre la reserva {booking}, por favor. Llevo {minutes} minutos de menús.",
        "¿hay alguien real ahí, o solo el asistente que me ha preguntado lo mismo {tries} veces?",
    ),
    direct=(
        "Hola, mi reserva es {booking}. Tengo que cambiar el {flight} porque {who} no puede viajar {when}.",
        "Buenas, {bag} no salió en la cinta en {city} después del vuelo {flight}.",
    ),
    thanks=(
        "Gracias, ahora {booking} aparece bien.",
        "Perfecto, estaré en la puerta {gate} a las {time}.",
        "Eso ya lo hice {tries} veces. ¿Puede mirarlo usted en {booking}?",
    ),
)
GERMAN = Tongue(
    slots={
        "who": (
            "meine Mutter",
            "zwei Kinder",
            "mein Vater, {age}",
            "unsere Katze",
            "ein Baby",
            "meine Schwester",
            "elf Kollegen",
        ),
        "bag": ("mein Koffer", "der Kinderwagen", "mein Rucksack", "die Gitarre", "einer von drei Koffern"),
        "when": ("am Freitag", "morgen um {time}", "nächsten Dienstag", "über Weihnachten", "heute Abend"),
    },
    question=(
        "darf ein Klapprad als Handgepäck mit auf {flight} {when}?",
        "bis wann kann ich in {city} für {flight} Gepäck aufgeben?",
        "wie buche ich {booking} auf einen Flug {when} um, ohne {money} Euro zu zahlen?",
        "fährt der Bus zum Gate {gate} noch um {time}?",
        "was passiert mit dem Anschluss in {city}, wenn {flight} {minutes} Minuten zu spät ist?",
        "zählt mein Gutschein über {money} Euro auch für den Flug nach {there}?",
    ),
    problem=(
        "seit {hours} Stunden in {city}, und {bag} ist nicht da, und der Schalter hat zu.",
        "{days} Tage nach der Absage von {flight} fehlen immer noch {money} Euro.",
        "die App meldet mich alle {number} Minuten ab, so komme ich nie nach {there}.",
        "beim Check-in für {booking} steht nur eine Person, gebucht haben wir {number}.",
        "zum {tries}. Mal aus der Leitung geflogen, und {bag} steht angeblich in {city}.",
    ),
    praise=(
        "großes Lob an die Crew von {flight}: so freundlich war lange niemand zu uns, trotz {minutes} Minuten Verspätung.",
        "der Kollege an Gate {gate} in {city} hat in {number} Minuten gelöst, woran die App gescheitert ist.",
    ),
    human=(
        "ich möchte bitte mit einem Menschen sprechen, es geht um {booking}. {minutes} Minuten Warteschleife reichen.",
        "kann sich jemand Echtes melden, der Bot hat mich {tries} Mal dasselbe gefragt?",
    ),
    direct=(
        "Guten Tag, meine Buchung ist {booking}. {bag} kam nach {flight} in {city} nicht an.",
        "Hallo, ich muss {flight} verschieben, weil {who} {when} nicht kann. Buchung {booking}.",
    ),
    thanks=(
        "Danke, {booking} stimmt jetzt.",
        "Gut, dann warte ich bis {time} an Gate {gate}.",
        "Das habe ich schon {tries} Mal versucht. Können Sie bei {booking} nachsehen?",
    ),
)
FRENCH = Tongue(
    slots={
        "who": ("ma mère", "mes deux enfants", "mon père, {age} ans", "notre chat", "un bébé", "ma sœur"),
        "bag": ("ma valise", "la poussette", "mon sac à dos", "la guitare", "une valise sur trois"),
        "when": ("vendredi", "demain à {time}", "mardi prochain", "à Noël", "ce soir"),
    },
    question=(
        "peut-on prendre un violon en cabine sur le {flight} {when} ?",
        "jusqu'à quelle heure déposer un bagage à {city} pour le {flight} ?",
        "comment changer la réservation {booking} pour un vol {when} sans payer {money} euros ?",
        "le {flight} vers {there} part-il bien de la porte {gate} ?",
        "je voyage {when} avec {who}, serons-nous assis ensemble dans le {flight} ?",
    ),
    problem=(
        "ça fait {hours} heures que je suis à {city} et {bag} n'est pas là.",
        "toujours pas remboursé des {money} euros du {flight}, annulé il y a {days} jours.",
        "l'application me déconnecte toutes les {number} minutes, impossible d'aller à {there}.",
        "on m'a raccroché au nez {tries} fois à propos de {bag}.",
    ),
    praise=(
        "merci à l'équipage du {flight}, {who} en parle encore {days} jours après.",
        "bravo à la personne de la porte {gate} à {city}, tout réglé en {number} minutes.",
    ),
    human=(
        "je voudrais parler à un être humain pour {booking}, s'il vous plaît. {minutes} minutes de menus, ça suffit.",
        "il y a quelqu'un ? Votre robot me pose la même question pour la {tries}e fois.",
    ),
    direct=(
        "Bonjour, ma réservation est {booking}. {bag} n'est jamais arrivée à {city} après le {flight}.",
        "Bonsoir, je dois décaler le {flight} car {who} est malade. Dossier {booking}.",
    ),
    thanks=(
        "Merci, {booking} est en ordre maintenant.",
        "D'accord, je serai porte {gate} à {time}.",
        "Je l'ai déjà fait {tries} fois. Pouvez-vous regarder {booking} ?",
    ),
)
PORTUGUESE = Tongue(
    slots={
        "who": ("a minha mãe", "os meus dois filhos", "o meu avô de {age} anos", "um bebé", "o gato", "a minha irmã"),
        "bag": ("a minha mala", "o carrinho", "a mochila", "a guitarra", "uma das três malas"),
        "when": ("na sexta", "amanhã às {time}", "na próxima terça", "no Natal", "hoje à noite"),
    },
    question=(
        "posso levar uma prancha no {flight} {when}?",
        "até que horas posso despachar a mala em {city} para o {flight}?",
        "como mudo a reserva {booking} para um voo {when}?",
        "o {flight} para {there} sai mesmo da porta {gate}?",
        "viajo {when} e comigo vem {who}. Ficamos juntos sem pagar {money} euros?",
    ),
    problem=(
        "estou em {city} há {hours} horas e {bag} não apareceu.",
        "faltam {money} euros do {flight}, cancelado há {days} dias.",
        "a aplicação fecha a cada {number} minutos e o voo para {there} não espera.",
        "já liguei {tries} vezes por causa disto: {bag} ficou em {city}.",
    ),
    praise=(
        "obrigado à tripulação do {flight}, que tratou de tudo com um sorriso às {time}.",
        "a senhora da porta {gate} em {city} resolveu em {number} minutos. Impecável!",
    ),
    human=(
        "quero falar com uma pessoa sobre a reserva {booking}, por favor. São {minutes} minutos de música.",
        "há alguém aí? O robô perguntou a mesma coisa {tries} vezes.",
    ),
    direct=(
        "Olá, a reserva é {booking}. Preciso de mudar o {flight} para {when}.",
        "Boa tarde, depois do {flight} ficou a faltar bagagem em {city}: {bag}.",
    ),
    thanks=(
        "Obrigado, {booking} já aparece bem.",
        "Certo, estarei na porta {gate} às {time}.",
        "Já fiz isso {tries} vezes. Pode ver {booking}?",
    ),
)
JAPANESE = Tongue(
    slots={
        "who": ("母", "子ども二人", "{age}歳の祖父", "赤ちゃん", "妹", "同僚"),
        "bag": ("スーツケース", "ベビーカー", "リュック", "ギター", "預けた荷物"),
        "when": ("金曜日", "明日の{time}", "来週の火曜日", "年末", "今夜"),
    },
    question=(
        "{when}の{flight}便に三味線を持ち込めますか？",
        "{city}で{flight}便の荷物は何時まで預けられますか？",
        "予約{booking}を{when}の便に変更するにはどうすればいいですか？",
        "{there}行きの{flight}便は{gate}番ゲートのままでしょうか？",
        "{who}と{when}に乗ります。隣の席は{seat}で取れますか？",
    ),
    problem=(
        "{city}に着いて{hours}時間、{bag}がまだ出てきません。",
        "{days}日前に欠航になった{flight}便の{money}ユーロがまだ戻っていません。",
        "アプリが{number}分ごとに落ちて、{there}行きの手続きができません。",
        "{bag}のことで{tries}回電話しましたが、毎回切れてしまいます。",
    ),
    praise=(
        "{flight}便の皆さん、{who}に優しくしてくださってありがとうございました。",
        "{city}の{gate}番ゲートの方のおかげで、{number}分で解決しました。",
    ),
    human=(
        "予約{booking}のことで、人と話したいです。もう{minutes}分も自動音声です。",
        "機械ではなく担当の方をお願いします。同じ質問が{tries}回目です。",
    ),
    direct=(
        "こんばんは。予約番号は{booking}です。{flight}便を{when}に変えたいです。",
        "{flight}便で{city}に着きましたが、{bag}が見つかりません。",
    ),
    thanks=(
        "ありがとうございます。{booking}を確認できました。",
        "わかりました。{time}に{gate}番ゲートで待ちます。",
        "それはもう{tries}回試しました。{booking}を見ていただけますか？",
    ),
)
ARABIC = Tongue(
    slots={
        "who": ("والدتي", "طفلين", "جدي وعمره {age} سنة", "رضيع", "أختي"),
        "bag": ("حقيبتي", "عربة الطفل", "حقيبة الظهر", "الغيتار"),
        "when": ("يوم الجمعة", "غداً الساعة {time}", "الثلاثاء القادم", "الليلة"),
    },
    question=(
        "هل يمكنني أخذ العود داخل المقصورة في رحلة {flight} {when}؟",
        "إلى أي ساعة يمكن تسليم الحقائب في {city} لرحلة {flight}؟",
        "كيف أغير الحجز {booking} إلى رحلة {when}؟",
        "هل ما زالت رحلة {flight} إلى {there} من البوابة {gate}؟",
        "أسافر {when} مع {who}، هل نجلس معاً دون دفع {money} يورو؟",
    ),
    problem=(
        "أنا في {city} منذ {hours} ساعات و{bag} لم تصل.",
        "ألغيت رحلة {flight} قبل {days} يوماً ولم أستلم {money} يورو حتى الآن.",
        "التطبيق يغلق كل {number} دقائق ولا أستطيع إتمام إجراءات السفر إلى {there}.",
        "اتصلت {tries} مرات بخصوص {bag} وفي كل مرة ينقطع الخط.",
    ),
    praise=(
        "شكراً لطاقم رحلة {flight}، ساعدوا {who} بكل لطف.",
        "الموظف عند البوابة {gate} في {city} حل المشكلة في {number} دقائق.",
    ),
    human=(
        "أريد التحدث مع شخص حقيقي عن الحجز {booking} من فضلكم، {minutes} دقيقة من القوائم تكفي.",
        "هل يوجد إنسان هناك؟ سألني الروبوت السؤال نفسه {tries} مرات.",
    ),
    direct=(
        "مرحباً، رقم الحجز {booking}. أحتاج إلى تغيير رحلة {flight} إلى {when}.",
        "مساء الخير، {bag} لم تظهر في {city} بعد رحلة {flight}.",
    ),
    thanks=(
        "شكراً، الحجز {booking} صحيح الآن.",
        "حسناً، سأكون عند البوابة {gate} الساعة {time}.",
        "جربت ذلك {tries} مرات. هل يمكنكم مراجعة {booking}؟",
    ),
)
TONGUES: Mapping[str, Tongue] = {
    "es": SPANISH, "de": GERMAN, "fr": FRENCH, "pt": PORTUGUESE, "ja": JAPANESE, "ar": ARABIC,
}  # fmt: skip
