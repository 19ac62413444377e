"""Content -> PDF/UA-1 with Typst. Fonts come from the installed packages, never from the machine."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from data.errors import QueryError
from kpis.charts import svg_backend
from kpis.charts.colours import LIGHT
from kpis.report.safe import set_in_type, spelled

TEMPLATE = Path(__file__).with_name("templates") / "report.typ"
MISSING = "Signs that the fonts of this PDF lack stand as \ufffd; the HTML report has them."


def pdf(told: dict[str, Any], charts: dict[str, str], as_of: datetime) -> bytes:
    """Lay out the content with its figures (SVG by chart id). The file's date is `as_of`.

    Raises QueryError with Typst's words when the document breaks PDF/UA-1, for instance without alt text.
    """
    areas = [{**a, "charts": [{**c, "rows": [], "svg": charts[c["id"]]} for c in a["charts"]]} for a in told["areas"]]
    whole = {**told, "areas": areas}
    data = spelled(whole, svg_backend.printable())
    if str(data).count("\ufffd") > str(whole).count("\ufffd"):
        data["notices"] = [*data["notices"], MISSING]
    data |= {"colours": vars(LIGHT), "week_short": f"W{told['week']}"}
    try:
        return typst.compile(
            TEMPLATE,
            font_paths=[svg_backend.FONTS],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(set_in_type(data), ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=as_of.astimezone(UTC),
        )
    except typst.TypstError as error:
        raise QueryError(f"the report's PDF cannot be laid out: {error.message}") from error
