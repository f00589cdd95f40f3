"""The product's own server, for tests that stop, kill and start it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests_paths import ROOT


class PageServer:
    """The product's own server on a port of its own; can be stopped, killed and started again."""

    def __init__(self, data_folder: Path, **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("MLEXPERT_", "OPENAI_"))},
            "MLEXPERT_DATA_DIR": str(data_folder),
            "PYTHONPATH": str(ROOT),
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def set(self, **settings: str) -> None:
        """Settings of the next start, for those that need the address."""
        self._environment.update(settings)

    def start(self) -> None:
        """Returns when the server answers."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "ui", "--port", str(self._port)],
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_until_up(self.address, self._process)

    def end(self, number: int = signal.SIGTERM) -> None:
        """Ends the server by a signal and waits until it is gone."""
        if self._process is not None:
            os.killpg(self._process.pid, number)
            self._process.wait(20)
            self._process = None


def wait_until_up(address: str, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + 60
    while time.monotonic() < limit and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2)
            return
        except OSError:
            time.sleep(0.1)  # polling, with a limit
    raise AssertionError("the page did not start")
