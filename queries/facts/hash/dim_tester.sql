-- name: dim_tester
-- Grain: one row: how many rows dim_tester holds and the sum of their hashes, by names and values, not by numbers given here.
-- Reads: dim_tester
-- Parameters: -
SELECT
    count(*) AS records,
    CAST(coalesce(sum(CAST(hash(
        tester_id, on_roster, excluded_reason, wave, platform, status, invited_us, accepted_us, first_active_us,
        first_active_day_n, activated_us
    ) AS HUGEINT)), 0) AS VARCHAR) AS print
FROM dim_tester
