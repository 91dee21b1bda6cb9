"""The worker process: turns arrivals into cases, asks networks for news, sends replies.

One thread consumes the lanes this worker holds; one event loop watches channels and sends. Each part ends by itself
when told; whatever kills the process leaves rows from which the next one goes on.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable

from offhold.app import filing, logging_lines, pushing, sweep, waking
from offhold.app.config import Config
from offhold.app.media import picture
from offhold.app.web import check
from offhold.connectors.egress import GuardedEgress
from offhold.intake.consumer import Consumer
from offhold.intake.pulse import FLUSH_SECONDS, Pulse
from offhold.intake.watching import Watching
from offhold.promises import watch as promised
from offhold.publishing.sender import Sender

log = logging.getLogger(__name__)


def serve(config: Config, on_ready: Callable[[], None]) -> None:
    """Work until SIGTERM or SIGINT. Django is set up as the pipeline role; raises `Problem` when it must not start."""
    logging_lines.set_up(config.log_level)
    check(config)
    asyncio.run(_work(config, on_ready))


async def _work(config: Config, on_ready: Callable[[], None]) -> None:
    from offhold.app.pipeline import handle  # noqa: PLC0415 - loads every stage, after the checks

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    pulse, egress = Pulse(), GuardedEgress(config.allow_private_hosts)
    consumer = Consumer(handle, pulse, workers=config.workers, on_end=lambda: loop.call_soon_threadsafe(stop.set))
    watching = Watching(egress, consumer.hold, pulse, config.poll_seconds)
    sender = Sender(egress, picture)
    await asyncio.to_thread(consumer.start)
    running = (watching.run(), sender.run(), _beat(pulse), sweep.run(), waking.run(), filing.run(),
               pushing.run(egress), promised.run())  # fmt: skip
    parts = [asyncio.create_task(part) for part in running]
    on_ready()
    ended = asyncio.create_task(stop.wait())
    await asyncio.wait([ended, *parts], return_when=asyncio.FIRST_COMPLETED)
    sender.stop()
    watching.stop()
    failed = [part for part in parts if part.done() and not part.cancelled() and part.exception()]
    for part in parts[2:]:
        part.cancel()
    await asyncio.wait(parts, timeout=10)
    await asyncio.to_thread(consumer.stop)
    try:
        await asyncio.to_thread(pulse.flush)
    except Exception:
        log.exception("the health of channels could not be written")
    await egress.aclose()
    # a part that ended by itself ends the process with its error; the supervisor starts a new one
    for part in failed:
        part.result()
    if consumer.failed is not None:
        raise consumer.failed


async def _beat(pulse: Pulse) -> None:
    while True:
        await asyncio.sleep(FLUSH_SECONDS)
        try:
            await asyncio.to_thread(pulse.flush)
        except Exception:
            log.exception("the health of channels could not be written")
