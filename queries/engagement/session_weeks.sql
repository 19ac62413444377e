-- name: session_weeks
-- Grain: one row per week with a session that starts in it: sessions, median and 90th percentile of their length.
-- Reads: fct_session, fct_event, dim_event, dim_tester
-- Parameters: $roster_only, $wave, $platform, $until_us, $starts, $ends (of the weeks, in microseconds)
-- A session that goes on after $until_us is cut to its events before it; only such sessions are looked up in events.
WITH people AS (
    SELECT tester_key FROM dim_tester
    WHERE excluded_reason IS NULL AND (on_roster OR NOT $roster_only)
      AND ($wave::VARCHAR IS NULL OR wave = $wave) AND ($platform::VARCHAR IS NULL OR platform = $platform)
),
weeks AS (
    SELECT row_number() OVER (ORDER BY s.start_us) AS week, s.start_us, s.end_us
    FROM (SELECT unnest($starts::BIGINT[]) AS start_us, unnest($ends::BIGINT[]) AS end_us) AS s
),
begun AS (
    SELECT f.tester_key, f.start_us, f.end_us
    FROM fct_session AS f
    SEMI JOIN people AS p ON p.tester_key = f.tester_key
    WHERE f.start_us < $until_us AND f.start_us >= (SELECT min(w.start_us) FROM weeks AS w)
),
going_on AS (SELECT tester_key, start_us FROM begun WHERE end_us >= $until_us),
cut AS (
    SELECT g.tester_key, g.start_us, max(e.ts_us) AS end_us
    FROM going_on AS g
    INNER JOIN fct_event AS e ON e.tester_key = g.tester_key AND e.ts_us >= g.start_us AND e.ts_us < $until_us
    INNER JOIN dim_event AS n ON n.event_id = e.event_id AND n.is_active
    GROUP BY g.tester_key, g.start_us
),
lengths AS (
    SELECT b.start_us, (b.end_us - b.start_us) / 1000000 AS seconds FROM begun AS b WHERE b.end_us < $until_us
    UNION ALL
    SELECT c.start_us, (c.end_us - c.start_us) / 1000000 FROM cut AS c
)
SELECT
    w.week, count(l.start_us) AS sessions, quantile_cont(l.seconds, 0.5) AS median_s, quantile_cont(l.seconds, 0.9) AS p90_s
FROM weeks AS w
INNER JOIN lengths AS l ON l.start_us >= w.start_us AND l.start_us < w.end_us
GROUP BY w.week
ORDER BY w.week
