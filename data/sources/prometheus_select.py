"""Series selectors: read as text from the settings, narrowed to metric names, written for either road."""

from __future__ import annotations

import re
from dataclasses import dataclass

from data.errors import SourceError

_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
_PART = re.compile(
    r"\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`)\s*(,|$)", re.S
)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.S)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


@dataclass(frozen=True)
class Matcher:
    """One condition on a label: op is one of = != =~ !~."""

    label: str
    op: str
    value: str


@dataclass(frozen=True)
class Selector:
    """Conditions that a series must meet all."""

    matchers: tuple[Matcher, ...]

    @property
    def text(self) -> str:
        """PromQL. The name stays in the braces: `foo{__name__="foo"}` would be an error."""
        return "{" + ",".join(f"{m.label}{m.op}{quoted(m.value)}" for m in self.matchers) + "}"

    def only(self, names: list[str]) -> Selector:
        """The same selector for some metric names."""
        if len(names) == 1:
            return Selector((*self.matchers, Matcher("__name__", "=", names[0])))
        pattern = "|".join(re.escape(n) for n in names)
        return Selector((*self.matchers, Matcher("__name__", "=~", pattern)))


def quoted(value: str) -> str:
    """A PromQL string literal."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def parse(text: str) -> Selector:
    """Selector of a text such as `up`, `up{job="app"}` or `{__name__=~"http_.*"}`. Raises SourceError."""
    bad = SourceError(f'"{text}" is no series selector; write for example {{job="app"}} or http_requests_total')
    rest = text.strip()
    found: list[Matcher] = []
    name = _NAME.match(rest)
    if name:
        found.append(Matcher("__name__", "=", name.group()))
        rest = rest[name.end() :].strip()
    if rest:
        if not (rest.startswith("{") and rest.endswith("}")):
            raise bad
        rest = rest[1:-1].strip()
        while rest:
            part = _PART.match(rest)
            if not part:
                raise bad
            found.append(Matcher(part[1], part[2], _unquoted(part[3])))
            rest = rest[part.end() :].strip()
    if not any(_demands(m) for m in found):
        raise bad
    return Selector(tuple(found))


def _demands(matcher: Matcher) -> bool:
    """True when an absent label does not meet the condition: Prometheus wants at least one such."""
    if matcher.op in ("=", "!="):
        return (matcher.value == "") == (matcher.op == "!=")
    try:
        return bool(re.fullmatch(matcher.value, "")) == (matcher.op == "!~")
    except re.error:  # valid for RE2 perhaps: the server decides
        return True


def _unquoted(literal: str) -> str:
    if literal[0] == "`":
        return literal[1:-1]

    def one(match: re.Match[str]) -> str:
        code = match[1]
        return chr(int(code[1:], 16)) if len(code) > 1 else _LETTERS.get(code, code)

    return _ESCAPE.sub(one, literal[1:-1])
