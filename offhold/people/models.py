"""Workspaces, the people in them, and what their role allows."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from offhold.kernel import ids


class Workspace(models.Model):
    """One company; nothing crosses from one to another."""

    id = models.BigIntegerField(primary_key=True, default=ids.new, editable=False)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    # a message after resolution reopens the case within this many hours, later it opens a new one linked to it
    reopen_hours = models.PositiveIntegerField(default=72)
    # under a post of ours with more replies than this, what is not always owed an answer waits as a voice
    busy_post_replies = models.PositiveIntegerField(default=50)

    class Meta:
        db_table = "workspaces"

    def __str__(self) -> str:
        return self.name


class Users(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None, **fields: Any) -> User:
        """`email` is kept as typed and compared without case; no password means no password sign-in."""
        user = self.model(email=self.normalize_email(email.strip()), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in. What they may do stands in their membership; `email` is never shown to customers."""

    id = models.BigIntegerField(primary_key=True, default=ids.new, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects: ClassVar[Users] = Users()

    class Meta:
        db_table = "users"
        constraints = (models.UniqueConstraint(Lower("email"), name="users_one_per_email"),)


class Session(models.Model):
    """One sign-in. The cookie's token is not kept, only its SHA-256: who reads this table cannot sign in with it.

    `began_at` bounds the whole length of it, `seen_at` the idle part; both are business time.
    """

    key_hash = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True)
    data = models.TextField()
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "sessions"


class Role(models.TextChoices):
    """admin > lead > agent; an observer reads public words and figures, acts on nothing, sees nothing private."""

    AGENT = "agent"
    LEAD = "lead"
    ADMIN = "admin"
    OBSERVER = "observer"


class Membership(models.Model):
    """One person's place in one workspace. `duty_name` is what customers may see (Mia, ^MK), never a legal name."""

    id = models.BigIntegerField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    role = models.CharField(max_length=10, choices=Role.choices)
    duty_name = models.CharField(max_length=40)
    initials = models.CharField(max_length=3)

    class Meta:
        db_table = "memberships"
        constraints = (
            models.UniqueConstraint(fields=("workspace", "user"), name="memberships_once"),
            models.UniqueConstraint(fields=("workspace", "initials"), name="memberships_initials_tell_apart"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="memberships_known_role"),
        )
