"""Facts of samples: a refresh that finds one new hour of them, beside building everything from the first sample on."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.measure import Row, child, say
from benchmarks.size import Size
from data import calendar, connect, settings, snapshots
from data.facts import Plan

TABLES = ("dim_series", "fct_beat", "fct_counter_hour", "fct_gap", "fct_gauge_hour", "fct_reset", "fct_step")


def run(part: str, size: Size, place: str) -> list[Row]:
    """Rows for the settings in `place`, whose raw store holds the samples."""
    say("counters: facts anew, and with one new hour")
    built = child(_build, place)
    whole_ms, hour_ms, same = built.value
    return [
        Row(part, f"facts of {size.samples:,} samples, checked and published", whole_ms,
            memory_mb={"product": built.peak_mb}, note=f"{whole_ms / size.samples * 1000:.2f} s a million"),
        Row(part, "refresh of the facts with one new hour of samples", hour_ms, {"built anew": whole_ms},
            {"built anew": whole_ms / hour_ms}, exact=same, note="opening, checks and publishing included"),
    ]  # fmt: skip


def _build(place: str) -> tuple[float, float, bool]:
    """Milliseconds of a whole build and of one with a new hour, and whether both hold the same rows."""
    known = settings.load(Path(place) / "beta.toml")
    raw = known.storage / "raw.duckdb"
    con = connect.connect(raw, read_only=True)
    as_of = con.execute("SELECT max(ts_ms) * 1000 + 1 FROM raw_sample").fetchall()[0][0]
    con.close()

    def publish(instant: int, previous: Path | None) -> tuple[Path, float, list]:
        start = time.perf_counter()
        file = snapshots.publish(known, Plan(known, instant, lambda name: name, previous=previous), raw)
        return file, (time.perf_counter() - start) * 1000, _rows(file)

    before, _, _ = publish(as_of - calendar.HOUR_US, None)
    file, hour_ms, by_hour = publish(as_of, before)
    file.unlink()  # else the next one, of the same content, would be taken for it
    _, whole_ms, at_once = publish(as_of, None)
    return whole_ms, hour_ms, by_hour == at_once


def _rows(file: Path) -> list[list[tuple]]:
    """Per table: how many rows, and a print of them that does not depend on their order."""
    con = connect.connect(file, read_only=True)
    found = [con.execute(f"SELECT count(*), sum(hash({name})::HUGEINT) FROM {name}").fetchall() for name in TABLES]
    con.close()
    return found
