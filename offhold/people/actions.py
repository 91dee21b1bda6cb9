"""What is done to people: joining, leaving, another role. Each is one transaction and one fact for every screen."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple, get_args

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError

from offhold.kernel import ids
from offhold.kernel.db.tx import Tx, transaction
from offhold.kernel.errors import Conflict, Invalid, NotFound
from offhold.kernel.facts import Recorded
from offhold.people import initials as initials_of
from offhold.people import rights
from offhold.people.facts import Person, PersonChanged
from offhold.people.models import Membership, Session, User

# Who is shut out cannot let somebody in, nor come back by a link made before.
_LINKS_END = """
UPDATE invitations SET withdrawn_at = %(at)s WHERE workspace_id = %(workspace)s AND used_at IS NULL
  AND withdrawn_at IS NULL AND (by_id = %(member)s OR membership_id = %(member)s)
"""
LONGEST_DUTY_NAME = 40
LONGEST_PASSWORD = 1024
LONGEST_INITIALS = 3


class NewPerson(NamedTuple):
    """Somebody to be let in; without initials they get some."""

    email: str
    password: str
    role: str
    duty_name: str
    initials: str = ""


def check_password(password: str, user: User | None = None) -> None:
    """Raises `Invalid` with every reason why this password will not do; no recipe of characters is asked."""
    if len(password) > LONGEST_PASSWORD:
        raise Invalid(f"A password has at most {LONGEST_PASSWORD} characters.", code="bad_password")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), code="bad_password") from error


def check_person(email: str, role: str, duty_name: str) -> None:
    """Raises `Invalid` when this cannot be a person of the desk."""
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid("This is not an e-mail address.", code="bad_email") from error
    if role not in get_args(rights.Role):
        raise Invalid(f"Roles are {', '.join(get_args(rights.Role))}.", code="bad_role")
    if not 0 < len(duty_name) <= LONGEST_DUTY_NAME or not duty_name.isprintable():
        raise Invalid(f"A duty name has 1 to {LONGEST_DUTY_NAME} characters.", code="bad_name")


def do_create_user(
    workspace_id: int,
    *,
    email: str,
    password: str,
    role: str,
    duty_name: str,
    initials: str = "",
    by: int | None = None,
) -> int:
    """Let a new person into a workspace; returns their membership's id. `by`: whose act, None = a command.

    Raises `Invalid` for what they cannot be called or sign in with, `Conflict` when address or initials are taken.
    """
    with transaction(workspace_id) as tx:
        return create_user(tx, workspace_id, NewPerson(email, password, role, duty_name, initials), by=by)


def create_user(tx: Tx, workspace_id: int, person: NewPerson, *, by: int | None) -> int:
    """As `do_create_user`, within a transaction."""
    email, duty_name = person.email.strip(), person.duty_name.strip()
    check_person(email, person.role, duty_name)
    check_password(person.password, User(email=email))
    taken = set(Membership.objects.values_list("initials", flat=True))
    member = Membership(
        id=ids.new(),
        workspace_id=workspace_id,
        role=person.role,
        duty_name=duty_name,
        initials=check_initials(person.initials, taken) or initials_of.propose(duty_name, taken),
    )
    member.user_id = new_user(email, person.password).pk
    member.save(force_insert=True)
    announce(tx, member, "joined", by)
    return member.id


def check_initials(initials: str, taken: Collection[str]) -> str:
    """Initials as they are kept; empty for none given. Raises `Invalid`, and `Conflict` when they are another's."""
    kept = initials.strip().upper()
    if kept and not (len(kept) <= LONGEST_INITIALS and kept.isalnum()):
        raise Invalid(f"Initials are 1 to {LONGEST_INITIALS} letters or digits.", code="bad_initials")
    if kept in taken:
        raise Conflict(f"Somebody else signs with ^{kept}.", code="initials_taken", initials=kept)
    return kept


def new_user(email: str, password: str) -> User:
    """A user of their own; raises `Conflict` when the address is in use, however it is written."""
    if User.objects.filter(email__iexact=email).exists():
        raise Conflict("Somebody signs in with this e-mail address already.", code="email_taken")
    try:
        return User.objects.create_user(email, password)
    except IntegrityError as error:
        raise Conflict("Somebody signs in with this e-mail address already.", code="email_taken") from error


def do_disable_user(workspace_id: int, membership_id: int, *, by: int | None = None) -> None:
    """Shut a person out at once: no sign-in works any more, and every open one ends. What they did stays."""
    with transaction(workspace_id) as tx:
        disable(tx, member_of(membership_id), by=by)


def disable(tx: Tx, member: Membership, *, by: int | None) -> None:
    """As `do_disable_user`, within a transaction."""
    User.objects.filter(pk=member.user_id).update(is_active=False)
    end_sign_ins(member.user_id)
    tx.run(_LINKS_END, {"at": tx.at, "workspace": member.workspace_id, "member": member.id})
    tx.run("DELETE FROM push_subscriptions WHERE workspace_id = %s AND membership_id = %s",
           (member.workspace_id, member.id))  # fmt: skip
    announce(tx, member, "left", by)


def do_set_role(workspace_id: int, membership_id: int, role: str, *, by: int | None = None) -> None:
    """Change what a person may do, from their next request on."""
    if role not in get_args(rights.Role):
        raise Invalid(f"Roles are {', '.join(get_args(rights.Role))}.", code="bad_role")
    with transaction(workspace_id) as tx:
        member = member_of(membership_id)
        member.role = role
        member.save(update_fields=["role"])
        announce(tx, member, "role", by)


def do_set_password(email: str, password: str) -> None:
    """Give a person a new password, and end every sign-in made with the old one. Raises `NotFound`, `Invalid`."""
    with transaction(None):
        user = User.objects.filter(email__iexact=email.strip()).first()
        if user is None:
            raise NotFound("Nobody signs in with this e-mail address.")
        check_password(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])
        end_sign_ins(user.pk)


def member_of(membership_id: int) -> Membership:
    """A membership of the transaction's workspace. Raises `NotFound`, also for another workspace's."""
    found = Membership.objects.select_for_update().filter(pk=membership_id).first()
    if found is None:
        raise NotFound
    return found


def end_sign_ins(user_id: int) -> None:
    """Every open sign-in of this person is over."""
    Session.objects.filter(user_id=user_id).delete()


def announce(tx: Tx, member: Membership, what: str, by: int | None) -> None:
    """Tell every screen of the workspace."""
    person = Person(id=str(member.id), duty_name=member.duty_name, initials=member.initials)
    fact = PersonChanged(person=person, role=member.role, what=what, by=None if by is None else str(by))
    tx.record(Recorded(member.workspace_id, fact))
