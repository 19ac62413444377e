"""Writing a demo into a folder: refuses a folder that holds something else, writes the same bytes every time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from data.demo import beta_toml, files, openmetrics, people, plan, truth_operations, truth_people, world
from data.demo.feedback import HOSTILE, lines
from data.demo.log import ACTIVE
from data.errors import SettingsError

MARK = "DEMO.txt"
MARK_TEXT = f"Made-up data of the demo beta, seed {plan.SEED}. Written by `python -m data demo`; safe to delete.\n"


@dataclass(frozen=True)
class Written:
    folder: Path
    files: int
    bytes: int
    events: int
    samples: int


def write(folder: Path, scale: plan.Scale | None = None) -> Written:
    """Simulate and write a demo. beta.toml comes last, so a folder that has it is whole.

    Raises SettingsError when the folder cannot be written or holds something that is no demo.
    """
    scale = scale or plan.Scale()
    try:
        _claim(folder)
        made = world.build(scale)
        sizes = [_put(folder / name, parts) for name, parts in _contents(made)]
    except OSError as error:
        raise SettingsError(f"{folder}: cannot be written: {error.strerror}") from None
    return Written(folder, len(sizes) + 1, sum(sizes), len(made.rows), sum(len(s.times) for s in made.series))


def _claim(folder: Path) -> None:
    """Make the folder, or make sure that it is ours; forget what an older demo delivered."""
    if folder.exists() and not folder.is_dir():
        raise SettingsError(f"{folder}: is a file; name a folder for the demo")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise SettingsError(f"{folder}: is not empty and holds no demo; name a new or empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    _put(folder / MARK, [MARK_TEXT.encode()])
    for old in (folder / "events").glob("*.jsonl*"):
        if not any(old.name.startswith(plan.local_date(d)) for d in range(plan.DAYS)):
            old.unlink()


def _put(file: Path, parts: Iterable[bytes]) -> int:
    """Write a file whole or not at all; one that already holds these bytes keeps its time. Returns its size."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(file.name + ".new")
    digest, size = hashlib.sha256(), 0
    with temporary.open("wb") as out:
        for part in parts:
            out.write(part)
            digest.update(part)
            size += len(part)
    if file.is_file() and file.stat().st_size == size and _sha256(file) == digest.hexdigest():
        temporary.unlink()
    else:
        temporary.replace(file)
    return size


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _jsonl(rows: list[dict[str, Any]]) -> list[bytes]:
    return [orjson.dumps(row) + b"\n" for row in rows]


def _contents(made: world.World) -> Iterable[tuple[str, Iterable[bytes]]]:
    """Every file of the demo with its bytes, in the order of writing."""
    delivery = files.build(made.rows, made.people, made.traffic)
    for name, content in delivery.files.items():
        yield name, [content]
    invitations = people.invitations(made.people, made.scale)
    feedback = lines(made.feedback, made.people)
    yield "testers.jsonl", _jsonl(people.roster(made.people, _last_active(made)))
    yield "invitations.jsonl", _jsonl(invitations)
    yield "feedback.jsonl", _jsonl(feedback)
    yield "flags.jsonl", _jsonl(people.flags(made.people))
    yield "identities.jsonl", _jsonl([{"alias": a, "canonical": c} for a, c in made.people.aliases])
    yield "metrics.om", openmetrics.text(made.series, made.types)
    facts = truth(made, delivery, invitations, len(feedback))
    yield "truth.json", [orjson.dumps(facts, option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY) + b"\n"]
    yield "beta.toml", [beta_toml.text(made).encode()]


def _last_active(made: world.World) -> Any:
    """Time of the last act per account, ms; -1 = none."""
    acts = made.rows.take(made.rows.of(*ACTIVE))
    last = dict(zip(acts.person.tolist(), acts.ts.tolist(), strict=True))  # rows are in order of time
    return [last.get(i, -1) for i in range(len(made.people.did))]


def truth(made: world.World, delivery: files.Delivery, invitations: list, feedback_lines: int) -> dict[str, Any]:
    """Everything that is known to be true of this demo."""
    days = truth_people.days_of_testers(made)
    return {
        "demo": {
            "seed": plan.SEED, "testers": made.scale.testers, "scrape_s": made.scale.scrape_s,
            "launch": str(plan.LAUNCH), "weeks": plan.WEEKS, "timezone": plan.ZONE, "as_of": plan.iso(plan.AS_OF_MS),
        },
        "engagement": truth_people.weeks(made, days),
        "retention": truth_people.retention(made, days),
        "programme": truth_people.programme(made, invitations),
        "operations": truth_operations.weeks(made),
        "planted": truth_operations.planted(made),
        "deliveries": {
            "events": len(made.rows),
            "lines": delivery.lines,
            "duplicates": delivery.duplicates,
            "conflicting": delivery.conflicting,
            "late": delivery.late,
            "blank": delivery.blank,
            "malformed": delivery.malformed,
            "feedback_items": len(made.feedback),
            "feedback_lines": feedback_lines,
            "series": len(made.series),
            "samples": sum(len(s.times) for s in made.series),
            "identities": made.people.aliases,
            "orphan": {"user": plan.ORPHAN, "events": int((made.rows.person == len(made.people.did)).sum())},
            "hostile_texts": [kind for kind, _, _ in HOSTILE],
        },
    }  # fmt: skip
