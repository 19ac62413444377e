-- name: touch_moved_week
-- Grain: one row per programme week, now or before, with a day whose rows moved, that is over now, or that changed its week.
-- Reads: stage_print_day, dim_day, previous.dim_day
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_touched_week AS
WITH moved AS (
    SELECT n.week, o.week AS old_week
    FROM dim_day AS n
    FULL JOIN previous.dim_day AS o ON o.day_n = n.day_n
    WHERE n.week IS DISTINCT FROM o.week OR n.is_over IS DISTINCT FROM o.is_over
        OR n.day_n IN (SELECT day_n FROM stage_print_day)
)
SELECT week FROM moved WHERE week IS NOT NULL
UNION
SELECT old_week FROM moved WHERE old_week IS NOT NULL
