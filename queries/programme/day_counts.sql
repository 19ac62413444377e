-- name: programme/day_counts
-- Grain: one row per programme day that is over: how many rows every kind of fact has on it. Excluded testers count too,
-- so that leaving somebody out never looks like late data.
-- Reads: dim_day, dim_week, fct_tester_day, fct_feedback, fct_counter_hour, fct_gauge_hour
-- Parameters: -
WITH programme_days AS (
    SELECT day_n, local_date FROM dim_day WHERE is_over AND week <= (SELECT max(week) FROM dim_week)
),
people AS (SELECT day_n, sum(events) AS events, count(tester_key) AS testers FROM fct_tester_day GROUP BY day_n),
items AS (SELECT day_n, count(feedback_key) AS feedback FROM fct_feedback GROUP BY day_n),
scraped AS (
    SELECT day_n, sum(samples) AS samples
    FROM (SELECT day_n, samples FROM fct_counter_hour UNION ALL SELECT day_n, samples FROM fct_gauge_hour) AS hours
    GROUP BY day_n
)
SELECT
    d.local_date AS day,
    CAST(coalesce(p.events, 0) AS BIGINT) AS events,
    coalesce(p.testers, 0) AS testers,
    coalesce(i.feedback, 0) AS feedback,
    CAST(coalesce(s.samples, 0) AS BIGINT) AS samples
FROM programme_days d
LEFT JOIN people p ON p.day_n = d.day_n
LEFT JOIN items i ON i.day_n = d.day_n
LEFT JOIN scraped s ON s.day_n = d.day_n
ORDER BY d.local_date
