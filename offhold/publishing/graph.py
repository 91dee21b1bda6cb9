"""The only way out, as a graph: which states a reply has, what may happen to it, and where it then stands.

Pure: no clock, no database, no network, and no audience. The edges are data and are checked when this file is
imported, so that states which come before INTENT can be added as rows. `steps` says when each of them is taken.

Three laws hold whatever happens:
- a socket is opened in SENDING and nowhere else, and SENDING is committed before it opens;
- out of UNKNOWN nothing is sent. Only RECONCILING leads back to INTENT, and only where the network dedupes by our
  key, or enough complete read-backs far enough apart, each with a positive control, showed nothing;
- once the network has told us an id, the reply is out there: it is never sent again by a machine.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class State(StrEnum):
    INTENT = "intent"  # it shall go out; nothing has been opened
    SENDING = "sending"  # an attempt is open, or its process died with it
    SENT = "sent"  # the network has it, for the audience it was meant for
    REFUSED = "refused"  # a definite no; nothing was created
    UNKNOWN = "unknown"  # it may be out there
    RECONCILING = "reconciling"  # the network is being asked
    NEEDS_HUMAN = "needs_human"  # a machine cannot tell, or may not decide
    CANCELLED = "cancelled"  # a person gave it up


SETTLED = frozenset({State.SENT, State.REFUSED, State.CANCELLED})
BEFORE_A_HUMAN = frozenset({State.NEEDS_HUMAN})
MOVING = frozenset(State) - SETTLED - BEFORE_A_HUMAN


# --- what may happen -----------------------------------------------------------------------------------------


class Event(msgspec.Struct, frozen=True):
    """Base of all that may happen to a reply."""


class Began(Event, frozen=True):
    """A writer holding the channel commits an attempt."""


class Overdue(Event, frozen=True):
    """It could not be sent in time; sending it now might surprise the customer."""


class Blocked(Event, frozen=True):
    """Before sending: the channel may not send any more (`code`), so nothing is opened."""

    code: str
    reason: str


class Confirmed(Event, frozen=True):
    """The network has it and states the audience it was meant for."""


class Unstated(Event, frozen=True):
    """The network has it and states no audience."""


class Misaddressed(Event, frozen=True):
    """The network has it and states another audience: the worst that can happen here."""

    stated: str


class Declined(Event, frozen=True):
    """A definite no; nothing was created."""

    code: str
    reason: str


class NeverLeft(Event, frozen=True):
    """No connection was made."""

    reason: str


class Slowed(Event, frozen=True):
    """Definitely not created: the network wants us to wait `retry_after` seconds."""

    reason: str
    retry_after: float


class LockedOut(Event, frozen=True):
    """Definitely not created: the channel's login no longer works."""

    reason: str


class Lost(Event, frozen=True):
    """No answer that tells: a timeout, a reset, a 5xx, or an answer we cannot read."""

    reason: str


class Crashed(Event, frozen=True):
    """Found in SENDING under a lease that ended: nobody knows how far it came."""


class Looking(Event, frozen=True):
    """The network is about to be asked; committed before the question."""


class Nothing(Event, frozen=True):
    """A complete look with a positive control shows nothing."""


class CouldNotTell(Event, frozen=True):
    """The look was incomplete, or had no positive control."""

    reason: str


class ItWasSent(Event, frozen=True):
    """A person looked and saw it on the network."""

    by: str


class SendAgain(Event, frozen=True):
    """A person decided to send it (again)."""

    by: str


class GivenUp(Event, frozen=True):
    """A person decided that it shall not go out."""

    by: str


S = State
EDGES: dict[tuple[State, type[Event]], frozenset[State]] = {
    (S.INTENT, Began): frozenset({S.SENDING}),
    (S.INTENT, Overdue): frozenset({S.NEEDS_HUMAN}),
    (S.INTENT, Blocked): frozenset({S.REFUSED, S.NEEDS_HUMAN}),
    (S.INTENT, Confirmed): frozenset({S.SENT}),  # the echo of an earlier attempt came before the next one
    (S.INTENT, Misaddressed): frozenset({S.NEEDS_HUMAN}),
    (S.SENDING, Confirmed): frozenset({S.SENT}),
    (S.SENDING, Unstated): frozenset({S.UNKNOWN}),
    (S.SENDING, Misaddressed): frozenset({S.NEEDS_HUMAN}),
    (S.SENDING, Declined): frozenset({S.REFUSED, S.NEEDS_HUMAN}),
    (S.SENDING, NeverLeft): frozenset({S.INTENT, S.NEEDS_HUMAN}),
    (S.SENDING, Slowed): frozenset({S.INTENT, S.NEEDS_HUMAN}),
    (S.SENDING, LockedOut): frozenset({S.INTENT}),
    (S.SENDING, Lost): frozenset({S.UNKNOWN}),
    (S.SENDING, Crashed): frozenset({S.UNKNOWN}),
    (S.UNKNOWN, Looking): frozenset({S.RECONCILING}),
    (S.UNKNOWN, Confirmed): frozenset({S.SENT}),  # its echo
    (S.UNKNOWN, Misaddressed): frozenset({S.NEEDS_HUMAN}),
    (S.RECONCILING, Looking): frozenset({S.RECONCILING}),
    (S.RECONCILING, Confirmed): frozenset({S.SENT}),
    (S.RECONCILING, Misaddressed): frozenset({S.NEEDS_HUMAN}),
    (S.RECONCILING, Unstated): frozenset({S.RECONCILING, S.NEEDS_HUMAN}),
    (S.RECONCILING, Nothing): frozenset({S.RECONCILING, S.INTENT, S.NEEDS_HUMAN}),
    (S.RECONCILING, CouldNotTell): frozenset({S.RECONCILING, S.INTENT, S.NEEDS_HUMAN}),
    (S.NEEDS_HUMAN, Confirmed): frozenset({S.SENT}),  # its echo came after all
    (S.NEEDS_HUMAN, Misaddressed): frozenset({S.NEEDS_HUMAN}),
    (S.NEEDS_HUMAN, ItWasSent): frozenset({S.SENT}),
    (S.NEEDS_HUMAN, SendAgain): frozenset({S.INTENT}),
    (S.NEEDS_HUMAN, GivenUp): frozenset({S.CANCELLED}),
}


# --- the check at import -------------------------------------------------------------------------------------


def reachable(start: State) -> set[State]:
    """Every state that can follow `start`, itself included."""
    seen, ahead = {start}, [start]
    while ahead:
        state = ahead.pop()
        found = set().union(*(targets for (source, _), targets in EDGES.items() if source == state)) - seen
        seen |= found
        ahead += found
    return seen


def faults() -> list[str]:
    """What is wrong with the edges, in words; empty when they keep the laws above."""
    found = [f"{state} has no way to an end" for state in State if not reachable(state) & SETTLED]
    found += [f"{state} is never reached" for state in MOVING - reachable(S.INTENT)]
    found += [f"{source} is settled and yet moves" for source, _ in EDGES if source in SETTLED]
    found += [f"{e.__name__} never happens" for e in Event.__subclasses__() if not any(x is e for _, x in EDGES)]
    for (source, event), targets in EDGES.items():
        if S.SENDING in targets and (source, event) != (S.INTENT, Began):
            found.append(f"{event.__name__} opens a socket out of {source}")
        if source == S.UNKNOWN and targets & {S.INTENT, S.SENDING}:
            found.append(f"{event.__name__} sends out of UNKNOWN without a look")
        if S.INTENT in targets and event not in (NeverLeft, Slowed, LockedOut, Nothing, CouldNotTell, SendAgain):
            found.append(f"{event.__name__} sends again")
    return found


if problems := faults():
    raise AssertionError(f"the graph of publishing is broken: {'; '.join(problems)}")
