-- name: fct_gap
-- Grain: one row per interruption of a feed or scrape target, at the programme's start and end too.
-- Reads: stage_beat, stage_target, stage_feed
-- Parameters: $start_us, $limit_us
INSERT INTO fct_gap
WITH between_beats AS (
    SELECT b.source, b.item, lag(b.ts_ms) OVER (PARTITION BY b.source, b.item ORDER BY b.ts_ms) AS from_ms, b.ts_ms AS to_ms, t.interval_ms
    FROM stage_beat AS b
    INNER JOIN stage_target AS t ON t.source = b.source AND t.item = b.item
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
ORDER BY 1, 2, 3
