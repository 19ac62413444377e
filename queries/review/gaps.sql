-- name: review/gaps
-- Grain: one row per interruption of a feed (events, testers, ...) or scrape target (job/instance), in time order.
-- Reads: fct_gap
-- Parameters: -
SELECT source, item, from_us, to_us
FROM fct_gap
ORDER BY from_us, source, item
