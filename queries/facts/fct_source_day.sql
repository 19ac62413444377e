-- name: fct_source_day
-- Grain: one row per source, item and local day of the programme so far.
-- Reads: stage_feed, stage_target, stage_feed_rows, fct_gap, dim_day
-- Parameters: $as_of_us, $start_us, $limit_us
INSERT INTO fct_source_day
WITH item AS (
    SELECT source, item, item AS gap_item, $start_us AS from_us, $limit_us AS to_us, CAST(NULL AS BIGINT) AS interval_ms FROM stage_feed
    UNION ALL
    SELECT
        source, 'samples ' || item, item, CASE WHEN first_ms = job_first_ms THEN $start_us ELSE first_ms * 1000 END,
        CASE WHEN job_last_ms - last_ms <= 2 * coalesce(interval_ms, 0) THEN $limit_us ELSE last_ms * 1000 END, interval_ms
    FROM stage_target
), cell AS (
    SELECT
        i.source, i.item, i.gap_item, d.day_n, d.start_us, d.end_us, i.interval_ms,
        CASE WHEN d.end_us < $as_of_us THEN d.end_us ELSE $as_of_us END AS told_us,
        (CASE WHEN d.end_us < i.to_us THEN d.end_us ELSE i.to_us END) - (CASE WHEN d.start_us > i.from_us THEN d.start_us ELSE i.from_us END)
            AS scraped_us
    FROM item AS i
    INNER JOIN dim_day AS d
        ON d.start_us < i.to_us AND d.end_us > i.from_us AND d.start_us < $limit_us AND d.end_us > $start_us
), missing AS (
    SELECT
        c.source, c.item, c.day_n,
        CAST(sum(
            (CASE WHEN g.to_us < c.told_us THEN g.to_us ELSE c.told_us END)
            - (CASE WHEN g.from_us > c.start_us THEN g.from_us ELSE c.start_us END)
        ) AS BIGINT) AS missing_us
    FROM cell AS c
    INNER JOIN fct_gap AS g ON g.source = c.source AND g.item = c.gap_item AND g.from_us < c.told_us AND g.to_us > c.start_us
    GROUP BY c.source, c.item, c.day_n
)
SELECT
    c.source, c.item, c.day_n, coalesce(r.records, 0), c.scraped_us / nullif(c.interval_ms * 1000, 0),
    (c.told_us - c.start_us - coalesce(m.missing_us, 0)) / nullif(c.end_us - c.start_us, 0)
FROM cell AS c
LEFT JOIN missing AS m ON m.source = c.source AND m.item = c.item AND m.day_n = c.day_n
LEFT JOIN stage_feed_rows AS r ON r.source = c.source AND r.item = c.item AND r.day_n = c.day_n
ORDER BY c.source, c.item, c.day_n
