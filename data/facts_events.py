"""Facts of events: each piece of new events is folded by itself and added to what is known.

A first build does the same in pieces of the raw store: memory stays flat however many events there are. A refresh
reads nothing but what is new. Counts add up, sessions are chained (queries/facts/stage_merged_run.sql), and events go
to files of their own (data/event_parts.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from data.facts import Builder

PIECE = 4_000_000  # rows of the raw store folded at a time
EVERY_LOAD = 2**31 - 1
EVER, ALL_ROWS = -(2**62), 2**62
FOLDS = ("tester_day", "run", "tester_platform")


def build(builder: Builder, kept: dict[str, Any] | None) -> None:
    """Bring events, sessions, tester-days, platforms, quarters of an hour and dim_event up to date.

    `kept`: load and as_of of the previous snapshot, whose rows are in these tables already; None: they are empty.
    """
    since = since_of(builder, kept)
    builder.run(
        "event_keys", "fold_name", "fold_feature", "stage_event_kind", "no_moved_day", "no_new_activation", **since
    )
    if kept is None:
        builder.run("no_seen_platform")
    else:
        builder.run("dim_event", "print_no_day")
    for piece in _pieces(builder, since):
        builder.run("stage_quarter_count", **piece)
        builder.run("merge_quarter", "drop_quarter", "put_quarter")
        (_fold if builder.engine is None else _fold_elsewhere)(builder, piece)
    if kept is None:
        builder.run("fill_platform", "fill_start", "print_every_day", "touch_every_week")
    else:
        builder.run("touch_moved_week")
    builder.run("drop_print", "put_print", "drop_week")
    builder.add("fct_tester_week", "facts/tester_weeks")
    builder.store.finish(builder)


def since_of(builder: Builder, kept: dict[str, Any] | None) -> dict[str, int]:
    """Parameters that say what is new: loads after one, and events that have become due since an instant."""
    return kept or {"previous_load": -1, "previous_as_of_us": builder.parameters["as_of_us"]}


def _pieces(builder: Builder, since: dict[str, int]) -> Iterator[dict[str, int]]:
    """Parameters of stage_piece for each piece: events of older loads that are due now, then the new loads' rows."""
    first, end, due = builder.run("event_spans", **since)[0]
    load = since["previous_load"]
    if due:
        since_us = since["previous_as_of_us"]
        yield {"first_row": 0, "end_row": ALL_ROWS, "after_load": -1, "until_load": load, "from_us": since_us}
    size = PIECE if builder.engine is None else ALL_ROWS  # an engine elsewhere divides the work itself
    for start in range(first or 0, end or 0, size):
        stop = min(start + size, end)
        yield {"first_row": start, "end_row": stop, "after_load": load, "until_load": EVERY_LOAD, "from_us": EVER}


def _fold(builder: Builder, piece: dict[str, int]) -> None:
    """Fold a piece here and add it."""
    builder.run("stage_piece", "stage_event", **piece)
    if builder.run("staged_events")[0][0]:
        builder.con.execute("CREATE OR REPLACE TEMP VIEW fold_event AS FROM stage_event")
        for name in FOLDS:
            builder.stage(f"stage_{name}", f"fold/{name}")
        _add(builder)


def _fold_elsewhere(builder: Builder, piece: dict[str, int]) -> None:
    """Have a piece folded by the engine of the settings and add it. Its runs over the cap are cut here, from events."""
    builder.engine.fold(builder.con, {**builder.numbers(), **piece})
    for name in ("event", *FOLDS):
        builder.con.execute(f"CREATE OR REPLACE TEMP VIEW stage_{name} AS FROM folded_{name}")
    if builder.run("staged_events")[0][0]:
        _add(builder)


def _add(builder: Builder) -> None:
    """Add what was folded of one piece to the facts."""
    builder.run("seen_event")
    builder.store.add(builder)
    if builder.kept is None:
        builder.run("keep_platform")
    else:
        builder.run("merge_platform", "drop_platform", "put_platform")
    builder.run("stage_near_session", "stage_old_session", "stage_merged_run")
    builder.store.near(builder, *builder.run("long_runs")[0])
    builder.run("stage_session", "drop_session", "put_session")
    builder.run("stage_moved_day", "stage_merged_day", "drop_day", "put_day")
    if builder.kept is not None:  # a first build does this once, at its end
        builder.run("stage_merged_start", "drop_start", "put_start", "new_activation", "print_moved_day")
