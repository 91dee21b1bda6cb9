"""One of the company's accounts on one network, with its credentials and its health."""

from __future__ import annotations

import secrets

from django.db import models

from offhold.kernel import ids
from offhold.people.models import Workspace


def hook_token() -> str:
    """The secret part of a channel's webhook address: 256 bits, no workspace id in it."""
    return secrets.token_urlsafe(32)


class Channel(models.Model):
    """Starts watch-only: it reads and compares itself with the network, and cannot send until somebody turns it on."""

    id = models.BigIntegerField(primary_key=True, default=ids.new, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    network = models.CharField(max_length=40)
    account_id = models.CharField(max_length=400)
    handle = models.CharField(max_length=400)
    name = models.CharField(max_length=400, blank=True)
    followers = models.BigIntegerField(null=True)
    config = models.JSONField(default=dict)
    queue_id = models.BigIntegerField()
    hook_token = models.CharField(max_length=64, default=hook_token, unique=True)
    sending = models.BooleanField(default=False)
    paused = models.BooleanField(default=False)
    connected_at = models.DateTimeField()

    class Meta:
        db_table = "channels"
        constraints = (
            models.UniqueConstraint(fields=("workspace", "network", "account_id"), name="channels_account_once"),
            models.UniqueConstraint(fields=("workspace", "id"), name="channels_in_workspace"),
        )
