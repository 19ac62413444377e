"""The part of the facts that comes from the settings: calendar, features, releases, incidents, waves and meta."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb
import orjson
import pyarrow as pa

from data import calendar, sql
from data.settings import Settings, programme_days

__all__ = ["digest", "fill", "meta", "programme_days", "routes", "rules"]

_INT, _BIG, _TEXT, _BOOL = pa.int32(), pa.int64(), pa.string(), pa.bool_()
_SCHEMAS: dict[str, dict[str, pa.DataType]] = {
    "dim_day": dict(
        day_n=_INT, local_date=pa.date32(), start_us=_BIG, end_us=_BIG, week=_INT, iso_week=_TEXT, is_over=_BOOL
    ),
    "dim_week": dict(
        week=_INT, start_date=pa.date32(), end_date=pa.date32(), start_day_n=_INT, end_day_n=_INT, start_us=_BIG,
        end_us=_BIG, state=_TEXT,
    ),
    "dim_feature": dict(feature_id=_INT, feature=_TEXT, feature_bit=_BIG),
    "dim_incident": {"name": _TEXT, "from_us": _BIG, "to_us": _BIG, "class": _TEXT, "note": _TEXT},
    "declared_releases": dict(name=_TEXT, at_us=_BIG, found=_BOOL, note=_TEXT),
    "stage_wave": dict(wave=_TEXT, since_us=_BIG),
    "stage_source": dict(source=_TEXT, kind=_TEXT),
    "stage_route": dict(route=_TEXT, template=_TEXT),
    "meta": dict(key=_TEXT, value=_TEXT),
}  # fmt: skip


def fill(con: duckdb.DuckDBPyConnection, settings: Settings, as_of_us: int, bounds: Sequence[int | None]) -> None:
    """Fill dim_day, dim_week, dim_feature, dim_incident, dim_release and the staging tables of waves and sources.

    `bounds` is the first and last instant of any fact: the calendar reaches from the one to the other.
    """
    p, zone, as_of = settings.programme, settings.zone, calendar.instant(as_of_us)
    features = enumerate(settings.engagement.features)
    tables: dict[str, Iterable[Mapping[str, Any]]] = {
        "dim_day": calendar.days(p.launch, p.weeks, zone, as_of, *bounds),
        "dim_week": calendar.weeks(p.launch, p.weeks, zone, as_of, p.lateness_hours),
        "dim_feature": [{"feature_id": i + 1, "feature": f, "feature_bit": 1 << i} for i, f in features],
        "dim_incident": [
            {
                "name": i.name,
                "from_us": calendar.us(i.start),
                "to_us": None if i.end is None else calendar.us(i.end),
                "class": i.category,
                "note": i.note,
            }
            for i in settings.incidents
        ],
        "declared_releases": [
            {"name": r.name, "at_us": calendar.us(r.at), "found": False, "note": r.note} for r in settings.releases
        ],
        "stage_wave": [{"wave": w.name, "since_us": calendar.day_start(w.since, zone)} for w in settings.waves],
        "stage_source": [{"source": s.name, "kind": s.kind} for s in settings.sources],
    }
    for name, rows in tables.items():
        _fill(con, name, rows)


def routes(con: duckdb.DuckDBPyConnection, raw: Sequence[str]) -> None:
    """Fill stage_route: label values that look like raw paths get their route template."""
    from data.routes import template

    _fill(con, "stage_route", [{"route": r, "template": template(r) if "/" in r else r} for r in raw])


def meta(con: duckdb.DuckDBPyConnection, settings: Settings, **more: Any) -> None:
    """Fill meta from the settings and the given values. `settings_json` holds no secret and no person's id."""
    p = settings.programme
    values = {
        "programme": p.name, "launch": p.launch.isoformat(), "weeks": p.weeks, "timezone": p.timezone,
        "week_start": p.week_start, "lateness_hours": p.lateness_hours, "seats": p.seats, "demo": str(p.demo).lower(),
        "settings_hash": settings.hash, "settings_json": orjson.dumps(impersonal(settings)).decode(), **more,
    }  # fmt: skip
    _fill(con, "meta", [{"key": k, "value": str(v)} for k, v in values.items()])


def impersonal(settings: Settings) -> dict[str, Any]:
    """The settings as a snapshot keeps them: no id of a person, no e-mail of a manager."""
    content = settings.model_dump(mode="json")
    people = content["people"]
    named = set(people["exclude_ids"]) | {k for k in people["reasons"] if not any(c in k for c in "*?[")}
    people["exclude_ids"] = []
    people["reasons"] = {k: v for k, v in people["reasons"].items() if k not in named}
    content["access"]["managers"] = []
    return content


def rules(settings: Settings) -> dict[str, Any]:
    """The settings that decide what a number means: all but where data come from and where they rest."""
    content = settings.model_dump(mode="json", exclude={"sources", "fold", "access", "file"})
    content["programme"].pop("storage")
    content["programme"].pop("as_of")
    return content


def digest(content: bytes) -> str:
    """sha256 as hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def _fill(con: duckdb.DuckDBPyConnection, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    schema = pa.schema(list(_SCHEMAS[name].items()))
    con.register(f"new_{name}", pa.Table.from_pylist(list(rows), schema=schema))
    con.execute(sql.text(f"facts/{name}"))
    con.unregister(f"new_{name}")
