-- name: exposure
-- Grain: one row per tester with a first session: requests in it, failing and slow ones, whether day 7 is over and
-- whether the tester was active on it, and the later sessions. The first session's length itself is left out of the
-- outcome: a longer session meets more failures by its length alone.
-- Reads: fct_session, fct_event, dim_event, dim_tester, fct_tester_day
-- Parameters: $roster_only, $wave, $platform, $until_us, $end_day (complete days, exclusive), $low, $high (days after
--   the first), $request_event, $slow_ms, $idle_us (a session lasts until it has timed out)
WITH people AS (
    SELECT tester_key FROM dim_tester
    WHERE excluded_reason IS NULL AND (on_roster OR NOT $roster_only)
      AND ($wave::VARCHAR IS NULL OR wave = $wave) AND ($platform::VARCHAR IS NULL OR platform = $platform)
),
sessions AS (
    SELECT tester_key, start_us, end_us, day_n,
           row_number() OVER (PARTITION BY tester_key ORDER BY start_us) AS number,
           lead(start_us) OVER (PARTITION BY tester_key ORDER BY start_us) AS next_us
    FROM fct_session SEMI JOIN people USING (tester_key) WHERE start_us < $until_us
),
firsts AS (
    SELECT tester_key, day_n, start_us, least(end_us + $idle_us, coalesce(next_us, end_us + $idle_us + 1) - 1) AS end_us
    FROM sessions WHERE number = 1
),
requests AS (
    SELECT e.tester_key, e.ts_us, e.status, e.duration_ms FROM fct_event e JOIN dim_event n USING (event_id)
    WHERE n.event = $request_event AND e.ts_us < $until_us
),
met AS (
    SELECT f.tester_key, count(*) AS requests, count(*) FILTER (r.status >= 500) AS failed,
           count(*) FILTER (r.duration_ms > $slow_ms) AS slow
    FROM firsts f JOIN requests r ON r.tester_key = f.tester_key AND r.ts_us BETWEEN f.start_us AND f.end_us
    GROUP BY f.tester_key
),
later AS (
    SELECT tester_key, count(*) AS sessions, sum(end_us - start_us) / 1000000 AS seconds
    FROM sessions WHERE number > 1 GROUP BY tester_key
)
SELECT f.tester_key, coalesce(m.requests, 0) AS requests, coalesce(m.failed, 0) AS failed, coalesce(m.slow, 0) AS slow,
       f.day_n + $high < $end_day AS is_mature,
       EXISTS (SELECT 1 FROM fct_tester_day t WHERE t.tester_key = f.tester_key AND t.active_events > 0
                 AND t.day_n BETWEEN f.day_n + $low AND f.day_n + $high) AS is_back,
       l.seconds / nullif(l.sessions, 0) AS later_seconds
FROM firsts f LEFT JOIN met m USING (tester_key) LEFT JOIN later l USING (tester_key)
ORDER BY f.tester_key
