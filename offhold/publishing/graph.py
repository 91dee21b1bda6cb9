"""The only way out, as a graph: which states a reply has, what may happen to it, and where it then stands.

Pure: no clock, no database, no network, and no audience. The edges are data and are checked when this file is
imported. `before` (up to INTENT) and `steps` (from there on) say when each of them is taken.

Four laws hold whatever happens:
- nothing passes a gate by itself: APPROVAL is left by another person, REVIEW by a person, HELD when its time is over;
- a socket is opened in SENDING and nowhere else, and SENDING is committed before it opens;
- out of UNKNOWN nothing is sent. Only RECONCILING leads back to INTENT, and only where the network dedupes by our
  key, or enough complete read-backs far enough apart, each with a positive control, showed nothing;
- once the network has told us an id, the reply is out there: it is never sent again by a machine. What is SENT is
  overturned by one thing alone: the network shows it to people it was not meant for.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class State(StrEnum):
    APPROVAL = "approval"  # another person has to agree to exactly these words
    HELD = "held"  # it goes out when its time comes, and can be taken back until then
    REVIEW = "review"  # something came between: a person looks again before it goes
    INTENT = "intent"  # it shall go out; nothing has been opened
    SENDING = "sending"  # an attempt is open, or its process died with it
    SENT = "sent"  # the network has it, for the audience it was meant for
    REFUSED = "refused"  # a definite no; nothing was created
    UNKNOWN = "unknown"  # it may be out there
    RECONCILING = "reconciling"  # the network is being asked
    NEEDS_HUMAN = "needs_human"  # a machine cannot tell, or may not decide
    CANCELLED = "cancelled"  # a person gave it up


SETTLED = frozenset({State.SENT, State.REFUSED, State.CANCELLED})
BEFORE_A_HUMAN = frozenset({State.NEEDS_HUMAN, State.REVIEW})
MOVING = frozenset(State) - SETTLED - BEFORE_A_HUMAN
# How a reply may begin, and where it can still be taken back without a trace on the network.
STARTS = frozenset({State.APPROVAL, State.HELD, State.REVIEW, State.INTENT})
UNSENT = frozenset({State.APPROVAL, State.HELD, State.REVIEW})


# --- what may happen -----------------------------------------------------------------------------------------


class Event(msgspec.Struct, frozen=True):
    """Base of all that may happen to a reply."""


class Approved(Event, frozen=True):
    """A person who is not its author agreed to exactly these words, `wait` seconds before they may go."""

    by: str
    wait: float


class SentBack(Event, frozen=True):
    """Whoever was asked to agree did not, and says why."""

    by: str
    comment: str


class Lapsed(Event, frozen=True):
    """What it answers is no longer there, or no longer open, or it waited too long: it must not go."""

    code: str
    reason: str


class HoldEnded(Event, frozen=True):
    """Its time has come and nothing stands against it."""


class Interrupted(Event, frozen=True):
    """Something came between: the customer wrote, publishing was stopped, a backup was put back. Out of SENDING only
    when it is proved that nothing left."""

    code: str
    reason: str


class Released(Event, frozen=True):
    """A person looked again and lets it go now."""

    by: str


class Restored(Event, frozen=True):
    """The database is an older copy of itself: this may have gone out since it was made."""


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
    (S.APPROVAL, Approved): frozenset({S.HELD, S.INTENT}),
    (S.APPROVAL, SentBack): frozenset({S.CANCELLED}),
    (S.APPROVAL, Lapsed): frozenset({S.CANCELLED}),
    (S.APPROVAL, GivenUp): frozenset({S.CANCELLED}),
    (S.HELD, HoldEnded): frozenset({S.INTENT}),
    (S.HELD, Released): frozenset({S.INTENT}),
    (S.HELD, Interrupted): frozenset({S.REVIEW}),
    (S.HELD, Lapsed): frozenset({S.CANCELLED}),
    (S.HELD, GivenUp): frozenset({S.CANCELLED}),
    (S.REVIEW, Interrupted): frozenset({S.REVIEW}),
    (S.REVIEW, Released): frozenset({S.INTENT, S.UNKNOWN}),  # UNKNOWN: since a backup was put back
    (S.REVIEW, Lapsed): frozenset({S.CANCELLED}),
    (S.REVIEW, GivenUp): frozenset({S.CANCELLED}),
    (S.INTENT, Interrupted): frozenset({S.REVIEW, S.NEEDS_HUMAN}),
    (S.INTENT, Restored): frozenset({S.UNKNOWN}),
    (S.SENDING, Restored): frozenset({S.UNKNOWN}),
    (S.UNKNOWN, Restored): frozenset({S.UNKNOWN}),
    (S.RECONCILING, Restored): frozenset({S.UNKNOWN}),
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
    (S.SENDING, Interrupted): frozenset({S.REVIEW, S.NEEDS_HUMAN}),
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
    (S.SENT, Misaddressed): frozenset({S.NEEDS_HUMAN}),  # read back, and it stands before the wrong people
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
    begun: set[State] = set().union(*(reachable(state) for state in STARTS))
    found += [f"{state} is never reached" for state in set(State) - begun]
    overturned = (S.SENT, Misaddressed)
    found += [f"{edge[0]} is settled and yet moves" for edge in EDGES if edge[0] in SETTLED and edge != overturned]
    found += [f"{e.__name__} never happens" for e in Event.__subclasses__() if not any(x is e for _, x in EDGES)]
    for (source, event), targets in EDGES.items():
        if S.SENDING in targets and (source, event) != (S.INTENT, Began):
            found.append(f"{event.__name__} opens a socket out of {source}")
        if source == S.UNKNOWN and targets & {S.INTENT, S.SENDING}:
            found.append(f"{event.__name__} sends out of UNKNOWN without a look")
        if S.INTENT in targets and source not in UNSENT and event not in _SENDS_AGAIN:
            found.append(f"{event.__name__} sends again")
        if S.INTENT in targets and source in UNSENT and event not in _GATES[source]:
            found.append(f"{event.__name__} passes the gate of {source}")
    return found


_SENDS_AGAIN = (NeverLeft, Slowed, LockedOut, Nothing, CouldNotTell, SendAgain)
_GATES: dict[State, tuple[type[Event], ...]] = {
    S.APPROVAL: (Approved,),
    S.HELD: (HoldEnded, Released),
    S.REVIEW: (Released,),
}


if problems := faults():
    raise AssertionError(f"the graph of publishing is broken: {'; '.join(problems)}")
