"""Every check fires on the fault it is there for, and stops the publishing in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from data import connect, schema, sql
from data.errors import QueryError
from data.facts import Builder, Plan
from tests.support.raw import fill, make_settings

AT = round(datetime(2026, 3, 3, 10, tzinfo=UTC).timestamp() * 1e6)
TABLES = {
    "raw_tester": [{"user_id": "a", "joined_us": AT - 1, "status": "active"}],
    "raw_event": [{"user_id": "a", "event": "post_created", "ts_us": AT + i} for i in range(3)],
    "raw_feedback": [{"feedback_key": "1", "user_id": "a", "created_us": AT}],
    "raw_flag": [{"user_id": "a", "feature": "search", "enabled": True}],
    "raw_series": [{"series_id": 1, "metric": "x_total", "labels": '{"job":"app"}', "type": "counter"}],
    "raw_sample": [{"series_id": 1, "ts_ms": AT // 1000 + i * 15_000, "value": float(i)} for i in range(3)],
    "load_ledger": [
        {"load_id": 1, "source": "events", "item": "f", "target": "raw_event", "started_us": 0, "status": "ok",
         "read": 3, "accepted": 3}
    ],
}  # fmt: skip
FAULTS = {
    "ledger_conserves_rows": ["UPDATE load_ledger SET read = 4"],
    "events_all_kept": [
        "INSERT INTO event_log (kind_n, event_key, key_hash, payload_hash, user_id, ts_us, load_id) "
        "VALUES (1, 'late', 0, 0, 'a', 1772532000000000, 1)",
    ],
    "tester_day_has_dimensions": [
        "UPDATE fct_tester_day SET day_n = day_n + 1", "UPDATE fct_tester_day SET tester_key = 99",
        "UPDATE fct_tester_day SET last_us = last_us + 86400000000",
    ],
    "one_row_per_tester_day": ["INSERT INTO fct_tester_day FROM fct_tester_day"],
    "new_tester_days": [
        "INSERT INTO fct_tester_day FROM fct_tester_day", "DELETE FROM fct_tester_day", "DELETE FROM dim_tester",
        "UPDATE fct_tester_day SET last_us = last_us + 86400000000",
    ],
    "tester_days_add_up": ["DELETE FROM fct_tester_day", "UPDATE fct_tester_day SET events = events + 1"],
    "tester_days_match_events": [
        "UPDATE fct_event SET day_n = day_n + 1", "DELETE FROM fct_event",
        "UPDATE fct_tester_day SET active_events = 1",
        "UPDATE fct_event SET tester_key = tester_key % 2 + 1",
    ],
    "sessions_add_up": ["UPDATE fct_session SET events = 2", "UPDATE fct_tester_day SET sessions = 2"],
    "day_prints_count_rows": ["DELETE FROM fct_day_print", "UPDATE fct_day_print SET sessions = 2"],
    "sessions_have_tester_days": ["UPDATE fct_session SET tester_key = 9", "DELETE FROM fct_tester_day"],
    "parts_within_wholes": ["UPDATE fct_tester_day SET requests = 7", "UPDATE fct_tester_day SET failed_requests = 1"],
    "changed_testers": [
        "INSERT INTO dim_tester FROM dim_tester",
        "INSERT INTO dim_tester SELECT * REPLACE (tester_key + 1 AS tester_key) FROM dim_tester",
    ],
    "starts_have_testers": ["DELETE FROM dim_tester", "UPDATE fct_tester_start SET tester_key = 9"],
    "one_row_per_key": [
        "INSERT INTO dim_event VALUES (9, 'post_created', TRUE)",
        "INSERT INTO fct_flag VALUES (1, 1, NULL)",
    ],
    "keys_have_rows": [
        "UPDATE fct_feedback SET tester_key = 9", "DELETE FROM dim_tester",
        "UPDATE fct_counter_hour SET series_id = 9", "UPDATE fct_flag SET tester_key = 9",
    ],
    "counters_only_grow": ["UPDATE fct_counter_hour SET increase = -1", "UPDATE fct_counter_hour SET gap_increase = 9"],
    "samples_all_kept": ["UPDATE fct_counter_hour SET samples = 2"],
    "coverage_is_a_share": ["UPDATE fct_source_day SET covered = 1.5", "UPDATE fct_gap SET to_us = from_us"],
    "cohort_dates_in_order": ["UPDATE dim_tester SET activated_us = accepted_us - 1"],
}  # fmt: skip
FOLDERS = {n.partition("/")[2]: n.partition("/")[0] for n in (*sql.names("checks"), *sql.names("checks_rebuilt"))}
CASES = [(name, fault) for name, faults in FAULTS.items() for fault in faults]


def built() -> Builder:
    con = connect.connect()
    schema.create(con, "raw")
    schema.create(con, "facts")
    fill(con, TABLES)
    config = make_settings(engagement={"features": ("search",)})
    as_of_us = round(datetime(2026, 3, 20, tzinfo=UTC).timestamp() * 1e6)
    builder = Builder(con, Plan(config, as_of_us, lambda i: f"name of {i}"))
    builder.build()
    return builder


def test_good_facts_pass_every_check() -> None:
    built().check()


def test_every_check_has_a_fault_that_it_finds() -> None:
    assert set(FOLDERS) == set(FAULTS)


@pytest.mark.parametrize(("name", "fault"), CASES, ids=[f"{n}-{i}" for i, (n, _) in enumerate(CASES)])
def test_a_fault_is_found(name: str, fault: str) -> None:
    builder = built()
    builder.con.execute(fault)
    assert builder.run(name, folder=FOLDERS[name]), f"{name} did not see: {fault}"
    with pytest.raises(QueryError, match=r"^checks\w*/\w+: \d+ rows where none may be .*nothing was published"):
        builder.check()
