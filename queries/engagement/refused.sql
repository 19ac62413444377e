-- name: refused
-- Grain: one row per reason for which lines of the sources were refused.
-- Reads: fct_quarantine
-- Parameters: -
SELECT reason, sum(rows)::BIGINT AS lines FROM fct_quarantine GROUP BY reason ORDER BY reason
