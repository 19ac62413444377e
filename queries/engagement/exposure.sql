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
visits AS (
    SELECT tester_key, min(start_us, 2) AS starts, arg_min(end_us, start_us) AS end_us, arg_min(day_n, start_us) AS day_n,
           count(*) - 1 AS later, sum(end_us - start_us) AS active_us
    FROM fct_session SEMI JOIN people USING (tester_key) WHERE start_us < $until_us GROUP BY tester_key
),
firsts AS (
    SELECT tester_key, day_n, starts[1] AS start_us,
           least(end_us + $idle_us, coalesce(starts[2], end_us + $idle_us + 1) - 1) AS end_us,
           (active_us - (end_us - starts[1])) / 1000000 / nullif(later, 0) AS later_seconds
    FROM visits
),
met AS (
    SELECT f.tester_key, count(*) AS requests, count(*) FILTER (e.status >= 500) AS failed,
           count(*) FILTER (e.duration_ms > $slow_ms) AS slow
    FROM fct_event e
    JOIN dim_event n ON n.event_id = e.event_id AND n.event = $request_event
    JOIN firsts f ON f.tester_key = e.tester_key AND e.ts_us BETWEEN f.start_us AND f.end_us
    WHERE e.ts_us < $until_us
    GROUP BY f.tester_key
),
back AS (
    SELECT DISTINCT f.tester_key
    FROM firsts f JOIN fct_tester_day t ON t.tester_key = f.tester_key AND t.day_n BETWEEN f.day_n + $low AND f.day_n + $high
    WHERE t.active_events > 0
)
SELECT f.tester_key, coalesce(m.requests, 0) AS requests, coalesce(m.failed, 0) AS failed, coalesce(m.slow, 0) AS slow,
       f.day_n + $high < $end_day AS is_mature, b.tester_key IS NOT NULL AS is_back, f.later_seconds
FROM firsts f LEFT JOIN met m USING (tester_key) LEFT JOIN back b USING (tester_key)
ORDER BY f.tester_key
