-- name: operations/signal_hours
-- Grain: one row per metric of $metrics, local day, UTC hour and mode label: increase, the part of it that grew over scrape
-- gaps, and the seconds that were scraped. Left out: network devices that carry others' traffic a second time, and cgroups
-- without a name (they hold the named ones).
-- Reads: dim_series, fct_counter_hour
-- Parameters: $metrics
SELECT
    s.metric, f.day_n, f.hour_us, coalesce(s.labels ->> '$.mode', '') AS mode,
    sum(f.increase) AS increase, sum(f.gap_increase) AS gap_increase,
    max(f.samples * s.interval_ms) / 1000 AS seconds
FROM dim_series AS s
INNER JOIN fct_counter_hour AS f ON f.series_id = s.series_id
WHERE
    list_contains($metrics, s.metric)
    AND NOT (
        starts_with(s.metric, 'node_network_')
        AND regexp_matches(coalesce(s.labels ->> '$.device', ''), '^(lo|veth|docker|br-|cni|flannel|cali|virbr|tun|tap|bond|vlan)')
    )
    AND NOT (
        starts_with(s.metric, 'container_') AND coalesce(s.labels ->> '$.container', s.labels ->> '$.name', 'POD') = 'POD'
    )
GROUP BY s.metric, f.day_n, f.hour_us, coalesce(s.labels ->> '$.mode', '')
ORDER BY s.metric, f.hour_us, f.day_n, mode
