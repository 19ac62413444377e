"""What a plain file brings along: properties of any name, aliases, exclusions, other field names, bad lines."""

from __future__ import annotations

import json

import pytest

from data.cli import main


@pytest.fixture
def run(tmp_path, capsys):
    """Write lines to a file, run a command on it, return its JSON (or the error line)."""

    def call(lines: list[dict | str], command: str, *options: str) -> dict | str:
        file = tmp_path / "events.jsonl"
        file.write_text("".join((x if isinstance(x, str) else json.dumps(x)) + "\n" for x in lines), encoding="utf-8")
        status = main("kpis", "", [command, "--events", str(file), "--format", "json", *options])
        out = capsys.readouterr()
        assert status == 0 or out.err.startswith("error: ")
        return json.loads(out.out) if status == 0 else out.err

    return call


def event(user: str, day: int, name: str = "open", **properties) -> dict:
    return {"user": user, "event": name, "ts": f"2026-03-{day:02d}T12:00:00Z", "properties": properties}


@pytest.mark.parametrize(
    "key",
    [
        "plan",
        "feature",
        "platform",
        "path",
        "status",
        "type",
        "method",
        "first name",
        "$os",
        "a.b",
        "email",
    ],
)
@pytest.mark.parametrize("value", ["Pro", "iPhone OS", "/posts/3kabc", "200"])
def test_a_filter_finds_a_property_of_any_name_as_written(run, key, value):
    lines = [
        event("a", 2, **{key: value}),
        event("b", 2, **{key: "other"}),
        event("c", 2),
        event("a", 3),
        event("b", 3),
    ]
    got = run(lines, "retention", "--start-filter", f"{key}={value}", "--intervals", "2")
    assert got["rows"][0]["retained"] == [1, 1]


@pytest.mark.parametrize(("value", "written"), [(3, "3"), (True, "true"), (2.5, "2.5"), ("", "")])
def test_a_filter_compares_numbers_and_truth_values_as_json_writes_them(run, value, written):
    lines = [event("a", 2, n=value), event("b", 2, n="no"), event("a", 3)]
    got = run(lines, "retention", "--start-filter", f"n={written}", "--intervals", "1")
    assert got["rows"][0]["size"] == 1


def test_a_missing_property_is_not_the_empty_text(run):
    got = run([event("a", 2), event("b", 2, n="")], "retention", "--start-filter", "n=", "--intervals", "1")
    assert got["rows"][0]["size"] == 1


def test_two_filters_must_both_hold(run):
    lines = [event("a", 2, x="1", y="1"), event("b", 2, x="1", y="2")]
    got = run(lines, "retention", "--start-filter", "x=1", "--start-filter", "y=2", "--intervals", "1")
    assert got["rows"][0]["size"] == 1


def test_aliases_chain_to_one_person(run, tmp_path):
    merge = tmp_path / "merge.csv"
    merge.write_text("alias,user\nphone,laptop\nlaptop,ann\n")
    lines = [event("phone", 2), event("laptop", 3), event("ann", 4)]
    got = run(lines, "retention", "--merge", str(merge))
    assert [r["size"] for r in got["rows"]] == [1, 0, 0]
    assert got["rows"][0]["retained"] == [1, 1, 1]


def test_excluded_users_are_out(run, tmp_path):
    exclude = tmp_path / "exclude.txt"
    exclude.write_text("staff\n")
    got = run([event("a", 2), event("staff", 2)], "retention", "--exclude", str(exclude))
    assert got["rows"][0]["size"] == 1


def test_a_mapping_of_three_names_reads_other_logs(run):
    lines = [
        {"who": {"id": "7"}, "page": "Play", "at": 1_772_452_800_000},
        {"who": {"id": "7"}, "page": "Play", "at": 1_772_539_200_000},
    ]
    got = run(lines, "retention", "--map", "user=who.id,event=page,ts=at")
    assert [r["cohort"] for r in got["rows"]] == ["2026-03-02", "2026-03-03"]
    assert got["rows"][0]["retained"] == [1, 1]


def test_refused_lines_are_counted_beside_the_numbers(run):
    got = run([event("a", 2), "not json"], "lifecycle")
    assert any("1 line" in note and "refused" in note for note in got["notes"])


def test_only_what_is_known_before_until_is_counted(run):
    lines = [event("a", 2), event("a", 3), event("late", 2), event("late", 5)]
    got = run(lines, "retention", "--until", "2026-03-03T12:00:00Z")
    assert [r["size"] for r in got["rows"]] == [2, 0]
    assert (got["rows"][0]["retained"], got["rows"][0]["running"]) == ([2, None], [None, 0])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["retention", "--until", "soon"], "neither a date nor an instant"),
        (["retention", "--from", "1 March"], "is no date such as"),
        (["retention", "--timezone", "Mars/Base"], "is no IANA time zone"),
        (["retention", "--start-filter", "plan"], "property=value"),
        (["retention", "--min-occurrences", "0"], "must be 1 or more"),
        (["retention", "--brackets", "4-7,1-3"], "must start at 1 or later"),
        (["retention", "--map", "user=a"], "needs user=, event= and ts="),
        (["stickiness", "--exactly", "2", "--at-least", "1"], "cannot be combined"),
        (["funnel", "--steps", ","], "names of events"),
        (["compare", "--by", "shoe", "--groups", "a,b"], "is none of wave, platform"),
        (["compare", "--by", "wave", "--groups", "1,2"], "groups with testers"),
    ],
)
def test_a_wrong_option_is_answered_with_what_would_be_right(run, options, words):
    assert words in run([event("a", 2)], *options)
