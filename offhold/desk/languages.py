"""In which language a customer writes: as the network says, else as their words do; silent where neither is clear."""

from __future__ import annotations

from offhold.kernel.db.tx import Tx
from offhold.publishing.guard.language import base, detect
from offhold.publishing.guard.reading import Reading

LATEST = 5  # messages: a single "ok" tells nothing

_SAID = """
SELECT lang, text FROM messages WHERE workspace_id = %s AND case_id = %s AND identity_id IS NOT NULL
  AND deleted_at IS NULL AND (audience = 'public' OR %s) ORDER BY at DESC LIMIT %s
"""


def of_case(tx: Tx, workspace_id: int, case_id: int, *, private: bool) -> str | None:
    """ISO 639-1, or None. `private`: may whoever asks see direct messages, so that nothing is told of them else."""
    said = tx.rows(_SAID, (workspace_id, case_id, private, LATEST))
    told = next((code for lang, _ in said if (code := base(lang)) is not None), None)
    return told or detect(Reading("\n".join(text for _, text in said)))
