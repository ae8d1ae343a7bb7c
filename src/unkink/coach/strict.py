"""Decoding rule files so strictly that every fault of a file is told at once.

In: the name and the bytes of a YAML file and the type that it is to become. Out: the value, or all faults,
each with JSON path and line. Pure: reading is the caller's. Next file: :mod:`unkink.coach.safety_rules`.
"""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import msgspec
import yaml

from unkink.errors import RuleFault

T = TypeVar("T")

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where it is there: ten times faster, same nodes."""

_LONGEST_FOUND = 60
"""Characters of a wrong value that are repeated in a fault."""


class _Loader(_Base):
    """YAML 1.2's core scalars only: ``no`` and ``on`` are words, ``1:30`` and dates are text."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[Any]]] = {}


def _resolve(kind: str, pattern: str, first: str) -> None:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", re.compile(pattern), list(first))


_resolve("bool", r"^(?:true|false)$", "tf")
_resolve("null", r"^(?:null|~|)$", "n~\0")
_Loader.yaml_implicit_resolvers.setdefault("", []).extend(_Loader.yaml_implicit_resolvers["\0"])
_resolve("int", r"^[-+]?[0-9]+$", "-+0123456789")
_resolve("float", r"^[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A value with where it stands in the file."""

    value: Any
    line: int
    key_lines: Mapping[str, int]
    children: Mapping[str | int, _Place]


class _Walk:
    """One file on its way from nodes to faults."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[RuleFault] = []
        self.seen: set[int] = set()

    def add(self, path: str, line: int, expected: str, found: str) -> None:
        self.faults.append(RuleFault(file=self.file, path=path, line=line, expected=expected, found=found))

    def place(self, node: Any, path: str) -> _Place:
        """Turn nodes into plain values; duplicate keys, aliases and odd scalars are faults."""
        line = int(node.start_mark.line) + 1
        if id(node) in self.seen:
            self.add(path, line, "a value written out", "an alias")
            return _Place(value=None, line=line, key_lines={}, children={})
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._place_mapping(node, path, line)
        if isinstance(node, yaml.SequenceNode):
            nodes = cast("list[Any]", node.value)
            items = [self.place(child, f"{path}[{i}]") for i, child in enumerate(nodes)]
            return _Place(
                value=[item.value for item in items], line=line, key_lines={}, children=dict(enumerate(items))
            )
        return _Place(value=self._scalar(node, path, line), line=line, key_lines={}, children={})

    def _place_mapping(self, node: Any, path: str, line: int) -> _Place:
        children: dict[str | int, _Place] = {}
        key_lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            key_line = int(key_node.start_mark.line) + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.add(path, key_line, "a word as key", "a list or mapping as key")
                continue
            key = str(key_node.value)
            if key in key_lines:
                found = f"again (first on line {key_lines[key]})"
                self.add(f"{path}.{key}", key_line, "each key once", found)
                continue
            key_lines[key] = key_line
            children[key] = self.place(value_node, f"{path}.{key}")
        value = {key: child.value for key, child in children.items()}
        return _Place(value=value, line=line, key_lines=key_lines, children=children)

    def _scalar(self, node: Any, path: str, line: int) -> Any:
        text, tag = str(node.value), str(node.tag).removeprefix("tag:yaml.org,2002:")
        match tag:
            case "str":
                return text
            case "null":
                return None
            case "bool":
                return text == "true"
            case "int" if text.lstrip("+-").isdigit():
                return int(text)
            case "float" | "int":
                try:
                    return float(text)
                except ValueError:
                    pass
            case _:
                pass
        self.add(path, line, "text, a number, true, false or null", f"a value tagged {tag}")
        return None

    # -------------------------------------------------------------------------------------- against the type

    def check(self, place: _Place, type_: Any, path: str) -> None:
        """Add every fault of ``place`` as a ``type_``."""
        before = len(self.faults)
        inner = _unwrap(type_)
        value: Any = place.value
        if value is None and _takes_none(inner):
            return
        member = _choose_member(inner, value)
        fields = _fields_of(member)
        origin, args = get_origin(member), get_args(member)
        if fields is not None and isinstance(value, dict):
            self._check_fields(place, fields, _tag_of(member), path)
        elif isinstance(value, list) and origin in (list, tuple, set, frozenset):
            repeated = origin is not tuple or (len(args) == 2 and args[1] is Ellipsis)  # noqa: PLR2004
            if repeated or len(args) == len(cast("list[Any]", value)):
                for key, child in place.children.items():
                    self.check(child, args[0] if repeated else args[int(key)], f"{path}[{key}]")
        elif isinstance(value, dict) and origin in (dict, Mapping):
            for key, child in place.children.items():
                self._convert(key, args[0], f"{path}.{key}", place.key_lines[str(key)])
                self.check(child, args[1], f"{path}.{key}")
        if len(self.faults) == before:
            # Nothing below is wrong by itself: what is left is the value as a whole (a scalar, a length,
            # a rule between fields that the type checks when it is made).
            self._convert(place.value, type_, path, place.line)

    def _check_fields(self, place: _Place, fields: Mapping[str, _Field], tag: str | None, path: str) -> None:
        for key, child in place.children.items():
            if key == tag:
                continue
            if str(key) not in fields:
                known = ", ".join(sorted(fields))
                line = place.key_lines[str(key)]
                self.add(f"{path}.{key}", line, f"one of: {known}", f"unknown field {key}")
            else:
                self.check(child, fields[str(key)].type_, f"{path}.{key}")
        for name, field in fields.items():
            if field.is_required and name not in place.children:
                self.add(f"{path}.{name}", place.line, f"field {name}", "nothing")

    def _convert(self, value: Any, type_: Any, path: str, line: int) -> None:
        try:
            msgspec.convert(value, type_)
        except msgspec.ValidationError as error:
            message = str(error).partition(" - at `")[0]
            expected = message.removeprefix("Expected ").partition(", got")[0]
            self.add(path, line, expected, _show(value))


@dataclass(frozen=True, slots=True)
class _Field:
    type_: Any
    is_required: bool


def _unwrap(type_: Any) -> Any:
    while get_origin(type_) is Annotated:
        type_ = get_args(type_)[0]
    return type_


def _is_union(type_: Any) -> bool:
    return get_origin(type_) in (Union, types.UnionType)


def _takes_none(type_: Any) -> bool:
    return type_ is None or (_is_union(type_) and type(None) in get_args(type_))


def _tag_of(type_: Any) -> str | None:
    config = getattr(type_, "__struct_config__", None)
    return None if config is None or config.tag is None else cast("str", config.tag_field)


def _is_tagged_as(type_: Any, value: Mapping[str, Any]) -> bool:
    tag = _tag_of(type_)
    return tag is not None and value.get(tag) == type_.__struct_config__.tag


def _choose_member(type_: Any, value: Any) -> Any:
    """Return the one member of a union that ``value`` can be meant as, or the union itself."""
    if not _is_union(type_):
        return type_
    members = [_unwrap(member) for member in get_args(type_) if member is not type(None)]
    if isinstance(value, dict):
        members = [m for m in members if _fields_of(m) is not None or get_origin(m) in (dict, Mapping)]
        if len(members) > 1:
            tagged = cast("dict[str, Any]", value)
            members = [m for m in members if _is_tagged_as(m, tagged)]
    elif isinstance(value, list):
        members = [m for m in members if get_origin(m) in (list, tuple, set, frozenset)]
    else:
        return type_
    return members[0] if len(members) == 1 else type_


def _fields_of(type_: Any) -> dict[str, _Field] | None:
    """Fields of a struct or dataclass by the name that they have in the file; None for other types."""
    return _read_fields(cast("type[Any]", type_)) if isinstance(type_, type) else None


@cache
def _read_fields(type_: type[Any]) -> dict[str, _Field] | None:
    if issubclass(type_, msgspec.Struct):
        return {f.encode_name: _Field(f.type, f.required) for f in msgspec.structs.fields(type_)}
    if dataclasses.is_dataclass(type_):
        hints = get_type_hints(type_, include_extras=True)
        return {
            f.name: _Field(
                hints[f.name], f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
            )
            for f in dataclasses.fields(type_)
        }
    return None


def _show(value: Any) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= _LONGEST_FOUND else text[: _LONGEST_FOUND - 1] + "…"


def decode_yaml(file: str, data: bytes, type_: type[T]) -> T | tuple[RuleFault, ...]:
    """Decode one YAML file, or return everything that is wrong with it.

    Unknown fields and duplicate keys are faults even where the type would let them pass; aliases, dates and
    YAML 1.1's words for true and false are not understood on purpose.

    Parameters
    ----------
    file : str
        Name that the faults carry, relative to the rules folder.
    data : bytes
        The file, UTF-8.
    type_ : type
        A ``msgspec.Struct``, a dataclass or a container of them.

    Returns
    -------
    T or tuple of RuleFault
        The tuple is never empty.
    """
    walk = _Walk(file)
    try:
        loader = _Loader(data.decode("utf-8"))
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        walk.add("$", line, "UTF-8 text", f"byte 0x{data[error.start]:02x}")
        return tuple(walk.faults)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = 0 if mark is None else int(mark.line) + 1
        walk.add("$", line, "YAML", str(getattr(error, "problem", None) or type(error).__name__))
        return tuple(walk.faults)
    if node is None:
        walk.add("$", 1, "a document", "an empty file")
        return tuple(walk.faults)
    root = walk.place(node, "$")
    walk.check(root, type_, "$")
    if walk.faults:
        return tuple(sorted(walk.faults, key=lambda fault: fault.line))
    return msgspec.convert(root.value, type_)


def is_faulty(decoded: object) -> bool:
    """Tell whether :func:`decode_yaml` returned faults.

    Parameters
    ----------
    decoded : object
        What it returned.

    Returns
    -------
    bool
        True for a non-empty tuple of :class:`unkink.errors.RuleFault`.
    """
    if not isinstance(decoded, tuple) or not decoded:
        return False
    return all(isinstance(item, RuleFault) for item in cast("tuple[object, ...]", decoded))


__all__ = ["decode_yaml", "is_faulty"]
