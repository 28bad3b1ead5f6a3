"""The command line of an analysis: `serve` it, `run` it on a CSV file, or `describe` it for its registration."""

import argparse
import base64
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from siderostat_service.failures import Document

if TYPE_CHECKING:
    from siderostat_service.analysis import Analysis

_EXTENSIONS = {"svg+xml": "svg"}


def main(analysis: "Analysis", arguments: list[str] | None) -> int:
    """Run the command line and return the exit status: 0 for a success, 1 for a failure, 2 for a file of no use."""
    chosen = _parser(analysis).parse_args(arguments)
    if chosen.command == "serve":
        return _serve(analysis, chosen.host, chosen.port, parent_pipe=chosen.parent_pipe)
    if chosen.command == "describe":
        print(json.dumps(analysis.registration(chosen.url), indent=2))  # noqa: T201 - that is what was asked for
        return 0
    return _run(analysis, chosen)


def _parser(analysis: "Analysis") -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=analysis.function.__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="be an HTTP service until Ctrl-C")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=6902, help="0 takes a free one (default: %(default)s)")
    serve.add_argument("--parent-pipe", action="store_true", help="end when standard input does")
    describe = commands.add_parser("describe", help="print the body of POST /api/analysis_service")
    describe.add_argument("--url", default="http://127.0.0.1:6902/analysis")
    run = commands.add_parser("run", help="analyse a CSV file, in the columns that services are sent")
    run.add_argument("photometry", type=Path, help="photometry: mjd, mag, magerr, filter, flux, fluxerr, …")
    run.add_argument("--spectra", type=Path, help="a CSV of spectra")
    run.add_argument("--redshift", type=float)
    run.add_argument("-p", "--parameter", action="append", default=[], metavar="NAME=VALUE")
    run.add_argument("--output", type=Path, help="folder for results, plots and posterior")
    return parser


def _serve(analysis: "Analysis", host: str, port: int, *, parent_pipe: bool) -> int:
    import logging  # noqa: PLC0415 - only here
    import socket  # noqa: PLC0415
    import threading  # noqa: PLC0415

    import uvicorn  # noqa: PLC0415 - only who serves needs it

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    server = uvicorn.Server(uvicorn.Config(analysis.app, log_level="warning", access_log=False))
    listener = socket.create_server((host, port))
    print(f"ready http://{host}:{listener.getsockname()[1]}", flush=True)  # noqa: T201 - who started it waits for that
    if parent_pipe:
        threading.Thread(target=_end_with_input, args=(server,), daemon=True).start()
    server.run(sockets=[listener])
    return 0


def _end_with_input(server: Any) -> None:  # noqa: ANN401 - uvicorn's
    sys.stdin.buffer.read()
    server.should_exit = True


def _run(analysis: "Analysis", chosen: argparse.Namespace) -> int:
    known = "" if chosen.redshift is None else repr(chosen.redshift)
    try:
        photometry = _text(chosen.photometry)
        spectra = _text(chosen.spectra) if chosen.spectra else "\n"
        if "photometry" in analysis.inputs:
            _check_columns(chosen.photometry, photometry)
    except _Unusable as error:
        print(f"failure: {error}")  # noqa: T201 - a command that talks to a person
        return 2
    inputs: Document = {
        "photometry": photometry,
        "spectra": spectra,
        "redshift": f"redshift,redshift_error,redshift_origin\n{known},,\n",
        "analysis_parameters": dict(item.partition("=")[::2] for item in chosen.parameter),
    }
    result = analysis.run({"inputs": inputs, "resource_id": chosen.photometry.stem})
    print(f"{result['status']}: {result['message']}")  # noqa: T201 - a command that talks to a person
    if result["status"] != "success":
        return 1
    print(json.dumps(result["analysis"]["results"]["data"], indent=2))  # noqa: T201
    if chosen.output:
        _save(result["analysis"], chosen.output)
    return 0


class _Unusable(Exception):
    """A file that cannot be analysed; the message says why."""


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise _Unusable(f"{path} cannot be read: {why}.") from None


def _check_columns(path: Path, text: str) -> None:
    """Raise _Unusable unless a table has the columns without which services would see no point."""
    there = [name.strip().strip('"') for name in text.partition("\n")[0].split(",")]
    missing = [name for name in ("mjd", "filter") if name not in there]
    missing += [] if {"mag", "flux"} & set(there) else ["mag or flux"]
    if missing:
        raise _Unusable(
            f"{path} has no column {', '.join(missing)}; it has {', '.join(there)}. Name them as services are sent "
            "them: mjd, filter, mag and magerr, flux and fluxerr (microjansky)."
        )


def _save(found: Document, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(found["results"]["data"], indent=2))
    files = {
        f"plot_{number}.{_EXTENSIONS.get(plot['format'], plot['format'])}": plot
        for number, plot in enumerate(found["plots"])
    }
    if "inference_data" in found:
        files["inference_data.nc"] = found["inference_data"]
    for name, product in files.items():
        (folder / name).write_bytes(base64.b64decode(product["data"]))
