"""The index of the search over stored messages, filled in sets as the worker fills it one by one (`desk.search.filed`).

Each message is one of 20,000 sentences, whose words are drawn so that the n-th is as frequent as the others from it to
twice it together, and a word of its own.
"""

from __future__ import annotations

import psycopg

from offhold.app.problem import Problem
from offhold.desk.search.filed import SLICE_BITS
from offhold.desk.search.filing import PIECE, PIECES

TABLES = ("search_items", "search_names")
VOCABULARY = 20_000
SENTENCES = 20_000

_SENTENCES = f"""
CREATE TEMP TABLE sentences AS
SELECT place, string_agg(word, ' ') AS text, array_agg(DISTINCT pg_temp.number(word)) AS numbers FROM (
  SELECT place, 'w' || floor(exp(random() * ln({VOCABULARY})))::int AS word
  FROM generate_series(0, {SENTENCES} - 1) place CROSS JOIN generate_series(1, 14)) drawn
GROUP BY place
"""
_NUMBER = """
CREATE FUNCTION pg_temp.number(word text) RETURNS bigint LANGUAGE sql IMMUTABLE
RETURN ('x' || left(md5(word), 10))::bit(40)::bigint
"""
_PIECES = f"""
CREATE TEMP TABLE pieced AS
SELECT k, workspace_id, (row_number() OVER (PARTITION BY workspace_id ORDER BY k) - 1) * 5 / {PIECE} AS part FROM dealt;
CREATE TEMP TABLE pieces AS
SELECT workspace_id, part, n, first_value(n) OVER (PARTITION BY workspace_id, part / {PIECES} ORDER BY part) AS slice
FROM (SELECT workspace_id, part, nextval('search_piece_numbers') AS n
      FROM (SELECT DISTINCT workspace_id, part FROM pieced ORDER BY 1, 2) p) numbered
"""
_ITEMS = f"""
INSERT INTO search_items (workspace_id, id, piece, kind, public, at, keys)
SELECT d.workspace_id, d.id + 12 + o.n::bigint * 600000 * 4194304, p.n, 'm', true, d.at + o.n * interval '10 min',
       p.n << {SLICE_BITS} || ARRAY(SELECT (p.slice << {SLICE_BITS}) | number FROM unnest(s.numbers || ARRAY[
         pg_temp.number(left(md5((k * 5 + o.n)::text), 12)), pg_temp.number(' *'), pg_temp.number(' public'),
         pg_temp.number(' on sandbox'), pg_temp.number(' by ' || d.id + 9)]) number)
FROM dealt d JOIN pieced USING (k, workspace_id) JOIN pieces p USING (workspace_id, part)
CROSS JOIN generate_series(0, 4) o(n) JOIN sentences s ON s.place = (k::bigint * 5 + o.n) * 7919 % {SENTENCES}
ORDER BY p.n, d.k  -- what is filed together lies together, as the worker leaves it
"""
_FILED = """
INSERT INTO search_pieces (workspace_id, slice, n, items, first_at, last_at)
SELECT workspace_id, p.slice, p.n, count(*) * 5, min(at), max(at) + interval '40 min'
FROM dealt JOIN pieced USING (k, workspace_id) JOIN pieces p USING (workspace_id, part) GROUP BY 1, 2, 3
"""
_NAMES = """
INSERT INTO search_names (workspace_id, word, identity_id)
SELECT workspace_id, word, id + 9 FROM dealt
CROSS JOIN LATERAL (VALUES ('customer'), (k::text), ('customer' || k)) w(word)
"""


def make_sentences(conn: psycopg.Connection) -> None:
    """The texts, before they are said."""
    conn.execute(_NUMBER)
    conn.execute(_SENTENCES)


def file(conn: psycopg.Connection) -> None:
    """File what `bench.stored` dealt out."""
    conn.execute(_PIECES)
    for statement in (_ITEMS, _FILED, _NAMES):
        conn.execute(statement)


def must_be_filed(conn: psycopg.Connection, messages: int) -> None:
    """Raises `Problem` when so many messages were prepared and not as many filed: they were stored before there was
    this index, and a worker that files them meanwhile is not what a bench shall measure."""
    row = conn.execute("SELECT coalesce(sum(items), 0) FROM search_pieces").fetchone()
    assert row is not None  # an aggregate
    there = int(row[0])
    if there < messages:
        raise Problem(
            f"The search finds {there:,} of the {messages:,} messages that were prepared: they were stored before it"
            " had its index.",
            f"Prepare them anew: offhold bench prepare --stored {messages}",
        )
