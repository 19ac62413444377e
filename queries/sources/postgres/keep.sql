-- name: sources/postgres/keep
-- Grain: one row; the state of the database that all tables are read in, whatever connection reads them,
-- the server's clock, and the start of the oldest transaction that may still insert rows.
-- Transactions of other roles are visible to members of pg_read_all_stats only; without that the overlap alone counts.
-- Reads: pg_stat_activity
-- Parameters: -
SELECT
    pg_export_snapshot() AS state,
    current_user::text AS role,
    least(
        transaction_timestamp(),
        (
            SELECT min(xact_start)
            FROM pg_stat_activity
            WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
        )
    ) AS settled_at
