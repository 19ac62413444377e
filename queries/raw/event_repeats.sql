-- name: raw/event_repeats
-- Grain: one row per event of the suspects whose key is known, or came before in the batch
-- Reads: suspects, hits (registered), raw_event
-- Parameters: $source
WITH stored AS (
    SELECT r.event_key, r.payload_hash
    FROM raw_event AS r
    WHERE r.stored_row IN (SELECT h.stored_row FROM hits AS h) AND r.source = $source
),
suspect AS (
    SELECT b.n, coalesce(b.event_key, CAST(b.event_uuid AS VARCHAR)) AS event_key, b.payload_hash
    FROM suspects AS b
),
repeated_keys AS (
    SELECT event_key, min(n) AS first_n
    FROM suspect
    GROUP BY event_key
    HAVING count(*) > 1
),
firsts AS (
    SELECT k.event_key, k.first_n, b.payload_hash
    FROM repeated_keys AS k
    INNER JOIN suspect AS b ON b.n = k.first_n
)
SELECT b.n, coalesce(s.payload_hash, f.payload_hash) AS known_hash
FROM suspect AS b
LEFT JOIN stored AS s ON s.event_key = b.event_key
LEFT JOIN firsts AS f ON f.event_key = b.event_key
WHERE s.event_key IS NOT NULL OR b.n > f.first_n
ORDER BY b.n
