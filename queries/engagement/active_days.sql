-- name: active_days
-- Grain: one row per day of the calendar: testers active on it (dau) and in the 7 days that end with it (wau).
-- Every active day covers the days up to the tester's next one, at most 7, so that wau is a running sum of changes.
-- Reads: fct_tester_day, dim_tester
-- Parameters: $roster_only, $wave, $platform, $until_us, $day_numbers (the calendar, ascending)
WITH people AS (
    SELECT tester_key FROM dim_tester
    WHERE excluded_reason IS NULL AND (on_roster OR NOT $roster_only)
      AND ($wave::VARCHAR IS NULL OR wave = $wave) AND ($platform::VARCHAR IS NULL OR platform = $platform)
),
days AS (
    SELECT unnest($day_numbers::INTEGER[]) AS day_n
),
active AS (
    SELECT tester_key, day_n, lead(day_n) OVER (PARTITION BY tester_key ORDER BY day_n) AS next_day_n
    FROM fct_tester_day SEMI JOIN people USING (tester_key)
    WHERE active_events > 0 AND first_us < $until_us AND day_n > (SELECT min(day_n) - 7 FROM days)
),
changes AS (
    SELECT day_n, 1 AS dau, 1 AS wau FROM active
    UNION ALL
    SELECT least(day_n + 7, coalesce(next_day_n, day_n + 7)), 0, -1 FROM active
    UNION ALL
    SELECT day_n, 0, 0 FROM days
),
daily AS (
    SELECT day_n, sum(dau) AS dau, sum(sum(wau)) OVER (ORDER BY day_n) AS wau FROM changes GROUP BY day_n
)
SELECT d.day_n, c.dau::BIGINT AS dau, c.wau::BIGINT AS wau FROM days d JOIN daily c USING (day_n) ORDER BY d.day_n
