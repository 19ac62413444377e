-- name: fct_invitation
-- Grain: one row: how many rows fct_invitation holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: fct_invitation, dim_tester
-- Parameters: -
SELECT
    count(*) AS records,
    CAST(coalesce(sum(CAST(hash(
        t.tester_id, i.wave, i.status, i.created_us, i.accepted_us, i.expires_us
    ) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM fct_invitation AS i
LEFT JOIN dim_tester AS t ON t.tester_key = i.tester_key
