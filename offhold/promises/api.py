"""Promises over HTTP: those of a case, giving and releasing one, what is due, the policy and its preview."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from ninja import Router
from pydantic import Field, StringConstraints

from offhold.cases import acts
from offhold.kernel.db.tx import looking, transaction
from offhold.kernel.errors import Invalid
from offhold.people.web import Asked, Body, ClientKey, Id, Line, Moment, shown, signed_in
from offhold.promises import actions, policies, queries
from offhold.promises.given import Rhythm
from offhold.promises.policy import PromisePolicy
from offhold.promises.preview import Preview, preview
from offhold.promises.views import PromiseItem

router = Router(auth=signed_in, tags=["promises"])

Reason = Annotated[Line, StringConstraints(min_length=3, strip_whitespace=True)]


class PromisesAnswer(msgspec.Struct, frozen=True):
    promises: list[PromiseItem]


class PromisePolicyAnswer(msgspec.Struct, frozen=True):
    version: int
    policy: PromisePolicy


class RhythmBody(Body):
    """At this hour on the wall in this zone, each day or on these weekdays (0 is Monday)."""

    at: Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    zone: Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9_+/-]+$")]
    days: Annotated[list[Literal[0, 1, 2, 3, 4, 5, 6]], Field(max_length=7, default_factory=list)]


class PromiseBody(Body):
    """A word to the customer by `due`, or at each hour of `rhythm` until the case is solved: one of the two. `told`:
    the next reply is what tells them of it, and does not keep it."""

    client_key: ClientKey
    about: Line = ""
    due: Moment | None = None
    rhythm: RhythmBody | None = None
    told: bool = False


class ReleaseBody(Body):
    """Why it is owed no more."""

    reason: Reason


class PromisePolicyBody(Body):
    policy: dict[str, Any]


class ChangedPromisePolicyBody(PromisePolicyBody):
    """`also_open`: what is owed already is counted by it too, from now on."""

    version: Annotated[int, Field(ge=0, le=2**62)]
    also_open: bool = False


@router.get("/cases/{case_id}/promises", response=shown(PromisesAnswer))
def of_case(request: Asked, case_id: Id) -> PromisesAnswer:
    """What is owed in a case and what was, each with why it is due when it is."""
    with looking(request.auth.workspace_id) as tx:
        return PromisesAnswer(queries.of_case(tx, request.auth, queries.standing_for(tx, request.auth, case_id)))


@router.post("/cases/{case_id}/promises", response=shown(PromisesAnswer))
def give(request: Asked, case_id: Id, body: PromiseBody) -> PromisesAnswer:
    """Promise the customer a word. The same client key is one promise."""
    actor = request.auth
    actor.check_may("answer")
    rhythm = None if body.rhythm is None else Rhythm(body.rhythm.at, body.rhythm.zone, tuple(body.rhythm.days))
    word = actions.Word(body.about, body.due, rhythm, body.told)
    with transaction(actor.workspace_id) as tx:
        case = acts.lock(tx, actor.workspace_id, case_id)
        if not actions.known(tx, actor, UUID(body.client_key)):
            first = actions.check_give(tx, case, word)
            actions.do_give(tx, actor, case, word, first, UUID(body.client_key))
        return PromisesAnswer(queries.of_case(tx, actor, case.id))


@router.post("/cases/{case_id}/promises/{promise_id}/release", response=shown(PromisesAnswer))
def release(request: Asked, case_id: Id, promise_id: Id, body: ReleaseBody) -> PromisesAnswer:
    """Say that it is owed no more, and why; it is counted apart."""
    actor = request.auth
    actor.check_may("answer")
    with transaction(actor.workspace_id) as tx:
        case = acts.lock(tx, actor.workspace_id, case_id)
        actions.check_release(tx, case, promise_id)
        actions.do_release(tx, actor, case, promise_id, body.reason)
        return PromisesAnswer(queries.of_case(tx, actor, case.id))


@router.get("/promise-policy", response=shown(PromisePolicyAnswer))
def policy(request: Asked) -> PromisePolicyAnswer:
    """What is owed to customers and by when, unless somebody promises otherwise."""
    with looking(request.auth.workspace_id) as tx:
        return PromisePolicyAnswer(*policies.load(tx, request.auth.workspace_id))


@router.put("/promise-policy", response=shown(PromisePolicyAnswer))
def change_policy(request: Asked, body: ChangedPromisePolicyBody) -> PromisePolicyAnswer:
    """Put another in its place."""
    actor, wanted = request.auth, _policy(body)
    policies.check_policy(actor, wanted)
    with transaction(actor.workspace_id) as tx:
        held = policies.do_change_policy(tx, actor, body.version, wanted, also_open=body.also_open)
        return PromisePolicyAnswer(*held)


@router.post("/promise-policy/preview", response=shown(Preview))
def preview_policy(request: Asked, body: PromisePolicyBody) -> Preview:
    """What it would have meant last week. Nothing is changed."""
    actor, wanted = request.auth, _policy(body)
    policies.check_policy(actor, wanted)
    with looking(actor.workspace_id) as tx:
        return preview(tx, actor.workspace_id, wanted)


def _policy(body: PromisePolicyBody) -> PromisePolicy:
    """Raises `Invalid`, naming the place in the policy that is none."""
    try:
        return msgspec.convert(body.policy, PromisePolicy, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid(str(error), code="bad_promises", what="shape", name=str(error)) from error
