"""Texts made to be slow: 100,000 characters of what the rules look for, in the shapes that hurt matchers."""

from __future__ import annotations

LENGTH = 100_000
_PIECES = (
    "a",
    "human ",
    "human? ",
    "can i talk to ",
    "to speak to the the the ",
    "i asked you to call me ",
    "hold wait hours to to to talk ",
    "human! agent! rep! ",
    '"i want" ',
    "> quoted\n",
    "@a ",
    "'" * 50 + "a",
    "no no no dont want to talk to a human ",
    "quiero hablar con con con ",
    "人工客服不要机器人",
    "担当者と電話で話",
    "상담원 연결 안 돼",
    "موظف اتكلم مع ",
    "मुझे इंसान से ",
    "e\u0301\u0301\u0301",
    "\u200b\u200dhuman",
    "\U0001f64b",
    "1/2 ",
    "\ud800\x00",
    "?!?! ",
    "humaaaaaaan ",
)


def hostile() -> list[str]:
    """Each piece again and again, alone and with a wish at the end."""
    plain = [(piece * (LENGTH // len(piece) + 1))[:LENGTH] for piece in _PIECES]
    return plain + [f"{text[: LENGTH // 20]} let me talk to a human" for text in plain]
