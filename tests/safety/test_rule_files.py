"""No rule file silently does not load; the schemas say what the types say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safety.cases import RULES_DIR
from unkink.acquire.rulefiles import load_rule_files
from unkink.coach.rule_files import TYPES, _settle, find_strays, make_schemas
from unkink.coach.rulebook import decode_rulebook
from unkink.errors import RuleError
from unkink.front.schemas import render, write_schemas

SCHEMAS = RULES_DIR / "schema"


def test_every_rule_file_is_read() -> None:
    files = load_rule_files()
    on_disk = {p.relative_to(RULES_DIR).as_posix() for p in RULES_DIR.rglob("*.yaml")}
    assert on_disk <= set(files)
    assert list(find_strays(files)) == []
    assert {name for name in TYPES if "*" not in name} <= set(files)


@pytest.mark.parametrize(
    "name",
    [
        "safety/urgnet.yaml",
        "safety/caps.yml",
        "safety/deeper/caps.yaml",
        "norms/chnage.yaml",
        "new.yaml",
        "exercises/seated-twist.yml",
        "exercises/deeper/seated-twist.yaml",
        "learn.json",
    ],
)
def test_a_file_that_nothing_reads_is_refused(tmp_path: Path, name: str) -> None:
    for path, data in load_rule_files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    decode_rulebook(load_rule_files(tmp_path))
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("format: 1\n")
    with pytest.raises(RuleError) as caught:
        decode_rulebook(load_rule_files(tmp_path))
    assert name in {fault.file for fault in caught.value.faults}


@pytest.mark.parametrize("name", sorted(n for n in TYPES if "*" not in n))
def test_a_file_that_is_gone_or_empty_is_refused(name: str) -> None:
    files = load_rule_files()
    for damaged in ({k: v for k, v in files.items() if k != name}, {**files, name: b""}):
        with pytest.raises(RuleError) as caught:
            decode_rulebook(damaged)
        assert any(fault.file == name for fault in caught.value.faults)


def test_schemas_are_current() -> None:
    made = {name: render(schema) for name, schema in make_schemas().items()}
    assert {path.name for path in SCHEMAS.glob("*.json")} == set(made), "make types"
    for name, text in made.items():
        assert (SCHEMAS / name).read_text("utf-8") == text, f"{name} is stale: make types"


def test_schemas_forbid_what_the_types_forbid(tmp_path: Path) -> None:
    write_schemas(tmp_path)
    caps = json.loads((tmp_path / "safety.caps.schema.json").read_text("utf-8"))
    types = caps["$defs"]
    assert types["RoutineCap"]["additionalProperties"] is False
    assert set(types["RoutineCap"]["required"]) >= {"id", "sources", "grade", "per_day", "apart_h"}
    assert types["RoutineCap"]["properties"]["grade"]["enum"] == ["A", "B", "C", "D"]
    (tmp_path / "gone.schema.json").write_text("{}")
    write_schemas(tmp_path)
    assert not (tmp_path / "gone.schema.json").exists()


def test_a_schema_does_not_depend_on_what_was_asked_for_first() -> None:
    one = {"anyOf": [{"type": "string"}, {"type": "null"}], "minimum": 0.0, "enum": ["b", "a"]}
    other = {"anyOf": [{"type": "null"}, {"type": "string"}], "minimum": 0, "enum": ["a", "b"]}
    assert render(_settle(one)) == render(_settle(other))
    assert _settle({"maximum": 0.5}) == {"maximum": 0.5}
