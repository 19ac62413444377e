-- name: group_retention
-- Grain: one row per group of testers whose first active day is in the range: all of them, those whose window after
-- that day is over (mature), and those of the mature that were active in it.
-- Reads: fct_tester_day, dim_tester, dim_feature, fct_flag, fct_event
-- Parameters: $roster_only, $wave, $platform, $until_us, $first_day, $end_day (complete days, the end exclusive),
--   $low, $high (days after the first), $by (wave | platform | flag | property), $name (feature or property)
WITH people AS (
    SELECT tester_key, wave, platform FROM dim_tester
    WHERE excluded_reason IS NULL AND (on_roster OR NOT $roster_only)
      AND ($wave::VARCHAR IS NULL OR wave = $wave) AND ($platform::VARCHAR IS NULL OR platform = $platform)
),
flags AS (
    SELECT g.tester_key FROM fct_flag g JOIN dim_feature f USING (feature_id)
    WHERE f.feature = $name::VARCHAR AND (g.since_us IS NULL OR g.since_us < $until_us) AND $by = 'flag'
),
properties AS (
    SELECT tester_key, arg_min(json_extract_string(properties, '$."' || $name::VARCHAR || '"'), ts_us) AS value FROM fct_event
    WHERE $by = 'property' AND ts_us < $until_us
      AND json_extract_string(properties, '$."' || $name::VARCHAR || '"') IS NOT NULL
    GROUP BY tester_key
),
starts AS (
    SELECT tester_key, min(day_n) AS day_n FROM fct_tester_day
    WHERE active_events > 0 AND first_us < $until_us GROUP BY tester_key
),
outcomes AS (
    SELECT CASE $by WHEN 'wave' THEN p.wave WHEN 'platform' THEN p.platform WHEN 'property' THEN v.value
                    ELSE CASE WHEN p.tester_key IN (SELECT tester_key FROM flags) THEN 'on' ELSE 'off' END END AS label,
           s.day_n + $high < $end_day AS is_mature,
           EXISTS (SELECT 1 FROM fct_tester_day t WHERE t.tester_key = s.tester_key AND t.active_events > 0
                     AND t.day_n BETWEEN s.day_n + $low AND s.day_n + $high) AS is_back
    FROM starts s JOIN people p USING (tester_key) LEFT JOIN properties v ON v.tester_key = s.tester_key
    WHERE s.day_n >= $first_day
)
SELECT label, count(*) AS testers, count(*) FILTER (is_mature) AS mature,
       count(*) FILTER (is_mature AND is_back) AS retained
FROM outcomes WHERE label IS NOT NULL GROUP BY label ORDER BY label
