"""Odd, small and broken betas, whole way: refresh, values, report and every page say it in sentences."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from data.cli import main
from tests.end_to_end import small_beta as beta
from tests.end_to_end.small_beta import at, event
from tests.pages.conftest import fresh_caches, no_discovery  # noqa: F401 - fixtures

THIRTY = [f"did:plc:t{i:02d}" for i in range(30)]
ROSTER = [beta.tester(u) for u in THIRTY]
DAILY = [event(u, d + i / 100) for i, u in enumerate(THIRTY) for d in range(28)]


BETAS: dict[str, dict[str, Any]] = {
    "nobody": {},
    "roster without events": {"testers": ROSTER},
    "events without roster": {"events": DAILY},
    "one tester": {"events": [event("did:plc:one", d) for d in (0, 1, 7, 8)], "testers": [beta.tester("did:plc:one")]},
    "all churned": {"events": [event(u, 0.1) for u in THIRTY], "testers": ROSTER},
    "week 3 without any event": {
        "events": [e for e in DAILY if not at(14)[:10] <= e["ts"][:10] < at(21)[:10]], "testers": ROSTER,
    },
    "not started": {"testers": ROSTER, "launch": date(2026, 5, 4)},
    "nobody churned, ended long ago, Kolkata": {
        "events": DAILY, "testers": ROSTER, "as_of": datetime(2027, 1, 1, tzinfo=UTC), "timezone": "Asia/Kolkata",
    },
    "a fifth week, New York": {  # where clocks change on 8 March
        "events": DAILY + [event(u, 30) for u in THIRTY], "testers": ROSTER, "timezone": "America/New_York",
    },
    "one week": {"events": DAILY[:200], "testers": ROSTER, "weeks": 1},
    "eight weeks": {"events": DAILY, "testers": ROSTER, "weeks": 8},
    "feedback of strangers": {
        "events": DAILY[:100], "testers": ROSTER,
        "feedback": [{"id": 1, "user_id": "did:plc:stranger", "type": "bug", "title": "?", "priority": "high",
                      "status": "new", "created_at": at(3), "updated_at": at(3), "rating": 1}],
    },
}  # fmt: skip


Values = dict[tuple[str, int], dict[str, Any]]  # KPI and week -> value


def run(package: str, *argv: str) -> int:
    return main(package, "", argv)


def nothing_is_zero(found: Values) -> None:
    """Missing is never 0: no value, no verdict, no decision from nothing."""
    assert {v["value"] for v in found.values()} == {None}
    assert {v["verdict"] for v in found.values()} == {"cannot tell"}


def strangers_only(found: Values) -> None:
    nothing_is_zero(found)
    assert found["wau", 3]["reason"] == "no data: nobody is on the roster, so nobody's activity can be counted"


def a_hole(found: Values) -> None:
    """A week without one event between weeks full of them is a hole in the file, not testers who all left."""
    lost, before = found["wau", 3], found["wau", 2]
    assert (lost["value"], lost["state"]) == (None, "not_evaluable")
    assert "silent from 2026-03-16 00:00 to 2026-03-23 00:00" in lost["reason"]
    assert (before["value"], before["state"]) == (30, "complete")


def lone(found: Values) -> None:
    assert (found["wau", 1]["value"], found["wau", 1]["verdict"]) == (1, "cannot tell")
    assert found["retention_d1", 1]["high"] == 1 and found["retention_d1", 1]["low"] < 0.3


def share(kpi: str, week: int, value: float) -> Callable[[Values], None]:
    """A share of 0 or 100 % has an interval that goes on."""

    def check(found: Values) -> None:
        v = found[kpi, week]
        assert v["value"] == value
        assert v["high"] - v["low"] > 0.05

    return check


def nobody_churned(found: Values) -> None:
    thirty_every_week(found)
    share("retention_d7", 2, 1.0)(found)
    states("complete", "complete", "complete", "complete")(found)


def states(*wanted: str) -> Callable[[Values], None]:
    def check(found: Values) -> None:
        assert [found["wau", week + 1]["state"] for week in range(len(wanted))] == list(wanted)
        assert ("wau", len(wanted) + 1) not in found

    return check


def thirty_every_week(found: Values) -> None:
    assert [found["wau", week]["value"] for week in (1, 2, 3, 4)] == [30, 30, 30, 30]


EXPECTED: dict[str, Callable[[Values], None]] = {
    "nobody": nothing_is_zero,
    "events without roster": strangers_only,
    "one tester": lone,
    "all churned": share("retention_d1", 1, 0.0),
    "nobody churned, ended long ago, Kolkata": nobody_churned,
    "week 3 without any event": a_hole,
    "not started": states("future", "future", "future", "future"),
    "a fifth week, New York": thirty_every_week,
    "one week": states("complete"),
    "eight weeks": states(*["complete"] * 4, "running", "future", "future", "future"),
}
SAYS = {  # page -> a sentence it must have
    "nobody": {"scorecard": "Week 4: cannot tell"},
    "events without roster": {"data_health": "30 people seen in events are not on the roster"},
    "week 3 without any event": {"data_health": "silent for 7 days"},
    "not started": {"scorecard": "Week 1: cannot tell", "week_review": "Week 1 starts on 4 May"},
    "feedback of strangers": {"data_health": "1 feedback item comes from somebody who is not on the roster"},
}


NASTY = "=HYPERLINK(1)<script>alert(1)</script>![x](https://evil.example/p.png)[y](https://evil.example) :red[z]"
LIVE = re.compile(r"(?<!\\)(!\[|\]\(|<script|:red\[)")
TERMINAL = "\x1b[31m\x07\u202e"


def hostile(folder: Path) -> Path:
    """A beta whose ids, event names, features, feedback, sources and releases attack every surface there is."""
    users = [f"{NASTY}{TERMINAL}\n{i}" for i in range(12)]
    return beta.write(
        folder,
        [event(u, d, n, properties={"feature": NASTY + TERMINAL}) for u in users for d in range(20)
         for n in ("post_view", f"{NASTY}{TERMINAL}", "feature_used")],
        [beta.tester(u) for u in users],
        [{"id": f"{NASTY}{i}", "user_id": u, "type": "bug", "title": NASTY + TERMINAL, "description": NASTY * 40,
          "priority": "critical", "status": "new", "created_at": at(3 + i), "updated_at": at(3 + i), "rating": 1}
         for i, u in enumerate(users)],
        more=f'''[[releases]]
name = {json.dumps(NASTY)}
at = 2026-03-10T07:00:00+01:00
note = {json.dumps(NASTY)}

[[sources]]
name = "=1+1<b>x</b>"
kind = "jsonl"
path = "no/such/<img src=x>"
''',
    )  # fmt: skip


def test_hostile_content_stays_text_all_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(hostile(tmp_path))
    monkeypatch.setenv("BETA_SETTINGS", file)
    assert run("data", "refresh", "--settings", file) == 1  # one source is not there
    assert capsys.readouterr().err.count("\n") == 1
    for command in (["values"], ["sessions"], ["retention"], ["lifecycle"], ["priorities"]):
        for form in ("table", "csv"):
            assert run("kpis", *command, "--settings", file, "--format", form) == 0
            out = capsys.readouterr().out
            assert not {"\x1b", "\x07", "\u202e"} & set(out), command
            cells = [c for row in csv.reader(io.StringIO(out)) for c in row] if form == "csv" else []
            assert not [c for c in cells if re.match(r"[=@\t\r]|[+-][A-Za-z]", c)]
    assert run("kpis", "report", "--settings", file, "--out", str(tmp_path / "out"), "--format-files", "html,md") == 0
    page = (tmp_path / "out" / "evaluation-week-4.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page and "<img src=x" not in page
    for each in beta.PAGES:
        app = beta.page(each)
        assert not app.exception, each
        assert not [t for t in beta.markdown(app) if LIVE.search(t)], each


@pytest.mark.parametrize("name", BETAS)
def test_an_odd_beta_is_told_in_sentences(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(beta.write(tmp_path, **BETAS[name]))
    monkeypatch.setenv("BETA_SETTINGS", file)
    assert run("data", "refresh", "--settings", file) == 0
    capsys.readouterr()
    assert run("kpis", "values", "--settings", file, "--format", "json") == 0
    values = json.loads(capsys.readouterr().out)
    for v in values:
        assert v["reason"] and not beta.nonsense([v["reason"], *v["flags"]]), v
        assert v["value"] is not None or v["verdict"] == "cannot tell", v
    EXPECTED.get(name, lambda found: None)({(v["id"], v["week"]): v for v in values})
    assert run("kpis", "values", "--settings", file) == 0
    assert run("kpis", "report", "--settings", file, "--out", str(tmp_path / "out"), "--format-files", "html") == 0
    page = next((tmp_path / "out").glob("*.html")).read_text(encoding="utf-8")
    said = html.unescape(re.sub(r"<(style|script|svg)\b.*?</\1>|<[^>]+>", "\n", page, flags=re.S)).splitlines()
    assert not beta.nonsense([*capsys.readouterr().out.splitlines(), *said])
    for each in beta.PAGES:
        app = beta.page(each)
        assert not app.exception, each
        texts = beta.texts(app)
        assert not beta.nonsense(texts), each
        assert SAYS.get(name, {}).get(each, "") in "\n".join(texts).replace("\u00a0", " ")
