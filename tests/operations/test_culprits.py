"""The planted culprit comes first more often than a z-score puts it there."""

from __future__ import annotations

import numpy as np

from kpis.operations.culprits import rank

ONSET, LENGTH, COMPONENTS, TRIALS = 120, 180, 20, 200


def trouble(seed: int) -> tuple[dict[str, np.ndarray], str]:
    """Twenty components with heavy-tailed noise and stray spikes; one shifts, two follow it faintly."""
    random = np.random.default_rng(seed)
    series = {}
    for i in range(COMPONENTS):
        values = 100 + 8 * random.standard_t(3, LENGTH)
        spikes = random.integers(0, LENGTH, 3)
        values[spikes] += random.uniform(50, 900, 3)
        series[f"c{i}"] = values
    culprit = f"c{random.integers(COMPONENTS)}"
    series[culprit][ONSET:] += random.uniform(18, 40)
    for follower in random.choice([c for c in series if c != culprit], 2, replace=False):
        series[follower][ONSET:] += random.uniform(4, 10)
    return series, culprit


def by_z_score(series: dict[str, np.ndarray]) -> str:
    def z(values: np.ndarray) -> float:
        before, during = values[:ONSET], values[ONSET:]
        return float(np.abs(during - before.mean()).max() / before.std())

    return max(series, key=lambda name: z(series[name]))


def by_mean_shift(series: dict[str, np.ndarray]) -> str:
    def z(values: np.ndarray) -> float:
        return abs(values[ONSET:].mean() - values[:ONSET].mean()) / values[:ONSET].std()

    return max(series, key=lambda name: z(series[name]))


def test_robust_ranking_beats_z_scores() -> None:
    hits = {"robust": 0, "largest z-score": 0, "z-score of the mean": 0}
    for seed in range(TRIALS):
        series, culprit = trouble(seed)
        hits["robust"] += rank(series, ONSET)[0][0] == culprit
        hits["largest z-score"] += by_z_score(series) == culprit
        hits["z-score of the mean"] += by_mean_shift(series) == culprit
    table = "\n".join(f"{name:22} {count / TRIALS:6.1%}" for name, count in hits.items())
    print(f"\nculprit ranked first\n{table}")
    assert hits["robust"] > hits["z-score of the mean"] and hits["robust"] > hits["largest z-score"], table
    assert hits["robust"] >= 0.9 * TRIALS, table


def test_a_component_without_samples_scores_nothing() -> None:
    assert rank({"silent": [float("nan")] * 8, "steady": [1.0] * 8}, 4) == (("silent", 0.0), ("steady", 0.0))
