"""What Bluesky can do, as the rest of the desk may know it."""

from __future__ import annotations

from offhold.connectors.contract import Abilities, Counter, Field, Manifest, Marking, PictureRule, ThreadRule

SERVICE = "https://bsky.social"
CHAT_DID = "did:web:api.bsky.chat"
POST = "app.bsky.feed.post"

# app.bsky.embed.images, lexicon of August 2026
PICTURES = PictureRule(most=4, types=("image/jpeg", "image/png", "image/webp", "image/gif"), max_bytes=2_000_000)

MARKING = Marking(mentions="domain", links=True, tags=True, shortened=True)

manifest = Manifest(
    name="bluesky",
    label="Bluesky",
    can=Abilities(
        reply_public=True,
        reply_private=True,
        polls=True,
        thread_reread=True,  # notifications are lossy, and nothing tells of deletions
        dedupes_by_key=True,  # public replies carry our own record key; a second one with it is refused
    ),
    public_text=Counter(limit=300, rule="graphemes", max_bytes=3000),
    private_text=Counter(limit=1000, rule="graphemes", max_bytes=10_000),
    pictures=PICTURES,
    marking=MARKING,
    thread=ThreadRule(most=10, numbered=True),
    connect=(
        Field("identifier", "Handle", help="The account's handle, such as acme.bsky.social"),
        Field(
            "app_password",
            "App password",
            secret=True,
            help="Bluesky: Settings, Privacy and security, App passwords. Tick “Allow access to your direct messages”.",
        ),
        Field("service", "Service", help="Change it only if the account lives on a server of its own", default=SERVICE),
        Field("chat_did", "Direct message service", help="Leave as it is", default=CHAT_DID),
    ),
    poll_seconds=10.0,
    # A direct message has no key, and a look for one no later control: three of them, the last 150 seconds after.
    direct_read_backs=3,
    profile="https://bsky.app/profile/{account}",
)
