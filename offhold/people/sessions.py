"""Sign-ins in the database: Django's session engine, keeping only the hash of the cookie's token.

Django's own engine stores the token itself, so whoever reads a backup could act as everybody. Ours also knows whose a
session is, so that disabling a person ends all of theirs in one statement, and bounds idle and whole length.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction

from offhold.kernel import clock
from offhold.people.actors import ABSOLUTE, TOUCH_EVERY, idle_limit, key_hash
from offhold.people.models import Session


class SessionStore(SessionBase):
    """One sign-in. Its key is 256 random bits, made here and never taken from a request."""

    def _get_new_session_key(self) -> str:
        return secrets.token_urlsafe(32)

    def load(self) -> dict[str, Any]:
        """What the session holds; an unknown, idle or too old one is empty, and its key is not used again."""
        now = clock.now()
        found = Session.objects.filter(
            key_hash=self._hash, seen_at__gt=now - idle_limit(), began_at__gt=now - ABSOLUTE
        ).first()
        if found is None:
            self._session_key = None
            return {}
        if now - found.seen_at >= TOUCH_EVERY:
            Session.objects.filter(key_hash=self._hash).update(seen_at=now)
        return self.decode(found.data)

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key_hash=key_hash(session_key)).exists()

    def create(self) -> None:
        """A new sign-in; the moment to forget those that ended by themselves."""
        self.clear_expired()
        self._session_key = self._get_new_session_key()
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Raises `UpdateError` when the session was ended meanwhile: a racing request must not bring it back."""
        if self.session_key is None:
            return self.create()
        values = self._columns(no_load=must_create)
        if must_create:
            return self._insert(values)
        if not Session.objects.filter(key_hash=self._hash).update(**values):
            raise UpdateError
        return None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(key_hash=key_hash(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Remove what can no longer be used."""
        now = clock.now()
        Session.objects.filter(seen_at__lt=now - idle_limit()).delete()
        Session.objects.filter(began_at__lt=now - ABSOLUTE).delete()

    @property
    def _hash(self) -> str:
        return key_hash(self.session_key or "")

    def _columns(self, *, no_load: bool) -> dict[str, Any]:
        data = self._get_session(no_load=no_load)  # type: ignore[attr-defined]
        user = data.get(SESSION_KEY)
        return {"data": self.encode(data), "user_id": int(user) if user else None, "seen_at": clock.now()}

    def _insert(self, values: dict[str, Any]) -> None:
        try:
            with transaction.atomic():
                Session.objects.create(key_hash=self._hash, began_at=values["seen_at"], **values)
        except IntegrityError as error:
            raise CreateError from error
