"""Texts from data are texts: no link, image, directive or formula reaches Markdown, tables or downloads."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kpis.model import Review
from pages.parts.text import JOINER, inert, plain
from tests.pages.conftest import open_page
from tests.support.reviews import HOSTILE, review

LIVE = re.compile(r"(?<!\\)(!\[|\]\(|<script|:red\[|\$\\href)")


def poisoned(**changed: object) -> Review:
    """A review with the hostile text wherever data may bring one."""
    base = review(**{"week": changed.get("week", 4)})
    return replace(
        base,
        notices=(HOSTILE,),
        programme=replace(base.programme, name=HOSTILE),
        verdict=replace(base.verdict, sentence=HOSTILE, blockers=(HOSTILE,), conditions=(HOSTILE,)),
        weeks=tuple(
            replace(w, headline=HOSTILE, evidence=tuple(replace(e, answer=HOSTILE) for e in w.evidence))
            for w in base.weeks
        ),
        markers=tuple(replace(m, title=HOSTILE, note=HOSTILE) for m in base.markers),
        health=tuple(replace(h, source=HOSTILE, item=HOSTILE, sentence=HOSTILE) for h in base.health),
        gaps=tuple(replace(g, words=HOSTILE) for g in base.gaps),
        values=tuple(replace(v, reason=HOSTILE, flags=(HOSTILE,)) for v in base.values),
        changes=tuple(replace(c, words=HOSTILE) for c in base.changes),
        exclusion_effects=(HOSTILE,),
        failures={"redis_memory_used": HOSTILE},
    )


@pytest.mark.parametrize("page", ["scorecard", "week_review", "report", "catalogue", "data_health"])
def test_hostile_texts_are_inert_on_every_page(page: str, made_up: Callable[..., None]) -> None:
    made_up(poisoned)
    app = open_page(page)
    assert not app.exception
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.error, app.warning, app.info)
    texts = [str(e.value) for kind in kinds for e in kind]
    texts += [t for m in app.metric for t in (m.label, m.value, m.delta)] + [e.label for e in app.expander]
    live = [t for t in texts if LIVE.search(t)]
    assert not live
    assert any("evil" in t for t in texts), "the text is shown, not dropped"
    assert "\u202e" not in "".join(texts)


def test_hostile_texts_are_inert_in_the_details(made_up: Callable[..., None]) -> None:
    made_up(poisoned)
    app = open_page()
    app.button(key="details-csat").click().run()
    assert not app.exception
    assert not [m.value for m in app.markdown if LIVE.search(m.value)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![x](https://evil)", rf"!\[x\](https:{JOINER}//evil)"),
        (":red[x] $a$ 12:30", r"\:red\[x\] \$a\$ 12:30"),
        ("- x", r"\- x"),
        ("-5 points", r"\-5 points"),
        ("# 1. *x*", r"\# 1. \*x\*"),
        ("1. item", r"1\. item"),
        ("a\nb\t c", "a b c"),
        ("gnp\u202e.exe\u0000", "gnp.exe"),
        ("mail me@evil.example", f"mail me@{JOINER}evil.example"),
        ("www.evil.example", f"www{JOINER}.evil.example"),
        ("C:\\x", "C:\\\\x"),
    ],
)
def test_marks_are_escaped(text: str, shown: str) -> None:
    assert inert(text) == shown


@given(some.text(max_size=400))
def test_no_text_opens_markdown(text: str) -> None:
    made = inert(text)
    assert not re.search(r"(?<!\\)(?:\\\\)*[\[\]`*_<>$|~]", made)
    assert "\n" not in made


def test_long_texts_are_cut_at_two_kilobytes() -> None:
    assert len(plain("x" * 20_000)) == 2048
    assert plain("x" * 20_000).endswith("…")
