"""The tables of beta.toml: what may stand in them, frozen once read. Unknown keys are refused."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator

from data.errors import nearest

DEFAULT_NAME = "beta.toml"


class Part(BaseModel):
    """Base of every settings table: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Programme(Part):
    name: str = Field(min_length=1, max_length=120)
    launch: date
    weeks: int = Field(default=4, ge=1, le=52)
    timezone: str = "UTC"
    week_start: Literal["monday", "sunday"] = "monday"
    lateness_hours: float = Field(default=48, ge=0, le=24 * 14)
    seats: int = Field(default=1000, ge=1)
    storage: str = "data/local"
    as_of: AwareDatetime | None = None
    demo: bool = False

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f'"{value}" is no IANA time zone{nearest(value, available_timezones())}') from None
        return value


class Engagement(Part):
    active_events: tuple[str, ...] = Field(min_length=1)
    activation_event: str
    activation_hours: float = Field(default=48, gt=0)
    features: tuple[str, ...] = Field(default=(), max_length=62)
    feedback_event: str = "feedback_submitted"
    error_events: tuple[str, ...] = ("app_error",)
    session_idle_minutes: float = Field(default=30, gt=0)
    session_cap_hours: float = Field(default=24, gt=0)


class Performance(Part):
    slow_ms: float = Field(default=1000, gt=0)
    request_event: str = "api_call"


class People(Part):
    exclude_ids: tuple[str, ...] = ()
    exclude_patterns: tuple[str, ...] = ()  # shell patterns over ids, e.g. "did:plc:staff*"
    reasons: dict[str, str] = {}  # id or pattern -> staff | test | bot | opted_out
    min_cohort: int = Field(default=5, ge=1)


class TimeField(Part):
    path: str
    unit: Literal["text", "s", "ms", "us", "ns", "auto"] = "auto"
    zone: str = "UTC"  # for texts without an offset


class Mapping(Part):
    """How one JSON object becomes an event. Paths are dotted keys; a list is a fallback order."""

    id: tuple[str, ...] = ()
    user: tuple[str, ...] = ("user",)
    event: tuple[str, ...] = ("event",)
    time: TimeField = TimeField(path="ts")
    received: TimeField | None = None
    properties: str = "properties"
    keep: tuple[str, ...] = ()  # property names kept beside the ones KPIs need
    where: dict[str, tuple[str, ...]] = {}  # only objects whose path has one of these values


class PostgresSource(Part):
    kind: Literal["postgres"]
    name: str
    dsn_env: str = "BETA_PG_DSN"
    schema_name: str = Field(default="public", alias="schema")
    tables: tuple[str, ...] = ("beta_users", "beta_invitations", "beta_feedback", "beta_analytics")
    overlap_minutes: float = Field(default=60, ge=0)
    statement_timeout_s: float = Field(default=120, gt=0)


class JsonlSource(Part):
    kind: Literal["jsonl"]
    name: str
    path: str  # file, folder or glob, relative to the settings file
    table: Literal["events", "testers", "invitations", "feedback", "flags", "identities"] = "events"
    shape: Literal["plain", "posthog", "segment", "amplitude", "mixpanel", "custom"] = "plain"
    mapping: Mapping | None = None
    max_line_bytes: int = Field(default=1_000_000, ge=100)
    max_file_bytes: int = Field(default=50_000_000_000, ge=1000)  # after decompression


class PrometheusSource(Part):
    kind: Literal["prometheus"]
    name: str
    url: str
    token_env: str | None = None
    matchers: tuple[str, ...] = ('{__name__=~".+"}',)
    expressions: tuple[str, ...] = ()  # PromQL files, folders or globs, relative to the settings file
    types: dict[str, Literal["counter", "gauge", "histogram", "summary"]] = {}
    overlap_s: float = Field(default=60, ge=0)
    deadline_s: float = Field(default=900, gt=0)
    verify_tls: bool = True

    @field_validator("url")
    @classmethod
    def _http_only(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        if "@" in value.split("/")[2]:
            raise ValueError("must hold no user or password; name a token with token_env")
        if "?" in value or "#" in value:
            raise ValueError("must hold no query; a token comes from the environment, named by token_env")
        return value.rstrip("/")


class OpenMetricsSource(Part):
    kind: Literal["openmetrics"]
    name: str
    path: str
    types: dict[str, Literal["counter", "gauge", "histogram", "summary"]] = {}


Source = Annotated[PostgresSource | JsonlSource | PrometheusSource | OpenMetricsSource, Field(discriminator="kind")]


class Target(Part):
    """A dated target of one KPI; the latest `since` at or before the period's end applies."""

    kpi: str
    target: float
    floor: float | None = None
    since: date | None = None  # None = from launch
    proposed: bool = False


class Release(Part):
    name: str
    at: AwareDatetime
    note: str = ""


class Incident(Part):
    name: str
    start: AwareDatetime
    end: AwareDatetime | None = None
    category: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Incident:
        if self.end is not None and self.end < self.start:
            raise ValueError("end is before start")
        return self


class Wave(Part):
    name: str
    since: date


class Criterion(Part):
    """One go/no-go criterion: a KPI that must not miss its floor (must) or should be on target."""

    kpi: str
    must: bool = True


class Plan(Part):
    week: int = Field(ge=1)
    items: tuple[str, ...]


class Fold(Part):
    """Where events become facts: in DuckDB here, or on an engine that reads and writes the landing folder."""

    engine: Literal["duckdb", "postgres", "clickhouse", "spark"] = "duckdb"
    landing: str | None = None  # folder that the engine reaches too; default: in the storage
    url: str | None = None  # of a Spark Connect server
    token_env: str | None = None
    dsn_env: str = "BETA_FOLD_DSN"  # of the database that folds

    @model_validator(mode="after")
    def _complete(self) -> Fold:
        if self.engine == "spark":
            if not (self.url or "").startswith("sc://"):
                raise ValueError('engine = "spark" needs url, the Spark Connect server: url = "sc://host:15002"')
            if any(c in (self.url or "").removeprefix("sc://") for c in "/;@"):
                raise ValueError("url is sc://host:port and nothing more; name a token with token_env")
            if self.landing is None:
                raise ValueError('engine = "spark" needs landing, a folder that every worker reads and writes')
        return self


class Access(Part):
    """Who may see names and edit: role by e-mail of the signed-in user, or one role for everybody."""

    default_role: Literal["viewer", "manager"] = "viewer"
    managers: tuple[str, ...] = ()


class Settings(Part):
    programme: Programme
    engagement: Engagement
    performance: Performance = Performance()
    people: People = People()
    sources: tuple[Source, ...] = Field(min_length=1)
    targets: tuple[Target, ...] = ()
    releases: tuple[Release, ...] = ()
    incidents: tuple[Incident, ...] = ()
    waves: tuple[Wave, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    plan: tuple[Plan, ...] = ()
    fold: Fold = Fold()
    access: Access = Access()
    file: Path = Field(default=Path(DEFAULT_NAME), exclude=True)

    @model_validator(mode="after")
    def _names_once(self) -> Settings:
        names = [s.name for s in self.sources]
        twice = {n for n in names if names.count(n) > 1}
        if twice:
            raise ValueError(f'two sources are named "{sorted(twice)[0]}"')
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.programme.timezone)

    @property
    def base(self) -> Path:
        """Folder that relative paths in the file start from."""
        return self.file.resolve().parent

    @property
    def storage(self) -> Path:
        return (self.base / self.programme.storage).resolve()

    @property
    def hash(self) -> str:
        """sha256 of the validated content (not of comments or order of keys)."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()
