"""How allauth is told that nobody signs up by themselves, and that it sends no mail."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.headless.adapter import DefaultHeadlessAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from offhold.people.actions import end_sign_ins


class Answers(DefaultHeadlessAdapter):  # type: ignore[misc]
    """What allauth tells the browser of a person: ids are strings, as everywhere."""

    def serialize_user(self, user: AbstractBaseUser) -> dict[str, Any]:
        return {"id": str(user.pk), "email": getattr(user, "email", "")}


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People are let in by an admin or by `offhold create-user`; allauth only signs them in and out."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address the request came from; `app.asgi` has already put a trusted proxy's word in its place."""
        return str(request.META.get("REMOTE_ADDR") or "unknown")

    def set_password(self, user: Any, password: str) -> None:
        """Whoever changes their password ends every sign-in made with the old one; theirs gets a new key after this."""
        super().set_password(user, password)
        end_sign_ins(user.pk)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Offhold has no mail server of its own: what changes an account is done by commands and shown on screens."""
