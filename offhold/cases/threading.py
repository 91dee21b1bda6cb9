"""Which case does it belong to? Pure: takes what is known and what came, says what is to be written.

The rules, each so that any order of arrival and any duplicate gives the same cases:
- One customer has one open home case per network; public words and direct messages of theirs join it. Each third party
  under a post of ours gets a case of their own when they are owed an answer.
- Owed or voice is decided from the words alone (`owed`), except how busy a post is. A voice of a customer who has a
  case joins it, and is adopted when it came before the case.
- What a customer says in a thread in which they have asked us something is said to us too, addressed or not.
- Our own words never open a case: they join the case of what they answer, whichever came first.
- After resolution owed words reopen the case within the workspace's time, later they open a new one linked to it.
- Signals about a message we have not got wait for it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from offhold.cases.known import Case, Conversation, Identity, Incoming, Known, Message, MessageKey
from offhold.cases.namesakes import aside
from offhold.cases.owed import Verdict, decide
from offhold.cases.standing import joined, wake
from offhold.connectors.contract import Deleted, Edited, Hidden, Person, Posted, Reacted

ADOPTS = timedelta(days=7)  # voices this long before a case opened belong to it
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
    renamed: list[Message] = []  # a public message took the id they had
    asked: list[Message] = []  # public words that an edit made owed: their thread is one with us now


def thread(known: Known, batch: list[Incoming], new_id: Callable[[], int]) -> Plan:
    """Decide a batch in the order it came. Adds to and marks the copies in `known`; touches nothing else."""
    threader = Threader(known, new_id)
    for item in batch:
        if isinstance(item.signal, Posted):
            threader.posted(item, item.signal)
        elif isinstance(item.signal, Edited | Deleted | Hidden | Reacted):
            threader.change(item, item.signal)
    return threader.plan


class Threader:
    """One batch's decisions: what is known, and the plan as it grows."""

    def __init__(self, known: Known, new_id: Callable[[], int]) -> None:
        self._known, self._new_id = known, new_id
        self.plan = Plan()

    def posted(self, item: Incoming, posted: Posted) -> None:
        """Somebody said something, or it is shown to us once more."""
        key = (item.workspace, item.channel, posted.id)
        have = self._known.message(key, posted.audience)
        if have is not None:
            self._seen_again(item, posted, have)
            return
        kept = self._name(key, posted)
        own = posted.author.id == item.account
        conversation = self._conversation(item, posted)
        identity = None if own else self._identity(item, posted.author, posted.at)
        partner = identity if posted.counterpart is None else self._identity(item, posted.counterpart, posted.at)
        if posted.audience == "private" and partner is not None and conversation.identity is None:
            conversation.identity, conversation.touched = partner.id, True
        if identity is None:
            verdict = Verdict(False, "own")
            case = self._case_of_own(item, posted, partner, conversation)
        else:
            conversation.others += 1
            conversation.touched = True
            verdict = self._verdict(item, identity, posted, conversation)
            case = self._place(item, identity, conversation, posted, verdict)
            if verdict.owed:
                self._known.talks.add((identity.id, conversation.id))
        message = Message(
            id=self._new_id(), workspace=item.workspace, channel=item.channel, network_id=kept[2],
            audience=posted.audience,
            conversation=conversation.id, case=case.id if case else None, identity=identity.id if identity else None,
            at=posted.at, version=posted.version, version_at=_stamp(item, posted), deleted_at=None,
            owed=verdict.owed, reason=verdict.reason,
        )  # fmt: skip
        self._known.messages[kept] = message
        self.plan.messages.append(NewMessage(message, posted, message.version_at))
        if case is not None:
            joined(case, message, posted.text, conversation)
        self._catch_up(key)

    def _name(self, key: MessageKey, posted: Posted) -> MessageKey:
        """What a new message is kept under: its id, unless a public one has it; who has it in private gives it up."""
        other = self._known.messages.get(key)
        if other is None:
            return key
        apart = (key[0], key[1], aside(key[2]))
        if posted.audience == "private":
            return apart
        other.network_id = apart[2]
        self._known.messages[apart] = self._known.messages.pop(key)
        self.plan.renamed.append(other)
        return key

    def _catch_up(self, key: MessageKey) -> None:
        """Apply what came before its message."""
        early = self._known.early.pop(key, [])
        if early:
            self.plan.settled.append(key)
        for item in early:
            assert isinstance(item.signal, Edited | Deleted | Hidden | Reacted)
            self.change(item, item.signal)

    def _seen_again(self, item: Incoming, posted: Posted, have: Message) -> None:
        """The same item once more: nothing, unless the network shows a newer version of it."""
        if have.identity is None and not have.version and posted.edited_at is None:
            return  # our own reply, stored from the network's answer, which tells no version: this is its echo
        edited = Edited(
            id=posted.id, text=posted.text, at=_stamp(item, posted), version=posted.version,
            media=posted.media, native=posted.native, audience=posted.audience,
        )  # fmt: skip
        if edited.version != have.version and is_newer(edited, have):
            self.change(item, edited)

    def change(self, item: Incoming, signal: Edited | Deleted | Hidden | Reacted) -> None:
        """Something about a message changed; it waits when we have not got the message."""
        key = (item.workspace, item.channel, signal.id)
        message = self._known.message(key, signal.audience)
        if message is None:
            self._known.early.setdefault(key, []).append(item)
            self.plan.waiting.append((key, item))
            return
        current = not isinstance(signal, Edited) or is_newer(signal, message)
        self.plan.changes.append(Changed(message, signal, current))
        if isinstance(signal, Deleted):
            message.deleted_at = message.deleted_at or signal.at
        elif isinstance(signal, Edited):
            if current:
                message.version, message.version_at = signal.version, signal.at
            self._owed_after_edit(item, message, signal)
        if message.case is not None and isinstance(signal, Deleted | Edited):
            case = self._known.cases[message.case]
            case.recount = case.touched = True
            if isinstance(signal, Edited) and current and message.owed:
                wake(case)

    def _owed_after_edit(self, item: Incoming, message: Message, edited: Edited) -> None:
        """Any version can make a voice owed, whichever comes first; none takes back what is owed already."""
        if message.owed or message.identity is None:
            return
        verdict = decide(edited.text, audience=message.audience, addressed=message.reason != "not_addressed", busy=True)
        if not verdict.owed:
            return
        identity = next(i for i in self._known.identities.values() if i.id == message.identity)
        conversation = next(c for c in self._known.conversations.values() if c.id == message.conversation)
        if message.audience == "public":
            self._known.talks.add((identity.id, conversation.id))
            self.plan.asked.append(message)
        message.owed, message.reason = True, verdict.reason
        if message.case is None:
            case = self._home_for_owed(item, identity, conversation, message.at)
            message.case = case.id
        case = self._known.cases[message.case]
        case.opened_at = min(case.opened_at, message.at)
        case.recount = case.touched = case.adopts = True

    # --- who and where

    def _conversation(self, item: Incoming, posted: Posted) -> Conversation:
        key = (item.workspace, item.channel, posted.audience, posted.conversation)
        found = self._known.conversations.get(key)
        if found is None:
            found = self._known.conversations[key] = Conversation(
                id=self._new_id(), workspace=item.workspace, channel=item.channel, audience=posted.audience,
                key=posted.conversation, identity=None, others=0, last_at=posted.at, new=True,
            )  # fmt: skip
        if posted.at > found.last_at:
            found.last_at, found.touched = posted.at, True
        return found

    def _identity(self, item: Incoming, person: Person, at: datetime) -> Identity:
        key = (item.workspace, item.network, person.id)
        found = self._known.identities.get(key)
        if found is None:
            found = self._known.identities[key] = Identity(
                id=self._new_id(), workspace=item.workspace, network=item.network, account=person.id,
                customer=self._new_id(),
                handle=person.handle, name=person.name, avatar_url=person.avatar_url, followers=person.followers,
                customer_name=person.name or person.handle or person.id, new=True, seen_at=at,
            )  # fmt: skip
        elif found.seen_at is None or at >= found.seen_at:
            _renamed(found, person, at)
        return found

    # --- which case

    def _verdict(self, item: Incoming, identity: Identity, posted: Posted, conversation: Conversation) -> Verdict:
        addressed = posted.mentions_us or (identity.id, conversation.id) in self._known.talks
        busy = posted.audience == "public" and conversation.others > self._known.policies[item.workspace].busy
        return decide(posted.text, audience=posted.audience, addressed=addressed, busy=busy)

    def _place(
        self, item: Incoming, identity: Identity, conversation: Conversation, posted: Posted, verdict: Verdict
    ) -> Case | None:
        if verdict.owed:
            return self._home_for_owed(item, identity, conversation, posted.at)
        home = self._home(identity, conversation)
        if home is None or verdict.reason not in JOINING_VOICES or posted.at < home.opened_at - ADOPTS:
            return None
        if home.resolved_at is not None and posted.at > home.resolved_at + self._known.policies[item.workspace].reopen:
            return None
        return home

    def _home(self, identity: Identity, conversation: Conversation) -> Case | None:
        pinned = self._known.pins.get((identity.id, conversation.id))
        return self._known.cases[pinned] if pinned is not None else identity.home

    def _home_for_owed(self, item: Incoming, identity: Identity, conversation: Conversation, at: datetime) -> Case:
        home = self._home(identity, conversation)
        if home is not None and home.state == "open":
            return home
        if identity.home is not None and identity.home.state == "open":
            return identity.home  # what was split off is closed, and this customer is being served elsewhere
        reopens = self._known.policies[item.workspace].reopen
        if home is not None and home.resolved_at is not None and at <= home.resolved_at + reopens:
            home.state, home.resolved_at, home.reopened, home.touched = "open", None, True, True
            return home
        return self._open(item, identity, conversation, at, home)

    def _open(
        self, item: Incoming, identity: Identity, conversation: Conversation, at: datetime, earlier: Case | None
    ) -> Case:
        case = Case(
            id=self._new_id(), workspace=item.workspace, customer=identity.customer, identity=identity.id,
            channel=item.channel,
            queue=item.queue, state="open", opened_at=at, resolved_at=None, last_at=at, last_in_at=None,
            last_out_at=None,
            waiting_since=None, title="", title_private=False, title_at=None, snippet="", snippet_at=None,
            snippet_private=False,
            last_audience=conversation.audience, holds_public=False, holds_private=False, messages=0,
            linked=earlier.id if earlier else None, customer_name=identity.customer_name, new=True, touched=True,
            adopts=True,
        )  # fmt: skip
        self._known.cases[case.id] = identity.home = case
        self.plan.opened.append(case)
        return case

    def _case_of_own(
        self, item: Incoming, posted: Posted, partner: Identity | None, conversation: Conversation
    ) -> Case | None:
        """Our own words belong to the case of what they answer; in private, to the home of whom we speak with."""
        if posted.audience == "private":
            home = self._home(partner, conversation) if partner else None
            return home if home is not None and posted.at >= home.opened_at else None
        key = (item.workspace, item.channel, posted.parent or "")
        parent = self._known.message(key, "public") if posted.parent else None
        return self._known.cases.get(parent.case) if parent is not None and parent.case is not None else None


def _stamp(item: Incoming, posted: Posted) -> datetime:
    """When this version was said; where the network tells no times of edits, when we were handed it."""
    return posted.edited_at or (posted.at if item.edit_times else item.received_at)


def is_newer(edited: Edited, message: Message) -> bool:
    """Last writer wins by time, then by version; deleted words never come back."""
    if message.deleted_at is not None:
        return False
    return (edited.at, edited.version) > (message.version_at, message.version)


def _renamed(identity: Identity, person: Person, at: datetime) -> None:
    """Handle, name, picture and reach are attributes: the newest the network told stands."""
    identity.seen_at = at
    for name in ("handle", "name", "avatar_url", "followers"):
        told = getattr(person, name)
        if told and told != getattr(identity, name):
            setattr(identity, name, told)
            identity.changed = True
