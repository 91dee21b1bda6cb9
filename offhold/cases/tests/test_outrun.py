"""Who writes the same between our look and our write is never overwritten, doubled, or taken for an error."""

from __future__ import annotations

import pytest

from offhold.cases import apply as applying
from offhold.cases import load as loading
from offhold.cases.known import Incoming, Known
from offhold.cases.tests.stories import arrive, incoming, public, shown
from offhold.cases.write import Outrun
from offhold.kernel.db.tx import Tx, transaction_over
from tests.support import builders

pytestmark = pytest.mark.usefixtures("as_pipeline")


@pytest.mark.parametrize("unseen", ["identities", "conversations", "messages"])
def test_a_batch_that_did_not_see_what_is_there_is_decided_again(
    database: str, monkeypatch: pytest.MonkeyPatch, unseen: str
) -> None:
    """New identities and conversations are skipped where they exist, and then referred to: that error is no error."""
    here = builders.workspace()
    channel = builders.channel(here, network="fake", account_id="us")
    first = public("m1", "ann", "Where is it?", 0)
    arrive(here, channel, [first])
    before = shown(here)
    look = loading.load

    def short_sighted(tx: Tx, batch: list[Incoming]) -> Known:
        known = look(tx, batch)
        getattr(known, unseen).clear()
        return known

    again = first if unseen == "messages" else public("m2", "ann", "And where is that?", 1, root="m1", parent="m1")
    with monkeypatch.context() as patch:
        patch.setattr(applying, "load", short_sighted)
        with pytest.raises(Outrun, match=unseen), transaction_over([here.id]) as tx:
            applying.apply(tx, incoming(here, channel, [again]))
    assert shown(here) == before
    arrive(here, channel, [again])
    assert len(shown(here)["cases"]) == 1
    assert len(shown(here)["messages"]) == (1 if unseen == "messages" else 2)
