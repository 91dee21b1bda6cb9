"""Oneself over HTTP: what one is called on duty, and how one wants one's desk."""

from __future__ import annotations

from typing import Literal

import msgspec
from ninja import Router

from offhold.kernel.db.tx import looking, transaction
from offhold.people import preferences, team
from offhold.people.preferences import Preferences
from offhold.people.quiet import KINDS, Kind, NoticeSettings, Quiet, Ring
from offhold.people.web import Asked, Body, Line, shown, signed_in

router = Router(auth=signed_in, tags=["me"])


class PreferencesAnswer(msgspec.Struct, frozen=True):
    """`kept` False: this person never said how they want it, and these are a new colleague's."""

    preferences: Preferences
    kept: bool


class NamedAnswer(msgspec.Struct, frozen=True):
    duty_name: str
    initials: str


class NameBody(Body):
    duty_name: Line
    initials: Line


class QuietBody(Body):
    on: bool
    begin: Line
    end: Line
    zone: Line
    pages: bool


class RingBody(Body):
    screen: bool
    push: bool


class NoticeSettingsBody(Body):
    desktop: bool
    sound: bool
    quiet: QuietBody
    kinds: dict[Kind, RingBody]


class PreferencesBody(Body):
    language: Line
    theme: Literal["system", "light", "dark"]
    send_next: bool
    notices: NoticeSettingsBody


@router.put("/me/name", response=shown(NamedAnswer))
def name(request: Asked, body: NameBody) -> NamedAnswer:
    """One's own duty name and initials: what customers may see, never a legal name."""
    with transaction(request.auth.workspace_id) as tx:
        team.do_name_oneself(tx, request.auth, duty_name=body.duty_name, initials=body.initials)
    return NamedAnswer(body.duty_name.strip(), body.initials.strip().upper())


@router.get("/me/preferences", response=shown(PreferencesAnswer))
def mine(request: Asked) -> PreferencesAnswer:
    """How one wants one's desk, on every screen."""
    with looking(request.auth.workspace_id) as tx:
        kept = preferences.of(tx, request.auth.workspace_id, request.auth.membership_id)
    wanted = kept or Preferences()
    rings = {kind: wanted.notices.ring(kind) for kind in KINDS}
    notices = msgspec.structs.replace(wanted.notices, kinds=rings)
    return PreferencesAnswer(msgspec.structs.replace(wanted, notices=notices), kept is not None)


@router.put("/me/preferences", response=shown(PreferencesAnswer))
def keep(request: Asked, body: PreferencesBody) -> PreferencesAnswer:
    """Keep all of it."""
    told = body.notices
    wanted = Preferences(
        language=body.language,
        theme=body.theme,
        send_next=body.send_next,
        notices=NoticeSettings(
            desktop=told.desktop,
            sound=told.sound,
            quiet=Quiet(**told.quiet.dict()),
            kinds={kind: Ring(screen=ring.screen, push=ring.push) for kind, ring in told.kinds.items()},
        ),
    )
    with transaction(request.auth.workspace_id) as tx:
        return PreferencesAnswer(preferences.do_keep(tx, request.auth, wanted), True)
