"""The programs that make up a stack."""

import socket
from pathlib import Path

from infra.local.aws.kept.folder import Folder
from infra.local.aws.run_aws import CREATE
from infra.local.errors import StackError
from infra.local.http.listening import free_port
from infra.local.options import Options
from infra.local.processes.child import ROOT, Program, module

_EXAMPLES = {"light_curve_classifier": "classifier_service.py", "spectral_type": "spectral_service.py"}
FITTER = ROOT / "examples" / "sn_fitter"


def embedded_aws(sock: socket.socket, folder: Folder | None) -> Program:
    """Run an AWS; without a folder it forgets everything when it ends, and the stack therefore ends with it."""
    name, run = "embedded AWS", "infra.local.aws.run_aws"
    if folder is None:
        return Program(name, module(run, sock.fileno(), CREATE), listens=sock, is_forked=True, vital=True)
    command = module(run, sock.fileno(), folder.path, CREATE)
    return Program(name, command, listens=sock, is_forked=True, vital=True, keeps=folder.lock)


def api(sock: socket.socket) -> Program:
    """Run the API."""
    return Program("API", module("infra.local.http.run_api", sock.fileno()), listens=sock, is_forked=True)


def products(sock: socket.socket) -> Program:
    """Run the isolated functions: products and periodograms."""
    return Program("products function", module("infra.local.products.run_products", sock.fileno()), listens=sock)


def worker(options: Options, region: str, account_id: str) -> Program:
    """Run what calls the functions behind queues and schedules."""
    arguments = (options.concurrency, options.clock_seconds, region, account_id)
    return Program("worker", module("infra.local.worker.run_worker", *arguments), is_forked=True)


def fitter() -> Program:
    """Run the demo's supernova fitter, an analysis service with an environment of its own.

    Raises
    ------
    StackError
        Its environment is missing.
    """
    python = fitter_python()
    return Program(
        "supernova fitter", (str(python), "service.py", "--port", str(free_port()), "--parent-pipe"), folder=FITTER
    )


def examples() -> dict[str, Program]:
    """Return the demo's further services by name, which run in the kit's environment.

    Raises
    ------
    StackError
        It is missing.
    """
    python = ROOT / "kit" / ".venv" / "bin" / "python"
    if not python.exists():
        raise StackError(f"The kit's environment {python.parents[1]} is missing: `make run DEMO=many` sets it up.")
    return {
        name: Program(
            name.replace("_", " "),
            (
                "env",
                f"PYTHONPATH={ROOT / 'kit'}",
                str(python),
                file,
                "serve",
                "--port",
                str(free_port()),
                "--parent-pipe",
            ),
            folder=ROOT / "examples" / name,
        )
        for name, file in _EXAMPLES.items()
    }


def fitter_python() -> Path:
    """Return the fitter's own Python.

    Raises
    ------
    StackError
        It is missing.
    """
    python = FITTER / ".venv" / "bin" / "python"
    if not python.exists():
        raise StackError(f"The supernova fitter's environment {python.parents[1]} is missing: `make run` sets it up.")
    return python
