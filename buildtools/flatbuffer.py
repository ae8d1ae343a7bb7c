"""Just enough FlatBuffers to read a table and to write a few, front to back.

What comes in: bytes. What goes out: bytes. Next file: ``pose_bundle.py``, the only one that uses this.

A FlatBuffer is tables, vectors and strings that point at each other. All offsets are relative to the place
where they stand and point forward, but for the one that leads from a table to its vtable. So whatever is
written in front of an existing buffer may point into it, and the buffer need not be changed. That is all the
trick that is needed here.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

OFFSET_SIZE = 4
"""Bytes of an offset, of a vector's length and of everything else that we write."""

EMPTY_OFFSET = bytes(OFFSET_SIZE)
"""A field that :meth:`FrontWriter.point` fills in later."""


def read_u32(data: bytes, position: int) -> int:
    """Read an unsigned number of four bytes."""
    return struct.unpack_from("<I", data, position)[0]


def follow(data: bytes, position: int) -> int:
    """Position of what the offset at ``position`` points at."""
    return position + read_u32(data, position)


def read_table(data: bytes, table: int) -> dict[int, int]:
    """Position of every field that a table has, by slot.

    Parameters
    ----------
    data : bytes
    table : int
        Position of the table.

    Returns
    -------
    dict
        Slot to position; what the table leaves at its default is not there.
    """
    vtable = table - struct.unpack_from("<i", data, table)[0]
    n_slots = (struct.unpack_from("<H", data, vtable)[0] - 4) // 2
    shifts = struct.unpack_from(f"<{n_slots}H", data, vtable + 4)
    return {slot: table + shift for slot, shift in enumerate(shifts) if shift}


def read_offsets(data: bytes, position: int) -> list[int]:
    """Positions of what a vector of offsets points at; the offset at ``position`` points at the vector."""
    vector = follow(data, position)
    first = vector + OFFSET_SIZE
    return [follow(data, first + OFFSET_SIZE * i) for i in range(read_u32(data, vector))]


class FrontWriter:
    """Writes one thing after the other; a pointer is filled in once its target has a place."""

    def __init__(self) -> None:
        self.data = bytearray()

    def put(self, content: bytes) -> int:
        """Append bytes as they are and return their position."""
        position = len(self.data)
        self.data += content
        return position

    def align(self, size: int, *, ahead: int = 0) -> None:
        """Fill with zeros until what comes ``ahead`` bytes later stands at a multiple of ``size``."""
        self.data += bytes(-(len(self.data) + ahead) % size)

    def put_table(self, fields: Mapping[int, bytes]) -> tuple[int, dict[int, int]]:
        """Append a table.

        Parameters
        ----------
        fields : mapping
            Slot to the field's own bytes, at most four of them; ``EMPTY_OFFSET`` where a pointer comes.

        Returns
        -------
        table : int
            Position of the table.
        positions : dict
            Slot to position of the field.
        """
        n_slots = max(fields) + 1
        shifts = {slot: OFFSET_SIZE * (i + 1) for i, slot in enumerate(sorted(fields))}
        vtable_size = 4 + 2 * n_slots
        table_size = OFFSET_SIZE * (1 + len(fields))
        self.align(OFFSET_SIZE, ahead=vtable_size)
        self.put(
            struct.pack(
                f"<HH{n_slots}H", vtable_size, table_size, *[shifts.get(slot, 0) for slot in range(n_slots)]
            )
        )
        table = self.put(struct.pack("<i", vtable_size))
        for slot in sorted(fields):
            self.put(fields[slot].ljust(OFFSET_SIZE, b"\0"))
        return table, {slot: table + shift for slot, shift in shifts.items()}

    def put_offsets(self, n_offsets: int) -> tuple[int, list[int]]:
        """Append a vector of pointers; return its position and those of the pointers."""
        self.align(OFFSET_SIZE)
        vector = self.put(struct.pack("<I", n_offsets))
        return vector, [self.put(EMPTY_OFFSET) for _ in range(n_offsets)]

    def put_floats(self, values: Sequence[float]) -> int:
        """Append a vector of 32-bit floats and return its position."""
        self.align(OFFSET_SIZE)
        return self.put(struct.pack(f"<I{len(values)}f", len(values), *values))

    def put_bytes(self, content: bytes, *, alignment: int = OFFSET_SIZE) -> int:
        """Append a vector of bytes, the first at a multiple of ``alignment``, and return its position."""
        self.align(alignment, ahead=OFFSET_SIZE)
        position = self.put(struct.pack("<I", len(content)))
        self.put(content)
        return position

    def put_string(self, text: str) -> int:
        """Append a string with its closing zero and return its position."""
        content = text.encode()
        self.align(OFFSET_SIZE)
        position = self.put(struct.pack("<I", len(content)))
        self.put(content + b"\0")
        return position

    def point(self, pointer: int, target: int) -> None:
        """Let the offset at ``pointer`` point at ``target``, which must come after it."""
        if target <= pointer:
            text = f"an offset at {pointer} cannot point back to {target}"
            raise ValueError(text)
        struct.pack_into("<I", self.data, pointer, target - pointer)
