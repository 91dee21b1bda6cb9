"""What every screen is told of a reply that left its hold and did not go out after all."""

from __future__ import annotations

import pytest

from offhold.publishing.tests.office import Office
from offhold.publishing.tests.world import Move
from tests.support import builders

_TOLD = """
SELECT payload -> 'unsent' ->> 'state' FROM facts
WHERE kind = 'unsent.changed' AND payload -> 'unsent' ->> 'id' = %s ORDER BY seq
"""


@pytest.mark.parametrize(
    ("failures", "state"), [(("refuse",), "refused"), (("unreachable",) * 9, "needs_human"), ((), None)]
)
def test_its_author_hears_that_it_did_not_go_out(
    office: Office, clock_offset: Move, failures: tuple[str, ...], state: str | None
) -> None:
    builders.holds(office.company, public=20)
    office.network.fail(*failures)  # type: ignore[arg-type]  # the fixture's parameters are plain strings
    reply = office.ask(office.asked_in_public())
    with office.sending():
        office.to_the_end(reply, clock_offset)
    assert [row[0] for row in office.all(_TOLD, str(reply))] == ["held", "intent", *([state] if state else [])]
