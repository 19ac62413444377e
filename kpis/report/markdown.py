"""Content -> a short summary in Markdown, for mail or chat: decision, numbers, what is not on target."""

from __future__ import annotations

import re
from typing import Any

_MARKS = re.compile(r"([\\`*_\[\]#|<>~])")


def markdown(told: dict[str, Any]) -> bytes:
    """The summary as UTF-8. Every text of the review is escaped: nothing in it becomes a link or an image."""
    decision = told["decision"]
    lines = [f"# {_text(told['title'])}: {_text(told['programme'])}", ""]
    lines += [f"> {_text(told['demo'])}", ""] if told["demo"] else []
    lines += [f"**{_text(decision['sentence'])}**", ""]
    for group in decision["groups"]:
        if group["items"]:
            lines += [f"{_text(group['title'])}:", "", *(f"- {_text(i)}" for i in group["items"]), ""]
    lines += ["| KPI | Value | Interval | Target | Verdict |", "| --- | ---: | --- | --- | --- |"]
    lines += [
        f"| {_text(n['title'])} | {_text(n['value'])} | {_text(n['interval'])} | {_text(n['goal'])} | "
        f"{_text(n['status']['mark'])} {_text(n['status']['word'])} |"
        for n in told["numbers"]
    ]
    lines += ["", _text(told["findings"]["summary"]), ""]
    lines += [f"- {_text(v['title'])}: {_text(_why(v))}" for v in told["findings"]["verdicts"]]
    lines += ["", *(f"- {_text(s['title'])}: {_text(s['sentence'])}" for s in told["sections"])]
    lines += ["", f"{_text(told['as_of'])} · snapshot {_text(told['snapshot'])}", ""]
    return "\n".join(lines).encode()


def _why(verdict: dict[str, Any]) -> str:
    """Value and reason, the value not said twice."""
    value, reason = verdict["value"], verdict["reason"]
    return reason if reason.startswith(value) else f"{value}, {reason}"


def _text(text: str) -> str:
    return _MARKS.sub(r"\\\1", " ".join(text.split())).replace("://", ":\u200b//")
