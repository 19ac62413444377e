"""What a cold command must not load: libraries that take half a second and that it never asks anything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import betas, dashboards

ROOT = Path(__file__).resolve().parents[2]
SLOW = ("pandas", "scipy.stats", "streamlit", "plotly", "prometheus_api_client")
ASK = """
import sys
from data.cli import main
status = main("kpis", "", sys.argv[1:])
print(status, *(name for name in {slow!r} if name in sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize(
    "command",
    [("report", "--out", "out"), ("values",), ("retention",), ("lifecycle",), ("stickiness",), ("bottlenecks",)],
    ids=lambda command: command[0],
)
def test_a_cold_command_does_not_wait_for_libraries_it_does_not_need(command: tuple[str, ...], tmp_path: Path) -> None:
    known = dashboards.write(tmp_path, betas.tables(betas.beta()))
    asked = [command[0], "--settings", str(known), *(str(tmp_path / a) if a == "out" else a for a in command[1:])]
    done = subprocess.run(
        [sys.executable, "-c", ASK.format(slow=SLOW), *asked], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr.split() == ["0"], done.stderr
