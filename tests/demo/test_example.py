"""beta.example.toml loads as it stands and shows every key there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from data import settings
from data.settings import Part, load

FILE = Path(__file__).resolve().parents[2] / "beta.example.toml"
TEXT = FILE.read_text(encoding="utf-8")
KEYS = sorted(
    {
        (model.__name__, field.alias or name)
        for model in vars(settings).values()
        if isinstance(model, type) and issubclass(model, Part)
        for name, field in model.model_fields.items()
        if name != "file"
    }
)


def test_it_loads_with_server_sources() -> None:
    example = load(FILE)
    assert [s.kind for s in example.sources] == ["postgres", "prometheus"]
    assert not example.programme.demo


def test_it_loads_with_its_comments_switched_on(tmp_path: Path) -> None:
    switched = [line.removeprefix("# ") for line in TEXT.splitlines() if line not in ("#", "")]
    keys = [s for s in switched if s.startswith(("[", "{", "  ", '"', "]", "'")) or s.split(" = ")[0].isidentifier()]
    (tmp_path / "beta.toml").write_text("\n".join(keys), encoding="utf-8")
    full = load(tmp_path / "beta.toml")
    assert [s.kind for s in full.sources] == ["postgres", "prometheus", "jsonl", "jsonl", "openmetrics"]
    assert full.sources[2].mapping.user == ("person.id", "anonymous_id")
    assert full.plan[0].week == 1
    assert full.programme.as_of is not None


@pytest.mark.parametrize(("model", "key"), KEYS)
def test_every_key_is_shown(model: str, key: str) -> None:
    stripped = TEXT.replace("# ", "")
    assert f"{key} = " in stripped or f"[[{key}]]" in stripped or f"[{key}]" in stripped or f".{key}]" in stripped
