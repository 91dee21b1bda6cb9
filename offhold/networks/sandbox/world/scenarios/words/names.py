"""Names of invented people, by language, and how they turn into handles."""
# ruff: noqa: E501 - what people say is read one text to a line

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from random import Random

from offhold.networks.sandbox.world.scenarios.step import Actor

NAMES: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "en": (
        ("Dora", "Priya", "Callum", "Maeve", "Tobias", "Femi", "Grace", "Owen", "Imani", "Rhys", "Bonnie", "Arjun", "Nell",
         "Declan", "Sade", "Hamish", "Leila", "Gus", "Tamsin", "Kofi", "Edie", "Ravi", "Skye", "Bram"),
        ("Whitlock", "Okafor", "Pemberton", "Rao", "Fairbairn", "Delaney", "Achebe", "Thistlewood", "Mbeki", "Hale", "Kearney",
         "Lindqvist", "Sutcliffe", "Banerjee", "Garrick", "Penhaligon", "Osei", "Marlowe", "Tierney", "Ashdown"),
    ),
    "es": (
        ("Lucía", "Iker", "Carmen", "Mateo", "Noa", "Álvaro", "Inés", "Rocío", "Pau", "Ximena", "Joaquín", "Marisol"),
        ("Ibarra", "Quiroga", "Montalbán", "Ferrer", "Saavedra", "Otero", "Beltrán", "Cifuentes", "Peñalver", "Zamora"),
    ),
    "de": (
        ("Anneliese", "Jürgen", "Svenja", "Malte", "Heike", "Lennart", "Ute", "Cem", "Frauke", "Bastian", "Yasemin", "Götz"),
        ("Brinkmann", "Öztürk", "Haselhorst", "Vogelsang", "Kümmerle", "Petersen", "Drexler", "Wohlfahrt", "Zieliński"),
    ),
    "fr": (
        ("Maëlle", "Bastien", "Solène", "Théo", "Aminata", "Clémence", "Yannick", "Océane", "Loïc", "Salimata"),
        ("Delacourt", "Lefèvre", "Traoré", "Bonnefoy", "Guillou", "Marchetti", "Roussel", "Diallo", "Carpentier"),
    ),
    "pt": (
        ("Beatriz", "Tiago", "Inês", "Rui", "Catarina", "Duarte", "Marta", "João", "Leonor", "Vasco"),
        ("Figueiredo", "Nogueira", "Sequeira", "Azevedo", "Quintela", "Brandão", "Teles", "Valadares"),
    ),
    "ja": (
        ("美咲", "健太", "陽菜", "悠斗", "さくら", "大輔", "結衣", "直樹", "千尋", "亮"),
        ("佐々木", "山口", "松本", "高橋", "小川", "石田", "藤井", "中村", "村上", "岡本"),
    ),
    "ar": (
        ("ليلى", "عمر", "نور", "يوسف", "سلمى", "كريم", "هدى", "طارق", "ريم", "سامي"),
        ("الحسن", "منصور", "الخطيب", "حداد", "العلي", "صالح", "نجار", "درويش", "الشامي"),
    ),
}  # fmt: skip
LATIN: Mapping[str, Sequence[str]] = {
    "ja": ("misaki", "kenta", "hina", "yuto", "sakura", "daisuke", "yui", "naoki", "chihiro", "ryo"),
    "ar": ("layla", "omar", "nour", "youssef", "salma", "karim", "huda", "tarek", "reem", "sami"),
}
BIOS = ("", "", "", "Mostly trains, some planes.", "Teacher. Tea.", "Opinions mine, typos too.", "Two dogs, one bike.",
        "Here for the weather.", "Nurse on nights.", "Somewhere between two airports.")  # fmt: skip


class Cast:
    """Invents people of one run; nobody twice. Most have few followers, a handful have very many."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._taken: set[str] = set()

    def anyone(self, lang: str = "en") -> Actor:
        firsts, lasts = NAMES[lang]
        pick = self._dice.randrange(len(firsts))
        first, last = firsts[pick], self._dice.choice(lasts)
        base = LATIN[lang][pick] if lang in LATIN else _latin(first) + self._dice.choice(("_", "")) + _latin(last)
        name = last + first if lang == "ja" else f"{first} {last}"
        return Actor(self._free(base), name, lang, self._followers(), self._dice.choice(BIOS))

    def _free(self, base: str) -> str:
        handle = base[:22]
        while handle in self._taken:
            handle = f"{base[:22]}{self._dice.randrange(10, 9999)}"
        self._taken.add(handle)
        return handle

    def _followers(self) -> int:
        return min(400_000, int(self._dice.paretovariate(0.7) * 12))


def _latin(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.replace("ø", "o").replace("ł", "l")).encode("ascii", "ignore").decode()
    return re.sub(r"\W", "", folded).lower()
