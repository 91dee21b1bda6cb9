"""What every text we send goes through: its limits, and its links, mentions and hashtags."""

from __future__ import annotations

import msgspec
import regex

from offhold.connectors.contract import Counter, OutcomeUnknown, Refused
from offhold.networks.bluesky.facets import facets, handles
from offhold.networks.bluesky.session import Session
from offhold.networks.bluesky.xrpc import Declined


class _Resolved(msgspec.Struct):
    did: str


def check_text(text: str, counter: Counter) -> None:
    """Raises `Refused` where the network would: too many grapheme clusters, too many UTF-8 bytes, or nothing said."""
    graphemes, size = len(regex.findall(r"\X", text)), len(text.encode())
    if graphemes > counter.limit:
        raise Refused(f"The text has {graphemes} characters; Bluesky takes {counter.limit}", code="too_long")
    if counter.max_bytes is not None and size > counter.max_bytes:
        raise Refused(f"The text has {size} bytes; Bluesky takes {counter.max_bytes}", code="too_long")


async def rich_text(session: Session, text: str) -> dict[str, object]:
    """`text` and, where it has some, `facets`, as posts and direct messages hold them."""
    found = facets(text, {handle: did for handle in handles(text) if (did := await _resolve(session, handle))})
    return {"text": text, "facets": found} if found else {"text": text}


async def _resolve(session: Session, handle: str) -> str | None:
    """The DID of a handle. Nobody's handle, or one whose server does not answer, stays plain text: the words go out
    as they were written, and the customer we answer is told by the reply itself."""
    try:
        answer = await session.get("com.atproto.identity.resolveHandle", _Resolved, [("handle", handle)])
    except (Declined, OutcomeUnknown):
        return None
    return answer.did
