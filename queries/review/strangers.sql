-- name: review/strangers
-- Grain: one row: people seen in events and feedback of authors who are not on the roster; neither counts in any rate.
-- Reads: dim_tester, fct_feedback
-- Parameters: -
SELECT
    (SELECT count(tester_key) FROM dim_tester WHERE NOT on_roster AND excluded_reason IS NULL) AS people,
    (
        SELECT count(f.feedback_key)
        FROM fct_feedback AS f
        LEFT JOIN dim_tester AS t ON t.tester_key = f.tester_key
        WHERE t.tester_key IS NULL OR (NOT t.on_roster AND t.excluded_reason IS NULL)
    ) AS feedback
