"""Which pictures may go out in public: the network's own rule, asked when one is taken in and when it is to be said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from offhold.connectors import registry
from offhold.connectors.contract import PictureRule
from offhold.kernel.db.tx import Tx
from offhold.kernel.errors import Invalid
from offhold.publishing.lanes import Account
from offhold.publishing.replies import AskedPicture

_KEPT = "SELECT content_type, bytes FROM media WHERE workspace_id = %s AND token = ANY (%s)"


def check_picture(account: Account, content_type: str, size: int) -> None:
    """Raises `Invalid` where the network takes no picture of this type, or none of so many bytes."""
    rule = _rule(account)
    label = registry.label(account.network)
    if content_type not in rule.types:
        types = _names(rule.types)
        raise Invalid(
            f"{label} takes {types}. Save the picture as one of these and add it again.",
            code="wrong_picture_type", network=label, types=types,
        )  # fmt: skip
    if size > rule.max_bytes:
        has, most = _megabytes(size, up=True), _megabytes(rule.max_bytes, up=False)
        raise Invalid(
            f"The picture has {has} MB, and {label} takes {most} MB. Make it smaller and add it again.",
            code="picture_too_heavy", network=label, size=has, most=most,
        )  # fmt: skip


def check_pictures(tx: Tx, account: Account, workspace_id: int, pictures: tuple[AskedPicture, ...]) -> None:
    """Raises `Invalid` for more than the network takes, one that nobody uploaded, or one that it would refuse."""
    if not pictures:
        return
    rule, label = _rule(account), registry.label(account.network)
    if len(pictures) > rule.most:
        raise Invalid(
            f"{label} takes {rule.most} pictures in a reply.",
            code="too_many_pictures", network=label, most=rule.most,
        )  # fmt: skip
    tokens = {picture.media_id for picture in pictures}
    kept = tx.rows(_KEPT, (workspace_id, list(tokens)))
    if len(kept) != len(tokens):
        raise Invalid("There is no such picture.", code="no_such_picture")
    for content_type, size in kept:
        check_picture(account, content_type, size)


def _rule(account: Account) -> PictureRule:
    if account.manifest is None or account.manifest.pictures is None:
        _none_here(account)
    return account.manifest.pictures


def _none_here(account: Account) -> NoReturn:
    label = registry.label(account.network)
    raise Invalid(f"No pictures go out in public on {label}.", code="no_pictures_here", network=label)


def _names(types: Iterable[str]) -> str:
    """PNG, JPEG"""
    return ", ".join(each.removeprefix("image/").upper() for each in types)


def _megabytes(size: int, *, up: bool) -> float:
    """To a tenth, and never such that too much looks like enough."""
    tenths = -(-size // 100_000) if up else size // 100_000
    return tenths / 10
