"""Real proxies in front of a port, by the files that we ship, with a certificate of their own."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Self

import pytest

from infra.local.http.listening import free_port
from tests.infra.serve import ROOT

FILES = ROOT / "infra" / "local" / "service"
NAME = "siderostat.example.org"
READY_SECONDS = 20


class Proxy:
    """Runs from construction to `stop`, on a free port of localhost; a context manager.

    Parameters
    ----------
    kind : str
        "nginx" or "caddy".
    folder : Path
        For its files, nothing of which lies elsewhere.
    port : int
        Where Siderostat is.
    """

    def __init__(self, kind: str, folder: Path, port: int) -> None:
        program = shutil.which(kind, path=f"{os.environ['PATH']}:/usr/sbin")
        if program is None and os.environ.get("CI") != "true":
            pytest.skip(f"{kind} is not installed (.ci/packages installs it)")
        assert program is not None, f"{kind} is not installed"
        self.port, self._plain, self._folder = free_port(), free_port(), folder
        self.url = f"https://localhost:{self.port}"
        self.certificate = self._certify()
        command, environment = getattr(self, f"_{kind}")(port)
        self._output = (folder / "output").open("wb")
        self._process = subprocess.Popen(
            [program, *command], env=environment, stdout=self._output, stderr=subprocess.STDOUT
        )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    def logged(self) -> str:
        """Return all that it has logged."""
        return "".join(path.read_text() for path in [self._folder / "output", *self._folder.glob("*.log")])

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=20)
        self._output.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _certify(self) -> str:
        paths = [str(self._folder / name) for name in ("key.pem", "certificate.pem")]
        wanted = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        command = ["openssl", "req", "-x509", *key, *wanted, "-keyout", paths[0], "-out", paths[1]]
        subprocess.run(command, check=True, capture_output=True)
        return paths[1]

    def _nginx(self, port: int) -> tuple[list[str], dict[str, str]]:
        text = (FILES / "nginx.conf").read_text()
        for ours, here in (
            ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
            ("listen 80", f"listen 127.0.0.1:{self._plain}"),
            (f"/etc/letsencrypt/live/{NAME}/fullchain.pem", self.certificate),
            (f"/etc/letsencrypt/live/{NAME}/privkey.pem", str(self._folder / "key.pem")),
            ("/var/log/nginx", str(self._folder)),
            (NAME, "localhost"),
            ("127.0.0.1:8000", f"127.0.0.1:{port}"),
        ):
            assert ours in text, ours
            text = text.replace(ours, here)
        scratch = "".join(
            f"{name}_temp_path {self._folder}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        user = "user root;" if os.geteuid() == 0 else ""
        head = f"daemon off; {user} pid {self._folder}/pid; error_log {self._folder}/own.log;\nevents {{}}\n"
        (self._folder / "nginx.conf").write_text(f"{head}http {{\n{scratch}{text}}}\n")
        return ["-c", str(self._folder / "nginx.conf"), "-p", str(self._folder)], dict(os.environ)

    def _caddy(self, port: int) -> tuple[list[str], dict[str, str]]:
        text = (FILES / "Caddyfile").read_text()
        ours, site = "{\n\tlog default", "{$SITE:siderostat.example.org} {\n"
        assert ours in text
        assert site in text
        text = text.replace(ours, f"{{\n\tadmin off\n\thttp_port {self._plain}\n\tlog default", 1)
        text = text.replace(site, f"{site}\ttls {self.certificate} {self._folder}/key.pem\n")
        (self._folder / "Caddyfile").write_text(text)
        homes = {name: str(self._folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
        environment = {**os.environ, **homes, "SITE": f"localhost:{self.port}", "SIDEROSTAT": f"127.0.0.1:{port}"}
        return ["run", "--config", str(self._folder / "Caddyfile"), "--adapter", "caddyfile"], environment

    def _wait(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                socket.create_connection(("localhost", self.port), 1).close()
            except OSError:
                assert self._process.poll() is None, self.logged()
                assert time.monotonic() < deadline, self.logged()
                time.sleep(0.1)
            else:
                return
