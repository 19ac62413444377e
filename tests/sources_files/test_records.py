"""Rosters from files: allow-list, hashes, masks, choices, vanishing testers."""

from __future__ import annotations

import pytest

from data.privacy import keyed_hash
from tests.raw.support import DAY
from tests.sources_files.support import TIME, Bench, text

KEY = b"k" * 32
AT = DAY + 36_000_000_000


def load(tmp_path, table, *rows, name="a.jsonl"):
    bench = Bench(tmp_path, table=table)
    bench.write(name, text(*rows))
    assert bench.load() == []
    return bench


def test_a_tester_is_read_by_the_list_of_allowed_columns(tmp_path):
    bench = load(tmp_path, "testers", {
        "id": 7, "did": " did:plc:anna ", "handle": "anna.example", "invited_by": "did:plc:staff",
        "invitation_code": "CODE-9",
        "status": "Active", "joined_at": TIME, "last_active_at": "2026-03-03T10:00:00+00:00", "at_jwt": "eyJsecret",
        "metadata": {"wave": 2, "deviceInfo": {"platform": "iOS", "ip": "10.1.1.1"}, "email": "anna@example.org",
                     "profile_completion": 0.5}})  # fmt: skip
    (row,) = bench.table("raw_tester")
    del row["load_id"]
    assert row == {
        "source": "app", "user_id": "did:plc:anna", "status": "active", "wave": "2", "platform": "ios",
        "invited_by": "did:plc:staff", "joined_us": AT, "last_active_us": AT + 86_400_000_000,
        "metadata": '{"profile_completion":0.5,"wave":2}', "gone": False}  # fmt: skip
    bench.store.close()
    stored = (tmp_path / "raw.duckdb").read_bytes()
    assert not any(s in stored for s in (b"anna.example", b"CODE-9", b"eyJsecret", b"10.1.1.1", b"anna@example.org"))


def test_an_invitation_keeps_a_keyed_hash_and_no_code(tmp_path):
    bench = load(tmp_path, "invitations", {
        "id": 1, "inviter_did": "did:plc:staff", "invitee_email": " Bob@Example.org ", "invitation_code": "CODE-1",
        "status": "accepted", "accepted_by_did": "did:plc:bob", "created_at": TIME, "accepted_at": TIME,
        "expires_at": "2026-05-09T10:00:00Z"})  # fmt: skip
    (row,) = bench.table("raw_invitation")
    assert row["invitee_hash"] == keyed_hash(KEY, "bob@example.org")
    assert (row["accepted_by"], row["created_us"], row["expires_us"] > AT) == ("did:plc:bob", AT, True)
    bench.store.close()
    stored = (tmp_path / "raw.duckdb").read_bytes().lower()
    assert b"code-1" not in stored
    assert b"bob@example" not in stored


FEEDBACK = {"id": 1, "user_id": "u1", "type": "bug", "title": "t", "description": "d", "priority": "high",
            "rating": 4, "status": "new", "created_at": TIME, "updated_at": TIME}  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "reason"),
    [({"rating": 0}, "value"), ({"rating": 6}, "value"), ({"rating": 4.5}, "value"), ({"rating": "five"}, "type"),
     ({"rating": True}, "type"), ({"type": "praise"}, "value"), ({"priority": "urgent"}, "value"),
     ({"status": "done"}, "value"), ({"status": 1}, "type"), ({"id": None}, "schema"),
     ({"id": "null"}, "placeholder_id"),
     ({"created_at": None}, "schema"), ({"created_at": "yesterday"}, "time"),
     ({"created_at": "2028-01-01T00:00:00Z"}, "future"), ({"description": {"x": 1}}, "type"),
     ({"user_id": []}, "type")],
)  # fmt: skip
def test_feedback_that_does_not_fit_is_quarantined(tmp_path, parts, reason):
    bench = load(tmp_path, "feedback", FEEDBACK, {**FEEDBACK, "id": 2, **parts})
    assert [r["feedback_key"] for r in bench.table("raw_feedback")] == ["1"]
    assert bench.reasons() == [reason]


NAUGHTY = (
    "", " leading and trailing ", "NULL", "undefined", "0", "-1", "1e100", "true", "=cmd|'/C calc'!A0", "+1-2",
    "'; DROP TABLE x; --", "<img src=x onerror=alert(1)>", "${jndi:ldap://x}", "../../etc/passwd", "%s%n%d", "{{7*7}}",
    "Ω≈ç√∫˜µ≤≥÷", "田中さんにあげて下さい", "الكل في المجمو عة", "\u202etest\u202c", "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
    "👩‍👩‍👧‍👦 🏳️‍🌈", "\u200b\ufeff", "a\tb\r\nc", "\u2028\u2029", "\ufffd", "\U0010ffff", "`ls -al /`",
    "\\\\", '"quoted"',
    "[x](javascript:alert(1))", "![x](https://evil.example/p.png)", ":red[x] $\\href{a}{b}$",
)  # fmt: skip


@pytest.mark.parametrize("words", NAUGHTY)
def test_feedback_texts_are_stored_as_they_were_written(tmp_path, words):
    bench = load(tmp_path, "feedback", {**FEEDBACK, "title": words, "description": words})
    (row,) = bench.table("raw_feedback")
    assert (row["title"], row["description"]) == (words, words)


def test_addresses_and_tokens_inside_feedback_are_masked(tmp_path):
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"
    bench = load(tmp_path, "feedback", {
        **FEEDBACK,
        "description": f"mail me: anna.b@example.org or +49 170 1234567, Bearer {token}, 5+5=10"})  # fmt: skip
    (row,) = bench.table("raw_feedback")
    assert row["description"] == "mail me: [e-mail] or [phone], [token], 5+5=10"
    bench.store.close()
    stored = (tmp_path / "raw.duckdb").read_bytes()
    assert b"anna.b@" not in stored
    assert token.encode() not in stored


def test_flags_and_identities(tmp_path):
    for folder in ("flags", "identities"):
        (tmp_path / folder).mkdir()
    bench = load(tmp_path / "flags", "flags", {"user_id": "u1", "feature": "f", "enabled": True, "created_at": TIME},
                 {"name": "g", "enabled": False}, {"feature": "f", "enabled": "yes"})  # fmt: skip
    assert sorted((r["user_id"], r["feature"], r["enabled"], r["since_us"]) for r in bench.table("raw_flag")) == [
        ("*", "g", False, None), ("u1", "f", True, AT)]  # fmt: skip
    assert bench.reasons() == ["type"]
    bench = load(
        tmp_path / "identities", "identities", {"alias": "a", "canonical": "b"}, {"alias": "b", "canonical": "a"}
    )
    assert [(r["alias"], r["canonical"]) for r in bench.table("raw_identity")] == [("a", "b")]
    (row,) = bench.table("quarantine")
    assert (row["reason"], row["line"], bytes(row["excerpt"])) == ("cycle", 2, b'{"alias": "b", "canonical": "a"}')


def test_a_roster_written_again_without_somebody_marks_them_as_gone(tmp_path):
    bench = Bench(tmp_path, table="testers")
    bench.write("a.jsonl", text({"did": "u1", "status": "active"}, {"did": "u2", "status": "active"}))
    bench.load()
    bench.write("a.jsonl", text({"did": "u2", "status": "inactive"}))
    bench.load()
    assert {(r["user_id"], r["status"], r["gone"]) for r in bench.table("raw_tester")} == {
        ("u1", "active", True), ("u2", "inactive", False)}  # fmt: skip


def test_a_roster_that_grows_by_a_line_marks_nobody(tmp_path):
    bench = Bench(tmp_path, table="testers")
    file = bench.write("a.jsonl", text({"did": "u1"}))
    bench.load()
    with file.open("ab") as out:
        out.write(text({"did": "u2"}))
    bench.load()
    assert [r["gone"] for r in bench.table("raw_tester")] == [False, False]


def test_a_roster_in_two_files_marks_nobody(tmp_path):
    bench = Bench(tmp_path, table="testers")
    bench.write("a.jsonl", text({"did": "u1"}))
    bench.write("b.jsonl", text({"did": "u2"}))
    bench.load()
    assert [r["gone"] for r in bench.table("raw_tester")] == [False, False]


def test_a_wrong_roster_file_is_refused_by_the_name_of_what_it_lacks(tmp_path):
    bench = Bench(tmp_path, table="testers")
    bench.write("a.jsonl", text(*({"mail": f"x{n}"} for n in range(40))))
    (sentence,) = bench.load()
    assert "looks for did" in sentence
    assert "an object holds the keys mail" in sentence


def test_a_roster_with_a_refused_line_marks_nobody_and_says_so(tmp_path):
    bench = Bench(tmp_path, table="testers")
    bench.write("a.jsonl", text({"did": "u1", "status": "active"}, {"did": "u2", "status": "active"}))
    bench.load()
    bench.write("a.jsonl", text({"did": "u2", "status": "active"}, {"did": "u1", "status": "misspelt"}))
    bench.load()
    assert [r["gone"] for r in bench.table("raw_tester")] == [False, False]
    assert "1 refused, so nothing that is no longer listed was taken out" in bench.table("source_state")[0]["warnings"]


@pytest.mark.parametrize("kind", ["feedback", "invitations"])
def test_a_log_that_is_begun_anew_takes_nothing_out(tmp_path, kind):
    bench = Bench(tmp_path, table=kind)
    rows = [{"id": f"x{n}", "status": s, "created_at": "2026-03-04T10:00:00Z"} for n, s in enumerate(STATUSES[kind])]
    bench.write("a.jsonl", text(rows[0]))
    bench.load()
    bench.write("a.jsonl", text(rows[1]))
    bench.load()
    assert len(bench.table(f"raw_{kind.removesuffix('s')}")) == 2


STATUSES = {"feedback": ("new", "resolved"), "invitations": ("pending", "accepted")}
