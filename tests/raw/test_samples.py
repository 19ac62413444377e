"""Blocks of samples in any order, cut and overlap: the first value of an instant stays, every row is counted once."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import raw_samples
from data.raw import RawStore
from tests.raw.support import run

BLOCK = st.lists(
    st.tuples(st.integers(0, 3), st.integers(-3, 12), st.sampled_from([0.0, 1.0, 2.0])), min_size=1, max_size=8
)
FAR = 2**53  # so far apart that series and time do not fit into one number


@given(st.lists(st.lists(BLOCK, max_size=4), min_size=1, max_size=3), st.integers(1, 12), st.sampled_from([1, FAR]))
@settings(max_examples=40, deadline=None)
def test_the_first_value_of_an_instant_stays(loads: list, batch: int, scale: int) -> None:
    kept: dict[tuple[int, int], float] = {}
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(raw_samples, "BATCH", batch)
        store = RawStore(Path(folder) / "raw.duckdb")
        for number, blocks in enumerate(loads, 1):
            accepted = repeated = 0
            with store.load(run(number), "prom", "prometheus", "all", "raw_sample") as load:
                ids = [load.series(f"m{n}", {}, "gauge") for n in range(4)]
                for block in blocks:
                    for n, ts, value in block:
                        if (ids[n], ts * scale) in kept:
                            repeated += 1
                        else:
                            kept[ids[n], ts * scale] = value
                            accepted += 1
                    load.sample_block(
                        np.array([ids[n] for n, _, _ in block]),
                        np.array([ts for _, ts, _ in block]) * scale,
                        np.array([v for _, _, v in block]),
                    )
            counts = load.counts
            assert (counts.accepted, counts.duplicates + counts.conflicting) == (accepted, repeated)
        rows = store.cursor().execute("SELECT series_id, ts_ms, value FROM raw_sample").fetchall()
        store.close()
    assert {(s, t): v for s, t, v in rows} == kept
    assert len(rows) == len(kept)


def test_samples_are_stored_by_series_and_time(tmp_path: Path) -> None:
    store = RawStore(tmp_path / "raw.duckdb")
    count = 80_000  # in all more than a row group, so that several threads write
    with store.load(run(1), "prom", "prometheus", "all", "raw_sample") as load:
        ids = np.array([load.series(f"m{n}", {}, "gauge") for n in range(3)])
        for n in (2, 0, 1):
            load.sample_block(np.full(count, ids[n]), np.arange(count)[::-1], np.ones(count))
    stored = store.cursor().execute("SELECT series_id, ts_ms FROM raw_sample ORDER BY rowid").fetchnumpy()
    store.close()
    place = stored["series_id"].astype(np.int64) * count + stored["ts_ms"]
    assert len(place) == 3 * count
    assert (np.diff(place) > 0).all()
