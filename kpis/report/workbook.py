"""Review -> XLSX: every figure as a number with its format, every text as a text that no spreadsheet runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from data.cli import safe_cell
from kpis.model import Review, Unit
from kpis.report import appendix, plain
from kpis.report.content import DEMO
from kpis.report.safe import clean

FORMATS = {
    Unit.RATIO: "0.00%",
    Unit.COUNT: "#,##0.##",
    Unit.SECONDS: '0.000" s"',
    Unit.HOURS: '0.0" h"',
    Unit.PER_TESTER: "0.00",
}
IN_UNIT = ("value", "low", "high", "target", "floor")
WIDEST = 60


@dataclass(frozen=True)
class Cell:
    """A number with a format of its own."""

    value: float | None
    form: str


def xlsx(review: Review, told: dict[str, Any]) -> bytes:
    """Sheets Summary, Values, Days, Changes, Evidence, Sources, Definitions; same bytes for the same review."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties(
        {"title": f"{told['title']}: {told['programme']}", "comments": told["demo"], "created": review.as_of}
    )
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": False, "valign": "top"})
    formats = {"": book.add_format({"valign": "top", "text_wrap": True}), "head": head}
    formats["demo"] = book.add_format({"bold": True, "font_color": "#c24e00"})
    demo = DEMO if review.programme.demo else ""
    for name, rows in _sheets(review, told):
        _sheet(book.add_worksheet(name), rows, formats, book, demo)
    book.close()
    return out.getvalue()


def _sheets(review: Review, told: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    units = {k.id: k.unit for k in review.kpis}
    return [
        ("Summary", _summary(told)),
        ("Values", [_in_unit(plain.value_fields(v), v.unit) for v in review.values]),
        ("Days", [
            {"kpi_id": key, "day": p.day.isoformat(), "value": Cell(p.value, FORMATS[units[key]]), "n": p.n}
            for key, points in sorted(review.days.items()) for p in points
        ]),
        ("Changes", [
            {**plain.plain(c), **{f: Cell(getattr(c, f), FORMATS[units[c.kpi_id]]) for f in ("delta", "low", "high")}}
            for c in review.changes
        ]),
        ("Evidence", [
            {"week": w.week, "item": e.item, "status": str(e.status or ""), "answer": e.answer,
             "kpis": ", ".join(e.kpi_ids)}
            for w in review.weeks for e in w.evidence
        ]),
        ("Sources", [
            {**plain.plain(h), "warnings": "; ".join(h.warnings), "unaccounted": appendix.unbalanced(h)}
            for h in review.health
        ]),
        ("Definitions", [
            {"id": k.id, "title": k.title, "question": k.question, "definition": k.definition, "family": k.family,
             "owner": k.owner, "unit": str(k.unit), "better": k.better, "min_sample": k.min_sample,
             "sample_word": k.sample_word, "caveats": " ".join(k.caveats), "revision": k.revision}
            for k in review.kpis
        ]),
        *[(x["title"], x["rows"]) for x in told["sections"]],
    ]  # fmt: skip


def _summary(told: dict[str, Any]) -> list[dict[str, Any]]:
    decision = told["decision"]
    lines = [("Report", f"{told['title']}: {told['programme']}"), ("Decision", decision["word"])]
    lines += [("Why", decision["sentence"])]
    lines += [(g["title"], t) for g in decision["groups"] for t in g["items"] or [g["none"]]]
    lines += [("Notice", n) for n in told["notices"]]
    lines += [(r["name"], r["text"]) for r in told["scope"]]
    lines += [
        (n["title"], "; ".join(t for t in (n["value"], n["status"]["word"], n["interval"], n["sample"]) if t))
        for n in told["numbers"]
    ]
    lines += [("Finding", f"{f['text']} ({f['owner']})") for f in told["findings"]["changes"]]
    lines += [("Exclusions", t) for t in told["quality"]["exclusions"]]
    lines += [("Gap", t) for t in told["quality"]["gaps"]]
    lines += [("Not computed", f"{f['title']}: {f['reason']}") for f in told["failures"]]
    return [{"what": name, "text": text} for name, text in lines]


def _in_unit(row: dict[str, Any], unit: Unit) -> dict[str, Any]:
    return {k: Cell(v, FORMATS[unit]) if k in IN_UNIT else v for k, v in row.items()}


def _sheet(sheet: Worksheet, rows: Sequence[dict[str, Any]], formats: dict, book: Any, demo: str) -> None:
    """Header, rows and widths; on demo data the label stands in the first line of every sheet."""
    top = 1 if demo else 0
    if demo:
        sheet.write_string(0, 0, demo, formats["demo"])
    columns = list(rows[0]) if rows else ["nothing recorded"]
    for x, name in enumerate(columns):
        sheet.write_string(top, x, name, formats["head"])
        longest = max([len(name), *(_length(r[name]) for r in rows)]) if rows else len(name)
        sheet.set_column(x, x, min(longest + 2, WIDEST))
    for y, row in enumerate(rows, start=top + 1):
        for x, value in enumerate(row.values()):
            _write(sheet, y, x, value, formats, book)
    sheet.freeze_panes(top + 1, 1)
    if rows:
        sheet.autofilter(top, 0, top + len(rows), len(columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    sheet.set_footer("&LPage &P of &N" + (f"&R{demo}" if demo else ""))


def _write(sheet: Worksheet, y: int, x: int, value: Any, formats: dict, book: Any) -> None:
    if isinstance(value, Cell):
        if value.form not in formats:
            formats[value.form] = book.add_format({"num_format": value.form, "valign": "top"})
        form, value = formats[value.form], value.value
    else:
        form = formats[""]
    if value is None:
        sheet.write_blank(y, x, None, form)
    elif isinstance(value, bool):
        sheet.write_boolean(y, x, value, form)
    elif isinstance(value, int | float):
        sheet.write_number(y, x, value, form)
    else:
        text = str(value) if isinstance(value, str) else "; ".join(map(str, value))
        sheet.write_string(y, x, safe_cell(clean(text)), form)


def _length(value: Any) -> int:
    return 12 if isinstance(value, Cell) else max((len(line) for line in str(value).split("\n")), default=0)
