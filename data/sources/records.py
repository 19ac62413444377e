"""Roster-like rows from any source: testers, invitations, feedback, flags, identities, by an allow-list.

A row is a dictionary with the names of the PostgreSQL tables. Only the keys named here are ever looked at:
tokens, invitation codes and other columns never get further. Addresses are hashed with the installation's key.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from data import privacy
from data.raw_listing import LISTINGS
from data.sources import times
from data.sources.events import Converted
from data.sources.ids import as_text, clean, is_placeholder
from data.sources.properties import is_personal, number

TESTER_STATUS = frozenset({"pending", "active", "inactive"})
INVITATION_STATUS = frozenset({"pending", "accepted", "expired", "revoked"})
FEEDBACK_TYPE = frozenset({"general", "bug", "feature"})
PRIORITY = frozenset({"low", "medium", "high", "critical"})
FEEDBACK_STATUS = frozenset({"new", "in_progress", "resolved", "closed"})
METADATA = ("wave", "platform", "profile_completion")
# A roster may be older than the programme; a status may lie ahead (an invitation's end).
WIDE = times.Window(0, 4_102_444_800_000_000)

Row = dict[str, Any]


class RowRefused(Exception):
    """A row is refused; args[0] is the reason: schema, type, value, time, placeholder_id ..."""


class Converter:
    """Turns input rows into rows of one raw table. `table`: testers, invitations, feedback, flags, identities."""

    def __init__(self, table: str, key: bytes, span: times.Window) -> None:
        self.required, self._make, target = _TABLES[table]
        self._key = key
        self._span = span
        self._schema = LISTINGS[target].schema

    def convert(self, rows: list[Row]) -> Converted:
        """Rows that fit, in order, and the reasons of those that do not."""
        good, made, refused = [], [], {}
        for i, row in enumerate(rows):
            try:
                made.append(self._make(row, self._key, self._span))
                good.append(i)
            except RowRefused as reason:
                refused[i] = reason.args[0]
        return Converted(pa.Table.from_pylist(made, schema=self._schema), np.array(good, dtype=np.int64), refused)


def tester(row: Row, key: bytes, span: times.Window) -> Row:
    """beta_users: did, status, joined_at, last_active_at, invited_by, metadata {wave, platform, ...}."""
    metadata = _metadata(row)
    device = metadata.get("deviceInfo") or metadata.get("device_info")
    platform = metadata.get("platform") or (device.get("platform") if isinstance(device, dict) else None)
    kept = {k: metadata[k] for k in METADATA if k in metadata and not isinstance(metadata[k], dict | list)}
    return {
        "user_id": _id(row, "did", "user_id", "id"),
        "status": _choice(row, "status", TESTER_STATUS),
        "wave": _label(row.get("wave") or metadata.get("wave")),
        "platform": (_label(row.get("platform") or platform) or "").casefold() or None,
        "invited_by": _optional_id(row, "invited_by"),
        "joined_us": _time(row, "joined_at", span),
        "last_active_us": _time(row, "last_active_at", span),
        "metadata": orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode() if kept else None,
        "gone": False,
    }


def invitation(row: Row, key: bytes, span: times.Window) -> Row:
    """beta_invitations without its code; the invitee's address as a keyed hash."""
    email = row.get("invitee_email")
    if email is not None and not isinstance(email, str):
        raise RowRefused("type")
    metadata = _metadata(row)
    return {
        "invitation_key": _id(row, "id"),
        "inviter_id": _optional_id(row, "inviter_did"),
        "invitee_hash": privacy.keyed_hash(key, clean(email).casefold()) if email and email.strip() else None,
        "status": _choice(row, "status", INVITATION_STATUS),
        "accepted_by": _optional_id(row, "accepted_by_did"),
        "wave": _label(row.get("wave") or metadata.get("wave")),
        "created_us": _time(row, "created_at", span),
        "accepted_us": _time(row, "accepted_at", span),
        "expires_us": _time(row, "expires_at", WIDE),
    }


def feedback(row: Row, key: bytes, span: times.Window) -> Row:
    """beta_feedback; addresses, tokens and phone numbers inside the texts are masked, all else stays as written."""
    rating = row.get("rating")
    if rating is not None:
        try:
            rating = number(rating)
        except ValueError as error:
            raise RowRefused(str(error)) from None
        if rating is not None and rating not in (1, 2, 3, 4, 5):
            raise RowRefused("value")
    created = _time(row, "created_at", span)
    if created is None:
        raise RowRefused("schema")
    return {
        "feedback_key": _id(row, "id"),
        "user_id": _optional_id(row, "user_id"),
        "type": _choice(row, "type", FEEDBACK_TYPE),
        "title": _free_text(row, "title"),
        "description": _free_text(row, "description"),
        "priority": _choice(row, "priority", PRIORITY),
        "status": _choice(row, "status", FEEDBACK_STATUS),
        "created_us": created,
        "updated_us": _time(row, "updated_at", span),
        "rating": None if rating is None else int(rating),
    }


def flag(row: Row, key: bytes, span: times.Window) -> Row:
    """beta_feature_flags and beta_user_features: feature (or name), enabled, user_id; no user = everyone ("*")."""
    feature = _label(row.get("feature") or row.get("feature_id") or row.get("name"))
    enabled = row.get("enabled")
    if feature is None or enabled is None:
        raise RowRefused("schema")
    if not isinstance(enabled, bool):
        raise RowRefused("type")
    user = "*" if row.get("user_id") in (None, "*") else _id(row, "user_id")
    return {"user_id": user, "feature": feature, "enabled": enabled, "since_us": _time(row, "created_at", span)}


def identity(row: Row, key: bytes, span: times.Window) -> Row:
    """Two ids of one person: alias, and the canonical id it stands for."""
    return {"alias": _id(row, "alias"), "canonical": _id(row, "canonical")}


_TABLES: dict[str, tuple[str, Callable[[Row, bytes, times.Window], Row], str]] = {
    "testers": ("did", tester, "raw_tester"),
    "invitations": ("id", invitation, "raw_invitation"),
    "feedback": ("id and created_at", feedback, "raw_feedback"),
    "flags": ("feature and enabled", flag, "raw_flag"),
    "identities": ("alias and canonical", identity, "raw_identity"),
}


def _id(row: Row, *names: str) -> str:
    value = next((row[n] for n in names if row.get(n) is not None), None)
    if value is None:
        raise RowRefused("schema")
    text = as_text(value)
    if text is None:
        raise RowRefused("type")
    text = clean(text)
    if is_placeholder(text):
        raise RowRefused("placeholder_id")
    return text


def _optional_id(row: Row, name: str) -> str | None:
    """An id that may be missing; a placeholder says nobody."""
    value = row.get(name)
    text = None if value is None else as_text(value)
    if value is not None and text is None:
        raise RowRefused("type")
    text = clean(text) if text else ""
    return None if is_placeholder(text) else text


def _choice(row: Row, name: str, known: frozenset[str]) -> str | None:
    value = row.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise RowRefused("type")
    word = value.strip().casefold()
    if word not in known:
        raise RowRefused("value")
    return word


def _label(value: Any) -> str | None:
    """A short name or number as text; anything else is none."""
    text = as_text(value) if value is not None else None
    return clean(text)[:200] or None if text is not None else None


def _time(row: Row, name: str, span: times.Window) -> int | None:
    """Microseconds of a time column; a time ahead of the run is refused, one before the programme is not."""
    value = row.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        value = value.isoformat()
    try:
        return times.value_us(
            value, "auto", "UTC", times.Window(0, max(span.last_us, 1)) if span is not WIDE else WIDE
        )[0]
    except times.TimeRefused as refused:
        raise RowRefused(refused.args[0]) from None


def _free_text(row: Row, name: str) -> str | None:
    value = row.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise RowRefused("type")
    return privacy.mask(value)


def _metadata(row: Row) -> Row:
    value = row.get("metadata")
    if isinstance(value, str) and value.strip():
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            raise RowRefused("type") from None
    if value is not None and not isinstance(value, dict):
        raise RowRefused("type")
    return {k: v for k, v in (value or {}).items() if not is_personal(k)}
