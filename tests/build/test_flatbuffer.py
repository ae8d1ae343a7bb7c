"""What is written front to back can be read again, field by field."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buildtools.flatbuffer import EMPTY_OFFSET, FrontWriter, follow, read_offsets, read_table, read_u32


@given(st.dictionaries(st.integers(0, 12), st.integers(0, 2**32 - 1), min_size=1), st.integers(0, 7))
def test_table_gives_back_its_fields(values: dict[int, int], n_before: int) -> None:
    writer = FrontWriter()
    writer.put(bytes(n_before))
    table, positions = writer.put_table({slot: struct.pack("<I", value) for slot, value in values.items()})

    data = bytes(writer.data)
    assert table % 4 == 0
    assert read_table(data, table) == positions
    assert {slot: read_u32(data, position) for slot, position in positions.items()} == values


def test_field_shorter_than_four_bytes_is_filled_up() -> None:
    writer = FrontWriter()
    _, positions = writer.put_table({0: b"\x01", 1: struct.pack("<I", 7)})

    assert read_u32(bytes(writer.data), positions[0]) == 1
    assert read_u32(bytes(writer.data), positions[1]) == 7


def test_vector_of_offsets_leads_to_its_targets() -> None:
    writer = FrontWriter()
    root = writer.put(EMPTY_OFFSET)
    vector, pointers = writer.put_offsets(2)
    writer.point(root, vector)
    targets = [writer.put_string("spine"), writer.put_bytes(b"rib", alignment=16)]
    for pointer, target in zip(pointers, targets, strict=True):
        writer.point(pointer, target)

    data = bytes(writer.data)
    assert follow(data, root) == vector
    assert read_offsets(data, root) == targets
    assert data[targets[0] + 4 : targets[0] + 10] == b"spine\0"
    assert (targets[1] + 4) % 16 == 0
    assert data[targets[1] + 4 :] == b"rib"


def test_offset_cannot_point_back() -> None:
    writer = FrontWriter()
    pointer = writer.put(EMPTY_OFFSET)
    with pytest.raises(ValueError, match="cannot point back"):
        writer.point(pointer, pointer)
