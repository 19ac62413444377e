"""Objects as events: ids, fields, privacy, mappings, drift."""

from __future__ import annotations

import json

import pytest

from tests.raw.support import DAY
from tests.sources_files.support import TIME, Bench, event, text


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.store.close()


def one(bench, **parts):
    """The stored row of one event, beside a good one that is left out."""
    bench.write("a.jsonl", text(event("good"), event(1, **parts)))
    bench.load()
    rows = [r for r in bench.table("raw_event") if r["event_key"] != "egood"]
    return rows[0] if rows else None


@pytest.mark.parametrize("user", ["00123", "1e5", "True", "NA", "did:plc:x", "Zoë", "u1", "\u0430nna"])
def test_ids_are_texts_and_stay_as_they_are(bench, user):
    assert one(bench, user=user)["user_id"] == user


@pytest.mark.parametrize(
    ("user", "kept"),
    [(" u1 ", "u1"), ("u1\u00a0", "u1"), ("u\u200b1\ufeff", "u1"), ("Zoe\u0308", "Zoë"), (123, "123"),
     (9007199254740993, "9007199254740993"), (0.5, None)],
)  # fmt: skip
def test_ids_are_trimmed_and_of_one_form(bench, user, kept):
    row = one(bench, user=user)
    assert (row and row["user_id"]) == kept


@pytest.mark.parametrize(
    "user", ["null", "none", "None", "anon", "anonymous", "", " ", "0", "0000", "00000000-0000-0000-0000-000000000000",
             "undefined", "NaN", "n/a", 0, "\u200b"],
)  # fmt: skip
def test_a_placeholder_never_becomes_one_giant_user(bench, user):
    assert one(bench, user=user) is None
    assert bench.reasons() == ["placeholder_id"]


def test_a_null_user_is_anonymous_and_a_missing_key_a_lack(bench):
    bench.write("a.jsonl", text({**event(1), "user": None}, event(2, user=None)))
    bench.load()
    assert [r["user_id"] for r in bench.table("raw_event")] == [None]
    assert bench.reasons() == ["schema"]


@pytest.mark.parametrize(
    ("parts", "reason"),
    [({"event": None}, "schema"), ({"event": 5}, "type"), ({"event": "  "}, "schema"), ({"event": "x" * 300}, "value"),
     ({"ts": None}, "schema"), ({"ts": "05/01/2026"}, "time"), ({"ts": "2028-01-01T00:00:00Z"}, "future"),
     ({"ts": 0}, "too_old"), ({"ts": "2026-03-02T10:00:00+25:00"}, "time"), ({"ts": [1]}, "type"),
     ({"user": ["u"]}, "type"), ({"user": {"id": 1}}, "type"), ({"user": True}, "type"), ({"properties": [1]}, "type"),
     ({"properties": "x"}, "type"), ({"properties": {"duration": -1}}, "value"),
     ({"properties": {"duration": "twelve"}}, "type"), ({"properties": {"statusCode": "abc"}}, "type"),
     ({"properties": {"statusCode": 99}}, "value"), ({"properties": {"statusCode": 200.5}}, "value"),
     ({"properties": {"duration": True}}, "type")],
)  # fmt: skip
def test_an_event_that_does_not_fit_is_quarantined_with_its_reason(bench, parts, reason):
    assert one(bench, **parts) is None
    assert bench.reasons() == [reason]


def test_a_request_becomes_columns_and_its_path_a_route(bench):
    row = one(bench, event="api_call", properties={
        "path": "/posts/3kabc?token=s3cret", "method": "get", "statusCode": "503", "duration": "12.5",
        "userAgent": "Mozilla", "component": "feed", "error_type": "timeout", "feature": "core_gameplay",
        "deviceInfo": {"platform": "iOS", "browser": "x"}})  # fmt: skip
    assert {k: row[k] for k in ("route", "method", "status", "duration_ms", "component", "error_type", "feature",
                                "platform", "properties")} == {
        "route": "/posts/:id", "method": "GET", "status": 503, "duration_ms": 12.5, "component": "feed",
        "error_type": "timeout", "feature": "core_gameplay", "platform": "ios", "properties": None}  # fmt: skip


def test_a_status_that_is_no_http_status_stays_a_property(bench):
    row = one(bench, properties={"status": "resolved"})
    assert (row["status"], json.loads(row["properties"])) == (None, {"status": "resolved"})


def test_a_status_that_looks_like_one_is_an_http_status(bench):
    assert one(bench, properties={"status": 404})["status"] == 404


def test_nothing_personal_is_stored_from_an_event(bench):
    secrets = {
        "email": "anna@example.org", "inviteeEmail": "bob@example.org", "userAgent": "Mozilla/5.0", "ip": "10.1.2.3",
        "ip_address": "10.1.2.4", "accessJwt": "eyJhbGciOi", "token": "tok-1", "password": "hunter2", "name": "Anna",
        "phoneNumber": "+49 170 1234567", "handle": "anna.example", "invitation_code": "CODE-1",
    }  # fmt: skip
    properties = {
        **secrets,
        "note": "write to carol@example.org",
        "fine": 1,
        "deep": {"email": "d@example.org", "ok": 2},
    }
    row = one(bench, properties=properties)
    assert json.loads(row["properties"]) == {"deep": {"ok": 2}, "fine": 1, "note": "write to [e-mail]"}
    bench.store.close()
    stored = (bench.folder / "raw.duckdb").read_bytes()
    for secret in [*secrets.values(), "carol@example.org", "d@example.org"]:
        assert secret == "Anna" or secret.encode() not in stored


def test_same_id_same_payload_is_a_duplicate_whatever_the_order_of_keys(bench):
    bench.write("a.jsonl", text(event(1, properties={"a": 1, "b": 2}), event(1, properties={"b": 2, "a": 1})))
    bench.load()
    assert (bench.last["accepted"], bench.last["duplicates"]) == (1, 1)


def test_same_id_other_payload_keeps_the_first_and_says_so(bench):
    changed = event(1, properties={"secret_of_no_kpi": 2})
    bench.write("a.jsonl", text(event(1), event(2), changed))
    bench.load()
    assert (bench.last["accepted"], bench.last["conflicting"]) == (2, 1)
    (row,) = bench.table("quarantine")
    assert (row["reason"], row["line"], json.loads(row["excerpt"])) == ("conflicting_duplicate", 3, changed)


@pytest.mark.parametrize("parts", [{"user": "u2"}, {"event": "other"}, {"ts": "2026-03-09T10:00:00Z"}])
def test_same_id_with_another_user_name_or_time_is_a_conflict(bench, parts):
    bench.write("a.jsonl", text(event(1), {**event(1), **parts}))
    bench.load()
    assert (bench.last["accepted"], bench.last["conflicting"]) == (1, 1)


def test_the_same_event_received_twice_is_one_event(bench):
    bench.write("a.jsonl", text(event(1, received_at=TIME), event(1, received_at="2026-03-02T11:00:00Z")))
    bench.load()
    assert (bench.last["accepted"], bench.last["duplicates"]) == (1, 1)


def test_times_without_offset_are_counted(bench):
    bench.write("a.jsonl", text(event(1, ts="2026-03-02 10:00:00"), event(2)))
    bench.load()
    assert "1 times carry no offset and were read as UTC" in bench.warnings


def test_a_new_field_is_no_error(bench):
    assert json.loads(one(bench, new=1, properties={"brand_new": [1, {"x": 2}]})["properties"]) == {
        "brand_new": [1, {"x": 2}]}  # fmt: skip


def test_a_renamed_field_refuses_the_file_and_names_mapping_and_keys(bench):
    bench.write("a.jsonl", text(*({"id": n, "who": "u", "event": "x", "ts": TIME} for n in range(30))))
    (sentence,) = bench.load()
    assert 'the mapping "plain" of "app" looks for user = user or user_id' in sentence
    assert sentence.endswith("an object holds the keys event, id, ts, who")
    assert (bench.table("raw_event"), bench.table("quarantine")) == ([], [])


def test_a_few_objects_without_a_field_are_bad_lines_only(bench):
    content = [event(n) for n in range(600)]
    for n in range(25):
        del content[n * 20]["user"]
    bench.write("a.jsonl", text(*content))
    assert bench.load() == []
    assert (bench.last["accepted"], bench.last["quarantined"]) == (575, 25)


def test_coverage_reaches_from_the_first_to_the_last_event(bench):
    bench.write("a.jsonl", text(event(1), event(2, ts="2026-03-04T00:00:00Z")))
    bench.load()
    (state,) = bench.table("source_state")
    assert (state["covers_from_us"], state["covers_to_us"]) == (DAY + 36_000_000_000, DAY + 172_800_000_001)


SHAPES = {
    "posthog": {
        "uuid": "k1", "event": "post_view", "distinct_id": "d1", "person_id": "p1",
        "timestamp": "2026-03-02 10:00:00.000000+00:00", "properties": '{"feature": "f", "$ip": "10.0.0.1", "x": 1}',
    },
    "segment": {
        "messageId": "k1", "type": "track", "event": "post_view", "userId": None, "anonymousId": "p1",
        "timestamp": TIME, "receivedAt": "2026-03-02T10:00:05Z", "properties": {"feature": "f", "x": 1},
        "context": {"ip": "10.0.0.1"},
    },
    "amplitude": {
        "$insert_id": "k1", "event_type": "post_view", "user_id": None, "amplitude_id": "p1",
        "event_time": "2026-03-02 10:00:00.000000", "event_properties": {"feature": "f", "x": 1},
        "ip_address": "10.0.0.1",
    },
    "mixpanel": {
        "event": "post_view",
        "properties": {"$insert_id": "k1", "distinct_id": "p1", "time": 1772445600, "feature": "f", "x": 1,
                       "$email": "a@b.org"},
    },
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_exports_of_other_tools_give_the_same_event(tmp_path, shape):
    bench = Bench(tmp_path, shape=shape)
    bench.write("a.jsonl", text(SHAPES[shape]))
    assert bench.load() == []
    (row,) = bench.table("raw_event")
    assert (row["event_key"], row["user_id"], row["event"], row["ts_us"]) == (
        "k1", "p1", "post_view", DAY + 36_000_000_000)  # fmt: skip
    assert (row["feature"], row["properties"]) == ("f", None)
    assert "offset" not in bench.warnings


def test_segment_keeps_track_page_and_screen_only(tmp_path):
    bench = Bench(tmp_path, shape="segment")
    base = {"userId": "u", "timestamp": TIME}
    bench.write("a.jsonl", text(
        {"messageId": "1", "type": "page", "name": "Pricing", **base}, {"messageId": "2", "type": "identify", **base},
        {"messageId": "3", "type": "screen", **base}))  # fmt: skip
    bench.load()
    assert [r["event"] for r in bench.table("raw_event")] == ["Pricing", "screen"]
    assert (bench.last["read"], bench.last["blank"]) == (3, 1)


def test_an_own_mapping_names_every_part(tmp_path):
    bench = Bench(tmp_path, shape="custom", mapping={
        "id": ["meta.id"], "user": ["actor.id", "device"], "event": ["what"], "properties": "data", "keep": ["x"],
        "time": {"path": "meta.at", "unit": "ms"}, "where": {"kind": ["event"]}})  # fmt: skip
    bench.write("a.jsonl", text(
        {"kind": "event", "meta": {"id": 7, "at": 1772445600000}, "actor": {"id": ""}, "device": "d", "what": "w",
         "data": {"x": 1, "y": 2}}, {"kind": "ping"}))  # fmt: skip
    assert bench.load() == []
    (row,) = bench.table("raw_event")
    assert (row["event_key"], row["user_id"], row["event"], row["properties"]) == ("7", "d", "w", '{"x":1}')
    assert bench.last["blank"] == 1


def test_hostile_texts_are_stored_as_they_are(bench):
    hostile = "<script>alert(1)</script> '; DROP TABLE raw_event; -- ${7*7} \u202e ../../x\r\nSet-Cookie: a=b"
    row = one(bench, user="'; DROP TABLE raw_event; --", properties={"note": hostile})
    assert json.loads(row["properties"])["note"] == hostile
    assert row["user_id"] == "'; DROP TABLE raw_event; --"


def test_a_duration_beyond_exact_doubles_is_rounded_and_stops_nothing(bench):
    assert one(bench, properties={"duration": 2**53 + 1})["duration_ms"] == float(2**53)
