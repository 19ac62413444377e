-- name: merge_quarter
-- Grain: one row per source and quarter of an hour counted anew, with what was known of it.
-- Reads: stage_quarter_count, fct_event_quarter
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_merged_quarter AS
SELECT
    n.source, n.quarter_n, n.records + coalesce(o.records, 0) AS records,
    CASE WHEN o.first_us < n.first_us THEN o.first_us ELSE n.first_us END AS first_us,
    CASE WHEN o.last_us > n.last_us THEN o.last_us ELSE n.last_us END AS last_us
FROM stage_quarter_count AS n
LEFT JOIN fct_event_quarter AS o ON o.source = n.source AND o.quarter_n = n.quarter_n
