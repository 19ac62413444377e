"""Where an event's parts stand in the exports people have: one mapping per shape.

PostHog batch export, Segment logs, Amplitude export, Mixpanel raw export, and "plain": one object with
user, event, time and properties under their usual names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from data.settings import JsonlSource, Mapping

Getter = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Plan:
    """A mapping made ready: for each part the paths to try in order."""

    name: str
    id: tuple[str, ...]
    user: tuple[str, ...]
    event: tuple[str, ...]
    time: tuple[str, ...]
    unit: str
    zone: str
    zone_is_known: bool  # the format says which zone its texts without an offset are in
    received: tuple[str, ...]
    client: tuple[str, ...]
    properties: tuple[str, ...]
    platform: tuple[str, ...]
    keep: frozenset[str]
    keep_all: bool  # every property that does not look personal
    where: tuple[tuple[str, frozenset[str]], ...]


def _plan(name: str, **parts: Any) -> Plan:
    given = {
        "unit": "auto", "zone": "UTC", "zone_is_known": True, "received": (), "client": (),
        "properties": ("properties",), "platform": ("platform",), "keep": frozenset(), "keep_all": False, "where": (),
        **parts,
    }  # fmt: skip
    return Plan(name, **given)


SHAPES = {
    "plain": _plan(
        "plain",
        id=("id", "event_id", "uuid"),
        user=("user", "user_id", "userId", "did"),
        event=("event", "event_type", "event_name"),
        time=("ts", "timestamp", "server_timestamp", "time"),
        zone_is_known=False,
        received=("received_at",),
        client=("client_ts", "client_timestamp"),
        properties=("properties", "event_data", "props"),
        keep_all=True,
    ),
    "posthog": _plan(
        "posthog", id=("uuid",), user=("person_id", "distinct_id"), event=("event",), time=("timestamp",),
        received=("created_at", "_inserted_at"), platform=("properties.$os",),
    ),
    "segment": _plan(
        "segment", id=("messageId",), user=("userId", "anonymousId"), event=("event", "name", "type"),
        time=("timestamp", "originalTimestamp", "receivedAt"), received=("receivedAt",), client=("sentAt",),
        platform=("context.device.type", "context.os.name"),
        where=(("type", frozenset({"track", "page", "screen"})),),
    ),
    "amplitude": _plan(
        "amplitude", id=("$insert_id", "uuid"), user=("user_id", "amplitude_id", "device_id"), event=("event_type",),
        time=("event_time",), received=("server_received_time", "server_upload_time"), client=("client_event_time",),
        properties=("event_properties",),
    ),
    "mixpanel": _plan(
        "mixpanel", id=("properties.$insert_id",), user=("properties.$user_id", "properties.distinct_id"),
        event=("event",), time=("properties.time",), platform=("properties.$os",),
    ),
}  # fmt: skip


def plan_of(spec: JsonlSource) -> Plan:
    """The plan of an event source: its shape's, or the settings' own mapping where one is given."""
    if spec.mapping is None:
        return SHAPES["plain" if spec.shape == "custom" else spec.shape]
    return _own(spec.shape, spec.mapping)


def _own(shape: str, mapping: Mapping) -> Plan:
    """A mapping from the settings; parts it does not set are the shape's."""
    base = SHAPES["plain" if shape == "custom" else shape]
    given = mapping.model_fields_set
    time = mapping.time
    return Plan(
        name="mapping",
        id=mapping.id if "id" in given else base.id,
        user=mapping.user if "user" in given else base.user,
        event=mapping.event if "event" in given else base.event,
        time=(time.path,) if "time" in given else base.time,
        unit=time.unit if "time" in given else base.unit,
        zone=time.zone if "time" in given else base.zone,
        zone_is_known="zone" in time.model_fields_set or ("time" not in given and base.zone_is_known),
        received=(mapping.received.path,) if mapping.received else base.received,
        client=base.client,
        properties=(mapping.properties,) if "properties" in given else base.properties,
        platform=base.platform,
        keep=frozenset(mapping.keep),
        keep_all=base.keep_all and not mapping.keep,
        where=tuple((k, frozenset(v)) for k, v in mapping.where.items()) if "where" in given else base.where,
    )


def getter(path: str) -> Getter:
    """Function that takes a dotted path from an object; None where it is not there."""
    keys = path.split(".")
    if len(keys) == 1:
        return lambda o: o.get(path)
    head, rest = keys[0], keys[1:]

    def nested(o: dict[str, Any]) -> Any:
        value = o.get(head)
        for key in rest:
            if type(value) is not dict:
                return o.get(path)  # a key that holds the dots itself
            value = value.get(key)
        return value

    return nested


class Columns:
    """A block of objects, asked column by column. Keys that no object of the block has are never looked for."""

    def __init__(self, objects: list[dict[str, Any]]) -> None:
        self.objects = objects
        self._keys: set[str] = set().union(*objects)

    def first(self, paths: tuple[str, ...]) -> list[Any]:
        """For each object the first of the paths that holds something (not null, not an empty text)."""
        there = [p for p in paths if p in self._keys or p.partition(".")[0] in self._keys]
        if not there:
            return [None] * len(self.objects)
        values = self._column(there[0])
        for path in there[1:]:
            holes = [i for i, v in enumerate(values) if v is None or v == ""]
            if not holes:
                break
            get = getter(path)
            for i in holes:
                value = get(self.objects[i])
                if value is not None and value != "":
                    values[i] = value
        return values

    def _column(self, path: str) -> list[Any]:
        if "." not in path:
            return [o.get(path) for o in self.objects]
        get = getter(path)
        return [get(o) for o in self.objects]


def holds_any(o: dict[str, Any], paths: tuple[str, ...]) -> bool:
    """Is any of the paths' keys present, even with null?"""
    for path in paths:
        value: Any = o
        for key in path.split("."):
            if type(value) is not dict or key not in value:
                break
            value = value[key]
        else:
            return True
    return False
