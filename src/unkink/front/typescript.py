"""TypeScript types of everything that crosses between server and page.

In: the wire's structs (:mod:`unkink.front.messages`) and the OpenAPI description of the app. Out:
``ui/src/generated/messages.ts`` and ``ui/src/generated/api.ts``, so that the page cannot disagree with the
server. Run ``python -m unkink.front.typescript`` after a change; a test fails while a file is stale. Next
file: :mod:`unkink.front.app`.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from unkink.front import messages

_HEADER = "// Made by `python -m unkink.front.typescript` from {source}. Do not edit.\n"
_SCALARS: dict[type, str] = {
    msgspec.inspect.StrType: "string",
    msgspec.inspect.IntType: "number",
    msgspec.inspect.FloatType: "number",
    msgspec.inspect.BoolType: "boolean",
    msgspec.inspect.BytesType: "Uint8Array",
    msgspec.inspect.NoneType: "null",
}


# ------------------------------------------------------------------------------------------------ the wire


def _struct_name(struct: type) -> str:
    return struct.__name__


def _wire_type(kind: msgspec.inspect.Type) -> str:
    """Return the TypeScript of one msgspec type."""
    if isinstance(kind, msgspec.inspect.Metadata):
        return _wire_type(kind.type)
    if type(kind) in _SCALARS:
        return _SCALARS[type(kind)]
    if isinstance(kind, msgspec.inspect.StructType):
        return _struct_name(kind.cls)
    if isinstance(kind, msgspec.inspect.LiteralType):
        return _alias_of(kind.values) or " | ".join(json.dumps(v) for v in kind.values)
    if isinstance(kind, msgspec.inspect.UnionType):
        return " | ".join(dict.fromkeys(_wire_type(part) for part in kind.types))
    if isinstance(kind, msgspec.inspect.ListType):
        inner = _wire_type(kind.item_type)
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if isinstance(kind, msgspec.inspect.TupleType):
        return "[" + ", ".join(_wire_type(part) for part in kind.item_types) + "]"
    if isinstance(kind, msgspec.inspect.DictType):
        key = _wire_type(kind.key_type)
        value = _wire_type(kind.value_type)
        if (key, value) == ("string", "string | number"):
            return "Params"
        return f"Record<string, {value}>" if key == "string" else f"Partial<Record<{key}, {value}>>"
    reason = f"no TypeScript is known for {kind!r}"
    raise TypeError(reason)


_ALIASES = ("Mode", "Phase", "Side", "TapAction", "PainKind", "TrackingStatus", "VerdictKind")


def _alias_of(values: tuple[Any, ...]) -> str | None:
    """Return the name of the literal with exactly these values, or None."""
    for name in _ALIASES:
        if set(getattr(messages, name).__args__) == set(values):
            return name
    return None


def _field_docs(struct: type) -> dict[str, str]:
    """Return the sentence under each field of a struct, read from its source."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(struct))).body[0]
    docs: dict[str, str] = {}
    name = ""
    for node in getattr(tree, "body", ()):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
            continue
        if name and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            docs[name] = inspect.cleandoc(str(node.value.value))
        name = ""
    return docs


def _doc(text: str | None, indent: str = "") -> str:
    """Return a JSDoc comment on its own line, or nothing."""
    sentence = " ".join((text or "").replace("``", "`").replace("*/", "* /").split())
    return f"{indent}/** {sentence} */\n" if sentence else ""


def _interface(struct: type) -> str:
    """Return one struct as an exported interface."""
    info = msgspec.inspect.type_info(struct)
    if not isinstance(info, msgspec.inspect.StructType):
        reason = f"{struct!r} is not a struct"
        raise TypeError(reason)
    docs = _field_docs(struct)
    lines = [f"{_doc(struct.__doc__)}export interface {_struct_name(struct)} {{\n"]
    if info.tag_field is not None:
        lines.append(f"  {info.tag_field}: {json.dumps(info.tag)};\n")
    for field in info.fields:
        optional = "" if field.required else "?"
        lines.append(
            f"{_doc(docs.get(field.name), '  ')}  {field.encode_name}{optional}: {_wire_type(field.type)};\n"
        )
    return "".join([*lines, "}\n"])


def _parts(union: Any) -> list[type]:
    return list(union.__args__)


def _shared_structs() -> list[type]:
    """Return the structs without a tag, in the order of the file."""
    return [
        value
        for value in vars(messages).values()
        if isinstance(value, type)
        and issubclass(value, msgspec.Struct)
        and value.__module__ == messages.__name__
        and not issubclass(value, messages.ClientMessage | messages.ServerMessage)
    ]


_CONSTANTS = {
    "VERSION": "Version of the wire.",
    "N_FRAME_BYTES": "Bytes of the landmarks of one frame.",
    "MAX_MESSAGE_BYTES": "The server refuses a larger message.",
}


def _constant(name: str, text: str) -> str:
    return f"{_doc(text)}export const {name} = {getattr(messages, name)};\n"


def wire_types() -> str:
    """Return the text of ``messages.ts``."""
    from_page, to_page = _parts(messages.FromPage), _parts(messages.ToPage)
    blocks = [
        _HEADER.format(source="src/unkink/front/messages.py"),
        "".join(_constant(name, text) for name, text in _CONSTANTS.items()),
        *[
            f"export type {name} = {' | '.join(json.dumps(v) for v in getattr(messages, name).__args__)};\n"
            for name in _ALIASES
        ],
        "export type Params = Record<string, string | number>;\n",
        *[_interface(struct) for struct in (*_shared_structs(), *from_page, *to_page)],
        f"{_doc('Everything that the page may send.')}export type FromPage =\n  | "
        + "\n  | ".join(_struct_name(s) for s in from_page)
        + ";\n",
        f"{_doc('Everything that the server may send.')}export type ToPage =\n  | "
        + "\n  | ".join(_struct_name(s) for s in to_page)
        + ";\n",
    ]
    return "\n".join(blocks)


# ---------------------------------------------------------------------------------------------------- REST


def _schema_type(schema: Mapping[str, Any]) -> str:
    """Return the TypeScript of one JSON schema."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1].replace("-", "_")
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(json.dumps(v) for v in schema["enum"])
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return " | ".join(dict.fromkeys(_schema_type(part) for part in schema[union]))
    kind = schema.get("type")
    if kind == "array":
        if "prefixItems" in schema:
            return "readonly [" + ", ".join(_schema_type(part) for part in schema["prefixItems"]) + "]"
        inner = _schema_type(schema.get("items", {}))
        return f"readonly ({inner})[]" if "|" in inner or " " in inner else f"readonly {inner}[]"
    if kind == "object":
        extra = next(iter(schema.get("patternProperties", {}).values()), schema.get("additionalProperties"))
        return f"Readonly<Record<string, {_schema_type(extra) if isinstance(extra, dict) else 'unknown'}>>"
    scalars = {
        "string": "string",
        "integer": "number",
        "number": "number",
        "boolean": "boolean",
        "null": "null",
    }
    return scalars.get(str(kind), "unknown")


def _component(name: str, schema: Mapping[str, Any]) -> str:
    """Return one named schema as an exported type."""
    head = _doc(schema.get("description"))
    if "properties" not in schema:
        return f"{head}export type {name} = {_schema_type(schema)};\n"
    required = set(schema.get("required", ()))
    lines = [f"{head}export interface {name} {{\n"]
    for field, part in schema["properties"].items():
        optional = "" if field in required else "?"
        lines.append(
            f"{_doc(part.get('description'), '  ')}  readonly {field}{optional}: {_schema_type(part)};\n"
        )
    return "".join([*lines, "}\n"])


def _json_type(content: Mapping[str, Any] | None) -> str:
    """Return the type of a JSON body in an OpenAPI ``content`` table."""
    schema = ((content or {}).get("application/json") or {}).get("schema")
    return _schema_type(schema) if schema else "null"


def _route(path: str, verb: str, operation: Mapping[str, Any]) -> str:
    """Return one entry of the interface ``Routes``."""
    good = next((r for code, r in operation["responses"].items() if code.startswith("2")), {})
    body = _json_type(operation.get("requestBody", {}).get("content"))
    answer = _json_type(good.get("content"))
    name = json.dumps(f"{verb.upper()} {path}")
    return f"{_doc(operation.get('description'), '  ')}  {name}: {{ body: {body}; answer: {answer} }};\n"


def rest_types(openapi: Mapping[str, Any]) -> str:
    """Return the text of ``api.ts`` for an OpenAPI description."""
    schemas = openapi.get("components", {}).get("schemas", {})
    routes = "".join(
        _route(path, verb, operation)
        for path, verbs in openapi["paths"].items()
        for verb, operation in verbs.items()
    )
    blocks = [
        _HEADER.format(source="the routes in src/unkink/front/routes"),
        *[_component(name.replace("-", "_"), schema) for name, schema in schemas.items()],
        f"{_doc('Every route: what is sent and what comes back.')}export interface Routes {{\n{routes}}}\n",
    ]
    return "\n".join(blocks)


def _openapi() -> Mapping[str, Any]:
    from unkink.front.app import describe_api

    return describe_api()


def main(folder: Path) -> None:
    """Write both files into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "messages.ts").write_text(wire_types(), encoding="utf-8", newline="\n")
    (folder / "api.ts").write_text(rest_types(_openapi()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "ui/src/generated"))
