"""The catalogue: complete, consistent, documented; contradictions are refused in words."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from data.errors import DefinitionError, SettingsError
from kpis import catalogue, catalogue_text, compute
from kpis.model import DefaultTarget, HistogramQuantile, Kpi, Proportion, RatioOfSums, State, Status
from tests.kpis.support import snapshot

ROOT = Path(__file__).resolve().parents[2]
IDS = (
    *("wau", "dau", "stickiness", "activation", "retention_d1", "retention_d7", "retention_d14", "retention_w1"),
    *("sessions_per_tester", "feature_adoption", "error_ratio", "error_free_testers", "migration_success"),
    *("latency_p95", "latency_p99", "requests_within_200ms", "migration_p95", "cpu_busy", "memory_used"),
    *("db_connections_used", "redis_memory_used", "feedback_per_tester", "csat", "open_critical_bugs"),
    *("time_to_resolve", "invitations_accepted", "seats_used"),
)
WAU = catalogue.get("wau")


def test_ids_and_their_order() -> None:
    assert [k.id for k in catalogue.all()] == list(IDS)


def test_the_targets_of_the_team_are_not_called_proposed() -> None:
    told = {k.id: (k.target.target, k.target.floor) for k in catalogue.all() if k.target and not k.target.proposed}
    assert told == {
        "error_ratio": (0.01, 0.05), "migration_success": (0.9, None), "latency_p95": (0.2, 1.0),
        "latency_p99": (0.5, None), "migration_p95": (30.0, None), "cpu_busy": (0.7, 0.85),
        "memory_used": (0.75, 0.9), "redis_memory_used": (0.8, None), "seats_used": (1.0, None),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (dict(id="wua"), 'id is "wua"; it must be the file\'s name, "wau"'),
        (dict(title=" "), "title is empty"),
        (dict(family="fun"), 'family "fun" is none of engagement,'),
        (dict(better="more"), "it must be higher or lower"),
        (dict(revision=0), "revision starts at 1"),
        (dict(target=DefaultTarget(100, floor=200)), "floor 200 of wau is above the target 100; higher is better"),
        (dict(target=DefaultTarget(100, floor=50), better="lower"), "floor 50 of wau is below the target 100"),
        (dict(target=DefaultTarget(-1)), "is below 0"),
        (dict(measure=Proportion("measures/activatoin")), 'did you mean "measures/activation"?'),
        (dict(measure=Proportion("measures/retention")), "measures/retention needs $from_offset; add it to `given`"),
        (dict(measure=RatioOfSums("measures/error_ratio")), "needs $metrics"),
        (dict(measure=HistogramQuantile(("x_bucket",), q=95)), "q is 95; a quantile lies between 0 and 1"),
    ],
)
def test_contradictions_are_refused_in_words(change: dict, words: str) -> None:
    with pytest.raises(DefinitionError) as error:
        catalogue.check(dataclasses.replace(WAU, **change), "wau")
    assert str(error.value).startswith("kpis/definitions/wau.py: ")
    assert words in str(error.value)


def test_a_per_cent_is_no_ratio() -> None:
    with pytest.raises(DefinitionError, match=r"target 40 of retention_d7 is no ratio; write 0.4 for 40 %"):
        catalogue.check(dataclasses.replace(catalogue.get("retention_d7"), target=DefaultTarget(40.0)), "retention_d7")


def test_an_unknown_id_names_the_nearest() -> None:
    with pytest.raises(DefinitionError, match=r'there is no KPI "retention_7" \(did you mean "retention_d7"\?\)'):
        catalogue.get("retention_7")


def test_targets_of_the_settings_are_dated() -> None:
    settings = {
        "targets": [
            dict(kpi="wau", target=300, floor=250, since="2026-03-16"),
            dict(kpi="wau", target=50, since=None),
            dict(kpi="wau", target=400, since="2026-03-23", proposed=True),
        ]
    }
    ends = {week: date(2026, 3, 1 + 7 * week) for week in (1, 2, 3, 4)}
    assert [catalogue.goal(WAU, settings, ends[w]).target for w in ends] == [50, 50, 300, 400]
    assert [catalogue.goal(WAU, settings, ends[w]).proposed for w in ends] == [False, False, False, True]
    assert catalogue.goal(WAU, {}, ends[1]).target == 200


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (dict(targets=[dict(kpi="wua", target=1)]), 'targets: there is no KPI "wua" (did you mean "wau"?)'),
        (dict(criteria=[dict(kpi="csta")]), 'criteria: there is no KPI "csta" (did you mean "csat"?)'),
        (dict(targets=[dict(kpi="csat", target=80)]), "write 0.4 for 40 %"),
        (
            dict(targets=[dict(kpi="cpu_busy", target=0.8, floor=0.7)]),
            "lower is better, so the floor must be at or above",
        ),
    ],
)
def test_settings_that_contradict_the_catalogue_are_refused(settings: dict, words: str) -> None:
    with pytest.raises(SettingsError) as error:
        compute.values(snapshot(settings=settings))
    assert words in str(error.value)


def test_an_edit_of_measure_unit_or_query_needs_a_new_revision() -> None:
    kept = catalogue.revisions()
    assert sorted(kept) == sorted(IDS)
    for kpi in catalogue.all():
        assert kept[kpi.id].get(str(kpi.revision)) == catalogue.fingerprint(kpi), (
            f"what {kpi.id} measures has changed: raise its revision and add to kpis/definitions/revisions.json: "
            f'"{kpi.id}": {{"{kpi.revision + 1}": "{catalogue.fingerprint(kpi)}"}}'
        )


def test_the_fingerprint_follows_the_measure_not_the_words() -> None:
    d7 = catalogue.get("retention_d7")
    assert catalogue.fingerprint(dataclasses.replace(d7, title="Other")) == catalogue.fingerprint(d7)
    assert catalogue.fingerprint(catalogue.get("retention_d1")) != catalogue.fingerprint(d7)


def test_docs_are_current() -> None:
    text = (ROOT / "docs" / "kpis.md").read_text(encoding="utf-8")
    assert text == catalogue_text.markdown(), "run `make docs`"


@pytest.mark.parametrize("kpi", catalogue.all(), ids=lambda k: k.id)
def test_empty_tables_give_no_data_and_no_exception(kpi: Kpi) -> None:
    found = compute.everything(snapshot(), (kpi,))
    assert not found.failures
    assert [v.week for v in found.values] == [1, 2, 3, 4]
    for v in found.values:
        assert (v.value, v.low, v.high, v.n, v.status) == (None, None, None, 0, Status.CANNOT_TELL)
        assert v.state is State.COMPLETE
        assert v.reason.startswith("no data: ")
    assert all(d.value is None for d in found.days[kpi.id])
    assert len(found.days[kpi.id]) == 28


@pytest.mark.parametrize("kpi", catalogue.all(), ids=lambda k: k.id)
def test_a_definition_says_what_it_counts(kpi: Kpi) -> None:
    assert len(kpi.definition) > 80
    assert kpi.question.endswith("?")
    assert kpi.owner and kpi.sample_word
