-- name: run
-- Grain: one row per run: active events of a tester with no pause longer than the idle limit.
-- Reads: fold_event, fold_name
-- Parameters: $idle_us
-- One order of all events finds where runs begin and end; only these edges are ordered once more, to pair them.
WITH active AS (
    SELECT
        e.tester_key, e.ts_us, e.day_n,
        lag(e.ts_us, 1, -1000000000000000000) OVER (PARTITION BY e.tester_key ORDER BY e.ts_us) AS before_us,
        lead(e.ts_us, 1, 1000000000000000000) OVER (PARTITION BY e.tester_key ORDER BY e.ts_us) AS after_us,
        row_number() OVER (PARTITION BY e.tester_key ORDER BY e.ts_us) AS event_n
    FROM fold_event AS e
    INNER JOIN fold_name AS n ON n.event_id = e.event_id
    WHERE n.is_active = 1
), edge AS (
    SELECT
        a.tester_key, a.ts_us, a.day_n, a.event_n,
        CASE WHEN a.ts_us - a.before_us > $idle_us THEN 1 ELSE 0 END AS begins,
        CASE WHEN a.after_us - a.ts_us > $idle_us THEN 1 ELSE 0 END AS ends
    FROM active AS a
    WHERE a.ts_us - a.before_us > $idle_us OR a.after_us - a.ts_us > $idle_us
), paired AS (
    SELECT
        g.tester_key, g.ts_us, g.day_n, g.event_n, g.begins, g.ends,
        lead(g.ts_us, 1, g.ts_us) OVER (PARTITION BY g.tester_key ORDER BY g.event_n) AS next_us,
        lead(g.event_n, 1, g.event_n) OVER (PARTITION BY g.tester_key ORDER BY g.event_n) AS next_n
    FROM edge AS g
)
SELECT
    p.tester_key, p.ts_us AS start_us, CASE WHEN p.ends = 1 THEN p.ts_us ELSE p.next_us END AS end_us, p.day_n,
    CAST(CASE WHEN p.ends = 1 THEN 1 ELSE p.next_n - p.event_n + 1 END AS BIGINT) AS events
FROM paired AS p
WHERE p.begins = 1
