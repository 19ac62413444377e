"""docs/kpis.md, made from the catalogue."""

from __future__ import annotations

from itertools import groupby

from kpis import catalogue, words
from kpis.measures import run
from kpis.model import Kpi

HEAD = """# What every number means

Made from `kpis/definitions` by `make docs`; edit the definitions, not this file.

## How a number is judged

**Value.** A programme week is 7 local days from launch on. "No data" (nobody told us), zero (we were told: none),
"nothing to measure" (nobody's outcome falls in the week) and "too few" (below the sample a verdict needs) stay apart. A
running week is shown and takes no part in verdicts or changes; so is a week until its lateness allowance is over. A
week whose source covers less than 90 % of it is not evaluable, and the gap is named.

**Interval**, 95 %, by what the data allows:

| kind | method |
| --- | --- |
| share of testers or items | Wilson score |
| mean over testers | Student t over testers |
| share of requests, use of a resource | days as clusters, Student t; never narrower than Wilson (see below) |
| quantile of a histogram | bounds of the buckets that hold the rank and its sampling range |
| median duration | Kaplan-Meier, open items censored |
| full count | exact: nobody was sampled |

Requests of one day resemble each other: counting each as independent would be too narrow by far. With fewer than 4
days only Wilson is left, and the interval's name says so. A bucket's bounds are what the histogram cannot tell apart.

**Verdict.** Target and floor cut the axis into on target, within floor and missed (without a floor: two parts). A
verdict is given when the interval rules out the opposite part; between neighbours the value decides. An interval that
allows both on target and missed gives "cannot tell", with the number of testers or the data that would decide.

| interval lies | verdict |
| --- | --- |
| wholly on target | on target |
| from on target to within floor | on target if the value is, else within floor |
| wholly within floor | within floor |
| from within floor to missed | within floor if the value is, else missed |
| wholly beyond the floor | missed |
| from on target to missed | cannot tell |

**Change from the week before.** Clear only if large (5 % of the value, or 2 points of a rate) and significant. The
seven days are paired by weekday (paired t, p at most 1 %); where every tester or rating counts in one week only, the
two weeks are compared directly (Newcombe, 99 %). Levels to date (open bugs, seats) are not tested. Weeks without a
change are called clear in at most 2 % of cases.

**Programme.** No-go: a must criterion is missed. Cannot tell: a must criterion cannot be told. Go with conditions: a
should criterion is missed, or a must is only within its floor. Else go. Without declared criteria every KPI whose
target the team has set is a should.

"""


def markdown() -> str:
    """The whole catalogue as Markdown, by family."""
    parts = [HEAD]
    for family, kpis in groupby(catalogue.all(), key=lambda k: k.family):
        parts.append(f"## {family.capitalize()}\n\n")
        parts.extend(_kpi(kpi) for kpi in kpis)
    return "".join(parts).rstrip("\n") + "\n"


def _kpi(kpi: Kpi) -> str:
    caveats = "".join(f"- Beware: {c}\n" for c in kpi.caveats)
    query = ", ".join(f"`queries/{q}.sql`" for q in run.queries(kpi.measure))
    metrics = ", ".join(f"`{m}`" for m in run.metrics(kpi.measure))
    series = f"- Series (the first that exists): {metrics}\n" if metrics else ""
    return (
        f"### {kpi.title} (`{kpi.id}`)\n\n*{kpi.question}*\n\n{kpi.definition}\n\n"
        f"- {_target(kpi)}\n- Verdict from {kpi.min_sample} {kpi.sample_word} on\n"
        f"- Query: {query}\n{series}{caveats}- Owner: {kpi.owner}; revision {kpi.revision}\n\n"
    )


def _target(kpi: Kpi) -> str:
    if kpi.target is None:
        return "No target set"
    side = "at least" if kpi.better == "higher" else "at most"
    floor = "" if kpi.target.floor is None else f", floor {words.show(kpi.target.floor, kpi.unit)}"
    note = " (proposed)" if kpi.target.proposed else " (set by the team)"
    return f"Target {side} {words.show(kpi.target.target, kpi.unit)}{floor}{note}"
