"""What a batch tells screens, made from what it knows: the same words as reading the rows again, without reading them.

Must agree with `items` and `rows`, which read what is stored (a property test). What the database decided, such as
after a recount or an adoption, is read.
"""

from __future__ import annotations

from offhold.cases.items import media
from offhold.cases.known import Case, Identity, Known, Shown
from offhold.cases.rows import audiences
from offhold.cases.threading import NewMessage
from offhold.cases.views import Author, CaseRow, Colleague, CustomerName, IdentityView, MessageItem
from offhold.channels.pictures import proxied
from offhold.connectors import registry


class Teller:
    """One batch's items and rows. Made after threading, used after writing."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._identities = {identity.id: identity for identity in known.identities.values()}
        self._authors: dict[int, Author] = {}

    def item(self, new: NewMessage) -> MessageItem:
        """A new message as it stands on a timeline; none of its batch's signals may have changed it."""
        m, p = new.message, new.posted
        parent = self._known.messages.get((m.workspace, m.channel, p.parent)) if p.parent else None
        return MessageItem(
            id=str(m.id), network_id=m.network_id, audience=m.audience, direction="out" if m.identity is None else "in",
            author=None if m.identity is None else self._author(m.identity), duty_name=None,
            outside=m.identity is None, reply_id=None, text=p.text, at=m.at, edited=p.edited_at is not None,
            versions=[], deleted_at=None, hidden=False, media=media(p.media),
            parent_id=str(parent.id) if parent else None,
            url=p.url, counts=None, owed=m.owed, voice_reason=None if m.owed or m.identity is None else m.reason,
            channel_id=str(m.channel),
        )  # fmt: skip

    def _author(self, identity_id: int) -> Author:
        found = self._authors.get(identity_id)
        if found is None:
            i = self._identities[identity_id]
            found = self._authors[identity_id] = Author(
                identity_id=str(i.id), name=i.name, handle=i.handle, avatar_url=proxied(i.avatar_url)
            )
        return found

    def row(self, c: Case) -> CaseRow:
        """A case as a line of the inbox; it must be in no need of a recount."""
        who = self._shown(c)
        return CaseRow(
            id=str(c.id), reference=f"OH-{c.reference}", version=c.version, state=c.state, title=c.title,  # type: ignore[arg-type]
            title_private=c.title_private, customer=CustomerName(id=str(c.customer), name=c.customer_name),
            identity=IdentityView(
                id=str(c.identity), network=who.network, network_label=registry.label(who.network), handle=who.handle,
                name=who.name, avatar_url=proxied(who.avatar_url), followers=who.followers,
            ),
            audiences=audiences(c.holds_public, c.holds_private), last_audience=c.last_audience, snippet=c.snippet,
            snippet_private=c.snippet_private, last_message_at=c.last_at, waiting_since=c.waiting_since,
            snoozed_at=c.snoozed_at, snoozed_until=c.snoozed_until,
            opened_at=c.opened_at, resolved_at=c.resolved_at, queue_id=str(c.queue), channel_id=str(c.channel),
            assignee=_colleague(c), tags=[str(tag) for tag in c.tags or ()], messages=c.messages,
            linked_case_id=str(c.linked) if c.linked else None,
            merged_into=None,
        )  # fmt: skip

    def _shown(self, case: Case) -> Identity | Shown:
        """Who it is with: as this batch left them, else as they were."""
        known = self._identities.get(case.identity)
        if known is not None:
            return known
        assert case.shown is not None, "a new case's identity is of this batch"
        return case.shown


def _colleague(case: Case) -> Colleague | None:
    if case.assignee is None or case.assignee_name is None or case.assignee_initials is None:
        return None
    return Colleague(id=str(case.assignee), duty_name=case.assignee_name, initials=case.assignee_initials)
