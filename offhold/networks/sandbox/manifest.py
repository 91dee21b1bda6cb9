"""What the sandbox network can do."""

from __future__ import annotations

from offhold.connectors.contract import Abilities, Counter, Field, Manifest, Marking, PictureRule, ThreadRule

MARKING = Marking(mentions="name", links=True)

MANIFEST = Manifest(
    name="sandbox",
    label="Sandbox",
    can=Abilities(
        reply_public=True,
        reply_private=True,
        webhooks=True,
        polls=True,
        streams=True,
        edit_signal=True,
        delete_signal=True,
        thread_reread=False,
        # Idempotency-Key is honoured for ten minutes only: a later try would be a second post, so it is not "always".
        dedupes_by_key=False,
    ),
    public_text=Counter(limit=500, rule="codepoints", url_length=23),
    private_text=Counter(limit=2000, rule="codepoints"),
    pictures=PictureRule(most=4, types=("image/png", "image/jpeg", "image/gif"), max_bytes=5_000_000),
    marking=MARKING,
    thread=ThreadRule(most=6, numbered=False),
    connect=(
        Field("base_url", "Address", help="Where the sandbox network answers, e.g. http://127.0.0.1:8021"),
        Field("token", "Access token", secret=True),
        Field("webhook_secret", "Webhook secret", secret=True, help="Leave empty to have one made."),
    ),
    poll_seconds=60.0,
    read_back_after=30.0,
    read_backs=2,
)
