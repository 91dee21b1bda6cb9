"""Publishing stopped in full flight: how fast two senders send, and what still leaves after a stop is acknowledged.

Companies' replies, meant by the acts a request calls, go to a network of our own that answers at once. One company's
all go out, for what a reply costs; then one company after another is stopped in the middle of its replies. What the
network saw, by the machine's clock, decides what is called late.
"""

from __future__ import annotations

import argparse
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg

from bench import bare
from bench.answering import LOOKS, Answering, answering
from bench.installation import Installation, installation
from bench.processes import Costs
from bench.report import percentile, report, say
from bench.sending import Counting, senders

if TYPE_CHECKING:
    from bench.outbox import Outbox
    from offhold.publishing.stopped import Effect

SENDERS = 2
BARE = 400  # replies of the bare loop
PER_S = 200.0
SLOWEST_STOP = 1.0  # seconds
SEED = 1
_MOVING = """
SELECT count(*) FROM public_replies
WHERE workspace_id = %s AND (state IN ('intent', 'sending', 'unknown', 'reconciling') OR verify_at IS NOT NULL)
"""
_KEYS = "SELECT key, state FROM public_replies WHERE workspace_id = %s"
_KEY_OF = "SELECT id, key FROM public_replies WHERE workspace_id = %s"
_TRANSACTIONS = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
_FLUSHED = 1.2  # seconds until the server's own counts are written down


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults finish in some minutes."""
    parser.add_argument("--stops", type=int, default=5, help="companies stopped, one after the other (default 5)")
    parser.add_argument("--channels", type=int, default=20, help="of each company (default 20)")
    parser.add_argument("--each", type=int, default=10, help="replies on each channel (default 10)")


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Measure; the result in the common form."""
    with installation(say) as here, answering() as network:
        from bench.outbox import meant  # noqa: PLC0415 - models can be imported once `installation` set Django up

        made = args.channels * args.each * (args.stops + 1)
        say(f"Meaning {made} replies of {args.stops + 1} companies")
        outboxes = [meant(n, args.channels, args.each, network.place, here.url) for n in range(args.stops + 1)]
        per_s = bare.per_second(here.url, network.place, BARE)
        say(f"A bare loop sends {per_s:.0f} per second")
        with senders(here, network.place, SENDERS) as running:
            return Stop(here, network, running).run(outboxes, per_s)


class Sent(NamedTuple):
    """What the first company's replies took, each."""

    per_s: float
    cpu_ms: list[float]  # of the senders, and of PostgreSQL
    statements: float
    transactions: float


class Stopped(NamedTuple):
    """One stop. `late`: what began after the acknowledgement. `listed`: the replies that escaped, and `unlisted` those
    which the network saw after it and that are not among them."""

    took: float
    confirmed: bool
    per_s: float
    late_sockets: int
    listed: int
    unlisted: int
    held: int
    lost: int
    double: int


class Stop:
    """One run."""

    def __init__(self, here: Installation, network: Answering, running: list[Counting]) -> None:
        self._url, self._network, self._running = here.url, network, running

    def run(self, outboxes: list[Outbox], bare_per_s: float) -> dict[str, Any]:
        sent = self._all_sent(outboxes[0])
        say(f"{sent.per_s:.0f} per second, {sum(sent.cpu_ms):.1f} ms of CPU and {sent.statements:.0f} statements each")
        stops = [self._stopped(outbox) for outbox in outboxes[1:]]
        return self._result(sent, stops, bare_per_s, sum(outbox.meant for outbox in outboxes))

    def _all_sent(self, outbox: Outbox) -> Sent:
        """Let every reply of a company go out and be read back."""
        costs = Costs(self._url, lambda: [one.pid for one in self._running])
        cpu, statements, transactions = costs.each(), self._statements(), self._transactions()
        outbox.begin(self._url)
        self._until_still(outbox)
        spent = [after - before for before, after in zip(cpu, costs.each(), strict=True)]
        each = [1000 * sum(spent[:-1]) / outbox.meant, 1000 * spent[-1] / outbox.meant]
        keys = self._keys(outbox)
        at = sorted(at for at, key in self._network.came().said if key in keys)
        return Sent(
            (len(at) - 1) / (at[-1] - at[0]),
            each,
            (self._statements() - statements) / outbox.meant,
            (self._transactions() - transactions) / outbox.meant,
        )

    def _stopped(self, outbox: Outbox) -> Stopped:
        """Stop a company when a good half of its replies is out."""
        from offhold.publishing import stopped  # noqa: PLC0415 - models can be imported once Django is set up
        from offhold.publishing.stops import By, StopAsk  # noqa: PLC0415 - the same

        before, ask = (
            len(self._network.came().said),
            StopAsk(scope="workspace", reason="Measured", lasts=timedelta(hours=1)),
        )
        outbox.begin(self._url)
        while len(self._network.came().said) - before < outbox.meant // 2:
            time.sleep(0.01)
        clicked = time.time()
        effect = stopped.halt(outbox.workspace, By(0, "bench"), ask)
        answered = time.time()
        self._until_still(outbox)
        return self._judged(outbox, effect, clicked, answered)

    def _judged(self, outbox: Outbox, effect: Effect, clicked: float, answered: float) -> Stopped:
        from offhold.kernel.db.tx import transaction  # noqa: PLC0415 - as above
        from offhold.publishing import stopped  # noqa: PLC0415 - as above

        with transaction(outbox.workspace) as tx:
            escaped = stopped.effect(tx, outbox.workspace, int(effect.stop.id)).escaped
            key_of = dict(tx.rows(_KEY_OF, (outbox.workspace,)))
        listed, confirmed = {key_of[int(one.reply.id)] for one in escaped}, effect.stop.confirmed_at
        acknowledged = answered if confirmed is None else confirmed.timestamp()
        keys, came = self._keys(outbox), self._network.came()
        said = [(at, key) for at, key in came.said if key in keys]
        bore = [key for _, key in said]
        out = {key for key, state in keys.items() if state == "sent"}
        per_s = sum(clicked - 1 < at <= clicked for at, _ in said)
        done = Stopped(
            took=acknowledged - clicked, confirmed=effect.confirmed, per_s=per_s,
            late_sockets=sum(at > acknowledged and method != LOOKS for at, method in came.sockets),
            listed=len(listed), unlisted=sum(at > acknowledged and key not in listed for at, key in said),
            held=sum(state == "review" for state in keys.values()), lost=len(out ^ set(bore)),
            double=len(bore) - len(set(bore)),
        )  # fmt: skip
        say(f"{per_s} in the second before; confirmed {done.confirmed} after {done.took * 1000:.0f} ms; "
            f"{done.listed} escaped, {done.held} held back, {done.late_sockets} sockets late")  # fmt: skip
        return done

    def _result(self, sent: Sent, stops: list[Stopped], bare_per_s: float, meant_: int) -> dict[str, Any]:
        took = [one.took for one in stops]
        late = sum(one.late_sockets for one in stops)
        unlisted = sum(one.unlisted for one in stops)
        unconfirmed = sum(not one.confirmed for one in stops)
        figures = {
            "replies_per_s": sent.per_s, "cpu_ms_per_reply_senders": sent.cpu_ms[0],
            "cpu_ms_per_reply_postgres": sent.cpu_ms[1], "statements_per_reply": sent.statements,
            "transactions_per_reply": sent.transactions,
            "second_before_p50_per_s": percentile([one.per_s for one in stops], 0.5), "stops": len(stops),
            "confirmed_p50_ms": percentile(took, 0.5) * 1000, "confirmed_p99_ms": percentile(took, 0.99) * 1000,
            "confirmed_worst_ms": percentile(took, 1.0) * 1000, "unconfirmed": unconfirmed, "sockets_late": late,
            "escaped_listed": sum(one.listed for one in stops), "escaped_unlisted": unlisted,
            "held_back": sum(one.held for one in stops),
        }  # fmt: skip
        reached = {
            "replies_per_s": sent.per_s >= PER_S, "confirmed_worst_ms": all(one < SLOWEST_STOP for one in took),
            "unconfirmed": unconfirmed == 0, "sockets_late": late == 0, "escaped_unlisted": unlisted == 0,
        }  # fmt: skip
        return report(
            "stop", figures, limits={"bare_per_s": bare_per_s}, ratios={"sent_over_bare": sent.per_s / bare_per_s},
            reached=reached, lost=sum(one.lost for one in stops), double=sum(one.double for one in stops), n=meant_,
            seed=SEED,
        )  # fmt: skip

    def _until_still(self, outbox: Outbox) -> None:
        """Until nothing of it moves any more."""
        with psycopg.connect(self._url, autocommit=True) as conn:
            while conn.execute(_MOVING, (outbox.workspace,)).fetchone() != (0,):
                time.sleep(0.1)

    def _keys(self, outbox: Outbox) -> dict[str, str]:
        """How each reply stands, by the key it bears on the network."""
        with psycopg.connect(self._url) as conn:
            return dict(conn.execute(_KEYS, (outbox.workspace,)).fetchall())

    def _statements(self) -> int:
        return sum(one.statements() for one in self._running)

    def _transactions(self) -> int:
        time.sleep(_FLUSHED)
        with psycopg.connect(self._url) as conn:
            row = conn.execute(_TRANSACTIONS).fetchone()
        assert row is not None  # this very database
        return int(row[0])
