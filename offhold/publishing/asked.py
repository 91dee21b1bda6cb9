"""What a person asks to be said: two shapes, one for each kind of reply."""

from __future__ import annotations

from typing import Literal

import msgspec

from offhold.publishing.replies import AskedPicture

Decision = Literal["it_was_sent", "send_again", "give_up"]


class PublicAsk(msgspec.Struct, frozen=True, kw_only=True):
    """To everyone, in answer to the message `in_reply_to`. `seen_version`: of the case, on the author's screen."""

    case_id: int
    client_key: str
    text: str
    in_reply_to: int
    seen_version: int
    pictures: tuple[AskedPicture, ...] = ()


class DirectAsk(msgspec.Struct, frozen=True, kw_only=True):
    """To the customer alone. To whom exactly follows from the case: nobody types a recipient.

    `to_identity` and `in_reply_to` only say whom the author was shown; it goes to them or to nobody.
    """

    case_id: int
    client_key: str
    text: str
    to_identity: int
    in_reply_to: int | None
    seen_version: int
