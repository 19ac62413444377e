-- name: sources/postgres/configure
-- Grain: one row; values that the other queries read with current_setting(), because rows are streamed
-- only by statements without parameters. inner_pad and outer_pad are the key blocks of HMAC-SHA256.
-- Reads: -
-- Parameters: $1 = statement timeout in ms, $2 = schema, $3 = inner pad, $4 = outer pad (hexadecimal)
SELECT
    set_config('statement_timeout', $1, true),
    set_config('idle_in_transaction_session_timeout', '0', true),
    set_config('search_path', quote_ident($2), true),
    set_config('TimeZone', 'UTC', true),
    set_config('DateStyle', 'ISO, YMD', true),
    set_config('beta.inner_pad', $3, true),
    set_config('beta.outer_pad', $4, true)
