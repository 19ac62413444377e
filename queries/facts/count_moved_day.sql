-- name: count_moved_day
-- Grain: one row per local day whose rows moved, or with events of a tester who counts otherwise than before.
-- Reads: stage_print_day, stage_changed_tester, dim_tester, previous.dim_tester, fct_tester_day
-- Parameters: -
CREATE OR REPLACE TEMP TABLE stage_counted_day AS
WITH turned AS (
    SELECT n.tester_key
    FROM stage_changed_tester AS c
    INNER JOIN dim_tester AS n ON n.tester_key = c.tester_key
    INNER JOIN previous.dim_tester AS o ON o.tester_key = n.tester_key
    WHERE n.on_roster <> o.on_roster OR (n.excluded_reason IS NULL) <> (o.excluded_reason IS NULL)
)
SELECT day_n FROM stage_print_day
UNION
SELECT f.day_n FROM fct_tester_day AS f SEMI JOIN turned AS t ON t.tester_key = f.tester_key
