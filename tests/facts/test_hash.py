"""The content hash says what the facts say, whoever brought them, in whatever order."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.raw import facts, make_settings

BASE = round(datetime(2026, 3, 3, tzinfo=UTC).timestamp() * 1e6)
EVENTS = [
    {"user_id": f"u{i % 5}", "event": ("post_view", "zoom")[i % 2], "ts_us": BASE + i * 400_000_000,
     "duration_ms": i * 0.1, "event_key": str(i)} for i in range(50)
]  # fmt: skip
SERIES = [
    {"series_id": 1, "metric": "a_total", "labels": '{"path":"/a"}', "type": "counter"},
    {"series_id": 2, "metric": "a_total", "labels": '{"path":"/b"}', "type": "counter"},
]
SAMPLES = [{"series_id": 1 + i % 2, "ts_ms": BASE // 1000 + i * 15_000, "value": i * 0.7} for i in range(40)]
TESTERS = [{"user_id": f"u{i}", "status": "active", "joined_us": BASE} for i in range(6)]


def digest(
    events: Any = EVENTS, samples: Any = SAMPLES, series: Any = SERIES, testers: Any = TESTERS, **parts: Any
) -> str:
    tables = {"raw_event": events, "raw_sample": samples, "raw_series": series, "raw_tester": testers}
    return facts(tables, make_settings(**parts)).meta["content_hash"]


@pytest.fixture(scope="module")
def plain() -> str:
    return digest()


def test_order_and_split_of_loads_do_not_matter(plain: str) -> None:
    shuffled = random.Random(1).sample(EVENTS, len(EVENTS))
    split = [{**e, "load_id": 1 + n % 3} for n, e in enumerate(shuffled)]
    assert digest(events=split, samples=SAMPLES[::-1], testers=TESTERS[::-1]) == plain


def test_numbers_given_to_series_do_not_matter(plain: str) -> None:
    swapped = [{**s, "series_id": 3 - s["series_id"]} for s in SERIES]
    assert digest(series=swapped, samples=[{**s, "series_id": 3 - s["series_id"]} for s in SAMPLES]) == plain


def test_names_of_sources_do_not_matter(plain: str) -> None:
    other = [{"kind": "jsonl", "name": "elsewhere", "path": "x"}]
    moved = [{**e, "source": "elsewhere"} for e in EVENTS]
    assert digest(events=moved, sources=other) == plain


@pytest.mark.parametrize(
    "changed",
    [
        {"events": EVENTS[:-1]},
        {"events": [*EVENTS[:-1], {**EVENTS[-1], "ts_us": EVENTS[-1]["ts_us"] + 1}]},
        {"events": [*EVENTS[:-1], {**EVENTS[-1], "user_id": "u0"}]},
        {"events": [*EVENTS, {**EVENTS[-1], "event_key": "again"}, {**EVENTS[-1], "event_key": "and again"}]},
        {"samples": [*SAMPLES[:-1], {**SAMPLES[-1], "value": 99.0}]},
        {"testers": TESTERS[:-1]},
        {"people": {"exclude_ids": ["u1"]}},
        {"targets": [{"kpi": "dau", "target": 3}]},
        {"engagement": {"activation_hours": 24}},
    ],
)
def test_what_a_number_or_a_verdict_rests_on_does_matter(plain: str, changed: dict[str, Any]) -> None:
    assert digest(**changed) != plain
