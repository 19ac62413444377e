"""The exported review: one Review value as HTML, PDF, XLSX and JSON, the same bytes for the same snapshot.

No clock, no random ids, no locale: what a file says follows from the review alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import QueryError, nearest
from data.warehouse import Snapshot
from kpis import evaluation
from kpis.evaluation import Evaluation
from kpis.model import Review

if TYPE_CHECKING:  # what loads charts is loaded when a report is made
    from kpis.report.figures import Figures

Extra = Evaluation | Future[Evaluation] | None
FORMATS = ("html", "pdf", "xlsx", "json")
KNOWN = (*FORMATS, "md")  # md: a short summary for mail or chat


def write(
    review: Review, snapshot: Snapshot | None, out: Path, formats: Sequence[str] = FORMATS, *,
    interactive: bool = False, extra: Extra = None,
) -> list[Path]:  # fmt: skip
    """Write `evaluation-week-4.pdf` and so on into `out`, each whole or not at all; returns the files in order.

    `extra`: the snapshot's own sections where they are known already, or in the making; made here by default.
    Raises QueryError for an unknown format, a folder that cannot be written, or a review of another snapshot.
    """
    from kpis.report.files import put

    if snapshot is not None and snapshot.id != review.snapshot_id:
        raise QueryError(f"the review is of {review.snapshot_id}, not of {snapshot.id}; build it again")
    if extra is None and snapshot is not None:
        extra = evaluation.sections(snapshot)
    made = render(review, formats, interactive=interactive, extra=extra)
    try:
        out.mkdir(parents=True, exist_ok=True)
        return [put(out / f"evaluation-week-{review.week}.{form}", content) for form, content in made.items()]
    except OSError as error:
        raise QueryError(f"{out}: cannot be written: {error.strerror or error}") from error


def render(
    review: Review, formats: Sequence[str] = FORMATS, *, interactive: bool = False, extra: Extra = None
) -> dict[str, bytes]:
    """Content of the files by format, in the order asked for. `extra`: scaling, priorities and incidents."""
    from kpis.report.content import content, with_sections
    from kpis.report.figures import Figures

    if not formats:
        raise QueryError(f"no report format is named; known: {', '.join(KNOWN)}")
    for form in formats:
        if form not in KNOWN:
            raise QueryError(f'there is no report format "{form}"{nearest(form, KNOWN)}; known: {", ".join(KNOWN)}')
    told = content(review)
    figures = Figures(review, told)
    figures.draw(formats, interactive)  # while the database is still asked for the sections
    extra = extra.result() if isinstance(extra, Future) else extra
    told = with_sections(told, extra)
    with ThreadPoolExecutor(1, thread_name_prefix="typst") as pool:  # lays out beside Python, which makes the rest
        laid_out = _laid_out(pool, review, told, figures) if "pdf" in formats else None
        rest = [form for form in dict.fromkeys(formats) if form != "pdf"]
        made = {form: _one(form, review, told, figures, interactive, extra) for form in rest}
        if laid_out:
            made["pdf"] = laid_out.result()
    return {form: made[form] for form in dict.fromkeys(formats)}


def load(formats: Sequence[str]) -> None:
    """Load the libraries of formats: a second or two, which a caller who waits for queries has to spare."""
    modules = {"html": ("figures", "page"), "pdf": ("pdf",), "xlsx": ("workbook",), "json": ("plain",)}
    for name in ("content", *(m for form in formats for m in modules.get(form, ()))):
        import_module(f"kpis.report.{name}")


def _laid_out(pool: ThreadPoolExecutor, review: Review, told: dict, figures: Figures) -> Future[bytes]:
    """The PDF in the making. Its figures are drawn before: matplotlib may not draw in two threads."""
    from kpis.report.pdf import pdf

    return pool.submit(pdf, told, figures.printed(), review.as_of)


def _one(form: str, review: Review, told: dict, figures: Figures, interactive: bool, extra: Evaluation | None) -> bytes:
    """One file but the PDF. Libraries load only when their format is asked for: a cold command stays quick."""
    from kpis.report import page, plain

    if form == "json":
        return plain.json_bytes(review, extra)
    if form == "md":
        from kpis.report.markdown import markdown

        return markdown(told)
    if form == "xlsx":
        from kpis.report.workbook import xlsx

        return xlsx(review, told)
    if interactive:
        return page.html(told, *figures.interactive())
    return page.html(told, figures.inline())


def summary(review: Review, snapshot: Snapshot) -> str:
    """The short summary that is sent to people, as Markdown."""
    return render(review, ("md",), extra=evaluation.sections(snapshot))["md"].decode()
