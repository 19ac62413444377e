-- name: fct_gap
-- Grain: one row per interruption of a feed or scrape target, at the programme's start and end too.
-- Reads: stage_beat, stage_target, stage_feed, stage_feed_rows, source_state, dim_day
-- Parameters: $start_us, $limit_us
INSERT INTO fct_gap
WITH between_beats AS (
    SELECT b.source, b.item, lag(b.ts_ms) OVER (PARTITION BY b.source, b.item ORDER BY b.ts_ms) AS from_ms, b.ts_ms AS to_ms, t.interval_ms
    FROM stage_beat AS b
    INNER JOIN stage_target AS t ON t.source = b.source AND t.item = b.item
), told AS (
    SELECT source, day_n, records
    FROM stage_feed_rows
    WHERE item = 'events' AND source IN (SELECT source FROM source_state WHERE kind = 'jsonl')
), reach AS (
    SELECT source, min(day_n) AS first_n, max(day_n) AS last_n FROM told GROUP BY source
), hole AS (
    -- a file cannot say that nothing happened: a day without one event, of a weekday that mostly has 20 or more, was lost
    SELECT a.source, d.day_n, d.start_us, d.end_us
    FROM reach AS a
    INNER JOIN dim_day AS d ON d.day_n > a.first_n AND d.day_n < a.last_n AND d.start_us >= $start_us AND d.start_us < $limit_us
    INNER JOIN dim_day AS o ON o.day_n >= a.first_n AND o.day_n <= a.last_n AND o.day_n <> d.day_n AND (o.day_n - d.day_n) % 7 = 0
    LEFT JOIN told AS r ON r.source = a.source AND r.day_n = o.day_n
    WHERE NOT EXISTS (SELECT t.day_n FROM told AS t WHERE t.source = a.source AND t.day_n = d.day_n)
    GROUP BY a.source, d.day_n, d.start_us, d.end_us
    HAVING 2 * sum(CASE WHEN r.records >= 20 THEN 1 ELSE 0 END) > count(*)
), run AS (
    SELECT source, start_us, end_us, day_n - row_number() OVER (PARTITION BY source ORDER BY day_n) AS run_n FROM hole
)
SELECT source, item, from_ms * 1000, to_ms * 1000
FROM between_beats
WHERE to_ms - from_ms > 2 * interval_ms
UNION ALL
-- nobody of this job was scraped before
SELECT source, item, $start_us, first_ms * 1000
FROM stage_target
WHERE first_ms = job_first_ms AND first_ms * 1000 - $start_us > 2000 * coalesce(interval_ms, 0)
UNION ALL
-- the last of its job to be seen; a target that others outlive was taken down
SELECT source, item, last_ms * 1000, $limit_us
FROM stage_target
WHERE job_last_ms - last_ms <= 2 * coalesce(interval_ms, 0) AND $limit_us - last_ms * 1000 > 2000 * coalesce(interval_ms, 0)
UNION ALL
SELECT source, item, coalesce(to_us, $start_us), $limit_us
FROM stage_feed
WHERE coalesce(to_us, $start_us) < $limit_us
UNION ALL
SELECT source, 'events', min(start_us), max(end_us)
FROM run
GROUP BY source, run_n
ORDER BY 1, 2, 3
