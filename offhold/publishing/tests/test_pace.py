"""Our patience with a network, apart for what everyone reads and for what one person does."""

from __future__ import annotations

from offhold.connectors import registry
from offhold.publishing.pace import Pace, rule_of


def test_a_key_of_public_posts_says_nothing_about_direct_messages() -> None:
    """Bluesky's posts carry our record key; its direct messages carry nothing of ours."""
    manifest = registry.get("bluesky").manifest
    public, private = (rule_of(manifest, Pace(), private=private) for private in (False, True))
    assert (public.dedupes_by_key, private.dedupes_by_key) == (True, False)


def test_a_look_without_a_later_control_is_believed_the_third_time() -> None:
    public, private = (rule_of(registry.get("bluesky").manifest, Pace(), private=private) for private in (False, True))
    assert (public.read_backs, private.read_backs) == (2, 3)
    assert private.read_back_after + (private.read_backs - 1) * private.apart >= 120, "as late as lists are known to be"


def test_a_network_that_says_nothing_of_direct_messages_is_asked_as_often_for_both() -> None:
    manifest = registry.get("sandbox").manifest
    assert rule_of(manifest, Pace(), private=True).read_backs == rule_of(manifest, Pace(), private=False).read_backs
