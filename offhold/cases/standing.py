"""What a case shows of its messages, kept up to date one message at a time. Pure.

Must agree with `recount`, which derives the same from all messages, in any order of arrival (a property test).
"""

from __future__ import annotations

from datetime import datetime

from offhold.cases.known import Case, Conversation, Message

TITLE = 90  # code points of the first words that name a case
SNIPPET = 160


def joined(case: Case, message: Message, text: str, conversation: Conversation) -> None:
    """Bring a case's own columns up to date with one more message."""
    case.touched = True
    case.messages += 1
    if message.audience == "public":
        case.holds_public = True
    else:
        case.holds_private = True
    if message.at > case.last_at or case.messages == 1:
        case.last_at, case.last_audience, case.channel = message.at, message.audience, conversation.channel
    elif message.at == case.last_at:
        case.recount = True  # a tie is decided by the network's id, as in the recount
    if message.identity is None:
        _answered(case, message.at)
    else:
        _asked(case, message, text)


def _answered(case: Case, at: datetime) -> None:
    case.last_out_at = max(at, case.last_out_at or at)
    if case.last_in_at is not None and case.last_in_at > at:
        case.recount = True  # which of the words after it are the oldest is not in the case's own columns
    else:
        case.waiting_since = None


def _asked(case: Case, message: Message, text: str) -> None:
    at = message.at
    if case.snippet_at is None or at > case.snippet_at:
        case.snippet, case.snippet_at, case.snippet_private = shorten(text, SNIPPET), at, message.audience == "private"
    elif at == case.snippet_at:
        case.recount = True
    if message.owed:
        _owed(case, message, text)


def _owed(case: Case, message: Message, text: str) -> None:
    at, first = message.at, case.last_in_at is None
    wake(case)
    case.last_in_at = max(at, case.last_in_at or at)
    if case.last_out_at is None or at > case.last_out_at:
        case.waiting_since = min(at, case.waiting_since or at)
    if first or at < case.opened_at:
        case.adopts = True
        case.opened_at = min(at, case.opened_at)
    if case.title_at is None or at < case.title_at:
        case.title, case.title_private = shorten(text, TITLE), message.audience == "private"
        case.title_at = at
    elif at == case.title_at:
        case.recount = True


def wake(case: Case) -> None:
    """The customer has said something that is owed an answer, or says it in other words: whenever that was, whoever put
    the case to rest has not seen it."""
    if case.snoozed_at is not None:
        case.snoozed_at, case.snoozed_until, case.woken = None, None, True


def shorten(text: str, limit: int) -> str:
    """The first line of words, cut at a word where there is one; at most `limit` code points and an ellipsis."""
    words = " ".join(text[: limit * 4].split())
    if len(words) <= limit:
        return words
    cut = words[:limit].rsplit(" ", 1)[0]
    return (cut if len(cut) > limit // 2 else words[:limit]) + "…"
