"""Phones are rung from the worker: what is due is taken, sealed and handed to the push services, through the one way
out. A push service's address was said by a browser, so it is as hostile as any: https only, and checked by the egress.
"""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import timedelta

import psycopg
from django.conf import settings
from django.db import Error as DatabaseError

from offhold.connectors.contract import Answer, DeliveryError, Egress, ForbiddenAddress, RateLimited
from offhold.kernel.db.tx import transaction_over
from offhold.people import push, push_message
from offhold.people.push import Due

log = logging.getLogger(__name__)

LOOK_SECONDS = 3.0
AT_ONCE = 50
SECONDS = 10.0
_GONE = frozenset({404, 410})  # the browser's subscription ended (RFC 8030, 7.3)
_LATER = frozenset({408, 429, 500, 502, 503, 504})


async def run(egress: Egress) -> None:
    """Look every few seconds, until cancelled."""
    while True:
        try:
            while await ring(egress) == AT_ONCE:
                pass
        except (psycopg.Error, DatabaseError):
            log.exception("what is due to ring could not be read; it is tried again")
        await asyncio.sleep(LOOK_SECONDS)


async def ring(egress: Egress) -> int:
    """Send what is due now, at most `AT_ONCE`. Returns how many were taken."""
    due = await asyncio.to_thread(_take)
    await asyncio.gather(*(_ring(egress, each) for each in due))
    return len(due)


def _take() -> list[Due]:
    with transaction_over([]) as tx:
        workspaces = push.workspaces_due(tx)
    if not workspaces:
        return []
    with transaction_over(workspaces) as tx:
        return push.take(tx, AT_ONCE)


async def _ring(egress: Egress, due: Due) -> None:
    try:
        answer = await _send(egress, due)
    except ForbiddenAddress:
        await asyncio.to_thread(_end, due, 404, None)  # it never was a push service's
    except DeliveryError as error:
        wait = error.retry_after if isinstance(error, RateLimited) else None
        await asyncio.to_thread(_end, due, 503, wait)
    else:
        await asyncio.to_thread(_end, due, answer.status, _seconds(answer))


async def _send(egress: Egress, due: Due) -> Answer:
    if not due.endpoint.startswith("https://"):
        raise ForbiddenAddress("a push goes over https alone")
    words = push_message.said(due.kind, due.notice_id, due.case_id, due.reference, due.language)
    message = push_message.message(
        words, endpoint=due.endpoint, p256dh=push.raw(due.p256dh), auth=push.raw(due.auth),
        private_key=push.raw(due.private_key), contact=_contact(), now=time.time(), topic=f"n{due.notice_id}",
    )  # fmt: skip
    return await egress.request(
        "POST", due.endpoint, headers=message.headers, content=message.body, timeout=SECONDS, max_bytes=64_000
    )


def _end(due: Due, status: int, wait: float | None) -> None:
    """Write down what became of it."""
    with transaction_over([due.workspace_id]) as tx:
        if 200 <= status < 300:
            push.rang(tx, due)
        elif status in _GONE:
            push.gone(tx, due)
        elif status in _LATER:
            push.failed(tx, due, timedelta(seconds=max(wait or 0.0, 30.0 * 2**due.tries)))
        else:
            log.warning("a push service refused: %s", status)
            push.failed(tx, due, None)


def _seconds(answer: Answer) -> float | None:
    """What `Retry-After` says, where it is a number of seconds, at most an hour."""
    value = answer.headers.get("retry-after", "")
    return min(float(value[:9]), 3600.0) if value.isascii() and value.isdigit() else None


def _contact() -> str:
    """Whom a push service may ask about us: the desk's address, where it is one of the internet."""
    ours = str(settings.PUBLIC_URL)
    return ours if ours.startswith("https://") else "mailto:desk@localhost.localdomain"
