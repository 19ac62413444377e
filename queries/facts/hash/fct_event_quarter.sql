-- name: fct_event_quarter
-- Grain: one row: how many quarters of an hour have events, anonymous ones too, and the sum of their hashes. Sources are left
-- out: the same events may come by another road.
-- Reads: fct_event_quarter
-- Parameters: -
SELECT count(*) AS records, CAST(coalesce(sum(CAST(hash(quarter_n, events, first_us, last_us) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM (
    SELECT quarter_n, CAST(sum(records) AS BIGINT) AS events, min(first_us) AS first_us, max(last_us) AS last_us
    FROM fct_event_quarter
    GROUP BY quarter_n
) AS quarters
