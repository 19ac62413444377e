"""Sources by the kind that the settings name."""

from __future__ import annotations

from typing import assert_never

from data import settings as config
from data.sources.base import Source


def build(spec: config.Source, settings: config.Settings) -> Source:
    """The source that a [[sources]] table of the settings describes. Nothing is read or connected yet."""
    match spec:
        case config.JsonlSource():
            from data.sources.jsonl import Jsonl

            return Jsonl(spec, settings)
        case config.OpenMetricsSource():
            from data.sources.openmetrics import OpenMetrics

            return OpenMetrics(spec, settings)
        case config.PostgresSource():
            from data.sources.postgres import Postgres

            return Postgres(spec, settings)
        case config.PrometheusSource():
            from data.sources.prometheus import Prometheus

            return Prometheus(spec, settings)
        case _:
            assert_never(spec)
