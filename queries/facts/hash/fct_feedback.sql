-- name: fct_feedback
-- Grain: one row: how many rows fct_feedback holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: fct_feedback, dim_tester
-- Parameters: -
SELECT
    count(*) AS records,
    CAST(coalesce(sum(CAST(hash(
        t.tester_id, f.type, f.title, f.description, f.priority, f.rating, f.status, f.created_us, f.day_n, f.started_us,
        f.resolved_us
    ) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM fct_feedback AS f
LEFT JOIN dim_tester AS t ON t.tester_key = f.tester_key
