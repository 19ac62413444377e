-- name: stage_feed
-- Grain: one row per source and kind of record (not samples): from when to when the source has told us about it.
-- Reads: fct_event_quarter, load_ledger, source_state
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_feed AS
WITH item AS (
    SELECT DISTINCT source, item, replace(target, 'raw_', '') || 's' AS feed
    FROM load_ledger
    WHERE target IN ('raw_event', 'raw_tester', 'raw_invitation', 'raw_feedback', 'raw_flag')
), told AS (
    SELECT i.source, replace(i.feed, 'feedbacks', 'feedback') AS item, min(s.kind) AS kind, max(s.covers_to_us) AS covers_to_us, max(s.last_success_us) AS success_us
    FROM item AS i
    INNER JOIN source_state AS s ON s.source = i.source AND s.item = i.item
    GROUP BY i.source, i.feed
), pause AS (
    -- between quarters of an hour with events; shorter pauses do not matter
    SELECT source, max(last_us) AS last_us, max(first_us - before_us) AS longest_us
    FROM (
        SELECT source, first_us, last_us, lag(last_us, 1, first_us) OVER (PARTITION BY source ORDER BY quarter_n) AS before_us
        FROM fct_event_quarter
    ) AS quarters
    GROUP BY source
)
SELECT
    t.source, t.item,
    CASE
        -- a file says nothing after its last event; a silence as long as one seen before is taken for quiet, not for missing
        WHEN t.kind = 'jsonl' AND t.item = 'events' THEN p.last_us + p.longest_us
        WHEN t.kind = 'jsonl' THEN t.success_us
        ELSE t.covers_to_us
    END AS to_us
FROM told AS t
LEFT JOIN pause AS p ON p.source = t.source
