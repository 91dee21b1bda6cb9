"""What a role may see of cases. Pure. Who may not see direct messages gets the case without their words."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from offhold.cases.views import CaseRow, MessageItem
from offhold.desk.views import Item, NoteItem
from offhold.people.rights import Can
from offhold.publishing.items import ReplyItem


def row_for(can: Can, row: CaseRow) -> CaseRow:
    """The row without words of direct messages, unless `can.see_private`."""
    if can.see_private or not (row.title_private or row.snippet_private):
        return row
    return msgspec.structs.replace(
        row,
        title=None if row.title_private else row.title,
        snippet=None if row.snippet_private else row.snippet,
    )


def items_for(can: Can, items: Iterable[Item]) -> list[Item]:
    """A timeline without direct messages and notes, unless `can.see_private`."""
    return [item for item in items if can.see_private or _public(item)]


def _public(item: Item) -> bool:
    if isinstance(item, MessageItem | ReplyItem):
        return item.audience == "public"
    return not isinstance(item, NoteItem)
