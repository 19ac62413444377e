-- name: sources/postgres/begin
-- Grain: no row; the transaction that reads all tables in one state and can write none
-- Reads: -
-- Parameters: -
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY
