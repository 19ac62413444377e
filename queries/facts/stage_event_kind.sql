-- name: stage_event_kind
-- Grain: one row per kind of event whose name has a number, with what the facts know of it.
-- Reads: event_kind, fold_name, fold_feature
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_event_kind AS
SELECT k.kind_n, n.event_id, f.feature_id, k.route, k.method, k.status, k.component, k.error_type, k.platform
FROM event_kind AS k
INNER JOIN fold_name AS n ON n.event = k.event
LEFT JOIN fold_feature AS f ON f.feature = k.feature
