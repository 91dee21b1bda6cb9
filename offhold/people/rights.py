"""What each role may do. Pure; everything that is not said here is refused."""

from __future__ import annotations

from typing import Literal, get_args

import msgspec

Role = Literal["agent", "lead", "admin", "observer"]
Right = Literal["answer", "lead", "admin", "see_private"]


class Can(msgspec.Struct, frozen=True):
    """Rights of one person: `answer` customers and work cases, `lead` the desk (channels' sending, other people's
    cases), `admin` the workspace (channels, people), `see_private` direct messages and notes."""

    answer: bool = False
    lead: bool = False
    admin: bool = False
    see_private: bool = False


_BY_ROLE: dict[Role, Can] = {
    "observer": Can(),
    "agent": Can(answer=True, see_private=True),
    "lead": Can(answer=True, lead=True, see_private=True),
    "admin": Can(answer=True, lead=True, admin=True, see_private=True),
}


def of(role: str) -> Can:
    """The rights of `role`; a role this version does not know has none."""
    return _BY_ROLE[role] if role in get_args(Role) else Can()  # type: ignore[index]
