-- name: operations/gauge_hours
-- Grain: one row per instance, part of it (container, mountpoint; '' for all else) and UTC hour of the gauges in $metrics:
-- level over time summed over the part's series, the sum of their highest samples, and the highest single sample.
-- A series that took over from another (label churn) is not added to it: the sum of samples is divided by the instants they
-- span together. Left out: cgroups that hold other cgroups and pause containers (their children would count twice), file
-- systems in memory, further mounts of one device.
-- Reads: dim_series, fct_gauge_hour
-- Parameters: $metrics
WITH labelled AS (
    SELECT
        s.series_id, s.metric, coalesce(s.job, '') AS job, coalesce(s.instance, '') AS instance, s.interval_ms,
        starts_with(s.metric, 'container_') AS is_container, starts_with(s.metric, 'node_filesystem_') AS is_disk,
        coalesce(
            concat_ws('/', s.labels ->> '$.pod', s.labels ->> '$.container'), s.labels ->> '$.name', ''
        ) AS pod_or_name,
        coalesce(s.labels ->> '$.container', s.labels ->> '$.name') AS container,
        s.labels ->> '$.id' AS cgroup, s.labels ->> '$.mountpoint' AS mountpoint, s.labels ->> '$.device' AS device,
        s.labels ->> '$.fstype' AS fstype
    FROM dim_series AS s
    WHERE list_contains($metrics, s.metric)
),
named AS (
    SELECT metric, job, instance FROM labelled WHERE is_container AND container IS NOT NULL GROUP BY metric, job, instance
),
kept AS (
    SELECT
        l.series_id, l.job, l.instance, l.interval_ms,
        CASE
            WHEN l.is_container AND l.container IS NOT NULL
                THEN CASE WHEN l.pod_or_name = '' THEN l.container ELSE l.pod_or_name END
            WHEN l.is_container THEN coalesce(l.cgroup, '')
            WHEN l.is_disk THEN coalesce(l.mountpoint, '')
            ELSE ''
        END AS part
    FROM labelled AS l
    LEFT JOIN named AS n ON n.metric = l.metric AND n.job = l.job AND n.instance = l.instance
    WHERE
        CASE
            WHEN l.is_container AND n.metric IS NOT NULL THEN l.container IS NOT NULL AND l.container <> 'POD'
            WHEN l.is_container AND l.cgroup IS NOT NULL THEN NOT EXISTS (
                SELECT 1 FROM labelled AS c
                WHERE c.metric = l.metric AND c.job = l.job AND c.instance = l.instance AND c.cgroup <> l.cgroup
                    AND starts_with(c.cgroup, rtrim(l.cgroup, '/') || '/')
            )
            WHEN l.is_disk THEN
                coalesce(l.fstype, '') NOT IN ('tmpfs', 'ramfs', 'devtmpfs', 'overlay', 'squashfs', 'iso9660', 'nsfs')
                AND NOT EXISTS (
                    SELECT 1 FROM labelled AS c
                    WHERE c.metric = l.metric AND c.job = l.job AND c.instance = l.instance AND c.device = l.device
                        AND c.mountpoint < l.mountpoint
                )
            ELSE TRUE
        END
),
hours AS (
    SELECT
        k.job, k.instance, k.part, g.hour_us, g.day_n, sum(g.value_sum) AS value_sum, sum(g.samples) AS samples,
        sum(g.value_max) AS top_sum, max(g.value_max) AS top,
        greatest(max(g.samples), least(sum(g.samples), coalesce(round(
            (max(g.last_ts_ms) - min(g.last_ts_ms - (g.samples - 1) * k.interval_ms)) / nullif(max(k.interval_ms), 0)
        ) + 1, 1))) AS instants
    FROM kept AS k
    INNER JOIN fct_gauge_hour AS g ON g.series_id = k.series_id
    GROUP BY k.job, k.instance, k.part, g.hour_us, g.day_n
)
SELECT
    job, instance, part, hour_us, day_n, value_sum / nullif(instants, 0) AS value,
    CASE WHEN samples <= instants THEN top ELSE top_sum END AS value_max, top
FROM hours
ORDER BY job, instance, part, hour_us, day_n
