"""beta.toml of the demo: the settings a team would have written, the planted error spike left to be found."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from data.demo import plan
from data.demo.host_series import TYPES
from data.demo.log import ACTIVE
from data.demo.world import World

_HEAD = """\
# Settings of the demo beta. Everything here is made up; truth.json tells what was planted.

[programme]
name = "TikTokToe beta (demo)"
launch = {launch}
weeks = {weeks}
timezone = "{zone}"
seats = 1000
storage = "local"
as_of = {as_of}  # frozen: the same numbers on every day
demo = true

[engagement]
active_events = [{active}]
activation_event = "beta_tester_activated"
features = [{features}]

[people]
exclude_patterns = ["did:plc:staff*"]
exclude_ids = [{excluded}]

[people.reasons]
"did:plc:staff*" = "staff"
{reasons}
"""

_CRITERIA = """\
# A floor the team agreed on when the feed became slow to some; every other target is the catalogue's.
[[targets]]
kpi = "latency_p95"
target = 0.2
floor = 0.25

[[criteria]]
kpi = "error_ratio"

[[criteria]]
kpi = "latency_p95"

[[criteria]]
kpi = "open_critical_bugs"

[[criteria]]
kpi = "retention_d7"
must = false

[[criteria]]
kpi = "migration_success"
must = false

[access]
default_role = "manager"  # a demo has no secrets
"""


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{n}"' for n in names)


def _instant(text: str) -> str:
    """A wall clock time as a TOML instant with the offset of that day."""
    offset = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(plan.ZONE)).isoformat()[-6:]
    return f"{text.replace(' ', 'T')}:00{offset}"


def text(world: World) -> str:
    """Content of beta.toml."""
    parts = [
        _HEAD.format(
            launch=plan.LAUNCH,
            weeks=plan.WEEKS,
            zone=plan.ZONE,
            as_of=plan.iso(plan.AS_OF_MS)[:19] + "Z",
            active=_listed(ACTIVE),
            features=_listed(plan.FEATURES),
            excluded=_listed(tuple(a for a, _ in plan.TEST_ACCOUNTS)),
            reasons="\n".join(f'"{a}" = "{r}"' for a, r in plan.TEST_ACCOUNTS),
        )
    ]
    for table in ("events", "testers", "invitations", "feedback", "flags", "identities"):
        path = table if table == "events" else f"{table}.jsonl"
        parts.append(f'[[sources]]\nname = "{table}"\nkind = "jsonl"\ntable = "{table}"\npath = "{path}"\n')
    known = {m: k for k, metrics in TYPES.items() for m in metrics if k == "unknown"}
    types = ", ".join(f'{m} = "counter"' for m in known)
    parts.append(f'[[sources]]\nname = "metrics"\nkind = "openmetrics"\npath = "metrics.om"\ntypes = {{ {types} }}\n')
    for number, since in enumerate(plan.WAVE_INVITED, start=1):
        parts.append(f'[[waves]]\nname = "{number}"\nsince = {since}\n')
    for release in plan.RELEASES:
        parts.append(f'[[releases]]\nname = "{release.name}"\nat = {_instant(release.at)}\nnote = "{release.note}"\n')
    start, end = map(_instant, plan.INCIDENT)
    parts.append(
        f'[[incidents]]\nname = "Database connections exhausted"\nstart = {start}\nend = {end}\n'
        'category = "database"\nnote = "The pool was not bounded; every request waited for a connection."\n'
    )
    return "\n".join([*parts, _CRITERIA])
