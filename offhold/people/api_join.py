"""Coming in by a link: the only routes that ask for no sign-in. The token is 256 random bits and works once."""

from __future__ import annotations

from typing import Annotated

import msgspec
from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError
from ninja.utils import check_csrf
from pydantic import StringConstraints

from offhold.people import invitations
from offhold.people.invitations import Invited
from offhold.people.web import Body, Line, shown

router = Router(auth=None, tags=["join"])
Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,100}$")]
Password = Annotated[str, StringConstraints(min_length=1, max_length=1024)]


class JoinedAnswer(msgspec.Struct, frozen=True):
    """They may sign in with this address and the password they chose."""

    email: str


class LookBody(Body):
    token: Token


class JoinBody(Body):
    """`duty_name` and `initials` are for new people; who has a place here keeps theirs."""

    token: Token
    password: Password
    duty_name: Line = ""
    initials: Line = ""


@router.post("/join/look", response=shown(Invited))
def look(request: HttpRequest, body: LookBody) -> Invited:
    """What a link is for."""
    _check_ours(request)
    return invitations.look(body.token)


@router.post("/join", response=shown(JoinedAnswer))
def join(request: HttpRequest, body: JoinBody) -> JoinedAnswer:
    """Come in."""
    _check_ours(request)
    email = invitations.do_accept(body.token, password=body.password, duty_name=body.duty_name, initials=body.initials)
    return JoinedAnswer(email)


def _check_ours(request: HttpRequest) -> None:
    """Raises 403 unless our own page asks, as it is for those who are signed in."""
    if check_csrf(request) is not None:
        raise HttpError(403, "CSRF check Failed")
