"""Files of JSON lines: growing, rotated, renamed, damaged, empty, missing."""

from __future__ import annotations

import gzip
import json
import os
import zlib

import pytest

from tests.sources_files.support import Bench, event, text


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.store.close()


def keys(bench):
    return [r["event_key"] for r in bench.table("raw_event")]


def test_a_growing_file_is_read_from_where_the_last_read_stopped(bench):
    file = bench.write("a.jsonl", text(event(1)))
    assert bench.load() == []
    with file.open("ab") as out:
        out.write(text(event(2)))
    bench.load()
    assert keys(bench) == ["e1", "e2"]
    assert (bench.last["read"], bench.last["accepted"]) == (1, 1)


def test_reading_again_reads_nothing(bench):
    bench.write("a.jsonl", text(event(1), event(2)))
    bench.load()
    before = (bench.table("raw_event"), bench.store.watermark("app", "a.jsonl"))
    bench.load()
    assert bench.last["read"] == 0
    assert (bench.table("raw_event"), bench.store.watermark("app", "a.jsonl")) == before


def test_an_unfinished_last_line_waits_and_is_no_bad_line(bench):
    whole = text(event(1), event(2))
    file = bench.write("a.jsonl", whole[:-15])
    bench.load()
    assert (keys(bench), bench.reasons(), bench.last["read"]) == (["e1"], [], 1)
    assert "held back" in bench.warnings
    file.write_bytes(whole)
    bench.load()
    assert (keys(bench), bench.reasons(), bench.last["read"]) == (["e1", "e2"], [], 1)
    assert "held back" not in bench.warnings


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_whole_last_line_without_a_line_feed_is_taken(bench, end):
    file = bench.write("a.jsonl", text(event(1))[:-1])
    bench.load()
    assert keys(bench) == ["e1"]
    with file.open("ab") as out:
        out.write(end + text(event(2)) + b"oops\n")
    bench.load()
    assert (keys(bench), bench.last["read"], bench.last["blank"]) == (["e1", "e2"], 2, 0)
    assert [r["line"] for r in bench.table("quarantine")] == [3]


@pytest.mark.parametrize("change", ["shorter", "replaced", "same length", "tail rewritten"])
def test_a_rotated_file_is_read_again_in_full_and_says_so(bench, change):
    first = text(event(1), event(2), event(3))
    file = bench.write("a.jsonl", first)
    bench.load()
    now = {
        "shorter": text(event(4)),
        "replaced": text(event(4), event(5), event(6), event(7)),
        "same length": text(event(1), event(2), event(4)),
        "tail rewritten": text(event(1), event(2), event(4), event(5)),
    }[change]
    file.write_bytes(now)
    os.utime(file, ns=(1, 1))
    assert bench.load() == []
    assert "read again in full" in bench.warnings
    wanted = {json.loads(line)["id"] for line in (first + now).splitlines()}
    assert set(keys(bench)) == wanted
    assert len(keys(bench)) == len(wanted)


@pytest.mark.parametrize("name", ["b.jsonl", "older/a.jsonl", "b.jsonl.gz"])
@pytest.mark.parametrize("with_id", [True, False])
def test_the_same_content_under_another_name_adds_nothing(bench, name, with_id):
    content = text(*(event(n, id=f"e{n}" if with_id else None) for n in range(3)))
    bench.write("a.jsonl", content)
    bench.write(name, gzip.compress(content) if name.endswith(".gz") else content)
    bench.load()
    assert len(keys(bench)) == 3
    assert sum(r["duplicates"] for r in bench.table("load_ledger")) == 3


def test_equal_clicks_without_id_stay_two_events(bench):
    click = event(1, id=None)
    bench.write("a.jsonl", text(click, click))
    bench.load()
    assert len(set(keys(bench))) == 2
    assert all(":" in k for k in keys(bench))


def test_files_that_only_begin_alike_are_different_files(bench):
    click = event(1, id=None)
    bench.write("a.jsonl", text(click, event(2, id=None)))
    bench.write("b.jsonl", text(click, event(3, id=None)))
    bench.load()
    assert len(keys(bench)) == 4
    assert bench.reasons() == []


def test_line_ends_blank_lines_and_byte_order_marks(bench):
    lines = text(event(1), event(2), event(3)).splitlines()
    bom = b"\xef\xbb\xbf"
    bench.write("a.jsonl", bom + lines[0] + b"\r\n\r\n\n" + lines[1] + b"\r\n" + bom + lines[2] + b"\n")
    bench.load()
    assert keys(bench) == ["e1", "e2", "e3"]
    assert (bench.last["read"], bench.last["blank"]) == (5, 2)
    assert "1 byte order marks inside the file were removed" in bench.warnings


def test_a_line_over_the_limit_is_skipped_with_little_memory_and_its_hash_kept(tmp_path):
    bench = Bench(tmp_path, max_line_bytes=1000)
    long = b'{"id":"' + b"x" * 20_000_000 + b'"}'
    middling = b'{"id":"' + b"y" * 1_100 + b'"}'
    bench.write("a.jsonl", text(event(1)) + long + b"\n" + middling + b"\n" + text(event(2)))
    bench.load()
    assert keys(bench) == ["e1", "e2"]
    rows = bench.table("quarantine")
    assert [(r["reason"], r["line"], r["offset_bytes"]) for r in sorted(rows, key=lambda r: r["line"])] == [
        ("too_long", 2, len(text(event(1)))),
        ("too_long", 3, len(text(event(1))) + len(long) + 1),
    ]
    import hashlib

    assert {r["sha256"] for r in rows} == {hashlib.sha256(x).hexdigest() for x in (long, middling)}
    assert all(len(r["excerpt"]) <= 4096 for r in rows)


REFUSED_FILES = {
    "UTF-16": ("a.jsonl", text(event(1)).decode().encode("utf-16"), "looks like UTF-16"),
    "UTF-16 without mark": ("a.jsonl", text(event(1)).decode().encode("utf-16-le"), "looks like UTF-16"),
    "CR only": ("a.jsonl", text(event(1), event(2)).replace(b"\n", b"\r"), "line feeds"),
    "CSV": ("a.jsonl", b"id,user\n1,2\n", "a.jsonl: is not JSON lines (first bad line 1: not_object)"),
    "one JSON list": ("a.jsonl", b'[\n{"id":1},\n{"id":2}\n]\n', "is not JSON lines"),
    "not gzip": ("a.jsonl.gz", text(event(1)), "not gzip"),
    "cut gzip": ("a.jsonl.gz", gzip.compress(text(*map(event, range(9))))[:-12], "cut short"),
    "wrong checksum": ("a.jsonl.gz", gzip.compress(text(event(1)))[:-8] + b"\0" * 8, "damaged"),
    "damaged gzip": ("a.jsonl.gz", gzip.compress(b"x" * 500)[:10] + b"\xff" * 400, "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED_FILES)
def test_a_file_that_cannot_be_used_is_refused_and_the_others_go_on(bench, name):
    item, content, words = REFUSED_FILES[name]
    bench.write(item, content)
    bench.write("z.jsonl", text(event(9)))
    (sentence,) = bench.load()
    assert words in sentence
    assert str(bench.folder) not in sentence
    assert keys(bench) == ["e9"]
    state = {r["item"]: r["error"] for r in bench.table("source_state")}
    assert (state[item], state["z.jsonl"]) == (sentence, None)


def test_an_archive_that_grows_beyond_the_limit_is_refused(tmp_path):
    bench = Bench(tmp_path, max_file_bytes=1_000_000)
    bench.write("a.jsonl.gz", gzip.compress(text(event(1)) + b"\n" * 30_000_000))
    (sentence,) = bench.load()
    assert "max_file_bytes" in sentence
    assert bench.table("raw_event") == []


def test_a_cut_last_line_of_an_archive_is_a_bad_line(bench):
    bench.write("a.jsonl.gz", gzip.compress(text(event(1), event(2))[:-9]))
    bench.load()
    assert (keys(bench), bench.reasons()) == (["e1"], ["malformed"])


def test_a_changed_archive_is_read_again(bench):
    bench.write("a.jsonl.gz", gzip.compress(text(event(1))))
    bench.load()
    bench.write("a.jsonl.gz", gzip.compress(text(event(1), event(2))) + gzip.compress(text(event(3))))
    bench.load()
    assert keys(bench) == ["e1", "e2", "e3"]
    assert bench.last["duplicates"] == 1


def test_an_empty_file_is_fine_and_holds_nothing(bench):
    bench.write("a.jsonl", b"")
    assert bench.load() == []
    assert (bench.last["read"], bench.last["status"]) == (0, "ok")
    bench.write("a.jsonl", text(event(1)))
    bench.load()
    assert keys(bench) == ["e1"]


def test_an_empty_folder_says_what_to_do(bench):
    (sentence,) = bench.load()
    assert sentence.startswith("in: this folder holds no .jsonl")
    assert "put an export there" in sentence
    assert bench.last["status"] == "failed"


def test_an_error_goes_away_with_its_cause(bench):
    bench.load()  # empty folder
    bench.write("good.jsonl", text(event(1)))
    bench.write("bad.jsonl", b"id,user\n")
    bench.load()
    (bench.folder / "in/bad.jsonl").unlink()
    with (bench.folder / "in/good.jsonl").open("wb") as out:
        out.write(b"id,user\n")
    bench.load()
    assert [(r["item"], bool(r["error"])) for r in bench.table("source_state")] == [("good.jsonl", True)]
    (bench.folder / "in/good.jsonl").unlink()
    bench.write("other.jsonl", text(event(2)))
    assert bench.load() == []
    assert not any(r["error"] for r in bench.table("source_state"))
    assert {r["item"] for r in bench.table("source_state")} == {"good.jsonl", "other.jsonl"}


@pytest.mark.parametrize(("path", "words"), [("none.jsonl", "no such file"), ("in/*.jsonl", "no file matches")])
def test_a_missing_file_says_what_to_do(tmp_path, path, words):
    bench = Bench(tmp_path, path=path)
    (sentence,) = bench.load()
    assert words in sentence
    assert '`path` of "app"' in sentence


def test_an_unreadable_file_is_named(bench):
    file = bench.write("a.jsonl", b"")
    file.unlink()
    file.symlink_to(bench.folder / "in")  # a folder under a file's name cannot be read as one
    bench.write("b.jsonl", text(event(1)))
    assert bench.load() == []
    assert keys(bench) == ["e1"]


def test_one_file_or_a_pattern_can_be_named(tmp_path):
    for folder, path in (("one", "in/a.jsonl"), ("many", "in/2026-*.jsonl")):
        (tmp_path / folder).mkdir()
        bench = Bench(tmp_path / folder, path=path)
        bench.write("a.jsonl", text(event(1)))
        bench.write("2026-03-02.jsonl", text(event(2)))
        bench.write("2026-03-03.jsonl", text(event(3)))
        bench.load()
        assert keys(bench) == {"one": ["e1"], "many": ["e2", "e3"]}[folder]


def test_a_bad_line_read_twice_is_in_the_quarantine_once(bench):
    content = text(event(1)) + b"oops\n"
    file = bench.write("a.jsonl", content)
    bench.load()
    file.write_bytes(content)
    os.utime(file, ns=(1, 1))
    bench.load()
    assert (bench.last["quarantined"], len(bench.table("quarantine"))) == (1, 1)


def test_zlib_checks_are_on():
    """The refusal of a wrong checksum rests on gzip checking it."""
    with pytest.raises((OSError, EOFError, zlib.error)):
        gzip.decompress(gzip.compress(b"x")[:-8] + b"\0" * 8)
