"""Every figure in every file is the review's; nothing is computed or rounded twice."""

from __future__ import annotations

import json
from io import BytesIO

import openpyxl
import pytest

from kpis.commands import values
from kpis.model import Review
from kpis.report.safe import cleaned
from kpis.words import show
from tests.report.conftest import page_text, pdf_text


def test_json_holds_every_value_under_the_commands_names(review: Review, files: dict[str, bytes]) -> None:
    told = json.loads(files["json"])
    assert told["schema_version"] == 1
    assert len(told["values"]) == len(review.values) == 27 * 4
    for v, row in zip(review.values, told["values"], strict=True):
        printed = json.loads(json.dumps(cleaned(values.plain(v))))
        assert {k: row[k] for k in printed} == printed
    assert told["snapshot_id"] == review.snapshot_id
    assert set(told) >= {"days", "changes", "verdict", "weeks", "markers", "health", "gaps", "failures", "kpis"}
    assert files["json"] == files["json"].strip() + b"\n"
    assert list(told) == sorted(told)


def test_workbook_values_are_the_numbers_to_fifteen_digits(review: Review, files: dict[str, bytes]) -> None:
    sheet = openpyxl.load_workbook(BytesIO(files["xlsx"]))["Values"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    head, body = rows[0], [dict(zip(rows[0], r, strict=True)) for r in rows[1:]]
    assert len(body) == len(review.values)
    assert "value" in head
    for v, row in zip(review.values, body, strict=True):
        assert (row["id"], row["week"], row["n"], row["verdict"]) == (v.kpi_id, v.week, v.n, v.status.value)
        for field in ("value", "low", "high", "target", "floor", "numerator", "denominator", "coverage"):
            told = getattr(v, field)
            assert row[field] == (None if told is None else pytest.approx(told, rel=1e-15)), (v.kpi_id, v.week, field)


def test_a_missing_value_is_an_empty_cell_and_never_zero(review: Review, files: dict[str, bytes]) -> None:
    sheet = openpyxl.load_workbook(BytesIO(files["xlsx"]))["Values"]
    at = {c.value: c.column for c in sheet[2]}
    missing = [i for i, v in enumerate(review.values, start=3) if v.value is None]
    assert missing
    assert {sheet.cell(row, at["value"]).value for row in missing} == {None}


def test_formats_show_per_cent_and_units(review: Review, files: dict[str, bytes]) -> None:
    sheet = openpyxl.load_workbook(BytesIO(files["xlsx"]))["Values"]
    at = {c.value: c.column for c in sheet[2]}
    forms = {sheet.cell(i, at["id"]).value: sheet.cell(i, at["value"]).number_format for i in range(3, 111)}
    assert forms["retention_d1"] == "0.00%"
    assert forms["latency_p95"] == '0.000" s"'
    assert sheet.freeze_panes == "B3"


def test_all_sheets_are_there_and_full(review: Review, files: dict[str, bytes]) -> None:
    book = openpyxl.load_workbook(BytesIO(files["xlsx"]))
    assert book.sheetnames == ["Summary", "Values", "Days", "Changes", "Evidence", "Sources", "Definitions"]
    lines = {name: book[name].max_row - 2 for name in book.sheetnames}
    assert lines["Days"] == sum(len(d) for d in review.days.values())
    assert lines["Changes"] == len(review.changes)
    assert lines["Evidence"] == sum(len(w.evidence) for w in review.weeks)
    assert (lines["Sources"], lines["Definitions"]) == (len(review.health), len(review.kpis))


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_every_weekly_value_stands_in_print_beside_its_kpi(review: Review, files: dict[str, bytes], form: str) -> None:
    text = (pdf_text if form == "pdf" else page_text)(files[form])
    for kpi in review.kpis:
        assert kpi.title in text
    for v in review.values:
        if v.value is not None:
            assert show(v.value, v.unit) in text, (v.kpi_id, v.week)
            assert f"n {v.n:,}" in text or f"n = {v.n:,}" in text
