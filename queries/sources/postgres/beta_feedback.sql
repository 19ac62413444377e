-- name: sources/postgres/beta_feedback
-- Grain: one row per feedback item, in the order of its last change
-- Reads: beta_feedback
-- Parameters: -
SELECT
    id::text AS id,
    user_id::text AS user_id,
    type::text AS type,
    title::text AS title,
    description::text AS description,
    priority::text AS priority,
    rating::text AS rating,
    status::text AS status,
    created_at::text AS created_at,
    updated_at::text AS updated_at
FROM beta_feedback
ORDER BY updated_at, id
