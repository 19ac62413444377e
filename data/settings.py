"""beta.toml and the environment, validated. One of two modules that read the environment and the clock.

`load(path)` returns a frozen `Settings`; anything wrong raises `SettingsError` with file, line, key and,
for a misspelt key, the nearest valid one. Secrets are named in the file (`dsn_env = "BETA_PG_DSN"`) and
read from the environment by `secret(name)`, never from the file.
"""

from __future__ import annotations

import os
import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from data.errors import SettingsError, nearest
from data.settings_model import (
    DEFAULT_NAME,
    Access,
    Criterion,
    Engagement,
    Fold,
    Incident,
    JsonlSource,
    Mapping,
    OpenMetricsSource,
    Part,
    People,
    Performance,
    Plan,
    PostgresSource,
    Programme,
    PrometheusSource,
    Release,
    Settings,
    Source,
    Target,
    TimeField,
    Wave,
)
from data.toml_lines import line_of

__all__ = [
    "Access", "Criterion", "Engagement", "Fold", "Incident", "JsonlSource", "Mapping", "OpenMetricsSource", "Part",
    "People", "Performance", "Plan", "PostgresSource", "Programme", "PrometheusSource", "Release", "Settings", "Source",
    "Target", "TimeField", "Wave", "find", "load", "now", "optional_secret", "programme_days", "secret",
]  # fmt: skip


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
