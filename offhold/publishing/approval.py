"""Does somebody else have to agree to a reply, and may this person: decided here, and nowhere else. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from offhold.publishing.policy import AgreedText, Asks, PublishingPolicy

LOOK_TWICE = timedelta(seconds=30)


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a second person is asked: a code the client translates with `params`."""

    code: str
    params: dict[str, str] = {}


EDITED = "edited"


def edited(asks: tuple[Reason, ...], by: str) -> tuple[Reason, ...]:
    """Why somebody has to agree to words that `by` changed: what was asked of the first ones, and that."""
    return (*(reason for reason in asks if reason.code != EDITED), Reason(EDITED, {"by": by}))


class Meant(msgspec.Struct, frozen=True, kw_only=True):
    """What matters of a reply and its author. `let_stand`: rules of the guard whose findings the author let stand;
    `reach`: followers of the customer, None when nobody knows; `asked_for`: the author wants a second person."""

    role: str
    joined_at: datetime
    let_stand: tuple[str, ...] = ()
    reach: int | None = None
    asked_for: bool = False


def reasons(asks: Asks, meant: Meant, at: datetime) -> tuple[Reason, ...]:
    """Why somebody else has to agree; empty: nobody has to."""
    found = [Reason("asked_for")] if meant.asked_for else []
    if asks.everyone:
        found.append(Reason("everyone"))
    if meant.role in asks.roles:
        found.append(Reason("role", {"role": meant.role}))
    if asks.new_for_days and at < meant.joined_at + timedelta(days=asks.new_for_days):
        found.append(Reason("new_here", {"days": str(asks.new_for_days)}))
    found += [Reason("rule", {"rule": rule}) for rule in meant.let_stand if rule in asks.rules]
    if asks.reach is not None and meant.reach is not None and meant.reach >= asks.reach:
        found.append(Reason("reach", {"followers": str(meant.reach)}))
    return tuple(found)


def careful(policy: PublishingPolicy, at: datetime) -> tuple[Reason, ...]:
    """On a bad day every reply to everyone is looked at by two."""
    until = policy.careful_until
    return () if until is None or at >= until else (Reason("careful"),)


def agreed_once(agreed: tuple[AgreedText, ...], text: str, at: datetime) -> bool:
    """Are these words agreed to for many? White space and whom they address do not count."""
    return any(at < one.until and _same(one.text) == _same(text) for one in agreed)


def _same(text: str) -> str:
    words = text.split()
    while words and words[0].startswith("@"):
        del words[0]
    return " ".join(words).casefold()


class Colleague(msgspec.Struct, frozen=True):
    """Somebody who could agree: their membership and role."""

    membership_id: int
    role: str


def may_agree(policy: PublishingPolicy, who: Colleague, author_id: int, waited: timedelta) -> bool:
    """May this person agree to what `author_id` wrote, which has waited so long. Nobody agrees to their own words."""
    if who.membership_id == author_id:
        return False
    if _asked(policy.approvers, who, ("lead", "admin")):
        return True
    return waited >= timedelta(seconds=policy.backup_after) and _asked(policy.backups, who, ("lead", "admin"))


def may_agree_to(
    policy: PublishingPolicy, who: Colleague, *, author_id: int, edited_by: int | None, waited: timedelta
) -> bool:
    """The same of words that may have been changed since: those are whose who changed them. Their first author may
    agree to them, or anybody else who is asked; whoever changed them may not."""
    if edited_by is None:
        return may_agree(policy, who, author_id, waited)
    return who.membership_id == author_id != edited_by or may_agree(policy, who, edited_by, waited)


def nobody_else(policy: PublishingPolicy, team: list[Colleague], author_id: int) -> bool:
    """Is there no one who could ever agree: then the author looks again themselves, half a minute later."""
    ever = timedelta(days=1)
    return not any(may_agree(policy, who, author_id, ever) for who in team)


def _asked(named: tuple[str, ...], who: Colleague, otherwise: tuple[str, ...]) -> bool:
    return str(who.membership_id) in named if named else who.role in otherwise
