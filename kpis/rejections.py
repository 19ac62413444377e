"""Why a row was rejected, in words a person who exports data can act on. Reasons are those of the quarantine."""

from __future__ import annotations

WORDS = {
    "malformed": "cannot be parsed",
    "not_object": "not a JSON object",
    "trailing": "more than one object on the line",
    "encoding": "not UTF-8 text",
    "control": "control characters",
    "number": "a number JSON does not have, such as NaN",
    "duplicate_key": "a key twice in one object",
    "depth": "nested too deeply",
    "too_long": "longer than a line may be",
    "schema": "a required field is missing",
    "type": "a field of the wrong type",
    "value": "a value out of its range",
    "time": "a time that cannot be read",
    "ambiguous": "a time that can be read in two ways",
    "future": "dated in the future",
    "too_old": "dated long before the programme",
    "placeholder_id": "a placeholder in place of an id",
    "conflicting_duplicate": "an id seen before with other content",
}


def words(reason: str) -> str:
    """A reason in words; one that is not known is shown as it is."""
    return WORDS.get(reason, reason.replace("_", " "))
