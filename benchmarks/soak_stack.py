"""The local stack as a child process, and a client of its API."""

import contextlib
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import psutil
import requests

from infra.local.http.listening import free_port

ROOT = Path(__file__).parents[1]
_LOG = ROOT / "build" / "logs" / "soak.log"
_TIMEOUT = 60


class SoakStack:
    """The stack and its first administrator; a context manager.

    Parameters
    ----------
    environment : mapping, optional
        What its processes have in their environment besides what this one has.
    data : Path, optional
        A folder that keeps everything; without one all of it lies in memory.
    """

    def __init__(self, environment: Mapping[str, str] | None = None, data: Path | None = None) -> None:
        self._environment, self._data = dict(environment or {}), data

    def __enter__(self) -> Self:
        self._token = str(uuid.uuid4())
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SIDEROSTAT_", "AWS_"))}
        kept = [] if self._data is None else ["--data", str(self._data)]
        port = 0 if self._data is None else free_port()  # a folder is served at a port that stays the same
        command = [sys.executable, "-m", "infra.local", "serve", "--port", str(port), "--admin-token", self._token]
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [*command, *kept, "--log", str(_LOG)],
            cwd=ROOT,
            env={**inherited, **self._environment},
            stdout=subprocess.PIPE,
            text=True,
        )
        self._local = threading.local()
        self._url = self._announced()
        return self

    def _announced(self) -> str:
        for line in self._process.stdout or ():
            if line.startswith("ready "):
                return line.split()[1]
        raise RuntimeError(f"The local stack did not start; see {_LOG}.")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        with self._process:  # closes its output
            self._process.wait(timeout=30)

    @property
    def pid(self) -> int:
        """The process that started all others."""
        return self._process.pid

    def kill(self, module: str) -> None:
        """End a process of the stack by SIGKILL; the stack starts it again."""
        for child in psutil.Process(self._process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if any(word.endswith(f".{module}") for word in child.cmdline()):
                    child.kill()

    def call(self, method: str, path: str, body: dict[str, Any] | None = None, **query: object) -> requests.Response:
        """Call the API; each thread has connections of its own."""
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.trust_env = False
            self._local.session.headers["Authorization"] = f"token {self._token}"
        answer: requests.Response = self._local.session.request(
            method, self._url + path, json=body, params=query, timeout=_TIMEOUT
        )
        return answer

    def data(self, method: str, path: str, body: dict[str, Any] | None = None, **query: object) -> Any:  # noqa: ANN401
        """Call the API and return the data of a success."""
        answer = self.call(method, path, body, **query)
        if not answer.ok:
            raise RuntimeError(f"{method} {path} was answered with {answer.status_code}: {answer.text[:300]}")
        return answer.json()["data"]
