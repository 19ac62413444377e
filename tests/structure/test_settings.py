"""A settings error names file, line, key and what would be right; secrets never come from the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import SettingsError
from data.settings import load, secret

GOOD = """\
[programme]
name = "Test"
launch = 2026-03-02
timezone = "Europe/Berlin"

[engagement]
active_events = ["post_view"]
activation_event = "post_view"

[[sources]]
name = "events"
kind = "jsonl"
path = "events"

[[sources]]
name = "metrics"
kind = "prometheus"
url = "http://127.0.0.1:9090"
"""


def refused(folder: Path, text: str) -> str:
    file = folder / "beta.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(file)
    return str(caught.value).replace(str(file), "beta.toml")


def test_a_good_file_loads(tmp_path: Path) -> None:
    (tmp_path / "beta.toml").write_text(GOOD, encoding="utf-8")
    settings = load(tmp_path / "beta.toml")
    assert settings.programme.weeks == 4
    assert [s.kind for s in settings.sources] == ["jsonl", "prometheus"]
    assert settings.storage == (tmp_path / "data/local").resolve()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('name = "Test"', 'nam = "Test"'), 'beta.toml:2: programme.nam: unknown key (did you mean "name"?)'),
        (("Europe/Berlin", "Europe/Berln"), 'beta.toml:4: programme.timezone: "Europe/Berln" is no IANA time zone'),
        (("Europe/Berlin", "Europe/Berln"), '(did you mean "Europe/Berlin"?)'),
        (('path = "events"', 'pth = "events"'), 'beta.toml:13: sources.0.pth: unknown key (did you mean "path"?)'),
        (("[engagement]", "[engagemnt]"), 'beta.toml:6: engagemnt: unknown key (did you mean "engagement"?)'),
        (("http://127.0.0.1", "ftp://127.0.0.1"), "beta.toml:18: sources.1.url: must start with http:// or https://"),
        (("http://127.0.0.1", "http://127.0.0.1/?token=x&"), "beta.toml:18: sources.1.url: must hold no query"),
        (("http://127.0.0.1", "http://me:pw@127.0.0.1"), "beta.toml:18: sources.1.url: must hold no user or password"),
        (('name = "metrics"', 'name = "events"'), 'two sources are named "events"'),
        (("launch = 2026-03-02", "launch = 2026-03-02\nweeks = 0"), "beta.toml:4: programme.weeks: "),
        (("launch = 2026-03-02\n", ""), "programme.launch: is missing"),
        (("[engagement]", '[fold]\nengine = "oracle"\n\n[engagement]'), "beta.toml:7: fold.engine: "),
        (("[engagement]", '[fold]\nengine = "spark"\n\n[engagement]'),
         'fold: engine = "spark" needs url, the Spark Connect server: url = "sc://host:15002"'),
        (("[engagement]", '[fold]\nengine = "spark"\nurl = "sc://u:p@h:1"\n\n[engagement]'),
         "fold: url is sc://host:port and nothing more; name a token with token_env"),
        (("[engagement]", '[fold]\nengine = "spark"\nurl = "sc://h:1"\n\n[engagement]'),
         'fold: engine = "spark" needs landing, a folder that every worker reads and writes'),
        (("launch = 2026-03-02", "launch = 2026-13-02"), "beta.toml: not valid TOML"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_in_words(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    assert says in refused(tmp_path, GOOD.replace(*change, 1))


def test_no_file_and_an_empty_file_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no such settings file; copy beta.example.toml"):
        load(tmp_path / "beta.toml")
    assert "is empty" in refused(tmp_path, "")


def test_a_password_in_the_url_is_not_repeated(tmp_path: Path) -> None:
    assert "hunter2" not in refused(tmp_path, GOOD.replace("http://127", "http://me:hunter2@127"))


@pytest.mark.parametrize("value", ["", "  ", "two\nlines"])
def test_a_secret_is_named_but_never_shown(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("BETA_PG_DSN", value)
    with pytest.raises(SettingsError) as caught:
        secret("BETA_PG_DSN")
    assert "BETA_PG_DSN" in str(caught.value)
    assert "lines" not in str(caught.value)
