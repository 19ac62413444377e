"""beta.toml and the environment, validated. One of two modules that read the environment and the clock.

`load(path)` returns a frozen `Settings`; anything wrong raises `SettingsError` with file, line, key and,
for a misspelt key, the nearest valid one. Secrets are named in the file (`dsn_env = "BETA_PG_DSN"`) and
read from the environment by `secret(name)`, never from the file.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from data.errors import SettingsError, nearest
from data.toml_lines import line_of

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
    engine: Literal["duckdb", "postgres", "clickhouse", "spark"] = "duckdb"
    url: str | None = None


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


def find(path: str | Path | None) -> Path:
    """Settings file to use: the argument, else BETA_SETTINGS, else ./beta.toml."""
    return Path(path or os.environ.get("BETA_SETTINGS") or DEFAULT_NAME)


def load(path: str | Path | None = None) -> Settings:
    """Read and validate a settings file. Raises SettingsError with file, line, key and what would be right."""
    file = find(path)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise SettingsError(
            f"{file}: no such settings file; copy beta.example.toml or run `make run` for the demo"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8 text'}") from None
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: not valid TOML: {error}") from None
    if not content:
        raise SettingsError(f"{file}: is empty; copy beta.example.toml and fill it in")
    try:
        return Settings.model_validate({**content, "file": file})
    except ValidationError as error:
        raise SettingsError("; ".join(_describe(file, text, e) for e in error.errors()[:5])) from None


def _describe(file: Path, text: str, error: dict) -> str:
    """One pydantic error as `file:line: key: what is wrong`."""
    path = [p for p in error["loc"] if p not in ("postgres", "jsonl", "prometheus", "openmetrics")]
    key = ".".join(str(p) for p in path) or "file"
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        message = f"unknown key{nearest(str(path[-1]), _known_keys(path[:-1], error['loc']))}"
    elif error["type"] == "missing":
        message = "is missing"
    elif error["type"] not in ("value_error",):
        message = f"{message[0].lower()}{message[1:]}, got {error['input']!r}"
    line = line_of(text, path)
    return f"{file}{f':{line}' if line else ''}: {key}: {message}"


def _known_keys(path: list, loc: tuple) -> list[str]:
    """Keys that are valid in the table at `path`."""
    by_kind = {
        "postgres": PostgresSource,
        "jsonl": JsonlSource,
        "prometheus": PrometheusSource,
        "openmetrics": OpenMetricsSource,
    }
    tables = {
        "programme": Programme,
        "engagement": Engagement,
        "performance": Performance,
        "people": People,
        "targets": Target,
        "releases": Release,
        "incidents": Incident,
        "waves": Wave,
        "criteria": Criterion,
        "plan": Plan,
        "fold": Fold,
        "access": Access,
        "mapping": Mapping,
        "time": TimeField,
        "received": TimeField,
    }
    names = [p for p in path if isinstance(p, str)]
    model: type[Part] = Settings
    if names:
        model = tables.get(names[-1]) or next((by_kind[p] for p in loc if p in by_kind), Settings)
    return [f.alias or n for n, f in model.model_fields.items() if n != "file"]


def secret(name: str) -> str:
    """Value of a secret from the environment; the error names the variable and never its value."""
    value = os.environ.get(name, "")
    if not value.strip():
        raise SettingsError(f"environment variable {name} is not set; export it before starting")
    if any(c in value for c in "\r\n\0"):
        raise SettingsError(f"environment variable {name} holds a line break; set it again without one")
    return value


def optional_secret(name: str) -> str | None:
    """As `secret`, but None when the variable is not set or empty."""
    return secret(name) if os.environ.get(name, "").strip() else None


def now(settings: Settings) -> datetime:
    """as_of of a run: the frozen instant of the settings, else the clock, in UTC. Call once per run."""
    return (settings.programme.as_of or datetime.now(UTC)).astimezone(UTC)


def programme_days(settings: Settings) -> tuple[date, date]:
    """First local day and the day after the last of the programme."""
    launch = settings.programme.launch
    return launch, launch + timedelta(days=7 * settings.programme.weeks)
