-- name: session_weeks
-- Grain: one row per week with a session that starts in it: sessions, median and 90th percentile of their length.
-- Reads: fct_session, fct_event, dim_event, dim_tester
-- Parameters: $roster_only, $wave, $platform, $until_us, $first_day (number of the first week's first day), $weeks
-- A session that goes on after $until_us is cut to its events before it; only such sessions are looked up in events.
WITH people AS (
    SELECT tester_key FROM dim_tester
    WHERE excluded_reason IS NULL AND (on_roster OR NOT $roster_only)
      AND ($wave::VARCHAR IS NULL OR wave = $wave) AND ($platform::VARCHAR IS NULL OR platform = $platform)
),
cut AS (
    SELECT f.tester_key, f.start_us, any_value(f.day_n) AS day_n, max(e.ts_us) AS end_us
    FROM fct_session AS f
    SEMI JOIN people AS p ON p.tester_key = f.tester_key
    INNER JOIN fct_event AS e ON e.tester_key = f.tester_key AND e.ts_us >= f.start_us AND e.ts_us < $until_us
    INNER JOIN dim_event AS n ON n.event_id = e.event_id AND n.is_active
    WHERE f.start_us < $until_us AND f.end_us >= $until_us
    GROUP BY f.tester_key, f.start_us
),
lengths AS (
    SELECT f.day_n, (f.end_us - f.start_us) / 1000000 AS seconds
    FROM fct_session AS f
    SEMI JOIN people AS p ON p.tester_key = f.tester_key
    WHERE f.end_us < $until_us
    UNION ALL
    SELECT c.day_n, (c.end_us - c.start_us) / 1000000 FROM cut AS c
),
measured AS (
    SELECT
        (l.day_n - $first_day) // 7 + 1 AS week, count(l.seconds) AS sessions,
        quantile_cont(l.seconds, [0.5, 0.9]) AS cuts
    FROM lengths AS l
    WHERE l.day_n >= $first_day AND l.day_n < $first_day + 7 * $weeks
    GROUP BY (l.day_n - $first_day) // 7 + 1
)
SELECT m.week, m.sessions, m.cuts[1] AS median_s, m.cuts[2] AS p90_s
FROM measured AS m
ORDER BY m.week
