"""What happened, from what the connector raised or returned. The class of an error alone decides."""

from __future__ import annotations

from offhold.connectors.contract import Absent, CannotTell, LoginExpired, NotSent, RateLimited, Refused
from offhold.connectors.passage import Stopped
from offhold.publishing.graph import (
    CouldNotTell,
    Declined,
    Event,
    Interrupted,
    LockedOut,
    Lost,
    NeverLeft,
    Nothing,
    Slowed,
)


def of_failed_delivery(error: Exception) -> Event:  # noqa: PLR0911 - one way out for each way to fail
    """Anything we do not know to be harmless may have reached the network."""
    match error:
        case Refused():
            return Declined(error.code, str(error))
        case RateLimited():
            return Slowed(str(error), error.retry_after)
        case LoginExpired():
            return LockedOut(str(error))
        case Stopped():
            return Interrupted("stopped", str(error))
        case NotSent():
            return NeverLeft(str(error))
        case TimeoutError():
            return Lost("The network did not answer in time.")
    # OutcomeUnknown, and a connector that stumbled over an answer: its words may quote a customer, so only the type
    return Lost(f"The network's answer does not tell ({type(error).__name__}).")


def of_failed_look(error: Exception) -> CouldNotTell:
    """A look that failed saw nothing and proves nothing."""
    return CouldNotTell(f"The network could not be asked ({type(error).__name__}).")


def of_look(found: Absent | CannotTell) -> Event:
    """What a look means that did not find it."""
    return Nothing() if isinstance(found, Absent) else CouldNotTell(found.reason)
