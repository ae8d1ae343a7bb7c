"""Rule files are decoded so that every fault is told at once, with its line."""

from __future__ import annotations

import msgspec
import pytest

from safety.cases import FILES, RULES
from unkink.coach.safety_rules import decode_safety
from unkink.coach.strict import decode_yaml, is_faulty
from unkink.errors import RuleError


class Inner(msgspec.Struct, frozen=True, kw_only=True, tag="inner", tag_field="kind"):
    size: int


class Other(msgspec.Struct, frozen=True, kw_only=True, tag="other", tag_field="kind"):
    share: float


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    parts: tuple[Inner | Other, ...] = ()
    numbers: dict[str, int] = {}
    pair: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.name == "nobody":
            msg = "a name that somebody has"
            raise ValueError(msg)


def faults_of(text: str) -> list[tuple[int, str]]:
    decoded = decode_yaml("some.yaml", text.encode(), Whole)
    assert is_faulty(decoded), decoded
    return [(fault.line, fault.path) for fault in decoded]


def test_good_file_becomes_the_type() -> None:
    decoded = decode_yaml(
        "f.yaml", b"name: a\nparts:\n- {kind: inner, size: 2}\n- {kind: other, share: 1}\n", Whole
    )
    assert decoded == Whole(name="a", parts=(Inner(size=2), Other(share=1.0)))
    assert not is_faulty(decoded)


def test_all_faults_come_at_once_with_their_lines() -> None:
    text = """\
name: 3
parts:
  - {kind: inner, size: big}
  - {kind: inner, size: 1, colour: red}
  - {kind: none}
  - {kind: other}
numbers: {a: 1, b: two}
pair: [1]
extra: true
"""
    assert faults_of(text) == [
        (1, "$.name"),
        (3, "$.parts[0].size"),
        (4, "$.parts[1].colour"),
        (5, "$.parts[2]"),
        (6, "$.parts[3].share"),
        (7, "$.numbers.b"),
        (8, "$.pair"),
        (9, "$.extra"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: a\nname: b\n", [(2, "$.name")]),
        ("{}\n", [(1, "$.name")]),
        ("", [(1, "$")]),
        ("name: [\n", [(2, "$")]),
        ("name: &x a\nnumbers: *x\n", [(1, "$.numbers"), (1, "$.numbers")]),
        ("name: nobody\n", [(1, "$")]),
        ("name: !!python/name:os.system a\n", [(1, "$.name"), (1, "$.name")]),
        ("- a\n", [(1, "$")]),
    ],
    ids=["twice", "missing", "empty", "broken", "alias", "whole", "tag", "list"],
)
def test_each_kind_of_fault(text: str, expected: list[tuple[int, str]]) -> None:
    found = faults_of(text)
    assert found[: len(expected)] == expected or {p for _, p in found} == {p for _, p in expected}


@pytest.mark.parametrize("word", ["no", "on", "1:30", "2026-03-01", "0o7", ".nan"])
def test_words_that_yaml_once_took_for_something_else_are_text(word: str) -> None:
    assert decode_yaml("f.yaml", f"name: {word}\n".encode(), Whole) == Whole(name=word)


def test_bytes_that_are_not_text_are_a_fault() -> None:
    decoded = decode_yaml("f.yaml", b"a: 1\nname: \xff\n", Whole)
    assert is_faulty(decoded)
    assert decoded[0].line == 2


def test_all_safety_files_are_told_at_once() -> None:
    files = dict(FILES)
    files["safety/pain.yaml"] = files["safety/pain.yaml"].replace(b"rest_h: 48", b"rest_h: soon")
    files["safety/caps.yaml"] = files["safety/caps.yaml"].replace(b"per_day: 2", b"per_day: 0", 1)
    files["safety/new.yaml"] = b"format: 1\n"
    del files["safety/pops.yaml"]
    with pytest.raises(RuleError) as caught:
        decode_safety(files)
    assert {fault.file for fault in caught.value.faults} == {
        "safety/pain.yaml",
        "safety/caps.yaml",
        "safety/new.yaml",
        "safety/pops.yaml",
    }
    assert caught.value.exit_code == 4


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        # a row that no sign asks, one that is none, and what a sign may not be
        ("cards", b"rows: [E06]", b"rows: [U00]"),
        ("cards", b"E01, E02", b"E01, E99, E02"),
        ("cards", b"E01, E02", b"E01, E01, E02"),
        ("cards", b"rows: [E06]", b"rows: [E06, U00]"),
        ("cards", b"rows: [E02, E12]", b"rows: [E02, E12], is_row: true"),
        ("cards", b"id: tearing", b"id: breathless"),
        # a page that later ones ask all over again
        ("cards", b"format: 1\ncards:\n", b"format: 1\ncards:\n  - {id: early, signs: [{rows: [C24]}]}\n"),
        ("sources", b"  HSEAD:", b"  HSEADX:"),
        ("emergency", b"id: E02", b"id: E01"),
        ("emergency", b"card: heart", b"card: hearts"),
        ("caution", b"variants: [tw-soft]", b"variants: [ss-1]"),
        ("check_in", b"E04, E05", b"E04, E55"),
        ("engine", b"wall-angels: WA", b"wall-angels: TW"),
    ],
)
def test_files_that_contradict_each_other_are_refused(file: str, before: bytes, after: bytes) -> None:
    name = f"safety/{file}.yaml"
    assert before in FILES[name]
    with pytest.raises(RuleError):
        decode_safety({**FILES, name: FILES[name].replace(before, after, 1)})


def test_a_changed_rule_is_another_version() -> None:
    name = "safety/caps.yaml"
    changed = decode_safety({**FILES, name: FILES[name].replace(b"apart_h: 4", b"apart_h: 5")})
    assert changed.version != RULES.version
    assert changed.engine.version == RULES.engine.version
    assert decode_safety(FILES).version == RULES.version
