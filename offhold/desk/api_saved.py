"""What people write before they say it, over HTTP: drafts, saved replies, macros."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from ninja import Router
from pydantic import AfterValidator, Field, StringConstraints

from offhold.desk import languages, macros, note_drafts, saved_replies
from offhold.desk.macros import WHOEVER, Macro, MacroWanted
from offhold.desk.note_drafts import NoteDraft
from offhold.desk.saved_replies import SavedReply, Wanted
from offhold.kernel.db.tx import looking, transaction
from offhold.people.web import Asked, Body, Id, Text, Unfinished, shown, signed_in
from offhold.publishing.drafts import DIRECT, PUBLIC, Draft, check_draft

router = Router(auth=signed_in, tags=["saved"])

Version = Annotated[int, Field(ge=0, le=2**62)]


def _one_line(value: str) -> str:
    if not value.strip() or any(not letter.isprintable() for letter in value):
        raise ValueError("not one line of words")
    return value.strip()


Name = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(_one_line)]
Lang = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


# --- drafts --------------------------------------------------------------------------------------------------


class CaseDrafts(msgspec.Struct, frozen=True):
    """The drafts of a case, one of each kind."""

    public: Draft | None
    direct: Draft | None
    note: NoteDraft | None


class NoteDraftAnswer(msgspec.Struct, frozen=True):
    draft: NoteDraft | None


class NoteDraftKept(Body):
    """Words for the team. `version`: of the draft they began with, 0 where there was none."""

    text: Unfinished
    version: Version


@router.get("/cases/{case_id}/drafts", response=shown(CaseDrafts))
def drafts_of_case(request: Asked, case_id: Id) -> CaseDrafts:
    """What anybody is writing in this case; of one that was merged, where it went."""
    actor = request.auth
    with transaction(actor.workspace_id) as tx:
        case = check_draft(tx, actor, case_id)
        for kind in (PUBLIC, DIRECT, note_drafts):
            kind.do_adopt(tx, actor.workspace_id, case)
        return CaseDrafts(
            public=PUBLIC.find(tx, actor.workspace_id, case),
            direct=DIRECT.find(tx, actor.workspace_id, case),
            note=note_drafts.find(tx, actor.workspace_id, case),
        )


@router.put("/cases/{case_id}/note-draft", response=shown(NoteDraftAnswer))
def keep_note_draft(request: Asked, case_id: Id, body: NoteDraftKept) -> NoteDraftAnswer:
    """Keep it for them and their colleagues. 409 `draft_changed` shows what somebody else wrote meanwhile."""
    actor = request.auth
    with transaction(actor.workspace_id) as tx:
        case = check_draft(tx, actor, case_id)
        return NoteDraftAnswer(note_drafts.do_keep(tx, actor, case, body.text, body.version))


@router.delete("/cases/{case_id}/note-draft", response=shown(NoteDraftAnswer))
def drop_note_draft(request: Asked, case_id: Id, version: Version | None = None) -> NoteDraftAnswer:
    """Nobody wants it; only if it is still `version`, where that is given. The answer is what is left."""
    actor = request.auth
    with transaction(actor.workspace_id) as tx:
        case = check_draft(tx, actor, case_id)
        note_drafts.do_drop(tx, actor.workspace_id, case, version)
        return NoteDraftAnswer(note_drafts.find(tx, actor.workspace_id, case))


# --- saved replies -------------------------------------------------------------------------------------------


class SavedRepliesAnswer(msgspec.Struct, frozen=True):
    saved_replies: list[SavedReply]


class SavedReplyAnswer(msgspec.Struct, frozen=True):
    saved_reply: SavedReply


class Removed(msgspec.Struct, frozen=True):
    removed: bool


class SavedVersionBody(Body):
    lang: Lang
    text: Text


class SavedReplyBody(Body):
    """`shared`: everybody's, which leads look after; else one's own. `lang`: of `text`, null: any. `versions`: the same
    in other languages."""

    name: Name
    text: Text
    audience: Literal["public", "direct", "both"]
    lang: Lang | None = None
    versions: Annotated[list[SavedVersionBody], Field(max_length=20, default_factory=list)]
    shared: bool


class SavedReplyChange(SavedReplyBody):
    """In the place of version `version`."""

    version: Version


@router.get("/saved-replies", response=shown(SavedRepliesAnswer))
def all_saved_replies(request: Asked) -> SavedRepliesAnswer:
    """Everybody's and one's own, by name."""
    request.auth.check_may("answer")
    with looking(request.auth.workspace_id) as tx:
        return SavedRepliesAnswer(saved_replies.SHELF.everything(tx, request.auth))


class LanguageAnswer(msgspec.Struct, frozen=True):
    """ISO 639-1; null: it is not clear."""

    lang: str | None


@router.get("/cases/{case_id}/language", response=shown(LanguageAnswer))
def language_of_case(request: Asked, case_id: Id) -> LanguageAnswer:
    """In which language the customer writes, for the version of a saved reply they can read."""
    actor = request.auth
    with transaction(actor.workspace_id) as tx:
        case = check_draft(tx, actor, case_id)
        return LanguageAnswer(languages.of_case(tx, actor.workspace_id, case, private=actor.can.see_private))


@router.post("/saved-replies", response=shown(SavedReplyAnswer))
def add_saved_reply(request: Asked, body: SavedReplyBody) -> SavedReplyAnswer:
    """Keep words to be said again."""
    actor = request.auth
    with transaction(actor.workspace_id) as tx:
        wanted = _wanted(body)
        saved_replies.check_wanted(actor, wanted)
        saved_replies.SHELF.check_room(tx, actor)
        return SavedReplyAnswer(saved_replies.do_add(tx, actor, wanted))


@router.put("/saved-replies/{saved_reply_id}", response=shown(SavedReplyAnswer))
def change_saved_reply(request: Asked, saved_reply_id: Id, body: SavedReplyChange) -> SavedReplyAnswer:
    """Change it. 409 `changed_meanwhile` shows what is there."""
    actor = request.auth
    with transaction(actor.workspace_id) as tx:
        saved_replies.SHELF.check_change(tx, actor, saved_reply_id, body.version)
        wanted = _wanted(body)
        saved_replies.check_wanted(actor, wanted)
        return SavedReplyAnswer(saved_replies.do_change(tx, actor, saved_reply_id, wanted))


@router.delete("/saved-replies/{saved_reply_id}", response=shown(Removed))
def remove_saved_reply(request: Asked, saved_reply_id: Id) -> Removed:
    """Nobody says it any more."""
    actor = request.auth
    with transaction(actor.workspace_id) as tx:
        saved_replies.SHELF.check_change(tx, actor, saved_reply_id, None)
        saved_replies.SHELF.do_remove(tx, actor, saved_reply_id)
        return Removed(removed=True)


def _wanted(body: SavedReplyBody) -> Wanted:
    return Wanted(
        name=body.name,
        text=body.text,
        audience=body.audience,
        lang=body.lang,
        versions=tuple(saved_replies.SavedVersion(each.lang, each.text) for each in body.versions),
        shared=body.shared,
    )


# --- macros --------------------------------------------------------------------------------------------------


class MacrosAnswer(msgspec.Struct, frozen=True):
    macros: list[Macro]


class MacroAnswer(msgspec.Struct, frozen=True):
    macro: Macro


class MacroBody(Body):
    """`to_me`: assigned to whoever uses it, in the place of `assign_to`."""

    name: Name
    lane: Literal["public", "direct", "note"] | None
    text: Unfinished
    tags: Annotated[list[Id], Field(max_length=20)]
    assign_to: Id | None
    to_me: bool = False
    once_sent: Literal["resolve", "snooze"] | None
    snooze_hours: Annotated[int, Field(ge=1, le=8760)] | None = None
    shared: bool


class MacroChange(MacroBody):
    """In the place of version `version`."""

    version: Version


@router.get("/macros", response=shown(MacrosAnswer))
def all_macros(request: Asked) -> MacrosAnswer:
    """Everybody's and one's own, by name."""
    request.auth.check_may("answer")
    with looking(request.auth.workspace_id) as tx:
        return MacrosAnswer(macros.SHELF.everything(tx, request.auth))


@router.post("/macros", response=shown(MacroAnswer))
def add_macro(request: Asked, body: MacroBody) -> MacroAnswer:
    """Keep several acts under one name."""
    actor = request.auth
    with transaction(actor.workspace_id) as tx:
        wanted = _macro(body)
        macros.check_wanted(tx, actor, wanted)
        macros.SHELF.check_room(tx, actor)
        return MacroAnswer(macros.do_add(tx, actor, wanted))


@router.put("/macros/{macro_id}", response=shown(MacroAnswer))
def change_macro(request: Asked, macro_id: Id, body: MacroChange) -> MacroAnswer:
    """Change it. 409 `changed_meanwhile` shows what is there."""
    actor = request.auth
    with transaction(actor.workspace_id) as tx:
        macros.SHELF.check_change(tx, actor, macro_id, body.version)
        wanted = _macro(body)
        macros.check_wanted(tx, actor, wanted)
        return MacroAnswer(macros.do_change(tx, actor, macro_id, wanted))


@router.delete("/macros/{macro_id}", response=shown(Removed))
def remove_macro(request: Asked, macro_id: Id) -> Removed:
    """Nobody uses it any more."""
    actor = request.auth
    with transaction(actor.workspace_id) as tx:
        macros.SHELF.check_change(tx, actor, macro_id, None)
        macros.SHELF.do_remove(tx, actor, macro_id)
        return Removed(removed=True)


def _macro(body: MacroBody) -> MacroWanted:
    return MacroWanted(
        name=body.name, lane=body.lane, text=body.text, tags=tuple(body.tags),
        assign_to=WHOEVER if body.to_me else body.assign_to, once_sent=body.once_sent, snooze_hours=body.snooze_hours,
        shared=body.shared,
    )  # fmt: skip
