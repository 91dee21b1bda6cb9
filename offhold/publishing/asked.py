"""What a person asks to be said: two shapes, one for each kind of reply."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from offhold.connectors.contract import Audience
from offhold.publishing.replies import AskedPicture

Decision = Literal["it_was_sent", "send_again", "give_up"]


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """What its author says about how it shall go out.

    - `written_as`: the audience under which the words were first typed
    - `accepted`: causes of the guard's findings the author looked at and let stand
    - `second_person`: somebody else shall agree first
    - `anyway`: the author was shown what the customer said meanwhile, and answers all the same
    - `go_at`, `time_zone`: not before then, said in that time zone (IANA)
    """

    written_as: Audience
    accepted: frozenset[str] = frozenset()
    second_person: bool = False
    anyway: bool = False
    go_at: datetime | None = None
    time_zone: str | None = None


class PublicAsk(msgspec.Struct, frozen=True, kw_only=True):
    """To everyone, in answer to the message `in_reply_to`. `seen_version`: of the case, on the author's screen;
    `draft`: the version of the draft these words were kept as, which is gone when they are said; `in_parts`: as how
    many posts the author was shown that it goes out, where it is too long for one."""

    case_id: int
    client_key: str
    text: str
    in_reply_to: int
    seen_version: int
    pictures: tuple[AskedPicture, ...] = ()
    before: Before = Before(written_as="public")
    draft: int | None = None
    in_parts: int | None = None


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
    before: Before = Before(written_as="private")
    draft: int | None = None
