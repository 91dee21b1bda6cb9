"""Two messages of one channel with the same id, one public and one private: a network may number each kind by itself.

The public one keeps the id, because an answer to everyone names it to the network. The private one is kept under a name
of its own. So nothing said of the one ever touches the other, whichever came first.
"""

from __future__ import annotations

from offhold.connectors.contract import Audience, Deleted, Edited, Hidden, Posted, Reacted

Spoken = Posted | Edited | Deleted | Hidden | Reacted


def aside(network_id: str) -> str:
    """What a private message is kept under when a public one has its id."""
    return f"private:{network_id}"


def said_in_private(signal: object) -> str | None:
    """The id of what a signal tells of private words; None for everything else."""
    return signal.id if isinstance(signal, Spoken) and signal.audience == "private" else None


def differs(told: Audience | None, stored: Audience) -> bool:
    """Is it another message than the stored one. None: the network has one kind of id, so the id alone says which."""
    return told is not None and told != stored
