"""Which case does it belong to? Pure: takes what is known and what came, says what is to be written.

The rules, each so that any order of arrival and any duplicate gives the same cases:
- One customer has one open home case per network; public words and direct messages of theirs join it. Each third party
  under a post of ours gets a case of their own when they are owed an answer.
- Owed or voice is decided from the words alone (`owed`), except how busy a post is. A voice of a customer who has a
  case joins it, and is adopted when it came before the case.
- Our own words never open a case: they join the case of what they answer, whichever came first.
- After resolution owed words reopen the case within the workspace's time, later they open a new one linked to it.
- Signals about a message we have not got wait for it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from offhold.cases.known import Case, Conversation, Identity, Incoming, Known, Message, MessageKey
from offhold.cases.owed import Verdict, decide
from offhold.connectors.contract import Deleted, Edited, Hidden, Person, Posted, Reacted

ADOPTS = timedelta(days=7)  # voices this long before a case opened belong to it
TITLE = 90  # code points of the first words that name a case
SNIPPET = 160
JOINING_VOICES = frozenset({"thanks", "busy_post"})  # what is not said to us joins nothing

Change = Posted | Edited | Deleted | Hidden | Reacted


class NewMessage(msgspec.Struct, frozen=True):
    """`stamp`: when the version it was posted with was said; edits of the same batch may move the message's on."""

    message: Message
    posted: Posted
    stamp: datetime


class Changed(msgspec.Struct, frozen=True):
    """A stored or new message changes: `signal` says how, applied in order. `current`: an edit that is the newest; an
    older one only joins the history."""

    message: Message
    signal: Edited | Deleted | Hidden | Reacted
    current: bool = True


class Plan(msgspec.Struct):
    """What is to be written, beside the working copies marked new or touched in `Known`."""

    messages: list[NewMessage] = []
    changes: list[Changed] = []
    waiting: list[tuple[MessageKey, Incoming]] = []  # to be kept until their message comes
    settled: list[MessageKey] = []  # kept signals that found their message
    opened: list[Case] = []


def thread(known: Known, batch: list[Incoming], new_id: Callable[[], int]) -> Plan:
    """Decide a batch in the order it came. Adds to and marks the copies in `known`; touches nothing else."""
    plan = Plan()
    for item in batch:
        signal = item.signal
        if isinstance(signal, Posted):
            _posted(known, plan, item, signal, new_id)
        elif isinstance(signal, Edited | Deleted | Hidden | Reacted):
            _change(known, plan, item, signal, new_id)
    return plan


def _posted(known: Known, plan: Plan, item: Incoming, posted: Posted, new_id: Callable[[], int]) -> None:
    key = (item.workspace, item.channel, posted.id)
    have = known.messages.get(key)
    if have is not None:
        _seen_again(known, plan, item, posted, have, new_id)
        return
    own = posted.author.id == item.account
    conversation = _conversation(known, item, posted, new_id)
    identity = None if own else _identity(known, item, posted.author, posted.at, new_id)
    partner = identity if posted.counterpart is None else _identity(known, item, posted.counterpart, posted.at, new_id)
    if posted.audience == "private" and partner is not None and conversation.identity is None:
        conversation.identity, conversation.touched = partner.id, True
    if identity is None:
        verdict = Verdict(False, "own")
        case = _case_of_own(known, item, posted, partner, conversation)
    else:
        conversation.others += 1
        conversation.touched = True
        verdict = _verdict(known, item, posted.text, posted, conversation)
        case = _place(known, plan, item, identity, conversation, posted, verdict, new_id)
    message = Message(
        id=new_id(), workspace=item.workspace, channel=item.channel, network_id=posted.id, audience=posted.audience,
        conversation=conversation.id, case=case.id if case else None, identity=identity.id if identity else None,
        at=posted.at, version=posted.version, version_at=_stamp(item, posted), deleted_at=None,
        owed=verdict.owed, reason=verdict.reason,
    )  # fmt: skip
    known.messages[key] = message
    plan.messages.append(NewMessage(message, posted, message.version_at))
    if case is not None:
        _joined(case, message, posted.text, conversation)
    _catch_up(known, plan, key, new_id)


def _catch_up(known: Known, plan: Plan, key: MessageKey, new_id: Callable[[], int]) -> None:
    """Apply what came before its message."""
    early = known.early.pop(key, [])
    if early:
        plan.settled.append(key)
    for item in early:
        assert isinstance(item.signal, Edited | Deleted | Hidden | Reacted)
        _change(known, plan, item, item.signal, new_id)


def _seen_again(
    known: Known, plan: Plan, item: Incoming, posted: Posted, have: Message, new_id: Callable[[], int]
) -> None:
    """The same item once more: nothing, unless the network shows a newer version of it."""
    edited = Edited(
        id=posted.id, text=posted.text, at=_stamp(item, posted), version=posted.version,
        media=posted.media, native=posted.native,
    )  # fmt: skip
    if edited.version != have.version and is_newer(edited, have):
        _change(known, plan, item, edited, new_id)


def _stamp(item: Incoming, posted: Posted) -> datetime:
    """When this version was said; where the network tells no times of edits, when we were handed it."""
    return posted.edited_at or (posted.at if item.edit_times else item.received_at)


def _change(
    known: Known, plan: Plan, item: Incoming, signal: Edited | Deleted | Hidden | Reacted, new_id: Callable[[], int]
) -> None:
    key = (item.workspace, item.channel, signal.id)
    message = known.messages.get(key)
    if message is None:
        known.early.setdefault(key, []).append(item)
        plan.waiting.append((key, item))
        return
    current = not isinstance(signal, Edited) or is_newer(signal, message)
    plan.changes.append(Changed(message, signal, current))
    if isinstance(signal, Deleted):
        message.deleted_at = message.deleted_at or signal.at
    elif isinstance(signal, Edited) and current:
        message.version, message.version_at = signal.version, signal.at
        _owed_after_edit(known, plan, item, message, signal, new_id)
    if message.case is not None and isinstance(signal, Deleted | Edited):
        case = known.cases[message.case]
        case.recount = case.touched = True


def is_newer(edited: Edited, message: Message) -> bool:
    """Last writer wins by time, then by version; deleted words never come back."""
    if message.deleted_at is not None:
        return False
    return (edited.at, edited.version) > (message.version_at, message.version)


def _owed_after_edit(
    known: Known, plan: Plan, item: Incoming, message: Message, edited: Edited, new_id: Callable[[], int]
) -> None:
    """An edit can make a voice owed; it never takes back what is owed already."""
    if message.owed or message.identity is None:
        return
    verdict = decide(edited.text, audience=message.audience, addressed=message.reason != "not_addressed", busy=True)
    if not verdict.owed:
        return
    identity = next(i for i in known.identities.values() if i.id == message.identity)
    conversation = next(c for c in known.conversations.values() if c.id == message.conversation)
    message.owed, message.reason = True, verdict.reason
    if message.case is None:
        case = _home_for_owed(known, plan, item, identity, conversation, message.at, edited.text, new_id)
        message.case = case.id
    case = known.cases[message.case]
    case.opened_at = min(case.opened_at, message.at)
    case.recount = case.touched = case.adopts = True


# --- who and where -------------------------------------------------------------------------------------------


def _conversation(known: Known, item: Incoming, posted: Posted, new_id: Callable[[], int]) -> Conversation:
    key = (item.workspace, item.channel, posted.audience, posted.conversation)
    found = known.conversations.get(key)
    if found is None:
        found = known.conversations[key] = Conversation(
            id=new_id(), workspace=item.workspace, channel=item.channel, audience=posted.audience,
            key=posted.conversation, identity=None, others=0, last_at=posted.at, new=True,
        )  # fmt: skip
    if posted.at > found.last_at:
        found.last_at, found.touched = posted.at, True
    return found


def _identity(known: Known, item: Incoming, person: Person, at: datetime, new_id: Callable[[], int]) -> Identity:
    key = (item.workspace, item.network, person.id)
    found = known.identities.get(key)
    if found is None:
        found = known.identities[key] = Identity(
            id=new_id(), workspace=item.workspace, network=item.network, account=person.id, customer=new_id(),
            handle=person.handle, name=person.name, avatar_url=person.avatar_url, followers=person.followers,
            new=True, seen_at=at,
        )  # fmt: skip
    elif found.seen_at is None or at >= found.seen_at:
        _renamed(found, person, at)
    return found


def _renamed(identity: Identity, person: Person, at: datetime) -> None:
    """Handle, name, picture and reach are attributes: the newest the network told stands."""
    identity.seen_at = at
    for name in ("handle", "name", "avatar_url", "followers"):
        told = getattr(person, name)
        if told and told != getattr(identity, name):
            setattr(identity, name, told)
            identity.changed = True


# --- which case ----------------------------------------------------------------------------------------------


def _verdict(known: Known, item: Incoming, text: str, posted: Posted, conversation: Conversation) -> Verdict:
    busy = posted.audience == "public" and conversation.others > known.policies[item.workspace].busy
    return decide(text, audience=posted.audience, addressed=posted.mentions_us, busy=busy)


def _place(
    known: Known, plan: Plan, item: Incoming, identity: Identity, conversation: Conversation, posted: Posted,
    verdict: Verdict, new_id: Callable[[], int],
) -> Case | None:  # fmt: skip
    if verdict.owed:
        return _home_for_owed(known, plan, item, identity, conversation, posted.at, posted.text, new_id)
    home = _home(known, identity, conversation)
    if home is None or verdict.reason not in JOINING_VOICES or posted.at < home.opened_at - ADOPTS:
        return None
    if home.resolved_at is not None and posted.at > home.resolved_at + known.policies[item.workspace].reopen:
        return None
    return home


def _home(known: Known, identity: Identity, conversation: Conversation) -> Case | None:
    pinned = known.pins.get((identity.id, conversation.id))
    return known.cases[pinned] if pinned is not None else identity.home


def _home_for_owed(
    known: Known, plan: Plan, item: Incoming, identity: Identity, conversation: Conversation, at: datetime, text: str,
    new_id: Callable[[], int],
) -> Case:  # fmt: skip
    home = _home(known, identity, conversation)
    if home is not None and home.state == "open":
        return home
    if home is not None and home.resolved_at is not None:
        if at <= home.resolved_at + known.policies[item.workspace].reopen:
            home.state, home.resolved_at, home.reopened, home.touched = "open", None, True, True
            return home
    return _open(known, plan, item, identity, conversation, at, home, new_id)


def _open(
    known: Known, plan: Plan, item: Incoming, identity: Identity, conversation: Conversation, at: datetime,
    earlier: Case | None, new_id: Callable[[], int],
) -> Case:  # fmt: skip
    case = Case(
        id=new_id(), workspace=item.workspace, customer=identity.customer, identity=identity.id, channel=item.channel,
        queue=item.queue, state="open", opened_at=at, resolved_at=None, last_at=at, last_in_at=None, last_out_at=None,
        waiting_since=None, title="", title_private=False, snippet="", snippet_at=None, snippet_private=False,
        last_audience=conversation.audience, holds_public=False, holds_private=False, messages=0,
        linked=earlier.id if earlier else None, new=True, touched=True, adopts=True,
    )  # fmt: skip
    known.cases[case.id] = identity.home = case
    plan.opened.append(case)
    return case


def _case_of_own(
    known: Known, item: Incoming, posted: Posted, partner: Identity | None, conversation: Conversation
) -> Case | None:
    """Our own words belong to the case of what they answer; in private, to the home of whom we speak with."""
    if posted.audience == "private":
        home = _home(known, partner, conversation) if partner else None
        return home if home is not None and posted.at >= home.opened_at else None
    parent = known.messages.get((item.workspace, item.channel, posted.parent)) if posted.parent else None
    return known.cases.get(parent.case) if parent is not None and parent.case is not None else None


# --- what a case shows ---------------------------------------------------------------------------------------


def _joined(case: Case, message: Message, text: str, conversation: Conversation) -> None:
    """Bring a case's own columns up to date with one more message. Must agree with `store.recount`, in any order."""
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
    case.last_in_at = max(at, case.last_in_at or at)
    if case.last_out_at is None or at > case.last_out_at:
        case.waiting_since = min(at, case.waiting_since or at)
    if first or at < case.opened_at:
        case.adopts = True
        case.opened_at = min(at, case.opened_at)
        case.title, case.title_private = shorten(text, TITLE), message.audience == "private"
    elif at == case.opened_at:
        case.recount = True


def shorten(text: str, limit: int) -> str:
    """The first line of words, cut at a word where there is one; at most `limit` code points and an ellipsis."""
    words = " ".join(text[: limit * 4].split())
    if len(words) <= limit:
        return words
    cut = words[:limit].rsplit(" ", 1)[0]
    return (cut if len(cut) > limit // 2 else words[:limit]) + "…"
