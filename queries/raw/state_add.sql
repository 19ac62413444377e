-- name: raw/state_add
-- Grain: one row added
-- Reads: -
-- Parameters: $source, $item, $kind, $watermark, $attempt, $success, $covers_from, $covers_to, $error, $warnings
INSERT INTO source_state (
    source, item, kind, watermark, last_attempt_us, last_success_us, covers_from_us, covers_to_us, error, warnings
)
VALUES (
    $source, $item, $kind, $watermark, $attempt, $success, $covers_from, $covers_to, $error, $warnings
)
