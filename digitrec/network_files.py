"""What a LiteRT file must have before LiteRT may open it.

LiteRT looks itself whether every offset stays within the file. It does not look whether there is
a graph at all, and a file without one ends the process.
"""

from __future__ import annotations

import struct

_GRAPHS = 4 + 2 * 2  # bytes into the first table's own table of fields: the third one, `subgraphs`


def checked_network(content: bytes) -> bytes:
    """The content of a `.tflite` file, if it holds a graph.

    The format is that of FlatBuffers (https://flatbuffers.dev/internals): an offset to the root
    table; there, how far before it the places of its fields are told, 0 for one that is missing.

    Raises:
        ValueError: it holds none.
    """
    try:
        (root,) = struct.unpack_from("<I", content, 0)
        places = root - struct.unpack_from("<i", content, root)[0]
        (size,) = struct.unpack_from("<H", content, places)
        (field,) = struct.unpack_from("<H", content, places + _GRAPHS) if size > _GRAPHS else (0,)
        start = root + field
        start += struct.unpack_from("<I", content, start)[0] if field else 0
        (graphs,) = struct.unpack_from("<I", content, start) if field else (0,)
    except struct.error as error:
        raise ValueError(f"it is no FlatBuffer: {error}") from error
    if not graphs:
        raise ValueError("there is no graph in it")
    return content
