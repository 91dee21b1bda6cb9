"""A database with years of messages in it, built by its owner in a few large statements.

Five messages to a case, one case in twenty open, half of everything in the first company, whose cases lie in forty
queues of very different length. In one case of fifty the last word is thanks, which no answer is owed to: a voice.
Indexes and foreign keys are taken off for the load and put back checked. What was said is filed for the search as the
worker files it (`bench.filed`).
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from bench import filed
from bench.report import Say
from bench.traffic import Company
from offhold.kernel.ids import EPOCH_MS

MESSAGES_PER_CASE = 5
DAYS = 365
TABLES = ("customers", "identities", "conversations", "cases", "messages")
# what files new words: here they are filed in sets
_BY_HAND = (("messages", "file_said"), ("identities", "file_known"))

_COMPANIES = "CREATE TEMP TABLE companies (n int, workspace_id bigint, queues bigint[], channels bigint[])"
# Ids are times, as everywhere: milliseconds in the high bits, and below them what tells the rows of a case apart.
_DEALT = """
CREATE TEMP TABLE dealt AS
SELECT k, c.workspace_id, (t.ms - {epoch}) * 4194304 + (k %% 200000) * 16 AS id, to_timestamp(t.ms / 1000.0) AS at,
       c.channels[1 + k / 2 %% cardinality(c.channels)] AS channel_id,
       c.queues[1 + floor(cardinality(c.queues) * power(random(), 3))::int] AS queue_id,
       -- one even and one odd number in twenty, in eighty, in fifty
       k %% 40 IN (0, 7) AS open, k %% 80 IN (0, 7) AS waits, k %% 50 IN (8, 9) AS thanked
FROM generate_series(0, %(cases)s - 1) k
CROSS JOIN LATERAL (SELECT (extract(epoch FROM now()) * 1000)::bigint - 3600000
                           - ({days}::bigint * 86400000 * (%(cases)s - k) / %(cases)s) AS ms) t
JOIN companies c ON c.n = CASE WHEN k %% 2 = 0 OR %(companies)s = 1 THEN 0 ELSE 1 + (k / 2) %% (%(companies)s - 1) END
"""
_LOAD = {
    "customers": "SELECT workspace_id, id + 8, 'Customer ' || k, at, NULL FROM dealt",
    "identities": """
      SELECT workspace_id, id + 9, 'sandbox', 'stored-' || k, id + 8, 'customer' || k, 'Customer ' || k, '', 214, at
      FROM dealt""",
    "conversations": """
      SELECT workspace_id, id + 10, channel_id, 'public', 'stored-' || k || '-0', id + 9, 5, NULL,
             at + interval '40 min'
      FROM dealt""",
    "cases": """
      SELECT workspace_id, id + 11, row_number() OVER (PARTITION BY workspace_id ORDER BY k), id + 8, id + 9,
             channel_id, queue_id, true, CASE WHEN open THEN 'open' ELSE 'resolved' END, 1, NULL, at,
             CASE WHEN NOT open THEN at + interval '1 hour' END,
             at + interval '40 min', at + interval '40 min', NULL, CASE WHEN open AND waits THEN at END,
             'My suitcase did not arrive', false, left(md5(k::text) || ' is my booking, where is it?', 160), 'public',
             true, false, CASE WHEN thanked THEN 4 ELSE 5 END, NULL, NULL, at + interval '40 min', false
      FROM dealt""",
    "messages": """
      SELECT workspace_id, id + 12 + n::bigint * 600000 * 4194304, channel_id, 'stored-' || k || '-' || n, 'public',
             id + 10, CASE WHEN NOT (thanked AND n = 4) THEN id + 11 END, id + 9,
             s.text || ' ' || left(md5((k * 5 + n)::text), 12), at + n * interval '10 min',
             CASE WHEN n > 0 THEN 'stored-' || k || '-' || n - 1 END, 'en', '1', at + n * interval '10 min',
             NOT (thanked AND n = 4), CASE WHEN thanked AND n = 4 THEN 'thanks' ELSE 'question' END
      FROM dealt CROSS JOIN generate_series(0, 4) n JOIN sentences s ON s.place = (k::bigint * 5 + n) * 7919 % 20000""",
}
_COLUMNS = {
    "customers": "workspace_id, id, name, created_at, merged_into",
    "identities": "workspace_id, id, network, account, customer_id, handle, name, avatar_url, followers, seen_at",
    "conversations": "workspace_id, id, channel_id, audience, network_key, identity_id, others, read_at, last_at",
    "cases": "workspace_id, id, reference, customer_id, identity_id, channel_id, queue_id, home, state, version,"
    " assignee_id, opened_at, resolved_at, last_at, last_in_at, last_out_at, waiting_since, title, title_private,"
    " snippet, last_audience, holds_public, holds_private, messages, linked_case_id, merged_into, snippet_at,"
    " snippet_private",
    "messages": "workspace_id, id, channel_id, network_id, audience, conversation_id, case_id, identity_id, text, at,"
    " parent, lang, version, version_at, owed, reason",
}
_REFERENCES = """
INSERT INTO case_references SELECT workspace_id, count(*) FROM dealt GROUP BY 1
ON CONFLICT (workspace_id) DO UPDATE SET last = excluded.last
"""


def store(url: str, companies: list[Company], messages: int, say: Say) -> int:
    """Fill the database at the owner's `url`. Returns how many messages it holds then."""
    cases = messages // MESSAGES_PER_CASE
    if not cases:
        return 0
    with psycopg.connect(url) as conn:
        conn.execute("SET LOCAL maintenance_work_mem = '256MB'")
        conn.execute("SET LOCAL synchronous_commit = off")
        taken_off = _take_off(conn)
        _deal(conn, companies, cases)
        filed.make_sentences(conn)
        for table, trigger in _BY_HAND:
            conn.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        for table in TABLES:
            say(f"Storing {table}")
            conn.execute(f"INSERT INTO {table} ({_COLUMNS[table]}) {_LOAD[table]}")
        conn.execute(_REFERENCES)
        say("Filing what was said")
        filed.file(conn)
        for table, trigger in _BY_HAND:
            conn.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
        say("Putting indexes and keys back")
        for statement in taken_off:
            conn.execute(statement)
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("VACUUM ANALYZE")
        conn.execute("CHECKPOINT") if _may_checkpoint(conn) else None
    return whole(messages)


def whole(messages: int) -> int:
    """How many are stored when so many are asked for: whole cases."""
    return messages // MESSAGES_PER_CASE * MESSAGES_PER_CASE


def _deal(conn: psycopg.Connection, companies: list[Company], cases: int) -> None:
    conn.execute(_COMPANIES)
    for n, company in enumerate(companies):
        row = (n, company.workspace, company.queues, [channel.id for channel in company.channels])
        conn.execute("INSERT INTO companies VALUES (%s, %s, %s, %s)", row)
    query = _DEALT.format(epoch=EPOCH_MS, days=DAYS)
    conn.execute(query, {"cases": cases, "companies": len(companies)})


def _take_off(conn: psycopg.Connection) -> list[str]:
    """Drop the foreign keys between these tables and the indexes that are no key. Returns how to put them back."""
    keys = conn.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])",
        (list(TABLES),),
    ).fetchall()
    indexes = conn.execute(
        "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " WHERE i.indrelid = ANY(%s::regclass[]) AND NOT EXISTS"
        " (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)",
        ([*TABLES, *filed.TABLES],),
    ).fetchall()
    for table, name, _ in keys:
        conn.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(name)))
    for name, _ in indexes:
        conn.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    return [d for _, d in indexes] + [f'ALTER TABLE {t} ADD CONSTRAINT "{n}" {d}' for t, n, d in keys]


def _may_checkpoint(conn: psycopg.Connection) -> bool:
    row = conn.execute("SELECT pg_has_role(current_user, 'pg_checkpoint', 'USAGE')").fetchone()
    return bool(row and row[0])
