"""What the Engagement page says first: sentences from the numbers, by rule; without a finding, a neutral one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import combinations, pairwise
from typing import Any

from kpis.engagement.active import ActiveDay
from kpis.engagement.adoption import FeatureAdoption
from kpis.engagement.averages import Average
from kpis.engagement.compare import RATIO_ALARM, Comparison
from kpis.engagement.exposure import WORD, Exposure
from kpis.engagement.lifecycle import LifecycleTable
from kpis.engagement.retention import RetentionTable
from kpis.engagement.scope import Scope
from kpis.engagement.stickiness import StickinessTable
from kpis.engagement.tester_funnel import Step
from kpis.model import Review, Unit
from kpis.words import count, short_day, short_instant, show, signed, size, span

DAY = 7  # the day asked about first
WEEK = 7
WHOLE = "all testers"


def percent(value: float | None) -> str:
    return show(value, Unit.RATIO)


def group(scope: Scope) -> str:
    """ "testers", "testers of wave 2 on ios"."""
    wave = f" of wave {scope.wave}" if scope.wave is not None else ""
    return f"testers{wave}{f' on {scope.platform}' if scope.platform is not None else ''}"


def headline(table: RetentionTable, day: int = DAY) -> str:
    """Do testers come back? From a table by day: "40 % of testers come back on day 7 (pooled, n 352; 95 %: ...)"."""
    who, later = group(table.options.scope), " or later" if table.options.rule == "on-or-after" else ""
    began = [row.cohort for row in table.rows if row.size != 0]  # None: masked
    if not began:
        return f"No active {who} yet: nobody could come back"
    average = table.average
    if day < len(table.columns) and average.n[day] is None:
        return f"Day-{day} retention of {who} is hidden: too few of them are known"
    if day >= len(table.columns) or average.values[day] is None:
        first = min(began) + timedelta(days=day + 1)
        return f"Too early for day {day} of {who}: its first result comes on {short_day(first)}"
    ends = span(average.low[day], average.high[day], Unit.RATIO)
    return (
        f"{percent(average.values[day])} of {who} come back on day {day}{later} "
        f"({average.kind}, n {average.n[day]:,}; 95 %: {ends})"
    )


def beside_scorecard(review: Review) -> str:
    """Why the scorecard's day-7 retention reads differently."""
    value = review.value("retention_d7")
    if value.value is None:
        return f"The scorecard has no day-7 retention for week {review.week}."
    return (
        f"The scorecard's day-7 retention of week {review.week}, {percent(value.value)} (n {value.n:,}), "
        f"counts those testers only whose day 7 fell in that week; above are all since launch."
    )


def about(scope: Scope, testers: int, until: datetime) -> str:
    """Whose numbers these are and up to when."""
    who = "tester" if testers == 1 else "testers"
    midnight = until.time() == time()
    when = f"the end of {short_day((until - timedelta(days=1)).date())}" if midnight else short_instant(until)
    return f"{testers:,} {group(scope).replace('testers', who, 1)} active so far, known to {when}"


def curves(found: Mapping[str, Average], day: int = DAY) -> str:
    """Whether waves differ on a day beyond their intervals."""
    known = {n: a for n, a in found.items() if day < len(a.values) and a.values[day] is not None}
    if len(known) < 2:
        return "Retention by day"
    told = ", ".join(f"{n}: {percent(a.values[day])}" for n, a in known.items())
    if WHOLE in known:  # a part and the whole cannot be told apart as two groups
        return f"On day {day}, {told}"
    apart = [
        (a, b) for a, b in combinations(sorted(known, key=lambda n: -known[n].values[day]), 2)
        if (known[a].low[day] or 0) > (known[b].high[day] or 1)
    ]  # fmt: skip
    if not apart:
        return f"No clear difference on day {day} ({told})"
    first, last = apart[0]
    return f"{first[0].upper()}{first[1:]} came back more often on day {day} than {last} ({told})"


def active(days: Sequence[ActiveDay]) -> str:
    """The newest complete day against the seven before it."""
    if not days:
        return "No complete day yet"
    last, before = days[-1], [d.dau for d in days[-1 - WEEK : -1]]
    text = f"{last.dau:,} active on {short_day(last.day)}"
    if len(before) == WEEK and last.dau > max(before):
        text += ", more than on any of the seven days before"
    elif len(before) == WEEK and last.dau < min(before):
        text += ", fewer than on any of the seven days before"
    return text if last.wau is None else f"{text}; {last.wau:,} in the week to it"


def lifecycle(table: LifecycleTable) -> str:
    """Who stayed away and who came back in the last complete week."""
    complete = [p for p in table.periods if p.state == "complete"]
    if not any(p.active for p in table.periods):
        return "Nobody has been active yet"
    if len(complete) < 2:
        return "New, returning, resurrecting and dormant testers by week"
    last, before = complete[-1], complete[-2]
    when = f"in the week from {short_day(last.start)}"
    if not before.active:
        return f"{count(last.active, 'tester')} active {when}, nobody in the week before"
    away = f"{-last.dormant:,} of {before.active:,} active testers stayed away {when}"
    return f"{away}, {last.resurrecting:,} came back after a pause"


def stickiness(table: StickinessTable, week: int) -> str:
    """On how many days half of the week's testers came."""
    if not table.testers:
        return f"Nobody was active in week {week}"
    left, median = table.testers, 0
    for days, n in enumerate(table.buckets, 1):
        if 2 * left >= table.testers:
            median = days
        left -= n
    so_far = "" if table.complete >= WEEK else f" so far ({table.complete} of 7 days)"
    return (
        f"Half of the {table.testers:,} testers of week {week} came on {median} {'day' if median == 1 else 'days'} "
        f"or more{so_far}"
    )


def adoption(found: Sequence[FeatureAdoption]) -> str:
    """The most and the least used feature."""
    known = [f for f in found if f.adoption is not None]
    if not known:
        return "Nobody who has a feature was active yet"
    top, low = known[0], known[-1]
    text = f"{top.feature} is used by {percent(top.adoption)} of those who have it"
    return text if len(known) == 1 else f"{text}, {low.feature} by {percent(low.adoption)}"


def funnel(steps: Sequence[Step]) -> str:
    """The step before which most testers are lost; feedback is not asked of everybody."""
    lost = [(s, b.testers - s.testers - len(s.waiting)) for b, s in pairwise(steps) if s.name != "gave feedback"]
    if not steps or not steps[0].testers:
        return "Nobody was invited yet"
    step, n = max(lost, key=lambda pair: pair[1])
    if n < 1:
        return "Nobody was lost on the way"
    return f"Most are lost before “{step.name}”: {n:,} of {n + step.testers + len(step.waiting):,}"


def minutes(seconds: float | None) -> str:
    """ "6.0 min", "45 s"."""
    if seconds is None:
        return "–"
    return f"{seconds:.0f} s" if seconds < 60 else f"{seconds / 60:.1f} min"


def sessions(rows: Sequence[Mapping[str, Any]]) -> str:
    """Length and number of sessions in the last of the weeks, from its ready row."""
    last = rows[-1] if rows else {}
    if not last.get("Sessions"):
        return "Sessions by week"
    half = f"Half of the sessions of week {last['Week']} lasted {last['Median length']} or more"
    return f"{half}; {last['Per tester']} a tester"


def later_sessions(found: Exposure) -> str:
    """Difference of the length of sessions after the first, with its interval."""
    low, high = found.seconds_interval
    if found.seconds_difference is None or low is None or high is None:
        return "Too few later sessions to compare their length."
    text = (
        f"Later sessions: {signed(found.seconds_difference)} s (95 %: {signed(low)} to {signed(high)}) after trouble."
    )
    return f"{text} An {WORD}, not a cause: who met trouble may differ in other ways."


def comparison(found: Comparison) -> str:
    """Difference of two groups with its interval, p-value and n."""
    a, b = (_label(found.options.by, g.label) for g in (found.a, found.b))
    n, day = f"n {found.a.mature:,} and {found.b.mature:,}", found.options.low
    if found.difference is None or found.interval[0] is None or found.p_value is None:
        return f"Cannot tell {a} and {b} apart: day {day} is not over for enough testers ({n})"
    low, high = found.interval
    p = "p < 0.001" if found.p_value < 0.001 else f"p = {found.p_value:.2g}"
    numbers = f"({_points(found.difference)} points, 95 %: {_points(low)} to {_points(high)}; {p}; {n})"
    if low <= 0 <= high:
        return f"No clear difference on day {day} between {a} and {b} {numbers}"
    word = "more" if found.difference > 0 else "less"
    return f"{a[0].upper()}{a[1:]} came back {word} often on day {day} than {b} {numbers}"


def caution(found: Comparison) -> str:
    """What the reader must know of groups that nobody drew by lot."""
    if found.options.by.startswith(("flag:", "property:")):
        return "Read a difference as an effect only if the groups were drawn by lot."
    return "These groups were not drawn by lot: a difference is an association."


def mismatch(found: Comparison) -> bool:
    """Whether the sizes of the groups contradict the planned split."""
    return found.ratio_p_value is not None and found.ratio_p_value < RATIO_ALARM


def split(found: Comparison) -> str:
    """Whether the groups are as large as planned, in one sentence."""
    sizes = f"{found.a.testers:,} and {found.b.testers:,} testers"
    if mismatch(found):
        return (
            f"Sample ratio mismatch: {sizes} do not fit the planned split (p = {found.ratio_p_value:.2g}). "
            "Find out why before reading the difference."
        )
    return f"The sizes fit the planned split: {sizes}, p = {found.ratio_p_value:.2g}."


def _label(by: str, label: str) -> str:
    """ "wave 2", "ios", "custom_feeds on"."""
    kind, _, name = by.partition(":")
    return f"wave {label}" if kind == "wave" else label if kind == "platform" else f"{name} {label}"


def _points(value: float) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return f"{sign}{size(value, Unit.RATIO).split()[0]}"
