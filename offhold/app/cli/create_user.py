"""Let a person in: make their sign-in, and their workspace if it is new.

The password is asked for, or read from standard input when that is not a terminal, so that it never stands in the
shell's history:

    offhold create-user ada@example.com --workspace "Northwind Air" --role admin --name Ada
    printf %s "$PASSWORD" | offhold create-user bob@example.com --name Bob
"""

from __future__ import annotations

import argparse
import getpass
import sys

from offhold.app import config
from offhold.app.cli.django_process import set_up
from offhold.app.cli.output import say
from offhold.app.embedded.join import database
from offhold.app.problem import Problem

HELP = "let a person in, founding their workspace if it is new"


def configure(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("email", help="what they sign in with")
    parser.add_argument("--workspace", metavar="NAME", help="the company; may be left out when there is one only")
    parser.add_argument(
        "--role", default="agent", choices=["agent", "lead", "admin", "observer"], help="default: agent"
    )
    parser.add_argument("--name", required=True, help="duty name, which customers may see: Mia, never a legal name")
    parser.add_argument("--initials", default="", help="how they sign, such as MK; made from the name if left out")


def run(args: argparse.Namespace) -> int:
    """Create the user."""
    password = read_password()
    with database(config.load(), say) as url:
        set_up(url, "app")
        from offhold.kernel.errors import OffholdError
        from offhold.people import actions

        try:
            check(args, password)
            actions.do_create_user(
                workspace_named(args.workspace),
                email=args.email,
                password=password,
                role=args.role,
                duty_name=args.name,
                initials=args.initials,
            )
        except OffholdError as error:
            raise Problem(str(error), "Nothing was changed; correct it and try again.") from error
    say(f"{args.email} may sign in.")
    return 0


def check(args: argparse.Namespace, password: str) -> None:
    """Refuse before a workspace is founded for somebody who then cannot come in."""
    from offhold.kernel.db.tx import transaction
    from offhold.kernel.errors import Conflict
    from offhold.people import actions
    from offhold.people.models import User

    with transaction(None):
        actions.check_person(args.email.strip(), args.role, args.name.strip())
        actions.check_password(password, User(email=args.email))
        if User.objects.filter(email__iexact=args.email.strip()).exists():
            raise Conflict("Somebody signs in with this e-mail address already.", code="email_taken")


def read_password() -> str:
    """Typed twice at a terminal, else one line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password (12 characters or more): ")
    if getpass.getpass("Once more: ") != first:
        raise Problem("The two are not the same.", "Try again.")
    return first


def workspace_named(name: str | None) -> int:
    """The id of the workspace called so, founded if there is none; without a name, of the only one."""
    from offhold.people import queries
    from offhold.people.workspaces import do_found_workspace

    known = queries.workspaces()
    for workspace in known:
        if name is None and len(known) == 1:
            return workspace.id
        if name is not None and workspace.name.casefold() == name.strip().casefold():
            return workspace.id
    if name is None:
        names = ", ".join(workspace.name for workspace in known) or "none yet"
        raise Problem("In which workspace?", f"Name it with --workspace. There are: {names}.")
    say(f"Founding the workspace {name}.")
    return do_found_workspace(name).workspace_id
